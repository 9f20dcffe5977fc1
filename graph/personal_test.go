package graph

import (
	goast "go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/schema"
)

// contract is the published schema with a change made to its text.
func contract(t *testing.T, change func(text string) string) *ast.Schema {
	t.Helper()
	var all strings.Builder
	names, err := fs.Glob(schema.FS, "*.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := schema.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
		all.WriteByte('\n')
	}
	s, err := gqlparser.LoadSchema(&ast.Source{Name: "contract", Input: change(all.String())})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEveryWayToPersonalDataHasARule(t *testing.T) {
	if err := everyPersonalFieldHasRule(contract(t, strings.Clone)); err != nil {
		t.Error(err)
	}
}

// TestAWayWithoutRuleStopsTheStart is the negative control: each of these changes
// opens one way to personal data, and the start is refused with its name.
func TestAWayWithoutRuleStopsTheStart(t *testing.T) {
	replaced := func(old, now string) func(string) string {
		return func(text string) string {
			if !strings.Contains(text, old) {
				t.Fatalf("the contract has no %q", old)
			}
			return strings.Replace(text, old, now, 1)
		}
	}
	added := func(more string) func(string) string {
		return func(text string) string { return text + more }
	}
	for name, c := range map[string]struct {
		change func(string) string
		named  string
	}{
		"a rule is taken away":            {replaced("name: String @personal(who: ORGANIZATION_PEOPLE)", "name: String"), "Person.name"},
		"a value is added to a person":    {added("extend type Person { birthday: String }"), "Person.birthday"},
		"a value is added to a delegate":  {added("extend type Delegate { diet: String }"), "Delegate.diet"},
		"a new way to sessions":           {added("extend type Event { watchers: [Session!]! }"), "Session."},
		"a new way by an interface":       {added("interface Seat { id: ID! } type Chair implements Seat { id: ID! by: ApiToken } extend type Event { chair: Seat }"), "ApiToken."},
		"a mail of a thing nobody listed": {added("type Guest { mail: String } extend type Event { guests: [Guest!]! }"), "Guest.mail"},
		"a subscription":                  {added("extend type Subscription { sessions(after: String): Session! }"), "Session."},
	} {
		err := everyPersonalFieldHasRule(contract(t, c.change))
		if err == nil || !strings.Contains(err.Error(), c.named) {
			t.Errorf("%s: %v, which does not name %s", name, err, c.named)
		}
	}
}

func TestMutationsWithoutRuleStopTheStart(t *testing.T) {
	s := contract(t, func(text string) string { return text + "extend type Mutation { open(input: String): String }" })
	if err := everyMutationSaysWho(s); err == nil || !strings.Contains(err.Error(), "open") {
		t.Errorf("it starts: %v", err)
	}
}

// readers are the files whose queries name a table with personal data, with the
// fields of the contract that their values come to. A new one says here what it
// feeds; where that is a field, its type stands in PersonalTypes.
var readers = map[string]string{
	"app/signin.go":                             "none: gives the demonstration's people accounts",
	"domain/calendar/delegate_answer.go":        "what the holder of a delegate's link is shown",
	"domain/calendar/delegate_erase.go":         "none: erases",
	"domain/calendar/delegate_export.go":        "a person's export of their own data",
	"domain/calendar/delegate_purge.go":         "none: purges what is past its date",
	"domain/calendar/delegate_tell.go":          "none: mails to who was registered",
	"domain/calendar/feed.go":                   "none: in which events somebody has a seat",
	"domain/calendar/guest_change.go":           "none: compares mail addresses when a registration is confirmed",
	"domain/calendar/guest_read.go":             "RegistrationLink, what the holder of a registration's link is shown",
	"domain/calendar/hold.go":                   "none: looks who can be asked whether they come",
	"domain/calendar/notice_mail.go":            "none: mails to people about their own seats",
	"domain/calendar/registration_delegates.go": "Delegate.name, Delegate.checkInCode",
	"domain/calendar/registration_named.go":     "none: whether somebody is registered already, and where to write to them",
	"domain/calendar/registration_reads.go":     "none: who sees a registration",
	"domain/calendar/registration_rows.go":      "none: writes, and finds the same person twice",
	"domain/directory/appoint.go":               "none: writes",
	"domain/directory/claim_read.go":            "Claim.name",
	"domain/directory/erase.go":                 "none: exports to the person and erases",
	"domain/directory/merge.go":                 "none: moves",
	"domain/directory/notify.go":                "none: a mail to who claimed",
	"domain/directory/read_people.go":           "Person.name",
	"domain/directory/person_merge.go":          "none: two records of one person become one",
	"domain/calendar/holdings.go":               "none: moves places when two records become one",
	"domain/calendar/day_sync.go":               "none: whether a code is of another event",
	"domain/calendar/day_roster.go":             "RosterEntry, for who stands at the door",
	"domain/calendar/import_check.go":           "none: whether somebody is registered already",
	"domain/calendar/registration_together.go":  "none: whether somebody is registered already",
	"domain/calendar/form_answer.go":            "QuestionAnswer, whose it is",
	"domain/calendar/session_choice.go":         "Delegate.sessions, whose they are",
	"domain/attendance/certificate.go":          "DelegateCertificate; CertificateCheck for the holder of a code",
	"domain/attendance/hours.go":                "Delegate.minutes, whose they are",
	"domain/attendance/message.go":              "none: mails to who comes to an event",
	"domain/attendance/personal.go":             "a person's export of their own data",
	"domain/attendance/roster.go":               "lists, badges, sheets and certificates of an event, for its organisers",
	"domain/table/holdings.go":                  "none: moves",
	"domain/table/seat.go":                      "TableSeat.name",
	"domain/table/officer.go":                   "TableOfficer.name",
	"domain/table/personal.go":                  "none: exports to the person and erases",
	"domain/table/resolution.go":                "TableResponsible.name",
	"domain/table/tell.go":                      "none: mails to who sits at a table",
	"platform/audit/trail.go":                   "the trail of a thing, for who administers it",
	"domain/oversight/own.go":                   "Glass.administrator: the reader's own name",
	"domain/oversight/read.go":                  "Glass.administrator, and mails to who answers for the body",
}

// TestEveryReaderOfNamesIsKnown looks through all the code for queries on the
// tables that hold who somebody is.
func TestEveryReaderOfNamesIsKnown(t *testing.T) {
	tables := regexp.MustCompile(`\b(person_names|delegate_secrets)\b`)
	root := filepath.Join("..", "internal")
	found := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(root, path)
		name = filepath.ToSlash(name)
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || hubOwn(name) {
			return err
		}
		for _, text := range literals(t, path) {
			if tables.MatchString(text) {
				found[name] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range found {
		if readers[name] == "" {
			t.Errorf("%s names a table with personal data: say in readers which fields it feeds", name)
		}
	}
	for name := range readers {
		if !found[name] {
			t.Errorf("%s is in readers and names no such table", name)
		}
	}
}

// hubOwn are the rooms in which personal data are the matter itself and that
// answer no field: accounts, privacy, and what only tests use.
func hubOwn(name string) bool {
	return slices.ContainsFunc([]string{"platform/auth/", "domain/privacy/", "hubtest/", "demo/", "pgtest/"}, func(room string) bool {
		return strings.HasPrefix(name, room)
	})
}

// literals are the strings written in a file.
func literals(t *testing.T, path string) (texts []string) {
	t.Helper()
	source, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	goast.Inspect(file, func(n goast.Node) bool {
		if literal, ok := n.(*goast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil {
				texts = append(texts, text)
			}
		}
		return true
	})
	return texts
}
