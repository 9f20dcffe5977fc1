package matrix_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

// report prints what was covered and what was found.
func (m *matrix) report(t *testing.T) {
	t.Helper()
	for what, n := range m.leaks {
		t.Errorf("LEAK (%d times): %s", n, what)
	}
	for what, n := range m.faults {
		t.Errorf("%d times: %s", n, what)
	}
	t.Logf("leaks %d", len(m.leaks))
	covered(t, "root fields", m.rootFields(), m.roots)
	paths := m.allPersonal()
	for p := range m.beyond {
		if !m.walked[p] {
			delete(paths, p)
		}
	}
	covered(t, "personal paths", paths, m.walked)
	t.Logf("paths that the hub refuses to everybody as too costly %d", len(m.allPersonal())-len(paths))
	covered(t, "fields of all types", m.allFields(), m.fields)
	covered(t, "arguments", m.allArguments(), m.usedArguments())
	covered(t, "personal values given to their readers", m.allValues(), m.reached)
	expected, seen := map[string]bool{}, map[string]bool{}
	for _, p := range m.book.all() {
		if p.late {
			continue
		}
		for place, by := range p.at {
			for _, role := range by {
				if slices.Contains(everybody(), role) && place != "*" {
					key := fmt.Sprintf("%s at %s by the %s", p.what, place, role)
					expected[key] = true
					if m.sighted[sightKey{p, place, role}] {
						seen[key] = true
					}
				}
			}
		}
	}
	covered(t, "planted things read by who may", expected, seen)
	t.Logf("operations run %d, documents %d", m.ran.Load(), len(m.documents))
}

// covered prints how much of what there is was met, and fails with the rest.
func covered(t *testing.T, what string, all, met map[string]bool) {
	t.Helper()
	n := 0
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if met[name] {
			n++
			continue
		}
		t.Errorf("%s: %s is not covered", what, name)
	}
	t.Logf("%s covered %d/%d %d %%", what, n, len(all), n*100/max(1, len(all)))
}

func (m *matrix) rootFields() map[string]bool {
	all := map[string]bool{}
	for _, root := range m.contract.roots() {
		for _, f := range m.contract.fields(root) {
			all[root.Name+"."+f.Name] = true
		}
	}
	return all
}

func (m *matrix) allPersonal() map[string]bool {
	all := map[string]bool{}
	for _, root := range m.contract.roots() {
		for _, f := range m.contract.fields(root) {
			for _, p := range m.waysFrom(root, f).personalPaths() {
				all[p.String()] = true
			}
		}
	}
	return all
}

// objectTypes are the object types of the contract.
func (m *matrix) objectTypes() (types []*ast.Definition) {
	for _, name := range slices.Sorted(maps.Keys(m.Types)) {
		if def := m.Types[name]; def.Kind == ast.Object && !def.BuiltIn && !strings.HasPrefix(name, "__") {
			types = append(types, def)
		}
	}
	return types
}

func (m *matrix) allFields() map[string]bool {
	all := map[string]bool{}
	for _, def := range m.objectTypes() {
		for _, f := range m.contract.fields(def) {
			all[def.Name+"."+f.Name] = true
		}
	}
	return all
}

func (m *matrix) allValues() map[string]bool {
	all := map[string]bool{}
	for _, def := range m.objectTypes() {
		for _, f := range m.contract.fields(def) {
			if m.value(def.Name, f) {
				all[def.Name+"."+f.Name] = true
			}
		}
	}
	return all
}

// allArguments are those of every field, and the fields of what a query takes
// as an input: each filters, orders, searches or bounds.
func (m *matrix) allArguments() map[string]bool {
	all := map[string]bool{}
	for _, def := range m.objectTypes() {
		for _, f := range m.contract.fields(def) {
			for _, a := range f.Arguments {
				name := def.Name + "." + f.Name + "(" + a.Name
				all[name+")"] = true
				if input := m.Types[a.Type.Name()]; input.Kind == ast.InputObject && def.Name == "Query" {
					for _, part := range input.Fields {
						all[name+"."+part.Name+")"] = true
					}
				}
			}
		}
	}
	return all
}

func (m *matrix) usedArguments() map[string]bool {
	used := maps.Clone(m.args)
	for field, asks := range m.queries {
		for _, a := range asks {
			for name, value := range a.args {
				if parts, ok := value.(in); ok {
					for part := range parts {
						used["Query."+field+"("+name+"."+part+")"] = true
					}
				}
			}
		}
	}
	return used
}
