package gqldoc

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// checkOneOf holds variables of @oneOf types to exactly one field, not null: the
// library checks it in literal values only.
func checkOneOf(schema *ast.Schema, op *ast.OperationDefinition, variables map[string]any) *fault.Fault {
	for _, v := range op.VariableDefinitions {
		if path := notOne(schema, v.Type, variables[v.Variable], ast.Path{ast.PathName(v.Variable)}); path != nil {
			return ErrVariable.New().With("variable", place(path))
		}
	}
	return nil
}

// notOne is the place of the first value that gives not exactly one field; nil
// when there is none.
func notOne(schema *ast.Schema, t *ast.Type, value any, at ast.Path) ast.Path {
	switch value := value.(type) {
	case []any:
		if t.Elem == nil {
			return nil
		}
		for i, item := range value {
			if wrong := notOne(schema, t.Elem, item, extend(at, ast.PathIndex(i))); wrong != nil {
				return wrong
			}
		}
	case map[string]any:
		return notOneIn(schema, schema.Types[t.Name()], value, at)
	}
	return nil
}

func notOneIn(schema *ast.Schema, def *ast.Definition, value map[string]any, at ast.Path) ast.Path {
	if def == nil || def.Kind != ast.InputObject {
		return nil
	}
	given := 0
	for _, field := range def.Fields {
		v, ok := value[field.Name]
		if !ok {
			continue
		}
		given++
		if wrong := notOne(schema, field.Type, v, extend(at, ast.PathName(field.Name))); wrong != nil {
			return wrong
		}
		if v == nil {
			given++ // null is no choice
		}
	}
	if given != 1 && def.Directives.ForName("oneOf") != nil {
		return at
	}
	return nil
}

func extend(at ast.Path, step ast.PathElement) ast.Path {
	return append(at[:len(at):len(at)], step)
}
