package api_test

import (
	"encoding/csv"
	"os"
	"testing"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/node"
)

// world is a hub with a few invented people. The officer answers for the town
// council of Terrassa; the clubs are associations with a representative each;
// the stranger is signed in and has nothing to do with any of them.
type world struct {
	hub                         *hubtest.Hub
	officer, stranger           reader
	rep, otherRep               reader
	officerID, repID, otherID   id.ID
	club, otherClub             id.ID
	clubGlobal, otherClubGlobal string
	council                     string // public identifier of Terrassa
}

func newWorld(t testing.TB, c hubtest.Config) *world {
	t.Helper()
	h := hubtest.Start(t, c)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the hub logged:\n%s", h.Logs)
		}
	})
	w := &world{hub: h, council: node.Municipality.Global(hubtest.Terrassa)}
	w.officerID = h.Person(t, "Olga Prova", hubtest.Terrassa, directory.Officer)
	w.club = h.Association(t, "Associació Prova")
	w.otherClub = h.Association(t, "Entitat Segona")
	w.clubGlobal, w.otherClubGlobal = node.Association.Global(w.club), node.Association.Global(w.otherClub)
	w.repID = h.Person(t, "Ramon Prova", w.club, directory.Representative)
	w.otherID = h.Person(t, "Berta Prova", w.otherClub, directory.Representative)
	stranger := h.Person(t, "Esther Prova", h.Association(t, "Entitat Aliena"), directory.Delegate)
	w.officer = reader{name: "officer", token: h.Token(w.officerID)}
	w.rep = reader{name: "representative", token: h.Token(w.repID)}
	w.otherRep = reader{name: "other representative", token: h.Token(w.otherID)}
	w.stranger = reader{name: "stranger", token: h.Token(stranger)}
	return w
}

// talk begins a conversation in which the fixtures have their names.
func (w *world) talk(t *testing.T) *conversation {
	c := talk(t, w.hub)
	c.call(w.council, "terrassa")
	c.call(w.clubGlobal, "club")
	c.call(w.otherClubGlobal, "other club")
	return c
}

// reader adds a person who acts for a body.
func (w *world) reader(t *testing.T, name string, body id.ID, role directory.ActingRole) (reader, id.ID) {
	t.Helper()
	person := w.hub.Person(t, name, body, role)
	return reader{name: name, token: w.hub.Token(person)}, person
}

func district(code string) string {
	return node.District.Global(territory.DistrictID("08019", code))
}

func neighbourhood(code string) string {
	return node.Neighbourhood.Global(territory.NeighbourhoodID("08019", code))
}

func termID(kind node.Kind, code string) id.ID { return taxonomy.TermID(kind, code) }

func term(kind node.Kind, code string) string { return kind.Global(termID(kind, code)) }

// rows reads one of the data files of the territory, without its head.
func rows(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open("../../domain/territory/data/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all[1:]
}
