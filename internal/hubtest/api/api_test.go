package api_test

import (
	"testing"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/node"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestRegister(t *testing.T) {
	h := hubtest.Start(t, hubtest.Config{})
	officer := h.Person(t, "Olga Prova", hubtest.Terrassa, directory.Officer)
	club := h.Association(t, "Associació de prova")
	rep := h.Person(t, "Ramon Prova", club, directory.Representative)
	event := h.Event(t, officer, 3, nil)
	got := h.Must(t, h.Token(rep), `mutation($in: RegistrationCreateInput!) { registrationCreate(input: $in) {
		registration { id state place confirmed waiting event { title seatPools { availability capacity confirmed waiting } } organization { title } delegates { name state checkInCode } }
		errors { message code path } } }`, map[string]any{"in": map[string]any{
		"event": node.Event.Global(event), "organization": node.Association.Global(club), "policy": "TAKE_WHAT_THERE_IS",
		"delegates": []any{map[string]any{"name": "Aina", "role": "ASSOCIATION"}, map[string]any{"role": "PUBLIC"}},
	}})
	t.Log(got)
	t.Log(h.Must(t, h.Token(officer), `{ viewer { person { name } appointments { role organization { title } } registrations { nodes { id } } } events { nodes { title viewerCanOrganise viewerCanRegister { allowed reason } registrations { nodes { delegates { name } } } } } }`, nil))
	t.Log(h.Must(t, "", `{ viewer { person { name } } events { totalCount nodes { title organisers { lead organization { title } } area { title } venues { title } seatPools { confirmed } registrations { nodes { delegates { name } } } } } }`, nil))
	t.Log(h.Logs.String())
}
