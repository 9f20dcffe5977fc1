package graph

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/teixit/teixit/schema"
)

// extended is the schema with something added.
func extended(t *testing.T, addition string) *ast.Schema {
	t.Helper()
	files, err := fs.Glob(schema.FS, "*.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	sources := []*ast.Source{{Name: "addition", Input: addition}}
	for _, name := range files {
		text, err := schema.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: name, Input: string(text)})
	}
	s, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asks tells whether a subscription to an event that selects this is shared.
func asks(t *testing.T, s *ast.Schema, selection string) bool {
	t.Helper()
	doc, err := gqlparser.LoadQueryWithRules(s, selection, rules.NewDefaultRules())
	if err != nil {
		t.Fatal(err)
	}
	return newSharedTable().shareable(doc.Operations[0])
}

// TestSharedFieldsArePublicKnowledge: what is executed for many says nothing of
// a person, and nothing about who reads.
func TestSharedFieldsArePublicKnowledge(t *testing.T) {
	t.Parallel()
	s, personal := extended(t, ""), PersonalTypes()
	for name, fields := range sharedFields() {
		def := s.Types[name]
		if def == nil {
			t.Errorf("there is no type %s", name)
			continue
		}
		if personal[name] != nil {
			t.Errorf("%s is about a person", name)
		}
		for _, f := range strings.Fields(fields) {
			field := def.Fields.ForName(f)
			switch {
			case field == nil:
				t.Errorf("there is no %s.%s", name, f)
			case field.Directives.ForName("personal") != nil, field.Directives.ForName("access") != nil:
				t.Errorf("%s.%s has a rule of its own", name, f)
			case personal[field.Type.Name()] != nil:
				t.Errorf("%s.%s leads to a person", name, f)
			case strings.HasPrefix(f, "viewer") && name+"."+f != "Event.viewerCanOrganise":
				t.Errorf("%s.%s is about who reads", name, f)
			case strings.HasSuffix(field.Type.Name(), "Connection"), field.Type.Elem != nil && hides(s, field.Type.Name()):
				t.Errorf("%s.%s is a list of which everybody sees another part", name, f)
			}
		}
	}
}

// hides tells that things of a type may have a visibility of their own.
func hides(s *ast.Schema, name string) bool {
	for _, def := range s.GetPossibleTypes(s.Types[name]) {
		if def.Fields.ForName("visibility") != nil {
			return true
		}
	}
	return false
}

// TestNewFieldsAreNotShared: whatever is added to the schema depends on the
// person until somebody says that it does not.
func TestNewFieldsAreNotShared(t *testing.T) {
	t.Parallel()
	s := extended(t, `
		extend type Event { shoeSize: Int, host: Host, nickname: String @personal(who: REGISTRATION_PARTIES) }
		extend type EventChange { applause: Int }
		extend type Subscription { hostChanges(after: String): Host! }
		type Host { name: String }`)
	project := func(selection string) string { return `subscription { projectChanges(id: "x") { ` + selection + ` } }` }
	workshop := func(selection string) string {
		return `subscription { workshopChanges(id: "x") { kind entry group { name } workshop { ` + selection + ` } } }`
	}
	change := func(selection string) string { return `subscription { eventChanges(id: "x") { ` + selection + ` } }` }
	for selection, want := range map[string]bool{
		change(`number cursor __typename event { t: title organisers { organization { id title __typename } } }`):                                                            true,
		change(`number ...on EventChange { seats { confirmed } } ...f`) + ` fragment f on EventChange { event { ...g } } fragment g on Event { id ...on Node { id } }`:       true,
		`subscription { registrationBoard(eventId: "x") { number byTerritory { territory { title ...on District { code } } } } }`:                                            true,
		`subscription { workshopBoard(id: "x") { number cursor workshop { state board { territory { title } capacities { text } } } } }`:                                     true,
		project(`number note { text } project { revision partners { part organization { name } } done { count activities { title } } commitments { moves { to { id } } } }`): true,
		project(`project { programmes { id } }`):                                                                    false,
		project(`project { ledTo { id } }`):                                                                         false,
		project(`project { fromPriorities { id } }`):                                                                false,
		project(`project { viewerCanOrganise { allowed } }`):                                                        false,
		project(`project { done { participants { draft } } }`):                                                      false,
		workshop(`joinCode groups { name } board { priorities { text merged { text } authors { name } } }`):         true,
		workshop(`board { priorities { projects { id } } }`):                                                        false,
		workshop(`board { runningProjects { project { id } } }`):                                                    false,
		workshop(`viewerCanOrganise { allowed }`):                                                                   false,
		workshop(`derivedFrom { id }`):                                                                              false,
		change(`event { shoeSize }`):                                                                                false,
		change(`event { title: nickname }`):                                                                         false,
		change(`event { host { name } }`):                                                                           false,
		change(`applause`):                                                                                          false,
		`subscription { hostChanges { name } }`:                                                                     false,
		change(`registration { state }`):                                                                            false,
		change(`event { registrations { pageInfo { hasNextPage } } }`):                                              false,
		change(`event { viewerCanRegister { allowed } }`):                                                           false,
		change(`event { organisers { organization { ...on Association { people { role } } } } }`):                   false,
		change(`number ...f`) + ` fragment f on EventChange { event { ...g } } fragment g on Event { id shoeSize }`: false,
		`query { event(id: "x") { title } }`:                                                                        false,
	} {
		if got := asks(t, s, selection); got != want {
			t.Errorf("shared: %v, want %v: %s", got, want, selection)
		}
	}
}

// TestUndecidedFields tells what nobody has decided about yet: it is not shared.
func TestUndecidedFields(t *testing.T) {
	t.Parallel()
	s, table, personal := extended(t, ""), newSharedTable(), PersonalTypes()
	for name := range openTypes(s) {
		if personal[name] != nil || name == "Subscription" || name == "Query" {
			continue
		}
		var undecided []string
		for _, f := range s.Types[name].Fields {
			plain := f.Directives.ForName("personal") == nil && personal[f.Type.Name()] == nil && !strings.HasPrefix(f.Name, "viewer")
			if plain && !table[name][f.Name] && !strings.HasPrefix(f.Name, "__") {
				undecided = append(undecided, f.Name)
			}
		}
		if table[name] != nil && len(undecided) > 0 {
			t.Logf("subscriptions that select these run alone: %s: %s", name, strings.Join(undecided, " "))
		}
	}
}
