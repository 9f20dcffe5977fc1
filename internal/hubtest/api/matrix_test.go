package api_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/schema"
)

// contract is the schema as it is published.
func contract(t *testing.T) *ast.Schema {
	t.Helper()
	files, err := fs.Glob(schema.FS, "*.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	var sources []*ast.Source
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

// complete holds the rows of a table to the fields of a root type.
func complete[V any](t *testing.T, root *ast.Definition, table map[string]V) {
	t.Helper()
	for _, field := range root.Fields {
		if _, ok := table[field.Name]; !ok && !strings.HasPrefix(field.Name, "__") {
			t.Errorf("%s.%s has no row: say who may and who may not", root.Name, field.Name)
		}
	}
	for name := range table {
		if root.Fields.ForName(name) == nil {
			t.Errorf("%s.%s has a row and does not exist", root.Name, name)
		}
	}
}

// scene is what the matrix is played on: an event with a registration that
// awaits approval, a session and a document. Names and titles are canaries.
type scene struct {
	event, session, document, pool, registration, delegate, person, comment string
	table, meeting, item, resolution, poll, date, request                   string
	series, question                                                        string
	inside
}

// newTable adds a working table of Terrassa to the scene: a session that is going
// on, with a resolution, and one whose date is being asked for.
func (s *scene) newTable(t *testing.T, w *world) {
	t.Helper()
	do := func(name string, input in, selection, path string) string {
		t.Helper()
		query := fmt.Sprintf("mutation($in: %sInput!) { %s(input: $in) { %s errors { code message } } }", strings.ToUpper(name[:1])+name[1:], name, selection)
		made := w.hub.Must(t, w.officer.token, query, in{"in": input})
		return at(t, made, name+"."+path)
	}
	text := in{"ca": canary}
	s.table = do("workingTableCreate", in{"convenor": w.council, "kind": "THEMATIC", "title": text, "rules": in{"quorumFirst": "ANY", "quorumLeast": 1}}, "table { id }", "table.id")
	do("tableMemberAdd", in{"table": s.table, "organization": w.clubGlobal, "from": "2020-01-01"}, "table { id }", "table.id")
	s.meeting = do("tableSessionRecord", in{"table": s.table, "title": text, "startsAt": "2026-01-10T17:00:00Z"}, "session { id }", "session.id")
	do("tableSessionAttend", in{"id": s.meeting, "organization": w.clubGlobal, "present": true, "cameAs": "DELEGATE"}, "session { id }", "session.id")
	s.item = do("agendaItemAdd", in{"session": s.meeting, "title": text}, "session { agenda { id } }", "session.agenda.0.id")
	s.resolution = do("tableResolutionAdopt", in{"item": s.item, "kind": "TASK", "text": text}, "resolution { id }", "resolution.id")
	prepared := do("tableSessionCreate", in{"table": s.table, "title": text}, "session { id }", "session.id")
	s.request = do("tableJoinRequestCreate", in{"table": s.table, "organization": w.council}, "table { joinRequests { id } }", "table.joinRequests.0.id")
	s.poll = do("tablePollOpen", in{"session": prepared, "dates": []string{"2090-01-01T17:00:00Z", "2090-01-02T17:00:00Z"}}, "poll { id }", "poll.id")
	s.date = at(t, w.hub.Must(t, w.officer.token, `query($id: ID!) { tablePoll(id: $id) { dates { id } } }`, in{"id": s.poll}), "tablePoll.dates.0.id")
}

func newScene(t *testing.T, w *world) scene {
	text := in{"ca": canary}
	event := w.published(t, in{"title": text, "requiresApproval": true, "visibility": "NETWORK"})
	session := w.hub.Must(t, w.officer.token, `mutation($in: EventSessionAddInput!) { eventSessionAdd(input: $in) { event { sessions { id } } } }`, in{"in": in{"event": event, "title": text}})
	document := w.hub.Must(t, w.officer.token, `mutation($in: EventDocumentAddInput!) { eventDocumentAdd(input: $in) { event { documents { id } } } }`, in{"in": in{"event": event, "title": text, "url": "https://example.org/canari"}})
	made := w.hub.Must(t, w.rep.token, short, block(event, w.clubGlobal, "WAIT_TOGETHER", []in{{"name": canary, "mail": "canari@example.org", "role": "PUBLIC"}}))
	note := w.hub.Must(t, w.officer.token, `mutation($in: CommentAddInput!) { commentAdd(input: $in) { comment { id } } }`, in{"in": in{"node": event, "text": canary, "audience": "ORGANISERS"}})
	s := scene{
		comment: at(t, note, "commentAdd.comment.id"),
		event:   event, session: at(t, session, "eventSessionAdd.event.sessions.0.id"), document: at(t, document, "eventDocumentAdd.event.documents.0.id"),
		pool: w.pools(t, event)[0], registration: at(t, made, "registrationCreate.registration.id"),
		delegate: at(t, made, "registrationCreate.registration.delegates.0.id"), person: node.Person.Global(w.repID),
	}
	s.newTable(t, w)
	s.newForm(t, w)
	s.inside = newInside(t, w)
	return s
}

// refused is one row of the matrix: an input that would work for who may, and
// the codes that answer nobody and a stranger who is signed in. Without codes
// the change is open to them, and not tried.
type refused struct {
	input            in
	nobody, stranger []string
}

// mutations has a row for each change of the contract.
func mutations(w *world, s scene) map[string]refused {
	nobody, denied, notFound := []string{"UNAUTHENTICATED"}, []string{"DENIED"}, []string{"NOT_FOUND"}
	secret := []string{"NOT_FOUND", "LINK_ENDED"}
	own := func(input in) refused { return refused{input, nobody, nil} } // of one's own account
	may := func(stranger []string, input in) refused { return refused{input, nobody, stranger} }
	rows := tableMutations(w, s, may)
	maps.Copy(rows, projectMutations(w, s.inside, may))
	maps.Copy(rows, dayMutations(w, s, may))
	for name, row := range map[string]refused{
		"associationCreate":               own(in{"title": in{"ca": "Qualsevol"}, "actsIn": []string{w.council}}),
		"personCreate":                    may(denied, in{"organization": w.clubGlobal, "name": "Aina", "role": "DELEGATE"}),
		"personMerge":                     may(notFound, in{"from": s.person, "into": node.Person.Global(w.otherID)}),
		"appointmentCreate":               may(denied, in{"organization": w.clubGlobal, "person": s.person, "role": "DELEGATE"}),
		"appointmentEnd":                  may(denied, in{"organization": w.clubGlobal, "person": s.person, "role": "REPRESENTATIVE"}),
		"eventCreate":                     may(denied, in{"organiser": w.council, "kind": "SEMINAR", "title": in{"ca": "Seminari"}}),
		"eventUpdate":                     may(denied, in{"id": s.event, "venueName": "Una altra"}),
		"eventPublish":                    may(denied, in{"id": s.event}),
		"eventCancel":                     may(denied, in{"id": s.event, "reason": in{"ca": "Perquè sí"}}),
		"eventMarkHeld":                   may(denied, in{"id": s.event}),
		"eventClose":                      may(denied, in{"id": s.event}),
		"eventSessionAdd":                 may(denied, in{"event": s.event, "title": in{"ca": "Sessió"}}),
		"eventSessionUpdate":              may(denied, in{"id": s.session, "room": "2"}),
		"eventSessionRemove":              may(denied, in{"id": s.session}),
		"eventDocumentAdd":                may(denied, in{"event": s.event, "title": in{"ca": "Document"}, "url": "https://example.org"}),
		"eventDocumentWithdraw":           may(denied, in{"id": s.document}),
		"eventNoShowsNote":                may(denied, in{"id": s.event}),
		"eventNamesKeep":                  may(denied, in{"id": s.event, "days": 30}),
		"seatPoolResize":                  may(denied, in{"id": s.pool, "capacity": 9}),
		"seatPoolLetSmallerPass":          may(denied, in{"id": s.pool}),
		"registrationCreate":              may(denied, in{"event": s.event, "organization": w.clubGlobal, "policy": "WAIT_TOGETHER", "delegates": []in{{"name": "Aina", "role": "PUBLIC"}}}),
		"registrationCancel":              may(notFound, in{"id": s.registration}),
		"registrationApprove":             may(denied, in{"id": s.registration}),
		"registrationReject":              may(denied, in{"id": s.registration}),
		"delegateCancel":                  may(notFound, in{"id": s.delegate}),
		"delegateReplace":                 may(notFound, in{"id": s.delegate, "name": "Aina"}),
		"delegateCheckIn":                 may(denied, in{"event": s.event, "delegate": in{"id": s.delegate}}),
		"delegateCheckInUndo":             may(denied, in{"id": s.delegate}),
		"delegateNeedsSet":                may(notFound, in{"id": s.delegate, "diet": "Cap"}),
		"delegateVisibilitySet":           may(notFound, in{"id": s.delegate, "visibility": "COLLEAGUES"}),
		"delegateAnswer":                  {in{"token": "no such secret", "answer": "ACCEPT"}, secret, secret},
		"registrationRequest":             {input: in{}}, // open to everybody
		"registrationConfirm":             {in{"token": "no such secret"}, secret, secret},
		"registrationLinkCancel":          {in{"token": "no such secret"}, secret, secret},
		"registrationLinkOfferAccept":     {in{"token": "no such secret"}, secret, secret},
		"registrationLinkPolicyChoose":    {in{"token": "no such secret", "policy": "WAIT_TOGETHER"}, secret, secret},
		"registrationLinkDelegateReplace": {in{"token": "no such secret", "delegate": s.delegate, "name": "Ningú"}, secret, secret},
		"registrationLinkDelegateCancel":  {in{"token": "no such secret", "delegate": s.delegate}, secret, secret},
		"registrationAdopt":               may(secret, in{"token": "no such secret"}),
		"registrationOfferAccept":         may(notFound, in{"id": s.registration}),
		"eventHoldsSet":                   may(denied, in{"id": s.event, "holdMinutes": 45}),
		"personalCalendarOpen":            own(in{}),
		"personalCalendarClose":           own(in{}),
		"sessionEnd":                      own(in{"session": "x"}),
		"sessionEndOthers":                own(in{}),
		"apiTokenCreate":                  own(in{"name": "Programa", "scopes": []string{"READ"}, "expiresAt": "2090-01-01T00:00:00Z"}),
		"apiTokenRevoke":                  own(in{"apiToken": "x"}),
		"linkedIdentityRemove":            own(in{"issuer": "https://id.example.org"}),
		"accountUpdate":                   own(in{"language": "CA"}),
		"accountMailChange":               own(in{"mail": "aina@example.org"}),
		"accountMailConfirm":              own(in{"code": "0000 0000"}),
		"personErase":                     own(in{"confirm": true}),
		"invitationCreate":                may(denied, in{"organization": w.clubGlobal, "mail": "aina@example.org", "role": "DELEGATE"}),
		"invitationRevoke":                may(notFound, in{"invitation": "x"}),
		"invitationAccept":                may(append(notFound, "INVITATION_NOT_VALID", "INVITATION_ENDED"), in{"invitation": in{"token": "no such secret"}}),
		"accountDisable":                  may(append(denied, notFound...), in{"account": in{"person": s.person}}),
		"accountEnable":                   may(append(denied, notFound...), in{"account": in{"person": s.person}}),
		"associationClaim":                own(in{"id": w.clubGlobal}),
		"claimDecide":                     may(notFound, in{"id": "x", "accept": true}),
		"associationVerify":               may(denied, in{"id": w.clubGlobal}),
		"organizationMerge":               may(denied, in{"from": w.clubGlobal, "into": w.otherClubGlobal}),
		"watchSet":                        own(in{"node": s.event, "watching": true}),
		"savedSetCreate":                  own(in{"title": "Llista", "nodes": []string{s.event}}),
		"savedSetUpdate":                  may(notFound, in{"id": "x", "title": "Una altra"}),
		"savedSetRemove":                  may(notFound, in{"id": "x"}),
		"inboxMarkRead":                   own(in{}),
		"digestPreferencesSet":            own(in{"sorts": []in{{"sort": "ASKED", "rhythm": "DAILY"}}}),
		"commentAdd":                      may(denied, in{"node": s.event, "text": canary, "audience": "ORGANISERS"}),
		"commentEdit":                     may(notFound, in{"id": s.comment, "text": "Una altra cosa"}),
		"commentRemove":                   may(notFound, in{"id": s.comment}),
		"glassBreak":                      may(append(denied, notFound...), in{"node": s.event, "reason": "Per curiositat de proves"}),
	} {
		rows[name] = row
	}
	return rows
}

// tableMutations are the rows of working tables: the stranger sees that there is
// such a table, and nothing inside.
func tableMutations(w *world, s scene, may func(stranger []string, input in) refused) map[string]refused {
	denied, ended, text := []string{"DENIED"}, []string{"LINK_ENDED"}, in{"ca": "Qualsevol"}
	spec := in{"convenor": w.council, "kind": "THEMATIC", "title": text}
	member := in{"table": s.table, "organization": w.clubGlobal}
	with := func(base, more in) in {
		all := in{}
		for k, v := range base {
			all[k] = v
		}
		for k, v := range more {
			all[k] = v
		}
		return all
	}
	rows := map[string]refused{
		"workingTableCreate":       may(denied, spec),
		"workingTablePropose":      may(nil, spec),
		"tableJoinRequestWithdraw": may([]string{"NOT_FOUND"}, in{"id": s.request}),
		"tableLinkAnswer":          {in{"token": "no such secret", "answer": "ATTEND"}, ended, ended},
	}
	for name, input := range map[string]in{
		"workingTableApprove": {"id": s.table}, "workingTableReject": {"id": s.table, "reason": text}, "workingTableUpdate": {"id": s.table, "filePrefix": "X"},
		"workingTableEnd": {"id": s.table}, "tableMemberAdd": with(member, in{"role": "OBSERVER"}), "tableMemberEnd": member,
		"tableSeatSet": with(member, in{"position": "DELEGATE", "name": "Aina"}), "tableSeatClear": with(member, in{"position": "DELEGATE"}),
		"tableOfficerAppoint": {"table": s.table, "person": s.person, "office": "SECRETARY"}, "tableOfficerEnd": {"table": s.table, "person": s.person},
		"tableSessionCreate": {"table": s.table}, "tableSessionUpdate": {"id": s.meeting, "place": "2"}, "tableSessionCall": {"id": s.meeting}, "tableSessionDuplicate": {"id": s.meeting},
		"tableJoinRequestCreate": {"table": s.table, "organization": w.clubGlobal}, "tableJoinRequestDecide": {"id": s.request, "accept": true},
		"tableSessionOpen": {"id": s.meeting}, "tableSessionClose": {"id": s.meeting}, "tableSessionCancel": {"id": s.meeting, "reason": text},
		"tableSessionRecord": {"table": s.table, "startsAt": "2026-01-10T17:00:00Z"}, "tableSessionAnswer": {"id": s.meeting, "organization": w.clubGlobal, "answer": "ATTEND"},
		"tableSessionAttend": {"id": s.meeting, "organization": w.clubGlobal, "present": false}, "agendaItemAdd": {"session": s.meeting, "title": text},
		"agendaItemRemove": {"id": s.item}, "agendaItemOpen": {"id": s.item}, "agendaItemClose": {"id": s.item, "outcome": "INFORMATION"},
		"tablePaperAdd":        {"session": s.meeting, "title": text, "url": "https://example.org"},
		"tableResolutionAdopt": {"item": s.item, "kind": "TASK", "text": text}, "tableResolutionFollow": {"id": s.resolution, "state": "DONE"},
		"minutesDraft": {"session": s.meeting}, "minutesWrite": {"session": s.meeting, "expectedRevision": "1", "minutes": "Text"},
		"minutesCirculate": {"session": s.meeting}, "minutesApprove": {"session": s.meeting, "in": s.meeting},
		"tablePollOpen":   {"session": s.meeting, "dates": []string{"2090-01-01T17:00:00Z", "2090-01-02T17:00:00Z"}},
		"tablePollAnswer": {"id": s.poll, "organization": w.clubGlobal, "answers": []in{{"date": s.date, "answer": "YES"}}}, "tablePollClose": {"id": s.poll, "date": s.date},
	} {
		rows[name] = may(denied, input)
	}
	return rows
}

// Every change of the contract, by nobody and by somebody who has nothing to do
// with it: refused, nothing told, nothing done.
func TestMutationsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	s := newScene(t, w)
	contract := contract(t)
	table := mutations(w, s)
	complete(t, contract.Mutation, table)
	before := facts(t, w)
	for name, row := range table {
		field := contract.Mutation.Fields.ForName(name)
		if field == nil {
			continue
		}
		query := fmt.Sprintf("mutation($in: %s) { %s(input: $in) { __typename errors { code } } }", field.Arguments.ForName("input").Type, name)
		for token, codes := range map[string][]string{"": row.nobody, w.stranger.token: row.stranger} {
			if codes == nil {
				continue
			}
			a := w.hub.Query(t, token, query, in{"in": row.input})
			if code := refusal(t, a, name); !slices.Contains(codes, code) || bytes.Contains(a.Body, []byte(canary)) {
				t.Errorf("%s, signed in %v: %s, want one of %v", name, token != "", a.Body, codes)
			}
		}
	}
	if after := facts(t, w); after != before {
		t.Errorf("%d facts before and %d after", before, after)
	}
	for name, row := range table { // the same inputs work for who may: otherwise the refusals prove little
		if name == "registrationCreate" {
			query := fmt.Sprintf("mutation($in: %s) { %s(input: $in) { errors { code } } }", contract.Mutation.Fields.ForName(name).Arguments.ForName("input").Type, name)
			if a := w.hub.Query(t, w.rep.token, query, in{"in": row.input}); refusal(t, a, name) != "" {
				t.Errorf("the representative's %s: %s", name, a.Body)
			}
		}
	}
}

// refusal is the code that refused a change, at the top or in its payload;
// empty when it was not refused.
func refusal(t *testing.T, a hubtest.Answer, name string) string {
	t.Helper()
	if len(a.Errors) > 0 {
		return at(t, a.Errors[0], "extensions.code")
	}
	payload, ok := a.Data[name].(map[string]any)
	if !ok {
		return ""
	}
	if errs, ok := payload["errors"].([]any); ok && len(errs) > 0 {
		return at(t, errs, "0.code")
	}
	return ""
}

// facts is how many changes the journal knows.
func facts(t *testing.T, w *world) (n int) {
	t.Helper()
	if err := w.hub.DB.Read().QueryRow(context.Background(), `select count(*) from journal`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Every entry point for reading, by nobody: it answers, and tells no name, no
// title and no mail that are not for everybody.
func TestQueriesOfNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	s := newScene(t, w)
	c := w.talk(t)
	table := map[string]string{
		"node":               fmt.Sprintf(`{ node(id: %q) { __typename } }`, s.event),
		"nodes":              fmt.Sprintf(`{ nodes(ids: [%q, %q, %q]) { __typename ... on Person { name } ... on Association { title people { role person { name } } } } }`, s.event, s.person, w.clubGlobal),
		"viewer":             `{ viewer { person { name } } }`,
		"event":              fmt.Sprintf(`{ event(id: %q) { title } }`, s.event),
		"events":             `{ events { totalCount nodes { title registrations { nodes { delegates { name } } } } } }`,
		"registration":       fmt.Sprintf(`{ registration(id: %q) { state delegates { name } } }`, s.registration),
		"organization":       fmt.Sprintf(`{ organization(by: {id: %q}) { title ... on Association { people { person { name } } events { totalCount nodes { title } } } } }`, w.clubGlobal),
		"organizations":      `{ organizations(filter: {kinds: [ASSOCIATION]}) { totalCount nodes { title ... on Association { people { person { name } } } } } }`,
		"municipality":       `{ municipality(by: {ineCode: "08279"}) { title events(upcoming: false) { totalCount nodes { title } } organizations { nodes { title } } } }`,
		"municipalities":     `{ municipalities(first: 1) { totalCount nodes { title } } }`,
		"comarques":          `{ comarques { title } }`,
		"taxonomy":           `{ taxonomy(kind: AXIS) { title } }`,
		"invitation":         `{ invitation(token: "no such secret") { mail } }`,
		"auditTrail":         fmt.Sprintf(`{ auditTrail(node: %q) { nodes { what actor { name } } } }`, s.event),
		"auditExport":        fmt.Sprintf(`{ auditExport(node: %q) }`, s.event),
		"account":            `{ account(by: {mail: "canari@example.org"}) { mail } }`,
		"jobs":               `{ jobs { nodes { kind lastError } } }`,
		"glass":              fmt.Sprintf(`{ glass(node: %q) { reason administrator } }`, s.event),
		"privacyNotice":      fmt.Sprintf(`{ privacyNotice(form: REGISTRATION, about: %q) { form responsible } }`, s.event),
		"workingTable":       fmt.Sprintf(`{ workingTable(id: %q) { title } }`, s.table),
		"workingTables":      `{ workingTables { totalCount nodes { title members { organization { title } } seats { name } officers { name } } } }`,
		"tableSession":       fmt.Sprintf(`{ tableSession(id: %q) { title } }`, s.meeting),
		"tableResolution":    fmt.Sprintf(`{ tableResolution(id: %q) { text } }`, s.resolution),
		"tableResolutions":   `{ tableResolutions { totalCount nodes { text person { name } } } }`,
		"tablePoll":          fmt.Sprintf(`{ tablePoll(id: %q) { id } }`, s.poll),
		"tableLink":          `{ tableLink(token: "no such secret") { table } }`,
		"minutesPreview":     fmt.Sprintf(`{ minutesPreview(session: %q) }`, s.meeting),
		"registrationLink":   `{ registrationLink(token: "no such secret") { name event } }`,
		"delegateInvitation": `{ delegateInvitation(token: "no such secret") { name event } }`,
		"feed":               fmt.Sprintf(`{ feed(of: {node: %q}) { nodes { kind node { ... on Event { title } } comment { text author { name } } } } }`, s.event),
		"inbox":              `{ inbox { unread items { nodes { item { kind } } } } }`,
		"watches":            `{ watches { node { id } } }`,
		"watching":           fmt.Sprintf(`{ watching(node: %q) }`, s.event),
		"savedSets":          `{ savedSets { title nodes { id } } }`,
		"digestPreferences":  `{ digestPreferences { quiet { from } } }`,
		"comments":           fmt.Sprintf(`{ comments(of: %q) { totalCount nodes { text author { name } mentions { name } } } }`, s.event),
		"neighbours":         fmt.Sprintf(`{ neighbours(of: %q) { relation neighbours { nodeId title } } }`, s.event),
		"happenings":         `{ happenings { municipality { title } events tables projects } }`,
		"viewerCanComment":   fmt.Sprintf(`{ viewerCanComment(of: %q) { allowed code } }`, s.event),
	}
	maps.Copy(table, projectQueries(s.inside))
	maps.Copy(table, dayQueries(s))
	complete(t, contract(t).Query, table)
	names := make([]string, 0, len(table))
	for name := range table {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		a := c.ask(anonymous, name, table[name], nil)
		for _, secret := range []string{canary, "canari@", "Ramon", "Olga", "Aina"} {
			if bytes.Contains(a.Body, []byte(secret)) {
				t.Errorf("%s tells nobody %s: %s", name, secret, a.Body)
			}
		}
	}
}

// The streams of the contract are those that TestLive knows.
func TestStreamsAreKnown(t *testing.T) {
	complete(t, contract(t).Subscription, map[string]string{
		"eventChanges": follow, "registrationBoard": watchBoard,
		// Followed in internal/hubtest/table.
		"projectChanges": "hubtest/project", "workshopBoard": "hubtest/project", "workshopChanges": "hubtest/project",
		"tableChanges": "", "tableSessionChanges": "", "tableSessionBoard": "",
		"registrationStanding": "hubtest/matrix", "feedChanges": "hubtest/feeds", "inboxChanges": "hubtest/feeds", "nodeChanges": "hubtest/feeds",
		"participantImportProgress": "TestParticipantImports",
	})
}
