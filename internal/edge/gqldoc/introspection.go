package gqldoc

import "github.com/vektah/gqlparser/v2/ast"

// standardIntrospection is the query by which tools read a whole schema. What
// it costs is the measure for all introspection.
const standardIntrospection = `
query Introspection {
  __schema {
    description
    queryType { name }
    mutationType { name }
    subscriptionType { name }
    types { ...Whole }
    directives { name description isRepeatable locations args(includeDeprecated: true) { ...Input } }
  }
}
fragment Whole on __Type {
  kind name description specifiedByURL isOneOf
  fields(includeDeprecated: true) {
    name description isDeprecated deprecationReason
    args(includeDeprecated: true) { ...Input }
    type { ...Reference }
  }
  inputFields(includeDeprecated: true) { ...Input }
  interfaces { ...Reference }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...Reference }
}
fragment Input on __InputValue { name description isDeprecated deprecationReason defaultValue type { ...Reference } }
fragment Reference on __Type {
  kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
    ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
}`

// argumentRows is how many arguments a field has, generously. Counting ten, as
// for other lists, would make the query of tools look so expensive that far
// worse ones fit under its measure.
const argumentRows = 3

// listRows is how many rows a list counts for that says nothing of its length.
func (c *compiler) listRows(f *ast.Field) int {
	switch f.ObjectDefinition.Name + "." + f.Name {
	case "__Schema.types":
		return len(c.schema.Types)
	case "__Schema.directives":
		return len(c.schema.Directives)
	case "__Field.args", "__Directive.args":
		return argumentRows
	default:
		return c.limits.ListRows
	}
}
