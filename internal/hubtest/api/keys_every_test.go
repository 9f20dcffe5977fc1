package api_test

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// command is a mutation that works: who sends what.
type command struct {
	who   reader
	input in
}

// stage has what the mutations of the contract need to work, made anew for each.
type stage struct {
	*testing.T
	*world
	admin   reader
	adminID id.ID
	box     *codes
	n       int
}

// codes keeps the codes that are mailed.
type codes struct {
	mu   sync.Mutex
	sent map[string]string
}

func (c *codes) Enqueue(_ context.Context, m mail.Message) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent[m.To] = fmt.Sprint(m.Data["code"])
	return nil
}

func (c *codes) EnqueueTx(ctx context.Context, _ *postgres.Tx, m mail.Message) error {
	return c.Enqueue(ctx, m)
}

func (c *codes) code(to string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sent[to]
}

func newStage(t *testing.T, d pgtest.Database) *stage {
	box := &codes{sent: map[string]string{}}
	s := &stage{T: t, box: box, world: newWorld(t, hubtest.Config{
		Database: d, Options: []app.Option{app.WithMail(box)}, Change: func(c *config.Config) { c.Erasures = t.TempDir() },
	})}
	s.admin, s.adminID = s.reader(t, "administrator", hubtest.Barcelona, directory.Delegate)
	s.account(s.adminID, true)
	return s
}

// exec runs a statement on the hub's own authority.
func (s *stage) exec(sql string, args ...any) {
	s.Helper()
	if _, err := postgres.Hub(s.hub.DB.Read()).Exec(s.Context(), sql, args...); err != nil {
		s.Fatal(err)
	}
}

// account gives a person an account with an address.
func (s *stage) account(person id.ID, admin bool) (mail string) {
	s.n++
	mail = fmt.Sprintf("someone%d@example.org", s.n)
	s.exec(`insert into accounts (person, mail, lang, admin) values ($1, $2, 'en', $3)`, person, mail, admin)
	return mail
}

// someone acts for the club and has an account.
func (s *stage) someone() (r reader, person id.ID, mail string) {
	s.Helper()
	s.n++
	r, person = s.reader(s.T, fmt.Sprint("Algú ", s.n), s.club, directory.Delegate)
	return r, person, s.account(person, false)
}

func (s *stage) must(who reader, query string, variables in, path string) string {
	s.Helper()
	return at(s.T, s.hub.Must(s.T, who.token, query, variables), path)
}

func (s *stage) recorded() string {
	s.n++
	return s.must(s.rep, `mutation($in: PersonCreateInput!) { personCreate(input: $in) { person { id } } }`,
		in{"in": in{"organization": s.clubGlobal, "name": fmt.Sprint("Fitxa ", s.n), "role": "DELEGATE"}}, "personCreate.person.id")
}

func (s *stage) association() string {
	s.n++
	return node.Association.Global(s.hub.Association(s.T, fmt.Sprint("Entitat nova ", s.n)))
}

// registration is a block of two of the club at a fresh event.
func (s *stage) registration(change in) (event, registration, first string) {
	s.Helper()
	event = s.published(s.T, change)
	made := s.hub.Must(s.T, s.rep.token, short, block(event, s.clubGlobal, "WAIT_TOGETHER", []in{{"name": "Aina", "mail": "aina@example.org", "role": "PUBLIC"}, {"role": "PUBLIC"}}))
	return event, at(s.T, made, "registrationCreate.registration.id"), at(s.T, made, "registrationCreate.registration.delegates.0.id")
}

// guest lets a registration have come by mail and gives the secret of a link
// about it; set changes its row besides.
func (s *stage) guest(set string) (token string) {
	token, _ = s.guestDelegate(set)
	return token
}

func (s *stage) guestDelegate(set string) (token, delegate string) {
	s.Helper()
	_, registration, delegate := s.registration(nil)
	_, of, err := calendar.RegistrationType.Part(registration)
	if err != nil {
		s.Fatal(err)
	}
	s.n++
	token = fmt.Sprint("a registration's secret ", s.n)
	if set != "" {
		set = ", " + set
	}
	s.exec(`update registrations set by_link = true, registered_by = null`+set+` where id = $1`, of)
	s.exec(`insert into registration_contacts (registration, event, mail, lang) select id, event, 'guest@example.org', 'en' from registrations where id = $1`, of)
	s.exec(`insert into registration_links (token_hash, registration, expires_at) values (sha256($1::text::bytea), $2, now() + interval '1 day')`, token, of)
	return token, delegate
}

// offer makes a delegate's seat one that has to be accepted.
func (s *stage) offer(delegate string) {
	s.Helper()
	s.exec(`update registration_delegates set offered_until = now() + interval '1 hour' where id = $1::uuid`, s.delegateID(delegate))
}

// past moves an event to hours that are over.
func (s *stage) past(event string) string {
	s.Helper()
	ended := time.Now().UTC().Truncate(time.Second).Add(-time.Minute)
	s.must(s.officer, updateEvent, in{"in": in{"id": event, "startsAt": ended.Add(-time.Hour).Format(time.RFC3339), "endsAt": ended.Format(time.RFC3339)}}, "eventUpdate.event.state")
	return event
}

func (s *stage) delegateID(global string) string {
	_, part, err := node.Event.Prefix().Part(global)
	if err != nil {
		_, part, err = id.Type("del").Part(global)
	}
	if err != nil {
		s.Fatal(err)
	}
	return part.String()
}

// every has one working request for each mutation of the contract.
func (s *stage) every() map[string]func() command {
	event := func() string { return s.published(s.T, nil) }
	approval := in{"requiresApproval": true}
	on := func(who reader, input in) command { return command{who, input} }
	person := func(v id.ID) string { return node.Person.Global(v) }
	delegate := func() string {
		_, _, d := s.registration(nil)
		return d
	}
	all := map[string]func() command{
		"associationCreate": func() command {
			return on(s.stranger, in{"title": in{"ca": "Entitat per clau"}, "actsIn": []string{s.council}})
		},
		"personCreate": func() command {
			return on(s.rep, in{"organization": s.clubGlobal, "name": "Aina", "mail": "aina.clau@example.org", "role": "DELEGATE"})
		},
		"personMerge": func() command { return on(s.rep, in{"from": s.recorded(), "into": s.recorded()}) },
		"appointmentCreate": func() command {
			return on(s.rep, in{"organization": s.clubGlobal, "person": s.recorded(), "role": "SUBSTITUTE"})
		},
		"appointmentEnd": func() command {
			return on(s.rep, in{"organization": s.clubGlobal, "person": s.recorded(), "role": "DELEGATE"})
		},
		"eventCreate": func() command {
			return on(s.officer, in{"organiser": s.council, "kind": "SEMINAR", "title": in{"ca": "Seminari"}})
		},
		"eventUpdate":     func() command { return on(s.officer, in{"id": event(), "venueName": "Una altra"}) },
		"eventPublish":    func() command { return on(s.officer, in{"id": s.draft(s.T, nil)}) },
		"eventCancel":     func() command { return on(s.officer, in{"id": event(), "reason": in{"ca": "Perquè sí"}}) },
		"eventMarkHeld":   func() command { return on(s.officer, in{"id": s.past(event())}) },
		"eventClose":      func() command { return on(s.officer, in{"id": s.held()}) },
		"eventSessionAdd": func() command { return on(s.officer, in{"event": event(), "title": in{"ca": "Sessió"}}) },
		"eventSessionUpdate": func() command {
			return on(s.officer, in{"id": s.session(), "room": "2"})
		},
		"eventSessionRemove": func() command { return on(s.officer, in{"id": s.session()}) },
		"eventDocumentAdd": func() command {
			return on(s.officer, in{"event": event(), "title": in{"ca": "Document"}, "url": "https://example.org"})
		},
		"eventDocumentWithdraw": func() command { return on(s.officer, in{"id": s.document()}) },
		"eventNoShowsNote": func() command {
			e, _, _ := s.registration(nil)
			return on(s.officer, in{"id": s.past(e)})
		},
		"eventNamesKeep": func() command { return on(s.officer, in{"id": event(), "days": 30}) },
		"seatPoolResize": func() command { return on(s.officer, in{"id": s.pools(s.T, event())[0], "capacity": 9}) },
		"seatPoolLetSmallerPass": func() command {
			e, _, _ := s.registration(nil) // two of three seats; a block of two waits, one of one behind it fits
			for _, n := range []int{2, 1} {
				s.must(s.otherRep, short, block(e, s.otherClubGlobal, "WAIT_TOGETHER", public(n)), "registrationCreate.registration.id")
			}
			return on(s.officer, in{"id": s.pools(s.T, e)[0]})
		},
		"registrationCreate": func() command {
			return on(s.rep, block(event(), s.clubGlobal, "WAIT_TOGETHER", public(2))["in"].(in))
		},
		"registrationCancel": func() command {
			_, r, _ := s.registration(nil)
			return on(s.rep, in{"id": r})
		},
		"registrationApprove": func() command {
			_, r, _ := s.registration(approval)
			return on(s.officer, in{"id": r})
		},
		"registrationReject": func() command {
			_, r, _ := s.registration(approval)
			return on(s.officer, in{"id": r})
		},
		"delegateCancel":  func() command { return on(s.rep, in{"id": delegate()}) },
		"delegateReplace": func() command { return on(s.rep, in{"id": delegate(), "name": "Una altra"}) },
		"delegateCheckIn": func() command {
			e, _, d := s.registration(nil)
			return on(s.officer, in{"event": e, "delegate": in{"id": d}})
		},
		"delegateCheckInUndo": func() command {
			e, _, d := s.registration(nil)
			s.must(s.officer, checkIn, in{"in": in{"event": e, "delegate": in{"id": d}}}, "delegateCheckIn.delegate.state")
			return on(s.officer, in{"id": d})
		},
		"delegateNeedsSet": func() command { return on(s.rep, in{"id": delegate(), "diet": "Vegana"}) },
		"delegateVisibilitySet": func() command {
			r, p, _ := s.someone()
			d := delegate()
			s.exec(`update delegate_secrets set person = $1, mail_key = null where delegate = $2::uuid`, p, s.delegateID(d))
			return on(r, in{"id": d, "visibility": "COLLEAGUES"})
		},
		"delegateAnswer": func() command {
			s.n++
			token := fmt.Sprint("a link's secret ", s.n)
			s.exec(`update delegate_links set token_hash = sha256($1::text::bytea), told_at = now(), expires_at = now() + interval '1 hour' where delegate = $2::uuid`,
				token, s.delegateID(delegate()))
			return on(anonymous, in{"token": token, "answer": "NOT_ME"})
		},
		"registrationRequest": func() command {
			s.n++
			return on(anonymous, in{
				"event": s.published(s.T, nil), "mail": fmt.Sprintf("guest%d@example.org", s.n), "organization": in{"id": s.clubGlobal},
				"delegates": []in{{"role": "PUBLIC"}}, "policy": "WAIT_TOGETHER",
			})
		},
		"registrationConfirm":    func() command { return on(anonymous, in{"token": s.guest("confirm_by = now() + interval '1 hour'")}) },
		"registrationLinkCancel": func() command { return on(anonymous, in{"token": s.guest("")}) },
		"registrationLinkDelegateReplace": func() command {
			token, delegate := s.guestDelegate("")
			return on(anonymous, in{"token": token, "delegate": delegate, "name": "Una altra"})
		},
		"registrationLinkDelegateCancel": func() command {
			token, delegate := s.guestDelegate("")
			return on(anonymous, in{"token": token, "delegate": delegate})
		},
		"registrationLinkPolicyChoose": func() command {
			return on(anonymous, in{"token": s.guest(""), "policy": "TAKE_WHAT_THERE_IS"})
		},
		"registrationLinkOfferAccept": func() command {
			token, delegate := s.guestDelegate("")
			s.offer(delegate)
			return on(anonymous, in{"token": token})
		},
		"registrationAdopt": func() command {
			r, _, _ := s.someone()
			return on(r, in{"token": s.guest("")})
		},
		"registrationOfferAccept": func() command {
			_, registration, delegate := s.registration(nil)
			s.offer(delegate)
			return on(s.rep, in{"id": registration})
		},
		"eventHoldsSet":        func() command { return on(s.officer, in{"id": s.published(s.T, nil), "holdMinutes": 45}) },
		"personalCalendarOpen": func() command { r, _, _ := s.someone(); return on(r, in{}) },
		"personalCalendarClose": func() command {
			r, p, _ := s.someone()
			s.exec(`insert into calendar_secrets (person, token_hash) values ($1, sha256(gen_random_uuid()::text::bytea))`, p)
			return on(r, in{})
		},
		"sessionEnd": func() command {
			r, p, _ := s.someone()
			session := id.New()
			s.exec(`insert into sessions (id, token_hash, person, expires_at) values ($1, gen_random_uuid()::text, $2, now() + interval '1 hour')`, session, p)
			return on(r, in{"session": (&auth.Session{ID: session, Person: p}).GlobalID()})
		},
		"sessionEndOthers": func() command {
			r, p, _ := s.someone()
			s.exec(`insert into sessions (id, token_hash, person, expires_at) values ($1, gen_random_uuid()::text, $2, now() + interval '1 hour')`, id.New(), p)
			return on(r, in{})
		},
		"apiTokenCreate": func() command {
			r, _, _ := s.someone()
			return on(r, in{"name": "Programa", "scopes": []string{"READ"}, "expiresAt": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)})
		},
		"apiTokenRevoke": func() command {
			r, p, _ := s.someone()
			token := id.New()
			s.exec(`insert into api_tokens (id, token_hash, person, name, scopes, expires_at) values ($1, sha256(gen_random_uuid()::text::bytea), $2, 'x', '{read}', now() + interval '1 hour')`, token, p)
			return on(r, in{"apiToken": (&auth.APIToken{ID: token, Person: p}).GlobalID()})
		},
		"linkedIdentityRemove": func() command {
			r, p, _ := s.someone()
			s.exec(`insert into identities (issuer, subject, person) values ('https://id.example.org', gen_random_uuid()::text, $1)`, p)
			return on(r, in{"issuer": "https://id.example.org"})
		},
		"accountMailChange": func() command {
			r, _, _ := s.someone()
			return on(r, in{"mail": "nova.adreca@example.org"})
		},
		"accountMailConfirm": func() command {
			r, _, _ := s.someone()
			s.must(r, `mutation($in: AccountMailChangeInput!) { accountMailChange(input: $in) { minutes } }`,
				in{"in": in{"mail": fmt.Sprintf("confirmada%d@example.org", s.n)}}, "accountMailChange.minutes")
			return on(r, in{"code": s.box.code(fmt.Sprintf("confirmada%d@example.org", s.n))})
		},
		"watchSet":       func() command { return on(s.stranger, in{"node": event(), "watching": true}) },
		"savedSetCreate": func() command { return on(s.stranger, in{"title": "Llista", "nodes": []string{event()}}) },
		"savedSetUpdate": func() command { return on(s.stranger, in{"id": s.savedSet(), "title": "Una altra"}) },
		"savedSetRemove": func() command { return on(s.stranger, in{"id": s.savedSet()}) },
		"inboxMarkRead":  func() command { return on(s.rep, in{}) },
		"digestPreferencesSet": func() command {
			return on(s.stranger, in{"sorts": []in{{"sort": "ASKED", "rhythm": "WEEKLY"}}})
		},
		"commentAdd":    func() command { return on(s.officer, in{"node": event(), "text": "Fet", "audience": "ORGANISERS"}) },
		"commentEdit":   func() command { return on(s.officer, in{"id": s.comment(event()), "text": "Una altra cosa"}) },
		"commentRemove": func() command { return on(s.officer, in{"id": s.comment(event())}) },
		"accountUpdate": func() command {
			r, _, _ := s.someone()
			return on(r, in{"language": "ES", "name": "Un altre nom"})
		},
		"personErase": func() command {
			r, _, _ := s.someone()
			return on(r, in{"confirm": true})
		},
		"invitationCreate": func() command {
			return on(s.rep, in{"organization": s.clubGlobal, "mail": "convidada@example.org", "role": "DELEGATE"})
		},
		"invitationRevoke": func() command { return on(s.rep, in{"invitation": s.invitation("revocada@example.org")}) },
		"invitationAccept": func() command {
			r, _, mail := s.someone()
			return on(r, in{"invitation": in{"id": s.invitation(mail)}})
		},
		"accountDisable": func() command {
			_, p, _ := s.someone()
			return on(s.admin, in{"account": in{"person": person(p)}})
		},
		"accountEnable": func() command {
			_, p, _ := s.someone()
			s.exec(`update accounts set disabled_at = now() where person = $1`, p)
			return on(s.admin, in{"account": in{"person": person(p)}})
		},
		"associationClaim":  func() command { return on(s.stranger, in{"id": s.association()}) },
		"claimDecide":       func() command { return on(s.officer, in{"id": s.claim(), "accept": true}) },
		"associationVerify": func() command { return on(s.officer, in{"id": s.association()}) },
		"organizationMerge": func() command { return on(s.officer, in{"from": s.association(), "into": s.association()}) },
		"glassBreak":        func() command { return on(s.admin, in{"node": event(), "reason": "Per una denúncia de proves"}) },
	}
	for _, more := range []map[string]func() command{s.everyOfTables(), s.everyOfProjects(), s.everyOfWorkshops(), s.everyOfTheDay()} {
		maps.Copy(all, more)
	}
	return all
}

func (s *stage) held() string {
	e := s.past(s.published(s.T, nil))
	s.must(s.officer, markEventHeld, in{"id": e}, "eventMarkHeld.event.state")
	return e
}

func (s *stage) session() string {
	return s.must(s.officer, `mutation($in: EventSessionAddInput!) { eventSessionAdd(input: $in) { event { sessions { id } } } }`,
		in{"in": in{"event": s.published(s.T, nil), "title": in{"ca": "Sessió"}}}, "eventSessionAdd.event.sessions.0.id")
}

func (s *stage) document() string {
	return s.must(s.officer, `mutation($in: EventDocumentAddInput!) { eventDocumentAdd(input: $in) { event { documents { id } } } }`,
		in{"in": in{"event": s.published(s.T, nil), "title": in{"ca": "Document"}, "url": "https://example.org"}}, "eventDocumentAdd.event.documents.0.id")
}

func (s *stage) invitation(mail string) string {
	return s.must(s.rep, `mutation($in: InvitationCreateInput!) { invitationCreate(input: $in) { invitation { id } } }`,
		in{"in": in{"organization": s.clubGlobal, "mail": mail, "role": "SUBSTITUTE"}}, "invitationCreate.invitation.id")
}

func (s *stage) claim() string {
	return s.must(s.stranger, `mutation($in: AssociationClaimInput!) { associationClaim(input: $in) { claim { id } } }`,
		in{"in": in{"id": s.association()}}, "associationClaim.claim.id")
}

func (s *stage) savedSet() string {
	s.n++
	return s.must(s.stranger, `mutation($in: SavedSetCreateInput!) { savedSetCreate(input: $in) { savedSet { id } } }`,
		in{"in": in{"title": fmt.Sprint("Llista ", s.n)}}, "savedSetCreate.savedSet.id")
}

func (s *stage) comment(event string) string {
	return s.must(s.officer, `mutation($in: CommentAddInput!) { commentAdd(input: $in) { comment { id } } }`,
		in{"in": in{"node": event, "text": "Una cosa", "audience": "ORGANISERS"}}, "commentAdd.comment.id")
}

// answerOf selects everything two levels deep that needs no argument.
func answerOf(s *ast.Schema, def *ast.Definition, depth int) string {
	fields := []string{"__typename"}
	for _, f := range def.Fields {
		required := slices.ContainsFunc(f.Arguments, func(a *ast.ArgumentDefinition) bool { return a.Type.NonNull && a.DefaultValue == nil })
		below := s.Types[f.Type.Name()]
		switch {
		case required || strings.HasPrefix(f.Name, "__") || f.Name == "dataExport": // a copy of everything is another one each time
		case below.IsLeafType():
			fields = append(fields, f.Name)
		case depth > 0 && !strings.HasSuffix(f.Type.Name(), "Connection"):
			fields = append(fields, f.Name+" "+answerOf(s, below, depth-1))
		}
	}
	return "{ " + strings.Join(fields, " ") + " }"
}

// digests of all tables, how many rows each has and the last transaction that
// wrote one, tell whether anything was done. Left out is what is done
// at every request (reads that are noted, tries that are counted) and what jobs
// do meanwhile; one of them notes in versions of documents whether their links
// lead anywhere, so that of these only the number tells.
type digests struct {
	conn *pgx.Conn
	sql  string
}

func newDigests(t *testing.T, d pgtest.Database) *digests {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), d.Admin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	all := &digests{conn: conn}
	err = conn.QueryRow(t.Context(), `
		select string_agg(case tablename when 'document_versions' then 'select ''document_versions'', count(*)::text from document_versions'
		  else format('select %L, count(*) || '' '' || coalesce(max(xmin::text::bigint), 0) from %I', tablename, tablename) end, ' union all ')
		from pg_tables where schemaname = 'public'
		  and tablename !~ '^(river_.*|access_log|rate_counters|delegate_links|registration_links|seat_notices|event_message_mails|mails|demo_mails|job_cursors|digest_cursor|digests|digests_due|journal(_about)?_[0-9]+|territories|populations)$'`).Scan(&all.sql)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (d *digests) now(t *testing.T) map[string]string {
	t.Helper()
	rows, err := d.conn.Query(t.Context(), d.sql)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	var table, digest string
	if _, err := pgx.ForEachRow(rows, []any{&table, &digest}, func() error {
		found[table] = digest
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return found
}

func changed(before, after map[string]string) (tables []string) {
	for table := range after {
		if before[table] != after[table] {
			tables = append(tables, table)
		}
	}
	slices.Sort(tables)
	return tables
}

// shownOnce is what an answer tells once, whatever is sent again: the secret of a
// token, which nobody keeps.
var shownOnce = regexp.MustCompile(`"(token|url)":("(t(x|wg)_|https?://)[^"]+"|null)`)

// renewed is what a change that is sent again still does: who lost the answer has
// lost the secret in it and is given another.
var renewed = map[string]string{"workshopGroupJoin": "workshop_groups"}

// rowsFor fails for a mutation without a row, and for a row without a mutation.
func rowsFor(t *testing.T, mutation *ast.Definition, every map[string]func() command) {
	t.Helper()
	for _, field := range mutation.Fields {
		if every[field.Name] == nil {
			t.Errorf("%s: give it a row", field.Name)
		}
	}
	for name := range every {
		if mutation.Fields.ForName(name) == nil {
			t.Errorf("%s has a row and does not exist", name)
		}
	}
	t.Logf("%d of %d changes are sent twice", len(every), len(mutation.Fields))
}

// TestEveryMutationOnce sends each mutation of the contract with a key that is too
// long, which is refused at its field; then twice with one that is as long as it
// may be: the second time nothing is done, and the answer is the same. Without a
// key the second does something: negative control.
func TestEveryMutationOnce(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	s := newStage(t, d)
	every, schema, tables := s.every(), contract(t), newDigests(t, d)
	rowsFor(t, schema.Mutation, every)
	for _, field := range schema.Mutation.Fields {
		request := every[field.Name]
		if request == nil {
			continue
		}
		r := request()
		query := fmt.Sprintf("mutation($in: %s) { %s(input: $in) %s }", field.Arguments.ForName("input").Type, field.Name,
			answerOf(schema, schema.Types[field.Type.Name()], 2))
		before := tables.now(t)
		r.input["idempotencyKey"] = strings.Repeat("é", 101)
		if a := s.hub.Query(t, r.who.token, query, in{"in": r.input}); refusal(t, a, field.Name) != "TOO_LONG" || !keyAlone.Match(a.Body) {
			t.Errorf("%s: a key of 101 characters: %s", field.Name, a.Body)
		}
		untouched := tables.now(t)
		if tables := changed(before, untouched); len(tables) > 0 {
			t.Errorf("%s is refused and changes %v", field.Name, tables)
		}
		r.input["idempotencyKey"] = field.Name + strings.Repeat("é", 100-len(field.Name))
		first := s.hub.Query(t, r.who.token, query, in{"in": r.input})
		if code := refusal(t, first, field.Name); code != "" {
			t.Errorf("%s does not work: %s", field.Name, first.Body)
			continue
		}
		done := tables.now(t)
		if len(changed(untouched, done)) == 0 {
			t.Errorf("%s does nothing", field.Name)
		}
		again := s.hub.Query(t, r.who.token, query, in{"in": r.input})
		if did := strings.Join(changed(done, tables.now(t)), " "); did != renewed[field.Name] {
			t.Errorf("%s, sent again, changes %s", field.Name, did)
		}
		one, two := shownOnce.ReplaceAllString(string(first.Body), ""), shownOnce.ReplaceAllString(string(again.Body), "")
		switch {
		case field.Name == "personErase": // ends who asked: there is nobody to answer
			if refusal(t, again, field.Name) != "UNAUTHENTICATED" {
				t.Errorf("an erased person is told %s", again.Body)
			}
		case one != two:
			t.Errorf("%s answers\n%s\nand then\n%s", field.Name, one, two)
		}
	}
	twice := every["eventSessionAdd"]()
	const add = `mutation($in: EventSessionAddInput!) { eventSessionAdd(input: $in) { event { id } } }`
	s.hub.Must(t, twice.who.token, add, in{"in": twice.input})
	once := tables.now(t)
	s.hub.Must(t, twice.who.token, add, in{"in": twice.input})
	if tables := changed(once, tables.now(t)); !slices.Contains(tables, "event_sessions") {
		t.Errorf("negative control: without a key %v changed", tables)
	}
}

// keyAlone finds an answer whose only error is at the key.
var keyAlone = regexp.MustCompile(`"errors":\[\{[^{}\]]*"path":\["input","idempotencyKey"\][^{}\]]*\}\]`)
