package schemalint

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// shapes checks how the parts of the contract fit together.
func (l *lint) shapes() {
	for _, def := range l.sections() {
		l.lists(def)
		l.connections(def)
	}
	for _, mutation := range l.root("Mutation") {
		l.mutation(mutation)
	}
	for _, subscription := range l.root("Subscription") {
		l.subscription(subscription)
	}
}

// lists: a list and its items are not null. Where one is null on purpose, its
// description says when, with that word. An input list may be left out.
func (l *lint) lists(def *ast.Definition) {
	for _, field := range def.Fields {
		input := def.Kind == ast.InputObject
		l.list(field.Position, def.Name+"."+field.Name, field.Type, field.Description, input)
		for _, arg := range field.Arguments {
			l.list(arg.Position, def.Name+"."+field.Name+"("+arg.Name+":)", arg.Type, arg.Description, true)
		}
	}
}

func (l *lint) list(at *ast.Position, where string, t *ast.Type, description string, input bool) {
	if t.Elem == nil || strings.Contains(description, "null") {
		return
	}
	if !t.Elem.NonNull {
		l.add(at, Listed, "%s is %s: items are not null, or the description says when one is null", where, t)
	}
	if !t.NonNull && !input {
		l.add(at, Listed, "%s is %s: a list is not null, or the description says when it is null", where, t)
	}
}

// connections: the type has its three fields, the field that gives one its two
// arguments.
func (l *lint) connections(def *ast.Definition) {
	if item, ok := strings.CutSuffix(def.Name, connectionSuffix); ok && def.Kind == ast.Object {
		l.connection(def, item)
	}
	for _, field := range def.Fields {
		if !strings.HasSuffix(field.Type.Name(), connectionSuffix) {
			continue
		}
		for _, name := range []string{"first", "after"} {
			if field.Arguments.ForName(name) == nil {
				l.add(field.Position, Paged, "%s.%s gives a connection and has no argument %s", def.Name, field.Name, name)
			}
		}
	}
}

func (l *lint) connection(def *ast.Definition, item string) {
	l.wants(def, Paged, "edges", "["+item+"Edge!]!")
	l.wants(def, Paged, "pageInfo", "PageInfo!")
	nodes := def.Fields.ForName("nodes")
	if nodes == nil || nodes.Type.Elem == nil || !nodes.Type.NonNull || !nodes.Type.Elem.NonNull {
		l.add(def.Position, Paged, "%s has no field nodes: [%s!]!", def.Name, item)
	}
	edge, ok := l.types[item+"Edge"]
	if !ok {
		l.add(def.Position, Resolvable, "%s needs a type %sEdge", def.Name, item)
		return
	}
	l.wants(edge, Paged, "cursor", "String!")
	if edge.Fields.ForName("node") == nil {
		l.add(edge.Position, Paged, "%s has no field node", edge.Name)
	}
}

// wants reports a field that is missing or of another type.
func (l *lint) wants(def *ast.Definition, rule Rule, name, kind string) {
	if field := def.Fields.ForName(name); field == nil || field.Type.String() != kind {
		l.add(def.Position, rule, "%s has no field %s: %s", def.Name, name, kind)
	}
}

// mutation: registrationCreate(input: RegistrationCreateInput!): RegistrationCreatePayload!
func (l *lint) mutation(field *ast.FieldDefinition) {
	base := strings.ToUpper(field.Name[:1]) + field.Name[1:]
	l.nounFirst(field, base)
	args := field.Arguments
	if len(args) != 1 || args[0].Name != "input" || args[0].Type.String() != base+inputSuffix+"!" {
		l.add(field.Position, Action, "%s takes one argument, input: %s%s!", field.Name, base, inputSuffix)
	}
	if field.Type.String() != base+payloadSuffix+"!" {
		l.add(field.Position, Action, "%s returns %s%s!", field.Name, base, payloadSuffix)
	}
	if field.Directives.ForName("access") == nil {
		l.add(field.Position, Guarded, "%s does not show who may (@access)", field.Name)
	}
	if payload := l.resolve(field); payload != nil {
		l.payload(payload)
	}
}

// nounFirst: the name begins with a type of the schema and goes on with what
// happens to it, so that the actions on one thing stand together.
func (l *lint) nounFirst(field *ast.FieldDefinition, base string) {
	for noun := range l.types {
		rest, ok := strings.CutPrefix(base, noun)
		if ok && rest != "" && rest[0] >= 'A' && rest[0] <= 'Z' && !isRoot(noun) {
			return
		}
	}
	l.add(field.Position, Action, "%s does not begin with a type of the schema (noun first: registrationCreate)", field.Name)
}

// payload: errors, and a result that is null when there are any. Lists may be
// empty and flags false instead.
func (l *lint) payload(def *ast.Definition) {
	l.wants(def, Payload, "errors", "[UserError!]!")
	results := slices.DeleteFunc(slices.Clone(def.Fields), func(f *ast.FieldDefinition) bool { return f.Name == "errors" })
	if len(results) == 0 {
		l.add(def.Position, Payload, "%s has no result", def.Name)
	}
	for _, field := range results {
		if field.Type.NonNull && field.Type.Elem == nil && field.Type.Name() != "Boolean" {
			l.add(field.Position, Payload, "%s.%s is %s: there is no result when there are errors", def.Name, field.Name, field.Type)
		}
	}
}

// subscription: each message carries its number and the cursor to resume from. A
// feed's has no number, since feed cursors are ordered and not +1: it says instead
// whether it is the state.
func (l *lint) subscription(field *ast.FieldDefinition) {
	if field.Arguments.ForName("after") == nil {
		l.add(field.Position, Resumable, "%s has no argument after to resume from", field.Name)
	}
	message := l.resolve(field)
	if message == nil {
		return
	}
	kinds := []*ast.Definition{message}
	if message.Kind == ast.Union {
		kinds = nil
		for _, name := range message.Types {
			if def, ok := l.types[name]; ok {
				kinds = append(kinds, def)
			}
		}
	}
	for _, def := range kinds {
		number := "number"
		if def.Fields.ForName("state") != nil && def.Fields.ForName("items") != nil {
			number = "state"
		}
		for _, name := range []string{number, "cursor"} {
			if part := def.Fields.ForName(name); part == nil || !part.Type.NonNull {
				l.add(def.Position, Resumable, "%s, sent by %s, has no %s", def.Name, field.Name, name)
			}
		}
	}
}

// resolve finds the type that a root field gives.
func (l *lint) resolve(field *ast.FieldDefinition) *ast.Definition {
	def, ok := l.types[field.Type.Name()]
	if !ok {
		l.add(field.Position, Resolvable, "%s gives %s, which is not defined", field.Name, field.Type.Name())
	}
	return def
}
