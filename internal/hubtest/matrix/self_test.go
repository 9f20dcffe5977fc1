package matrix_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/edge/gqldoc"
)

// TestWhatHasNoRowFails is the negative control of the coverage: what somebody
// adds to the contract is named until there is a row for it.
func TestWhatHasNoRowFails(t *testing.T) {
	c := readContract(t, `
		extend type Query { people(named: String): [Person!]! @personal(who: ORGANISERS) }
		extend type Person { birthday: String @personal(who: THEMSELVES) }
		extend type Mutation { personRename(input: String!): Person @access(who: OWN_ACCOUNT) }
		extend type Subscription { personChanges(after: String): Person! }`)
	for root, name := range map[string]string{"Query": "people", "Mutation": "personRename", "Subscription": "personChanges"} {
		rows := map[string]int{}
		for _, f := range c.fields(c.Types[root]) {
			if f.Name != name {
				rows[f.Name] = 1
			}
		}
		rows["gone"] = 1
		if wrong := strings.Join(missing(c, root, rows), "\n"); !strings.Contains(wrong, root+"."+name+" has no row") || !strings.Contains(wrong, root+".gone has a row") {
			t.Errorf("%s: %s", root, wrong)
		}
	}
	w := newWriterOn(t, c, "people")
	ways := c.waysFrom(c.Query, w.field)
	if paths := ways.personalPaths(); len(paths) == 0 || paths[0].String() != "Query.people>Person" {
		t.Errorf("the ways are %v", paths)
	}
	ops, err := w.operations(ways.personalPaths())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(ops[0].text, "people(named:$named){id name birthday}") {
		t.Errorf("it asks %s", ops[0].text)
	}
	m := &matrix{
		world: &world{TB: t, contract: c, book: &book{texts: map[string]*planted{}}}, leaks: map[string]int{}, faults: map[string]int{},
		reached: map[string]bool{}, sighted: map[sightKey]bool{},
	}
	secret := m.mark("a name", places{"Person.name": {officer}})
	for answered, want := range map[string]string{
		`{"people":[{"id":"per_x","name":"` + secret + `"}]}`:                   "Query.people Person.name, over POST, as stranger shows a name",
		`{"people":[{"id":"per_x","birthday":"` + secret + `"}]}`:               "Query.people Person.birthday, over POST, as stranger shows a name: no row says who may read it there",
		`{"people":[{"id":"per_x","birthday":"1970-01-01"}]}`:                   "Query.people Person.birthday is personal, and the matrix does not know whose it is",
		`{"people":[]},"extensions":{"debug":"` + secret + `"}`:                 "Query.people, over POST, as stranger, shows a name outside of the values",
		`{"people":[{"id":"per_x","name":"` + secret + `","birthday":"1970"}]}`: "Query.people Person.birthday, over POST, as stranger shows a name: no row says",
	} {
		clear(m.leaks)
		clear(m.faults)
		a := &answer{Raw: []byte(answered)}
		first, _, _ := strings.Cut(answered, `,"ext`)
		if err := json.Unmarshal([]byte(first), &a.Data); err != nil {
			t.Fatal(err)
		}
		m.judge(stranger, overPOST, ops[0], "", a)
		found := ""
		for _, list := range []map[string]int{m.leaks, m.faults} {
			for what := range list {
				found += what + "\n"
			}
		}
		if !strings.Contains(found, want) {
			t.Errorf("%s\nis judged %q, want %q", answered, found, want)
		}
	}
}

func newWriterOn(t *testing.T, c contract, field string) *writer {
	t.Helper()
	prep, err := newPreparer(c)
	if err != nil {
		t.Fatal(err)
	}
	return &writer{
		contract: c, prep: prep, reader: gqldoc.Reader{SignedIn: true}, root: c.Query, field: c.Query.Fields.ForName(field), sample: in{"named": "x"},
	}
}
