package gqldoc

import (
	"maps"
	"strings"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
)

// What can be wrong with a document. The names are part of the public contract.
var (
	ErrParse = fault.Define(fault.Invalid, "GRAPHQL_PARSE_FAILED",
		"La consulta no es pot llegir: {detail}",
		"La consulta no se puede leer: {detail}",
		"The query cannot be read: {detail}")
	ErrInvalid = fault.Define(fault.Invalid, "GRAPHQL_VALIDATION_FAILED",
		"La consulta no encaixa amb l'esquema: {detail}",
		"La consulta no encaja con el esquema: {detail}",
		"The query does not fit the schema: {detail}")
	ErrVariable = fault.Define(fault.Invalid, "VARIABLE_INVALID",
		"El valor de la variable {variable} no és del tipus declarat.",
		"El valor de la variable {variable} no es del tipo declarado.",
		"The value of variable {variable} is not of the declared type.")
	ErrOperation = fault.Define(fault.Invalid, "OPERATION_NOT_FOUND",
		"Digueu amb operationName quina operació de la consulta s'ha d'executar.",
		"Indique con operationName qué operación de la consulta hay que ejecutar.",
		"Say with operationName which operation of the query is to run.")
	ErrCycle = fault.Define(fault.Invalid, "FRAGMENT_CYCLE",
		"Un fragment s'inclou a si mateix.",
		"Un fragmento se incluye a sí mismo.",
		"A fragment includes itself.")
	ErrIncremental = fault.Define(fault.Invalid, "INCREMENTAL_UNSUPPORTED",
		"Aquest servei no admet @defer ni @stream.",
		"Este servicio no admite @defer ni @stream.",
		"This service does not support @defer and @stream.")

	ErrTooLarge = fault.Define(fault.Limited, "QUERY_TOO_LARGE",
		"La consulta té {got} bytes i en pot tenir {limit}.",
		"La consulta tiene {got} bytes y puede tener {limit}.",
		"The query has {got} bytes; {limit} are allowed.")
	ErrTokens = fault.Define(fault.Limited, "TOO_MANY_TOKENS",
		"La consulta passa de {limit} elements lèxics.",
		"La consulta supera los {limit} elementos léxicos.",
		"The query has more than {limit} tokens.")
	ErrNesting = fault.Define(fault.Limited, "QUERY_TOO_NESTED",
		"La consulta té més de {limit} claudàtors oberts alhora.",
		"La consulta tiene más de {limit} corchetes abiertos a la vez.",
		"The query has more than {limit} brackets open at once.")
	ErrDepth = fault.Define(fault.Limited, "QUERY_TOO_DEEP",
		"La consulta té {got} nivells i en pot tenir {limit}.",
		"La consulta tiene {got} niveles y puede tener {limit}.",
		"The query is {got} levels deep; {limit} are allowed.")
	ErrAliases = fault.Define(fault.Limited, "TOO_MANY_ALIASES",
		"La consulta té {got} àlies i en pot tenir {limit}.",
		"La consulta tiene {got} alias y puede tener {limit}.",
		"The query has {got} aliases; {limit} are allowed.")
	ErrRootFields = fault.Define(fault.Limited, "TOO_MANY_ROOT_FIELDS",
		"L'operació té {got} camps arrel i en pot tenir {limit}.",
		"La operación tiene {got} campos raíz y puede tener {limit}.",
		"The operation has {got} root fields; {limit} are allowed.")
	ErrDirectives = fault.Define(fault.Limited, "TOO_MANY_DIRECTIVES",
		"La consulta té {got} directives i en pot tenir {limit}.",
		"La consulta tiene {got} directivas y puede tener {limit}.",
		"The query has {got} directives; {limit} are allowed.")
	ErrFragments = fault.Define(fault.Limited, "TOO_MANY_FRAGMENTS",
		"La consulta té {got} fragments i en pot tenir {limit}.",
		"La consulta tiene {got} fragmentos y puede tener {limit}.",
		"The query has {got} fragments; {limit} are allowed.")
	ErrOperations = fault.Define(fault.Limited, "TOO_MANY_OPERATIONS",
		"La consulta té {got} operacions i en pot tenir {limit}.",
		"La consulta tiene {got} operaciones y puede tener {limit}.",
		"The query has {got} operations; {limit} are allowed.")
	ErrVariables = fault.Define(fault.Limited, "TOO_MANY_VARIABLES",
		"L'operació té {got} variables i en pot tenir {limit}.",
		"La operación tiene {got} variables y puede tener {limit}.",
		"The operation has {got} variables; {limit} are allowed.")
	ErrValueDepth = fault.Define(fault.Limited, "VALUE_TOO_DEEP",
		"Un valor té més de {limit} nivells.",
		"Un valor tiene más de {limit} niveles.",
		"A value is more than {limit} levels deep.")
	ErrValues = fault.Define(fault.Limited, "TOO_MANY_VALUES",
		"Les variables tenen més de {limit} valors.",
		"Las variables tienen más de {limit} valores.",
		"The variables hold more than {limit} values.")
	ErrCost = fault.Define(fault.Limited, "COST_LIMIT",
		"La resposta podria tenir {got} camps i en pot tenir {limit}. Demaneu pàgines més petites o menys nivells.",
		"La respuesta podría tener {got} campos y puede tener {limit}. Pida páginas más pequeñas o menos niveles.",
		"The answer could have {got} fields; {limit} are allowed. Ask for smaller pages or fewer levels.")
	ErrComplex = fault.Define(fault.Limited, "QUERY_TOO_COMPLEX",
		"Els fragments de la consulta es repeteixen massa.",
		"Los fragmentos de la consulta se repiten demasiado.",
		"The fragments of the query repeat too much.")
	ErrIntrospection = fault.Define(fault.Limited, "INTROSPECTION_LIMIT",
		"La introspecció demana massa. L'esquema sencer és a /schema.graphql.",
		"La introspección pide demasiado. El esquema entero está en /schema.graphql.",
		"The introspection asks for too much. The whole schema is at /schema.graphql.")
	ErrIntrospectionOff = fault.Define(fault.Invalid, "INTROSPECTION_OFF",
		"La introspecció està desactivada. L'esquema és a /schema.graphql.",
		"La introspección está desactivada. El esquema está en /schema.graphql.",
		"Introspection is switched off. The schema is at /schema.graphql.")
)

// Present shows a fault as a GraphQL error in the language l: the safe message,
// the code and the fault's arguments in the extensions. Err keeps the fault, so
// that errors.As finds it; it is never encoded.
func Present(f *fault.Fault, l lang.Lang) *gqlerror.Error {
	extensions := maps.Clone(f.Args)
	if extensions == nil {
		extensions = map[string]any{}
	}
	delete(extensions, "detail") // is in the message already
	extensions["code"] = f.Code.Name
	return &gqlerror.Error{Err: f, Message: f.Message(l), Extensions: extensions}
}

// finding is a fault with the place in the document it is about.
type finding struct {
	fault *fault.Fault
	at    []gqlerror.Location
}

func (f finding) present(l lang.Lang) *gqlerror.Error {
	err := Present(f.fault, l)
	err.Locations = f.at
	return err
}

func found(f *fault.Fault) []finding {
	if f == nil {
		return nil
	}
	return []finding{{fault: f}}
}

func exceeds(c fault.Code, got, limit int) *fault.Fault {
	if got <= limit {
		return nil
	}
	return c.New().With("got", got).With("limit", limit)
}

// quoted is the most bytes of the caller's own text a message repeats at a
// stretch, and detail the most a library's message may have in all: an error
// must not be an echo of what was sent.
const (
	quoted = 40
	detail = 240
)

// shorten cuts every quoted stretch of a message, then the message.
func shorten(message string) string {
	parts := strings.Split(message, `"`)
	for i := 1; i < len(parts); i += 2 {
		parts[i] = cut(parts[i], quoted)
	}
	return cut(strings.Join(parts, `"`), detail)
}

// cut keeps at most n bytes of s and whole characters only.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
