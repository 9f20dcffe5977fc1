// Package engine answers queries and subscriptions: it compiles an operation once
// into a plan, loads what is linked level by level, and appends the answer to one
// piece of memory. It is a small compiler, and this page is about how it works.
//
// # Why
//
// gqlgen's executor starts a goroutine for each element of a list and makes a
// context for each field; for an answer of 128 KB it takes more processor time
// than the database. Nothing of that is needed where all data is loaded before
// the first byte is written, which is how this hub reads.
//
// # The stages
//
//	document ──compile──▶ Plan ──┐
//	                             ├─▶ resolve a root field ─▶ Load ─▶ encode ─▶ bytes
//	schema + Go types ──generate─▶ encoders
//
// Compile (plan.go). A Plan is a tree of Fields and Sets. A Field is one entry of
// an answer: its key as it will be written, the number of its encoder, whether
// null is allowed, whether it is a link and whether links may stand below. A Set
// is what is selected on objects of one type; behind an interface a Field has a
// Set for each type that has been met. Which fields an object has is asked of
// gqlgen's CollectFields, so fragments, merging, @skip and @include mean what
// they mean there. A plan is kept beside the parsed document (package memo), one
// for each combination of the variables that skip and include.
//
// Load (load.go). The table of links belongs to package graph: for "Type.field" a
// level read that loads the field for all parents at once, with visibility inside
// the SQL. Load walks the plan down from a value and runs each link once per
// level; values go into the slots of their parents. Links that do not wait for each
// other are read side by side: what they ask at the same time is one message to the
// database. The executor's operations (mutations) are loaded by the same walk, with
// a plan of what stands below.
//
// Early (early.go). What is asked for by its identifier is known before it is read,
// and most links need no more than that. Those are loaded for somebody like it, at
// the same time as itself, and handed over when it is there.
//
// Encode (writer.go, leaf.go and graph/generated/encoders.generated.go). For each
// object type the generator writes a function with one case per field, and for
// each pair of a type of the schema and a Go type a function that writes it. What
// is a Go field or a plain method is read; what is a link is taken from its slot;
// everything else (resolvers, arguments, @personal and @access) is left to the
// methods that gqlgen generates for its executor, called with the context that it
// would have given them. So the engine knows no domain and no right: there is no
// second truth about either.
//
// An encoder tells by a bool whether it wrote a value. False is null: the object
// around it writes null where the schema allows it, and otherwise takes back what
// it has written and is null itself. Errors are noted with the path the writer
// stands at, in gqlgen's own list; the contexts that carry a path are made when
// an error or a resolver needs them. A resolver that panics is an error of its
// field, as with the executor.
//
// # What it leaves alone
//
// Mutations, introspection, and whatever the encoders have no number for are
// executed by gqlgen before anything was done; Options.Observe hears why.
//
// That both say the same, to the byte, with the same errors, is a test: the
// matrix asks all its questions, and documents that nobody has thought of, of
// both, in several roles (internal/hubtest/matrix/engines_test.go).
//
// # Answers from memory
//
// What somebody asks of whom nothing is known is answered from memory where the
// same was just answered: see Memory for the rule and why it is enough. Selections
// with @personal fields are never kept.
//
// # The generator
//
// graph/gqlgen is gqlgen with one plugin; `go tool gqlgen generate` runs it. A new
// type joins by being in the schema. A scalar is written by the Append function
// beside its Marshal function where there is one (model.AppendDate beside
// model.MarshalDate), so that it costs no memory; without one by the marshaller.
package engine
