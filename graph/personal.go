package graph

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/platform/access"
)

// PersonalTypes are the types that are about one person, with those of their
// values that say nothing about who it is or what they did. All their other
// values are personal: also those that are added tomorrow, until somebody says
// that they are not. What comes from person_names, delegate_secrets, accounts
// and the tables beside them is a value of one of these types, and a test looks
// whether every query that reads those tables is known.
//
// Not here: Speaker, whose name is printed in a programme.
func PersonalTypes() map[string][]string {
	return map[string][]string{
		"Person":                   {"id"},
		"Appointment":              {"role", "from", "until"},
		"Registration":             {"id", "state", "policy", "place", "confirmed", "waiting", "createdAt", "byLink", "confirmBy", "offeredUntil"},
		"RegistrationContact":      {},
		"RegistrationLink":         {"event", "eventId", "startsAt", "organization", "words", "state", "policy", "confirmBy", "offeredUntil", "place", "confirmed", "waiting", "mailArrives", "adopted", "until"},
		"RegistrationLinkDelegate": {"id", "role", "state", "answer"},
		"Delegate":                 {"id", "named", "role", "state", "visibility", "erased"},
		"DelegateNeeds":            {"until"},
		"RosterEntry":              {"id", "role", "seatPool", "state"},
		"AuditEntry":               {"at", "kind", "what"},
		"Claim":                    {"id", "at", "state"},
		"Glass":                    {"id", "at", "until"},
		"Account":                  {"id"},
		"LinkedIdentity":           {},
		"Session":                  {"id"},
		"ApiToken":                 {"id"},
		"Invitation":               {"id", "role", "createdAt", "expiresAt"},
		"TableSeat":                {"id", "position", "hasAccount", "from", "until"},
		"TableOfficer":             {"office", "from", "until"},
		"TableResponsible":         {},
		"QuestionAnswer":           {},
		"DelegateCertificate":      {"id"},
	}
}

// telling are names of values that are personal wherever they stand.
var telling = []string{"mail", "phone", "userAgent"}

// public are values with a telling name that belong to bodies.
var public = []string{"Contact.mail", "Contact.phone"}

// everyPersonalFieldHasRule refuses a schema in which somebody could come to a
// personal value without passing a rule: either the value carries @personal, or
// every way to its type does. What a mutation answers is behind the mutation's
// own @access.
func everyPersonalFieldHasRule(schema *ast.Schema) error {
	types := PersonalTypes()
	for name := range types {
		if schema.Types[name] == nil {
			return fmt.Errorf("graph: the personal type %s is not in the schema", name)
		}
	}
	for name := range openTypes(schema) {
		for _, field := range schema.Types[name].Fields {
			if IsPersonal(schema, name, field) && field.Directives.ForName("personal") == nil {
				return fmt.Errorf("graph: %s.%s gives personal data and does not say to whom (@personal)", name, field.Name)
			}
		}
	}
	return nil
}

// IsPersonal tells whether a field of the named type is a value that may say who
// somebody is or what they did. A way to another type is none: that type is
// judged by itself.
func IsPersonal(schema *ast.Schema, name string, field *ast.FieldDefinition) bool {
	if t := schema.Types[field.Type.Name()]; t == nil || !t.IsLeafType() {
		return false
	}
	if slices.Contains(telling, field.Name) {
		return !slices.Contains(public, name+"."+field.Name)
	}
	harmless, personal := PersonalTypes()[name]
	return personal && !slices.Contains(harmless, field.Name)
}

// openTypes are the object types to which a way leads that passes no @personal:
// from the queries and the subscriptions.
func openTypes(schema *ast.Schema) map[string]bool {
	open := map[string]bool{}
	var visit func(def *ast.Definition)
	visit = func(def *ast.Definition) {
		if def == nil || open[def.Name] || def.BuiltIn {
			return
		}
		if def.IsAbstractType() {
			for _, object := range schema.GetPossibleTypes(def) {
				visit(object)
			}
			return
		}
		if def.Kind != ast.Object {
			return
		}
		open[def.Name] = true
		for _, field := range def.Fields {
			if field.Directives.ForName("personal") == nil {
				visit(schema.Types[field.Type.Name()])
			}
		}
	}
	visit(schema.Query)
	visit(schema.Subscription)
	return open
}

// personal is the second line of @personal: nobody without an account gets the
// value, whatever the query forgot. The queries know the rest. Who holds a
// mailed link need not sign in.
func personal(ctx context.Context, _ any, next graphql.Resolver, who model.Access) (any, error) {
	value, err := next(ctx)
	if err != nil || value == nil || who == model.AccessLinkHolder || access.From(ctx).SignedIn() {
		return value, err
	}
	switch v := reflect.ValueOf(value); {
	case v.Kind() == reflect.Slice:
		return reflect.MakeSlice(v.Type(), 0, 0).Interface(), nil
	case v.Kind() == reflect.Pointer && !graphql.GetFieldContext(ctx).Field.Definition.Type.NonNull:
		return reflect.Zero(v.Type()).Interface(), nil
	}
	return value, nil
}
