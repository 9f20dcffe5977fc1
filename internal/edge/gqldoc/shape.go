package gqldoc

import (
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// shape is what can be said about a document without the schema: how much of
// everything it has. Fragments are counted where they are defined, once.
type shape struct {
	limits    *Limits
	aliases   int
	directive int
	refused   *fault.Fault
	// long names the variables that fill an argument or field for long texts.
	long map[string]bool
}

// checkShape counts the whole document and holds it against the limits.
func checkShape(doc *ast.QueryDocument, l *Limits) (*shape, *fault.Fault) {
	s := &shape{limits: l, long: map[string]bool{}}
	for _, name := range l.LongTexts {
		s.long[name] = true
	}
	for _, op := range doc.Operations {
		s.refuse(exceeds(ErrVariables, len(op.VariableDefinitions), l.Variables))
		s.operation(op)
	}
	for _, fragment := range doc.Fragments {
		s.directives(fragment.Directives)
		s.selections(fragment.SelectionSet)
	}
	s.refuse(exceeds(ErrOperations, len(doc.Operations), l.Operations))
	s.refuse(exceeds(ErrFragments, len(doc.Fragments), l.Fragments))
	s.refuse(exceeds(ErrAliases, s.aliases, l.Aliases))
	s.refuse(exceeds(ErrDirectives, s.directive, l.Directives))
	return s, s.refused
}

// refuse keeps the first reason to refuse the document.
func (s *shape) refuse(f *fault.Fault) {
	if s.refused == nil {
		s.refused = f
	}
}

func (s *shape) operation(op *ast.OperationDefinition) {
	for _, v := range op.VariableDefinitions {
		s.directives(v.Directives)
		s.value(v.DefaultValue, "", 0)
	}
	s.directives(op.Directives)
	s.selections(op.SelectionSet)
}

func (s *shape) selections(set ast.SelectionSet) {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			if sel.Alias != sel.Name {
				s.aliases++
			}
			s.arguments(sel.Arguments)
			s.directives(sel.Directives)
			s.selections(sel.SelectionSet)
		case *ast.InlineFragment:
			s.directives(sel.Directives)
			s.selections(sel.SelectionSet)
		case *ast.FragmentSpread:
			s.directives(sel.Directives)
		}
	}
}

func (s *shape) directives(list ast.DirectiveList) {
	s.directive += len(list)
	for _, d := range list {
		if d.Name == "defer" || d.Name == "stream" {
			s.refuse(ErrIncremental.New())
		}
		s.arguments(d.Arguments)
	}
}

func (s *shape) arguments(list ast.ArgumentList) {
	for _, arg := range list {
		s.value(arg.Value, arg.Name, 0)
	}
}

// value checks one literal that stands under name, the argument or input field
// it fills. Literal strings never get the length of long texts: those travel
// as variables, so that a document stays small and worth remembering.
func (s *shape) value(v *ast.Value, name string, depth int) {
	if v == nil {
		return
	}
	switch v.Kind {
	case ast.Variable:
		if s.long[name] {
			s.long[v.Raw] = true
		}
	case ast.StringValue, ast.BlockValue:
		s.refuse(checkString(v.Raw, s.limits.String))
	case ast.ListValue, ast.ObjectValue:
		s.children(v, name, depth+1)
	}
}

func (s *shape) children(v *ast.Value, name string, depth int) {
	if depth > s.limits.ValueDepth {
		s.refuse(ErrValueDepth.New().With("limit", s.limits.ValueDepth))
		return
	}
	for _, child := range v.Children {
		if v.Kind == ast.ObjectValue {
			name = child.Name
		}
		s.value(child.Value, name, depth)
	}
}

func checkString(s string, limit int) *fault.Fault {
	if strings.IndexByte(s, 0) >= 0 {
		return fault.ErrBadText.New()
	}
	if len(s) > limit && utf8.RuneCountInString(s) > limit {
		return fault.ErrTooLong.New().With("max", limit)
	}
	return nil
}
