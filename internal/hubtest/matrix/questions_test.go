package matrix_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/edge/gqldoc"
)

// question is an operation with the row that it is asked by.
type question struct {
	*operation
	ask
	name string // of the arguments, for messages
	// first marks the one that also stands for what does not exist.
	first bool
	// turn is the place among those that try arguments, from one; roles take turns
	// with them.
	turn int
}

// everyNth is how many roles share the documents that only try the arguments of
// fields which everybody walks without: in each share are roles that see little.
const everyNth = 3

// isFor tells whether a role, by its place among everybody, asks it.
func (q question) isFor(role int) bool { return q.turn == 0 || (q.turn+role)%everyNth == 0 }

// questions are all operations on the queries, for a kind of reader.
func (m *matrix) questions(reader gqldoc.Reader) (all []question) {
	for _, field := range m.contract.fields(m.Query) {
		all = append(all, m.questionsOn(reader, field)...)
	}
	return all
}

// questionsOn are those on one root field.
func (m *matrix) questionsOn(reader gqldoc.Reader, field *ast.FieldDefinition) (all []question) {
	written, ways := map[string]documents{}, m.waysFrom(m.Query, field)
	for _, a := range m.paged(field, m.queries[field.Name]) {
		key := fmt.Sprint(a.deep, a.only, slices.Sorted(maps.Keys(a.args)))
		of, known := written[key]
		if !known {
			of = m.documentsOf(reader, ways, a)
			written[key] = of
		}
		for i, op := range of.walks {
			all = append(all, question{operation: op, ask: a, name: describe(a.args), first: i == 0})
		}
		for i, op := range of.tries {
			all = append(all, question{operation: op, ask: a, name: describe(a.args), turn: i + 1})
		}
	}
	return all
}

// documents are those of a row: that walk ways, the small one first, and that try
// arguments.
type documents struct{ walks, tries []*operation }

// documentsOf are the documents that a row is asked by.
func (m *matrix) documentsOf(reader gqldoc.Reader, w *ways, a ask) documents {
	small := m.write(reader, m.Query, w.field, a.args, only(short(w), a.only), false)
	if !a.deep {
		return documents{walks: small}
	}
	everywhere := only(m.shortest["Query."+w.field.Name], a.only)
	return documents{
		walks: slices.Concat(
			small[:1],
			m.write(reader, m.Query, w.field, a.args, only(w.personalPaths(), a.only), false),
			m.write(reader, m.Query, w.field, a.args, everywhere, true),
		),
		tries: m.withArguments(reader, w.field, a.args, everywhere),
	}
}

// paged adds to the deep asks of a list one that goes on from somewhere: from
// where somebody with more sight stood.
func (m *matrix) paged(field *ast.FieldDefinition, asks []ask) []ask {
	if field.Arguments.ForName("after") == nil {
		return asks
	}
	for _, a := range asks {
		if !a.deep {
			continue
		}
		var after string
		m.ok(json.Unmarshal([]byte(m.cursor(m.waysFrom(m.Query, field).order[:1])), &after))
		args := maps.Clone(a.args)
		args["after"] = after
		asks = append(slices.Clip(asks), ask{args: args, seen: a.seen})
	}
	return asks
}

// only are the ways over a type of the root field's own; empty: all.
func only(paths []path, first string) (some []path) {
	for _, p := range paths {
		if first == "" || p[0].to == first {
			some = append(some, p)
		}
	}
	return some
}

// short are the ways of a step, and one more where that is about a person.
func short(w *ways) []path {
	var paths []path
	for _, s := range w.order {
		if p := w.shortest[s]; len(p) == 1 || len(p) == 2 && w.contract.personal(s) {
			paths = append(paths, p)
		}
	}
	return paths
}

func (m *matrix) write(reader gqldoc.Reader, root *ast.Definition, field *ast.FieldDefinition, sample in, paths []path, full bool) []*operation {
	if full && len(paths) == 0 {
		return nil
	}
	w := &writer{contract: m.contract, prep: m.prep, reader: reader, root: root, field: field, sample: sample, full: full}
	w.beyond = func(p path) {
		if reader.SignedIn {
			m.beyond[p.String()] = true
		}
	}
	ops, err := w.operations(paths)
	m.ok(err)
	return ops
}

func describe(args in) string {
	if len(args) == 0 {
		return ""
	}
	text, _ := json.Marshal(args)
	return string(text)
}
