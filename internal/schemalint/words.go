package schemalint

import (
	"regexp"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// form is how the names of one sort are written.
type form struct {
	name    string
	pattern *regexp.Regexp
}

var (
	pascalCase = form{"PascalCase", regexp.MustCompile(`^[A-Z][a-zA-Z0-9]*$`)}
	camelCase  = form{"camelCase", regexp.MustCompile(`^[a-z][a-zA-Z0-9]*$`)}
	screaming  = form{"SCREAMING_SNAKE", regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`)}
)

// words checks that everything is described and named in its form.
func (l *lint) words() {
	for _, def := range l.doc.Definitions {
		l.word(def.Position, string(def.Kind)+" "+def.Name, def.Name, def.Description, pascalCase)
	}
	for _, def := range l.sections() {
		for _, field := range def.Fields {
			l.field(def.Name, field)
		}
		for _, value := range def.EnumValues {
			l.word(value.Position, "value "+def.Name+"."+value.Name, value.Name, value.Description, screaming)
		}
	}
	for _, directive := range l.doc.Directives {
		l.word(directive.Position, "directive @"+directive.Name, directive.Name, directive.Description, camelCase)
		l.arguments("@"+directive.Name, directive.Arguments)
	}
}

func (l *lint) field(owner string, field *ast.FieldDefinition) {
	where := owner + "." + field.Name
	l.word(field.Position, "field "+where, field.Name, field.Description, camelCase)
	l.arguments(where, field.Arguments)
}

func (l *lint) arguments(owner string, args ast.ArgumentDefinitionList) {
	for _, arg := range args {
		what := "argument " + owner + "(" + arg.Name + ":)"
		if arg.Type.Name() == "ID" {
			what += " (an ID: say of what)"
		}
		l.word(arg.Position, what, arg.Name, arg.Description, camelCase)
	}
}

func (l *lint) word(at *ast.Position, what, name, description string, f form) {
	if strings.TrimSpace(description) == "" {
		l.add(at, Described, "%s has no description", what)
	}
	if !f.pattern.MatchString(name) {
		l.add(at, Named, "%s should be in %s", what, f.name)
	}
}
