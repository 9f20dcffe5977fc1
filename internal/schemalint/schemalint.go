// Package schemalint holds the public contract to its habits, the ones that a
// schema can break and still be valid: everything is described, names follow
// their form, a mutation is one action with one input and one payload, a
// connection can be paged, a live stream can be resumed, nothing is null
// without saying when.
//
// It reads the documents as written, file by file and before they are merged,
// so that each finding names the file and the line to change.
package schemalint

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Rule names what a finding is about.
type Rule string

// The rules.
const (
	Described  Rule = "described"  // everything that a reader meets says what it is
	Named      Rule = "named"      // PascalCase types, camelCase fields, SCREAMING_SNAKE values
	Action     Rule = "action"     // a mutation is a noun and a verb, with one input and one payload
	Payload    Rule = "payload"    // a payload has a nullable result and errors
	Guarded    Rule = "guarded"    // a mutation shows who may
	Listed     Rule = "listed"     // lists and their items are not null, unless they say when
	Paged      Rule = "paged"      // a connection has edges, nodes and pageInfo, and is asked with first and after
	Resumable  Rule = "resumable"  // what a subscription sends carries number and cursor
	Resolvable Rule = "resolvable" // a name used is a name defined
)

// How the types that belong to a field or an item are called.
const (
	inputSuffix      = "Input"
	payloadSuffix    = "Payload"
	connectionSuffix = "Connection"
)

// Finding is one broken habit and where.
type Finding struct {
	File    string
	Line    int
	Rule    Rule
	Message string
}

// String gives the finding as file:line, the form editors jump to.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", f.File, f.Line, f.Rule, f.Message)
}

// Check reads every *.graphqls file at the top of the tree and returns what it
// finds, sorted by file and line. The error is for files that cannot be read
// or parsed, and for a tree without any.
func Check(files fs.FS) ([]Finding, error) {
	names, err := fs.Glob(files, "*.graphqls")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("schemalint: no schema files (%w)", cmp.Or(err, fs.ErrNotExist))
	}
	var sources []*ast.Source
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("schemalint: %w", err)
		}
		sources = append(sources, &ast.Source{Name: name, Input: string(text)})
	}
	doc, err := parser.ParseSchemas(sources...)
	if err != nil {
		return nil, fmt.Errorf("schemalint: %w", err)
	}
	return newLint(doc).run(), nil
}

// lint is one check: the documents, the types by name, and what was found.
type lint struct {
	doc      *ast.SchemaDocument
	types    map[string]*ast.Definition // with the fields of their extensions
	findings []Finding
}

func newLint(doc *ast.SchemaDocument) *lint {
	l := &lint{doc: doc, types: map[string]*ast.Definition{}}
	for _, def := range doc.Definitions {
		merged := *def
		merged.Fields = slices.Clone(def.Fields)
		l.types[def.Name] = &merged
	}
	for _, ext := range doc.Extensions {
		if def, ok := l.types[ext.Name]; ok {
			def.Fields = append(def.Fields, ext.Fields...)
			def.Types = append(slices.Clone(def.Types), ext.Types...)
		}
	}
	return l
}

func (l *lint) run() []Finding {
	l.words()
	l.shapes()
	slices.SortFunc(l.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
	})
	return l.findings
}

func (l *lint) add(at *ast.Position, rule Rule, format string, args ...any) {
	l.findings = append(l.findings, Finding{File: at.Src.Name, Line: at.Line, Rule: rule, Message: fmt.Sprintf(format, args...)})
}

// sections walks definitions and extensions alike, as they stand in the files.
func (l *lint) sections() []*ast.Definition {
	return slices.Concat(l.doc.Definitions, l.doc.Extensions)
}

// root gives the fields of Query, Mutation or Subscription over all files.
func (l *lint) root(name string) ast.FieldList {
	if def, ok := l.types[name]; ok {
		return def.Fields
	}
	return nil
}

func isRoot(name string) bool {
	return name == "Query" || name == "Mutation" || name == "Subscription"
}
