package mail_test

import (
	"maps"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/mail"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// sample is a message of the template that can be sent.
func sample(template string) mail.Message {
	day := time.Date(2026, time.April, 9, 16, 30, 0, 0, time.UTC)
	later := time.Date(2150, time.April, 9, 16, 30, 0, 0, time.UTC)
	const link = "https://teixit.example/x/1?t=abc"
	data := map[string]map[string]any{
		mail.SignInCode:          {"code": "AB12-CD34", "link": link, "minutes": 15},
		mail.Invitation:          {"organization": "Casal de Barri", "role": "tresorera", "inviter": "Anna Roca", "link": link, "until": day},
		mail.RegisteredByOther:   {"event": "Fira d'entitats", "startsAt": day, "registrar": "Casal de Barri", "link": link, "sensitive": false},
		mail.RegistrationChanged: {"event": "Fira d'entitats", "startsAt": day, "link": link, "sensitive": false},
		mail.GlassBroken:         {"what": "Acta del cercle", "administrator": "Joan Pi", "reason": "denúncia", "at": day, "link": link},
		mail.ErasureReceipt:      {"receipt": "E-2026-0007", "at": day, "kept": "la signatura d'un conveni", "contact": "privacitat@example.org"},
		mail.MailChange:          {"code": "1234 5678", "minutes": 10},
		mail.MailChanged:         {"at": time.Date(2026, 11, 28, 9, 30, 0, 0, time.UTC), "contact": "dades@example.org"},
		mail.ClaimDecided:        {"organization": "Casal de Barri", "accepted": false, "reason": "falta l'acta", "link": link},
		mail.Digest: {
			"count": 3, "items": []mail.Entry{{Title: "Jornada <b>", Text: "Hi ha un comentari nou (2)", Link: link}, {Title: "Taula", Text: "Convocada", Link: link}},
			"more": true, "link": link, "settings": "https://teixit.example/inbox/digests",
		},
		mail.TableCalled:  {"table": "Taula de convivència", "organization": "Casal de Barri", "startsAt": day, "link": link},
		mail.TablePoll:    {"table": "Taula de convivència", "organization": "Casal de Barri", "until": day, "link": link},
		mail.EventMessage: {"event": "Jornada de prova", "subject": "Canvi de sala", "text": "Ens trobarem a la sala gran.", "sensitive": false},
	}
	for template, own := range map[string]map[string]any{
		mail.SeatConfirmed: {"people": 3}, mail.SeatWaiting: {"people": 3, "place": 2}, mail.SeatOffered: {"people": 3, "until": later},
		mail.SeatChanged: {}, mail.SeatCancelled: {"lapsed": false, "off": false}, mail.SeatReminder: {"people": 3},
	} {
		maps.Copy(own, map[string]any{"event": "Fira d'entitats", "when": "9 d'abril de 2026", "where": "Casal", "link": link, "sensitive": false})
		data[template] = own
	}
	data[mail.BookingLink] = map[string]any{"event": "Fira d'entitats", "until": later, "link": link, "known": false, "sensitive": false}
	return mail.Message{To: "anna@example.org", Lang: lang.CA, Template: template, Data: data[template], UniqueKey: "sample/" + template}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}
