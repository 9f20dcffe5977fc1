package gqldoc

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/core"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// Two rules of the specification that the library does not hold: an Int has 32
// bits, in literals and variables, and a @oneOf input gives exactly one field,
// which it checks in literals only.

// intRangeRule refuses whole numbers that are no Int.
func intRangeRule() core.Rule {
	return core.Rule{Name: "IntRange", RuleFunc: func(events *core.Events, addError core.AddErrFunc) {
		events.OnValue(func(_ *core.Walker, value *ast.Value) {
			if value.Kind == ast.IntValue && value.Definition != nil && value.Definition.Name == "Int" && !fitsInt(value.Raw) {
				addError(core.Message("Int cannot represent non 32-bit signed integer value: %s", value.Raw), core.At(value.Position))
			}
		})
	}}
}

func fitsInt(number string) bool {
	_, err := strconv.ParseInt(number, 10, 32)
	return err == nil
}

// checkValues holds the variables of an operation to both rules.
func checkValues(schema *ast.Schema, op *ast.OperationDefinition, variables map[string]any) *fault.Fault {
	for _, v := range op.VariableDefinitions {
		at := ast.Path{ast.PathName(v.Variable)}
		if wrong := misfit(schema, v.Type, variables[v.Variable], at); wrong != nil {
			return ErrVariable.New().With("variable", place(wrong))
		}
	}
	return nil
}

// misfit is the place of the first value that breaks a rule; nil when there is
// none.
func misfit(schema *ast.Schema, t *ast.Type, value any, at ast.Path) ast.Path {
	switch value := value.(type) {
	case []any:
		if t.Elem != nil {
			return misfitIn(schema, t.Elem, value, at)
		}
	case map[string]any:
		return misfitOf(schema, schema.Types[t.Name()], value, at)
	case json.Number, int64, int, string: // the library takes "1" for an Int
		if t.Name() == "Int" && !fitsInt(fmt.Sprint(value)) {
			return at
		}
	case float64:
		if t.Name() == "Int" && value != float64(int32(value)) {
			return at
		}
	}
	return nil
}

func misfitIn(schema *ast.Schema, t *ast.Type, list []any, at ast.Path) ast.Path {
	for i, item := range list {
		if wrong := misfit(schema, t, item, extend(at, ast.PathIndex(i))); wrong != nil {
			return wrong
		}
	}
	return nil
}

func misfitOf(schema *ast.Schema, def *ast.Definition, value map[string]any, at ast.Path) ast.Path {
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
		if wrong := misfit(schema, field.Type, v, extend(at, ast.PathName(field.Name))); wrong != nil {
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
