package gqldoc

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// variableCheck walks the values of one request's variables, as JSON decodes
// them, and holds them against the limits.
type variableCheck struct {
	limits *Limits
	long   map[string]bool
	values int
}

func (c *variableCheck) check(v any, name string, depth int) *fault.Fault {
	if c.values++; c.values > c.limits.VariableValues {
		return ErrValues.New().With("limit", c.limits.VariableValues)
	}
	if depth > c.limits.ValueDepth {
		return ErrValueDepth.New().With("limit", c.limits.ValueDepth)
	}
	switch v := v.(type) {
	case string:
		return c.text(v, name)
	case []any:
		for _, child := range v {
			if f := c.check(child, name, depth+1); f != nil {
				return f
			}
		}
	case map[string]any:
		return c.object(v, depth)
	}
	return nil
}

func (c *variableCheck) object(v map[string]any, depth int) *fault.Fault {
	for name, child := range v {
		if f := c.text(name, ""); f != nil {
			return f
		}
		if f := c.check(child, name, depth+1); f != nil {
			return f
		}
	}
	return nil
}

func (c *variableCheck) text(s, name string) *fault.Fault {
	if !utf8.ValidString(s) {
		return fault.ErrBadText.New().With("variable", cut(name, quoted))
	}
	limit := c.limits.String
	if c.long[name] {
		limit = c.limits.LongText
	}
	if f := checkString(s, limit); f != nil {
		return f.With("variable", cut(name, quoted))
	}
	return nil
}

// coerce gives variables the types the operation declares. The library's own
// messages repeat values, so only the place is taken from them.
func coerce(schema *ast.Schema, op *ast.OperationDefinition, variables map[string]any) (map[string]any, *fault.Fault) {
	values, err := validator.VariableValues(schema, op, variables)
	if err == nil {
		return values, checkValues(schema, op, values)
	}
	where := ""
	var wrong *gqlerror.Error
	if errors.As(err, &wrong) && len(wrong.Path) > 1 {
		where = place(wrong.Path[1:])
	}
	return nil, ErrVariable.New().With("variable", where).Because(err)
}

// place writes a path as name.field[2].
func place(path ast.Path) string {
	var b strings.Builder
	for i, part := range path {
		switch part := part.(type) {
		case ast.PathName:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(cut(string(part), quoted))
		case ast.PathIndex:
			fmt.Fprintf(&b, "[%d]", int(part))
		}
	}
	return cut(b.String(), detail)
}
