package matrix_test

import (
	"slices"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
)

// path is a way from a root field over objects.
type path []step

func (p path) String() string {
	steps := make([]string, len(p))
	for i, s := range p {
		steps[i] = s.String()
	}
	return strings.Join(steps, " ")
}

func (p path) then(s step) path { return append(slices.Clone(p), s) }

// end is the type at its end.
func (p path) end() string { return p[len(p)-1].to }

// How far the matrix walks. The ways through the contract are without end, since
// it has circles. Walked are, from every root field, all ways of this many steps
// that meet no type twice; and every two steps that follow each other anywhere in
// the contract, at the ends of short ways from two root fields. What a field gives
// depends on who asks, on its parent and its arguments, and on what is selected
// below: not on how its grandparent was reached. Below the answer of a change the
// same links are loaded as below a query: there each step that leads to somebody
// is taken once, from every change.
const (
	wholeWays = 1 // below the root field's own object
	starts    = 2 // root fields from which any two steps are walked
	longest   = 9 // the hub's limit of depth, less the value at the end
)

// ways are the ways from one root field.
type ways struct {
	contract
	root     string
	field    *ast.FieldDefinition
	shortest map[step]path
	order    []step
}

func (c contract) waysFrom(root *ast.Definition, field *ast.FieldDefinition) *ways {
	w := &ways{contract: c, root: root.Name, field: field, shortest: map[step]path{}}
	var next []path
	for _, s := range c.steps(root.Name) {
		if s.field == field.Name {
			next = append(next, path{s})
		}
	}
	for len(next) > 0 {
		p := next[0]
		next = next[1:]
		last := p[len(p)-1]
		if w.shortest[last] != nil || len(p) > longest {
			continue
		}
		w.shortest[last] = p
		w.order = append(w.order, last)
		for _, s := range c.steps(p.end()) {
			next = append(next, p.then(s))
		}
	}
	return w
}

// personal are the ways that lead to what is about a person, each once, and in
// an order in which neighbours share their beginnings.
func (w *ways) personalPaths() []path {
	found := map[string]path{}
	add := func(p path) {
		if len(p) <= longest && slices.ContainsFunc(p, w.contract.personal) {
			found[p.String()] = p
		}
	}
	for _, s := range w.order {
		p := w.shortest[s]
		if w.root == "Mutation" && !w.contract.personal(s) {
			continue
		}
		if len(p) == 1 {
			w.whole(p, wholeWays, map[string]bool{s.to: true}, add)
		}
		if w.root == "Mutation" {
			add(p)
		}
	}
	if w.root != "Mutation" {
		for _, p := range w.further(w.root)[w.field.Name] {
			add(p)
		}
	}
	paths := make([]path, 0, len(found))
	for _, p := range found {
		paths = append(paths, p)
	}
	slices.SortFunc(paths, func(a, b path) int { return strings.Compare(a.String(), b.String()) })
	return paths
}

// atlas remembers what of the contract is asked often.
type atlas struct {
	types map[string][]string // about people

	mu     sync.Mutex
	beyond map[string]map[string][]path
}

// further are the ways, by root field, to every two steps that follow each other
// and lead over somebody. Those that the whole ways meet from so many root fields
// are not among them.
func (c contract) further(root string) map[string][]path {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.beyond[root] == nil {
		if c.beyond == nil {
			c.beyond = map[string]map[string][]path{}
		}
		c.beyond[root] = c.furtherFrom(c.Types[root])
	}
	return c.beyond[root]
}

func (c contract) furtherFrom(root *ast.Definition) map[string][]path {
	met, chosen := map[[2]step]map[string]bool{}, map[string][]path{}
	meet := func(p path) {
		for i := range p[:len(p)-1] {
			pair := [2]step{p[i], p[i+1]}
			if met[pair] == nil {
				met[pair] = map[string]bool{}
			}
			met[pair][p[0].field] = true
		}
	}
	var candidates []path
	for _, f := range c.fields(root) {
		w := c.waysFrom(root, f)
		for _, s := range w.order {
			p := w.shortest[s]
			if len(p) == 1 {
				w.whole(p, wholeWays, map[string]bool{s.to: true}, meet)
			}
			for _, after := range c.steps(s.to) {
				if c.personal(s) || c.personal(after) {
					candidates = append(candidates, p.then(after))
				}
			}
		}
	}
	slices.SortStableFunc(candidates, func(a, b path) int { return c.effort(a) - c.effort(b) })
	for _, p := range candidates {
		pair := [2]step{p[len(p)-2], p[len(p)-1]}
		if from := p[0].field; len(p) <= longest && len(met[pair]) < starts && !met[pair][from] {
			chosen[from] = append(chosen[from], p)
			meet(p)
		}
	}
	return chosen
}

func (w *ways) whole(p path, more int, seen map[string]bool, add func(path)) {
	add(p)
	if more == 0 {
		return
	}
	for _, s := range w.steps(p.end()) {
		if seen[s.to] {
			continue
		}
		seen[s.to] = true
		w.whole(p.then(s), more-1, seen, add)
		delete(seen, s.to)
	}
}

// effort is how much a way costs the hub: lists at its beginning cost most.
func (c contract) effort(p path) int {
	n := 10 * len(p)
	for i, s := range p {
		if s.paged || c.field(s.from, s.field).Type.Elem != nil {
			n += 5 * (len(p) - i)
		}
	}
	return n
}

// everywhere are the shortest ways, over all root fields, to each step of the
// contract: with them every field of every type is selected once. Queries come
// before subscriptions and those before changes.
func (c contract) everywhere() map[string][]path {
	of, known := map[string][]path{}, map[step]bool{}
	for _, root := range []*ast.Definition{c.Query, c.Subscription, c.Mutation} {
		shortest := map[step]path{}
		var order []step
		for _, f := range c.fields(root) {
			w := c.waysFrom(root, f)
			for _, s := range w.order {
				if before, ok := shortest[s]; !ok || c.effort(w.shortest[s]) < c.effort(before) {
					if !ok {
						order = append(order, s)
					}
					shortest[s] = w.shortest[s]
				}
			}
		}
		for _, s := range order {
			if !known[s] {
				known[s] = true
				p := shortest[s]
				key := root.Name + "." + p[0].field
				of[key] = append(of[key], p)
			}
		}
	}
	return of
}
