package matrix_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/edge/gqldoc"
)

// withArguments writes documents in which the fields below a root field are
// asked with each of their arguments, each value of an enumeration once. Each
// document tries one value at every field that has so many.
func (m *matrix) withArguments(reader gqldoc.Reader, field *ast.FieldDefinition, sample in, paths []path) (ops []*operation) {
	for turn := 0; ; turn++ {
		w := &writer{
			contract: m.contract, prep: m.prep, reader: reader, root: m.Query, field: field, sample: sample, extra: map[string]string{},
			beyond: func(path) {},
		}
		var tried []path
		for _, p := range paths {
			for _, s := range m.fieldsWithArguments(p) {
				given := m.argumentsOf(s, p)
				if name := s.from + "." + s.field; turn < len(given) && w.extra[name] == "" {
					w.extra[name] = given[turn]
					tried = append(tried, m.around(p)...)
				}
			}
		}
		if tried == nil {
			return ops
		}
		written, err := w.operations(tried)
		m.ok(err)
		ops = append(ops, written...)
	}
}

// fieldsWithArguments are the field at the end of a way, and the values of the
// object there, as far as they take arguments.
func (m *matrix) fieldsWithArguments(p path) (all []step) {
	last := p[len(p)-1]
	if len(p) > 1 {
		all = append(all, last)
	}
	for _, f := range m.contract.fields(m.Types[last.to]) {
		if m.leaf(f) && len(f.Arguments) > 0 {
			all = append(all, step{from: last.to, field: f.Name})
		}
	}
	return all
}

// around is a way with what is about a person behind it.
func (m *matrix) around(p path) []path {
	paths := []path{p}
	for _, s := range m.steps(p.end()) {
		if m.contract.personal(s) && len(p) < longest {
			paths = append(paths, p.then(s))
		}
	}
	return paths
}

// argumentsOf are the values to try, one argument at a time.
func (m *matrix) argumentsOf(s step, p path) (all []string) {
	for _, a := range m.contract.field(s.from, s.field).Arguments {
		if a.Name == "first" {
			continue
		}
		for _, value := range m.valuesOf(a, p) {
			all = append(all, a.Name+":"+value)
		}
	}
	return all
}

func (m *matrix) valuesOf(a *ast.ArgumentDefinition, p path) []string {
	def := m.Types[a.Type.Name()]
	switch {
	case def.Kind == ast.Enum:
		var values []string
		for _, v := range def.EnumValues {
			values = append(values, v.Name)
		}
		return values
	case def.Name == "Boolean":
		return []string{"true", "false"}
	case a.Name == "version":
		return []string{"1", "2"}
	case def.Name == "Date":
		return []string{`"2020-01-01"`, `"2090-01-01"`}
	case a.Name == "after":
		return []string{m.cursor(p)}
	}
	m.fault("nothing is known to try as the argument %s of %s: say it in valuesOf", a.Name, p)
	return nil
}

// cursor finds a position on a page, as somebody who sees it.
func (m *matrix) cursor(p path) string {
	m.cursors.Lock()
	defer m.cursors.Unlock()
	if known, ok := m.cursors.of[p.String()]; ok {
		return known
	}
	root := p[0].field
	w := &writer{
		contract: m.contract, prep: m.prep, reader: gqldoc.Reader{SignedIn: true}, root: m.Query,
		field: m.Query.Fields.ForName(root), full: true,
	}
	for _, a := range m.queries[root] {
		if a.only != "" && a.only != p[0].to {
			continue
		}
		w.sample = a.args
		op, err := w.write([]path{p}, []int{5, 1})
		m.ok(err)
		for _, role := range []string{officer, rep, delegate, admin} {
			c := newClient(m.hub, m.shows[role])
			answer, err := c.ask(overPOST, op.text, a.args)
			c.close()
			m.ok(err)
			if found := cursorIn(answer.Data, p[len(p)-1].field); found != "" {
				m.cursors.of[p.String()] = fmt.Sprintf("%q", found)
				return m.cursors.of[p.String()]
			}
		}
	}
	m.fault("no page is found at the end of %s: plant one", p)
	return `""`
}

// cursorIn looks for the end of a page of the named field, anywhere.
func cursorIn(value any, field string) string {
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			if found := cursorIn(element, field); found != "" {
				return found
			}
		}
	case map[string]any:
		for _, page := range pagesIn(v[field]) {
			if info, ok := page["pageInfo"].(map[string]any); ok {
				if end, ok := info["endCursor"].(string); ok {
					return end
				}
			}
		}
		for _, name := range sortedKeys(v) {
			if found := cursorIn(v[name], field); found != "" {
				return found
			}
		}
	}
	return ""
}

// pagesIn are the page that a field gives, or the several by which it answers.
func pagesIn(value any) (pages []map[string]any) {
	switch v := value.(type) {
	case map[string]any:
		pages = append(pages, v)
	case []any:
		for _, element := range v {
			pages = append(pages, pagesIn(element)...)
		}
	}
	return pages
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, strings.Compare)
	return keys
}
