package privacy_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/privacy"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/personal"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

const eraseMutation = `mutation { personErase(input: {confirm: true}) {
	receipt { reference at cancelledSeats namelessSeats kept } errors { code path } } }`

// plant puts the canary wherever a person can get into the database. It returns
// an event to come at which somebody waits behind the canary.
func (w *world) plant() (waitsAt id.ID, waiting *calendar.Registration) {
	w.Helper()
	seats := calendar.NewRegistrations(w.hub.DB)
	// A delegate with their account, and somebody who waits for the seat.
	waitsAt = w.event(1, nil)
	first := w.registers(w.representative, w.entitat, waitsAt, person(w.canary))
	waiting = w.registers(w.stranger, w.altra, waitsAt, named("Pacient Prova", "pacient@example.org"))
	diet, needs := "Sense gluten, "+canaryName, "Rampa per a "+canaryName
	_, err := seats.SetNeeds(w.Context(), w.hub.Viewer(w.T, w.canary), waitsAt, w.delegates(w.canary, first)[0].ID, &diet, &needs, "")
	w.ok(err)
	// Named by others with their address, at an event to come.
	w.registers(w.stranger, w.altra, w.event(5, nil), named(canaryName, strings.ToUpper(canaryMail[:7])+canaryMail[7:]), named("Una altra", ""))
	// At a past event, arrived.
	past := w.event(5, nil)
	came := w.registers(w.representative, w.entitat, past, named(canaryName, canaryMail))
	_, err = seats.CheckIn(w.Context(), w.hub.Viewer(w.T, w.officer), past, calendar.DelegateRef{ID: w.delegates(w.officer, came)[0].ID}, "")
	w.ok(err)
	w.longAgo(past, 48*time.Hour)
	// Replaced by somebody else.
	there := w.event(5, nil)
	gone := w.registers(w.representative, w.entitat, there, named(canaryName, canaryMail))
	_, err = seats.ReplaceDelegate(w.Context(), w.hub.Viewer(w.T, w.representative), there, w.delegates(w.representative, gone)[0].ID,
		named("Substituta Prova", ""), "")
	w.ok(err)
	// Claims, invitations, codes, sessions, tokens, mails that wait.
	_, err = directory.New(w.hub.DB).Claim(w.Context(), w.hub.Viewer(w.T, w.canary), "una clau", w.hub.Association(w.T, "Per reclamar"))
	w.ok(err)
	w.plantTraining()
	w.plantAccount()
	w.tell(canaryMail)
	return waitsAt, waiting
}

// plantTraining has the canary answer what the organisers of a training ask, come
// to it, and be certified.
func (w *world) plantTraining() {
	w.Helper()
	training := w.event(5, func(in *calendar.EventInput) { in.Kind = calendar.Training })
	of, by := object{"id": eventID(training)}, w.hub.Viewer(w.T, w.officer)
	added := w.hub.Must(w.T, w.asOfficer, `mutation($id: ID!) { eventQuestionAdd(input: {event: $id, kind: TEXT, label: {ca: "Què n'espereu?"}}) {
		event { questions { id } } errors { code } } }`, of)
	_, question, err := calendar.QuestionID.Part(added["eventQuestionAdd"].(object)["event"].(object)["questions"].([]any)[0].(object)["id"].(string))
	w.ok(err)
	who := named(canaryName, canaryMail)
	who.Sex, who.Answers = calendar.Woman, []calendar.GivenAnswer{{Question: question, Answer: calendar.Answer{Text: "Conèixer gent, firmat: " + canaryName}}}
	came := w.delegates(w.representative, w.registers(w.representative, w.entitat, training, who))[0].ID
	added = w.hub.Must(w.T, w.asOfficer, `mutation($id: ID!) { eventSessionAdd(input: {event: $id, title: {ca: "Matí"}}) { event { sessions { id } } errors { code } } }`, of)
	session := added["eventSessionAdd"].(object)["event"].(object)["sessions"].([]any)[0].(object)["id"]
	w.longAgo(training, 48*time.Hour)
	_, err = calendar.NewRegistrations(w.hub.DB).TypeAttendance(w.Context(), by, training, []id.ID{came}, "")
	w.ok(err)
	w.hub.Must(w.T, w.asOfficer, `mutation($session: ID!, $came: ID!) { eventHoursNote(input: {session: $session, delegates: [$came], minutes: 90}) { errors { code } } }`,
		object{"session": session, "came": calendar.DelegateType.GlobalPart(training, came)})
	w.hub.Must(w.T, w.asOfficer, `mutation($id: ID!) { eventMarkHeld(input: {id: $id}) { errors { code } } }`, of)
	issued := w.hub.Must(w.T, w.asOfficer, `mutation($id: ID!) { eventCertificatesIssue(input: {id: $id}) { issued errors { code } } }`, of)
	if issued["eventCertificatesIssue"].(object)["issued"] != 1.0 {
		w.Fatalf("no certificate is issued: %v", issued)
	}
}

// ofTraining counts what is kept of the canary that does not hold the name as a
// text: what they answered, their sex, the hours they came, the certificate.
func (w *world) ofTraining() (kept string) {
	w.Helper()
	for _, table := range []string{"delegate_answers", "delegate_traits", "certificates"} {
		kept += fmt.Sprint(table, " ", w.count(`select count(*) from `+table), " ")
	}
	return kept + fmt.Sprint("hours ", w.count(`select coalesce(sum(minutes), 0) from session_attendance`))
}

func (w *world) plantAccount() {
	w.Helper()
	w.tx(func(ctx context.Context, tx *postgres.Tx) error {
		for _, sql := range []string{
			`insert into invitations (id, token_hash, mail, organization, role, invited_by, expires_at)
			 values (gen_random_uuid(), '\x01', $2, $3, 'DELEGATE', $4, now() + interval '1 day')`,
			`insert into sign_in_codes (id, mail, token_hash, expires_at) select gen_random_uuid(), $2, '\x02', now() + interval '1 hour' where $1::uuid is not null`,
			`insert into sessions (id, token_hash, person, user_agent, expires_at)
			 select gen_random_uuid(), 'h', $1, 'Navegador Esborrable', now() + interval '1 hour' where $2::text is not null`,
			`insert into api_tokens (id, token_hash, person, name, scopes, expires_at)
			 select gen_random_uuid(), '\x03', $1, 'Clau Esborrable', '{read}', now() + interval '1 hour' where $2::text is not null`,
			`insert into identities (issuer, subject, person) select 'https://issuer.example', 'esborrable-123', $1 where $2::text is not null`,
			`insert into demo_mails (id, recipient, lang, template, subject, body_text, body_html)
			 select gen_random_uuid(), $2, 'ca', 'invitation', 'Hola Esborrable', '', '' where $1::uuid is not null`,
		} {
			args := []any{w.canary, canaryMail, w.altra, w.stranger}
			if !strings.Contains(sql, "$4") {
				args = args[:2]
			}
			if strings.Contains(sql, "invitations") {
				sql = strings.Replace(sql, "values (", "select ", 1)
				sql = strings.Replace(sql, "interval '1 day')", "interval '1 day' where $1::uuid is not null", 1)
			}
			if _, err := tx.Native().Exec(ctx, sql, args...); err != nil {
				return err
			}
		}
		_, _, err := mail.Keep(ctx, tx.Native(), mail.Message{
			To: canaryMail, Lang: "ca", Template: mail.SignInCode, UniqueKey: "planted",
			Data: map[string]any{"code": "12345678", "link": "https://teixit.example/x", "minutes": 10},
		})
		return err
	})
}

func TestErasureLeavesNoTrace(t *testing.T) {
	w := newWorld(t)
	waitsAt, waiting := w.plant()
	if places := w.found(w.database, canary); len(places) < 8 {
		t.Fatalf("negative control: the canary is found in %v only", places)
	}
	if kept := w.ofTraining(); kept != "delegate_answers 1 delegate_traits 1 certificates 1 hours 90" {
		t.Fatalf("negative control: of the training there is %s", kept)
	}
	backup := w.dump(w.database)

	receipt := w.hub.Must(t, w.asCanary, eraseMutation, nil)["personErase"].(map[string]any)["receipt"].(map[string]any)
	t.Logf("receipt: %v", receipt)
	if receipt["cancelledSeats"] != 2.0 || receipt["namelessSeats"] != 3.0 {
		t.Errorf("cancelled and nameless seats: %v", receipt)
	}
	sent := w.letters.of(mail.ErasureReceipt, canaryMail)
	if len(sent) != 1 || sent[0].Data["receipt"] != receipt["reference"] {
		t.Errorf("receipts that were mailed: %v", sent)
	}
	w.erased(w.database, "after the erasure")
	if kept := w.ofTraining(); kept != "delegate_answers 0 delegate_traits 0 certificates 0 hours 90" { // that somebody came stays counted
		t.Errorf("of the training there is still %s", kept)
	}
	w.promoted(waitsAt, waiting)
	if a := w.hub.Query(t, w.asCanary, `{ viewer { person { id } } }`, nil); a.Errors == nil && a.Data["viewer"] != nil {
		t.Errorf("an erased person is still somebody: %s", a.Body)
	}
	if text := ledgerText(w) + w.hub.Logs.String(); strings.Contains(strings.ToLower(text), canary) {
		t.Error("the ledger or the log holds the canary")
	}
	w.restored(backup, receipt["reference"].(string))
}

// erased looks for the canary everywhere, and whether everything still adds up.
func (w *world) erased(d pgtest.Database, when string) {
	w.Helper()
	for _, text := range []string{canary, "canàri", "canaria"} {
		if places := w.found(d, text); len(places) > 0 {
			w.Errorf("%s %q is found in %v", when, text, places)
		}
	}
	w.audit(d)
}

// promoted holds that the freed seat went to who waited.
func (w *world) promoted(event id.ID, waiting *calendar.Registration) {
	w.Helper()
	now, err := calendar.RegistrationsByIDs(w.Context(), w.hub.DB.Read(), w.hub.Viewer(w.T, w.stranger), []id.ID{waiting.ID})
	w.ok(err)
	if waiting.State != calendar.RegistrationWaitlisted || now[0].State != calendar.RegistrationConfirmed {
		w.Errorf("who waited was %s and is %s", waiting.State, now[0].State)
	}
	kinds := w.hub.Must(w.T, w.asOfficer, `query($id: ID!) { auditTrail(node: $id, first: 50) { nodes { what kind } } }`,
		map[string]any{"id": eventID(event)})
	for _, what := range []string{"DELEGATE_CANCELLED", "REGISTRATION_PROMOTED", "DELEGATE_ERASED"} {
		if !strings.Contains(strings.ReplaceAll(fmt.Sprint(kinds), "REGISTRATION_CANCELLED", "DELEGATE_CANCELLED"), what) {
			w.Errorf("the trail does not tell of %s: %v", what, kinds)
		}
	}
}

// restored brings yesterday's backup up: without the ledger the canary is back,
// with it it never serves anybody.
func (w *world) restored(backup, reference string) {
	w.Helper()
	without := w.restore(backup)
	if places := w.found(without, canary); len(places) < 8 {
		w.Errorf("negative control: the backup holds the canary in %v only", places)
	}
	with := w.restore(backup)
	hub := w.start(with, w.erasures)
	w.erased(with, "after the restore")
	var receipts []string
	w.ok(postgres.Hub(hub.DB.Read()).QueryRow(w.Context(), `select array_agg(receipt) from erasures where done_at is not null`).Scan(&receipts))
	if fmt.Sprint(receipts) != "["+reference+"]" {
		w.Errorf("erasures after the restore: %v", receipts)
	}
	if n := len(w.letters.of(mail.ErasureReceipt, canaryMail)); n != 1 {
		w.Errorf("%d receipts were mailed", n)
	}
}

// TestReplayIsForWhoCameBackOnly: a start without a restore erases nobody.
func TestReplayIsForWhoCameBackOnly(t *testing.T) {
	w := newWorld(t)
	w.plant()
	w.hub.Must(t, w.asCanary, eraseMutation, nil)
	p := privacy.New(w.hub.DB, privacy.Options{})
	var err error
	p.Ledger, err = privacy.OpenLedger(w.erasures)
	w.ok(err)
	n, err := p.Replay(t.Context(), calendar.NewRegistrations(w.hub.DB))
	if err != nil || n != 0 {
		t.Errorf("%d were erased again, %v", n, err)
	}
}

// failing is a part that is not there yet the first time.
type failing struct {
	privacy.Part
	broken bool
}

func TestErasureGoesOnAfterACrash(t *testing.T) {
	w := newWorld(t)
	w.plant()
	seats := calendar.NewRegistrations(w.hub.DB)
	broken := &failing{Part: seats, broken: true}
	p := privacy.New(w.hub.DB, privacy.Options{Parts: []privacy.Part{directory.New(w.hub.DB), broken}, Mail: w.letters})
	var err error
	p.Ledger, err = privacy.OpenLedger(w.erasures)
	w.ok(err)
	v := w.hub.Viewer(t, w.canary)
	if _, err := p.Erase(t.Context(), v, "", true); err == nil {
		t.Fatal("the erasure did not break off")
	}
	if places := w.found(w.database, canary); len(places) == 0 {
		t.Fatal("negative control: nothing was left to do")
	}
	broken.broken = false
	w.admin(w.database, `update erasures set asked_at = now() - interval '5 minutes'`)
	w.ok(p.Purge(t.Context()))
	w.erased(w.database, "after the crash")
	var receipts int
	w.ok(postgres.Hub(w.hub.DB.Read()).QueryRow(t.Context(), `select count(*) from erasures where done_at is not null`).Scan(&receipts))
	if receipts != 1 {
		t.Errorf("%d erasures", receipts)
	}
}

func TestWhoMayErase(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct{ token, mutation, want string }{
		"nobody":        {"", eraseMutation, "UNAUTHENTICATED"},
		"not confirmed": {w.asCanary, `mutation { personErase(input: {confirm: false}) { receipt { reference } errors { code path } } }`, "NOT_CONFIRMED"},
	} {
		if a := w.hub.Query(t, c.token, c.mutation, nil); !strings.Contains(string(a.Body), c.want) {
			t.Errorf("%s: %s", name, a.Body)
		}
	}
	if places := w.found(w.database, canary); len(places) == 0 {
		t.Error("something was erased all the same")
	}
	p := privacy.New(w.hub.DB, privacy.Options{})
	if _, err := p.Erase(t.Context(), w.hub.Viewer(t, w.canary), "", true); fault.From(err).Code.Name != "ERASURE_NOT_SET_UP" {
		t.Errorf("without a ledger: %v", err)
	}
	if _, err := p.EraseAs(t.Context(), &access.Viewer{}, id.New()); fault.From(err).Code.Name != "NOT_FOUND" {
		t.Errorf("somebody who does not exist: %v", err)
	}
}

// Erase breaks off while the part is broken, having done half of its work.
func (f *failing) Erase(ctx context.Context, v *access.Viewer, who personal.Subject) (personal.Erased, error) {
	if f.broken {
		return personal.Erased{}, fault.ErrUnavailable.New()
	}
	return f.Part.Erase(ctx, v, who)
}

// TestMergedRecordsStayErased: a backup of before two records became one knows
// the first as somebody; the ledger of the person's erasure takes them out too.
func TestMergedRecordsStayErased(t *testing.T) {
	w := newWorld(t)
	first := w.hub.Person(t, "Doblanari Primera", w.entitat, directory.Delegate)
	second := w.hub.Person(t, "Doblanari Segona", w.entitat, directory.Substitute)
	backup := w.dump(w.database)

	bodies := directory.New(w.hub.DB, directory.WithHoldings(calendar.Holdings{}))
	w.ok(bodies.PersonMerge(t.Context(), w.hub.Viewer(t, w.representative), "", first, second))
	p := privacy.New(w.hub.DB, privacy.Options{Parts: []privacy.Part{bodies, calendar.NewRegistrations(w.hub.DB)}})
	var err error
	p.Ledger, err = privacy.OpenLedger(w.erasures)
	w.ok(err)
	if _, err := p.EraseAs(t.Context(), &access.Viewer{}, second); err != nil {
		t.Fatal(err)
	}
	if places := w.found(w.database, "Doblanari"); len(places) > 0 {
		t.Errorf("after the erasure: %v", places)
	}
	without := w.restore(backup)
	if places := w.found(without, "Doblanari Primera"); len(places) == 0 {
		t.Error("negative control: the backup does not know them")
	}
	with := w.restore(backup)
	w.start(with, w.erasures)
	if places := w.found(with, "Doblanari"); len(places) > 0 {
		t.Errorf("after the restore: %v", places)
	}
}
