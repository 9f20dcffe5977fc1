package gqldoc

import "github.com/teixit/teixit/internal/kernel/lang"

// Reader is who sent the document, as far as limits and messages need it.
type Reader struct {
	SignedIn bool
	Lang     lang.Lang // language of the error messages
	// RegisteredOnly: nothing may be asked but registered documents.
	RegisteredOnly bool
}

// ByLevel is a limit that is wider for people who have signed in.
type ByLevel struct {
	Anonymous int
	SignedIn  int
}

// For is the limit that holds for r.
func (b ByLevel) For(r Reader) int {
	if r.SignedIn {
		return b.SignedIn
	}
	return b.Anonymous
}

// Limits bounds what one document may ask for. Every limit is checked before
// the work it bounds is done. Start from DefaultLimits: a limit left zero
// allows nothing.
type Limits struct {
	QueryBytes ByLevel // bytes of the query text
	Tokens     ByLevel // lexical tokens, comments included
	Cost       ByLevel // fields in the largest possible answer (see Costs)

	Nesting    int // brackets open at once anywhere in the text
	Depth      int // selections inside each other, not counting fields named edges, node or nodes
	RawDepth   int // the same, counting every field
	ValueDepth int // lists and objects inside each other in literal values and in variables
	Aliases    int // fields renamed, in the whole document
	RootFields int // distinct response names at the root of one operation (a subscription: one)
	Directives int // uses of directives in the whole document
	Fragments  int // fragment definitions
	Operations int // operation definitions
	Variables  int // variables of one operation

	String         int      // characters of one string, literal or in variables
	LongText       int      // the same for variables that fill an argument or input field in LongTexts
	LongTexts      []string // names of arguments and input fields that hold long texts, such as "minutes"
	VariableValues int      // scalars, lists and objects in the variables of one request

	PageSize    int // most that first and last may ask for
	DefaultPage int // rows counted for a connection that is asked without first or last
	ListRows    int // rows counted for a list that cannot be paged and has no entry in Costs

	Introspection      bool // whether __schema and __type are answered
	IntrospectionDepth int  // selections inside each other below __schema or __type
	// IntrospectionCost bounds the answer to an introspection. Zero means a
	// quarter more than the query of GraphQL tools costs, whatever the size of
	// the schema.
	IntrospectionCost int

	WalkSteps  int // selections the validation rules visit, fragments counted once for each definition that reaches them
	MergeSteps int // selections compared when overlapping fields are checked
	Errors     int // errors in one answer
	CacheBytes int // memory for documents already validated
}

// DefaultLimits is what the hub starts with; real questions of its client
// stay far below.
func DefaultLimits() Limits {
	return Limits{
		QueryBytes: ByLevel{Anonymous: 64 << 10, SignedIn: 512 << 10},
		Tokens:     ByLevel{Anonymous: 1000, SignedIn: 2000},
		Cost:       ByLevel{Anonymous: 20_000, SignedIn: 100_000},

		Nesting:    60,
		Depth:      10,
		RawDepth:   30,
		ValueDepth: 10,
		Aliases:    30,
		RootFields: 10,
		Directives: 50,
		Fragments:  50,
		Operations: 10,
		Variables:  50,

		String:         10_000,
		LongText:       200_000,
		VariableValues: 10_000,

		PageSize:    100,
		DefaultPage: 20,
		ListRows:    10,

		Introspection:      true,
		IntrospectionDepth: 20,

		WalkSteps:  10_000,
		MergeSteps: 20_000,
		Errors:     20,
		CacheBytes: 32 << 20,
	}
}

// Costs says what single fields cost, by "Type.field".
type Costs map[string]Cost

// Cost is what one field costs where the general rule (one for the field, its
// selection once for each row) is wrong.
type Cost struct {
	// Weight is counted once for the field itself; zero means one. Give more to
	// fields that work hard for a small answer.
	Weight int
	// Rows is how many rows a list without a page argument has; zero means the
	// general rule.
	Rows int
	// RowsFrom names the argument that says how many rows come back: a number,
	// or a list counted by its length. Empty means first, last or ids.
	RowsFrom string
}
