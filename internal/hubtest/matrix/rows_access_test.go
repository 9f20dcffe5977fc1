package matrix_test

import (
	"time"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/node"
)

func accessPart() part {
	return part{plant: plantAccess, queries: askAccess, changes: changeAccess, columns: map[string]string{
		"sessions.token_hash": "a hash: the token is planted", "api_tokens.token_hash": "a hash: the token is planted",
		"api_tokens.scopes": "one of few words", "accounts.lang": "a language",
		"sign_in_codes.code_hash": "a keyed hash", "sign_in_codes.token_hash": "a hash",
		"rate_counters.key": "a keyed hash", "command_keys.input_hash": "a hash", "command_keys.mutation": "one of few words",
		"command_keys.key": "a text of the client's",
	}}
}

// owned is for nobody but one person, and their copy of their data.
func owned(by string, fields ...string) places {
	self := but(roles{by}, ended)
	at := places{"DataExport.json": self, "DataFile.text": self}
	for _, f := range fields {
		at[f] = self
	}
	return at
}

// plantAccess gives two people sessions, tokens, identities and invitations, and
// ends an account.
func plantAccess(w *world) {
	for _, name := range []string{rep, otherRep, ended} {
		w.session(name)
		w.identity(name)
		w.token(name, "read")
	}
	w.shows[program] = shown{authorization: "Bearer " + w.things["token: "+rep]}
	w.shows[ended] = shown{cookie: "__Host-teixit=" + w.things["cookie: "+ended]}
	w.exec(`update accounts set disabled_at = now() where person = $1`, w.people[ended].id)
	w.exec(`update sessions set ended_at = now() where person = $1`, w.people[ended].id)
	w.exec(`update api_tokens set revoked_at = now() where person = $1`, w.people[ended].id)
	code := id.New()
	w.book.object(w.plant("a sign-in code", nil, nil), code)
	w.exec(`insert into sign_in_codes (id, mail, code_hash, token_hash, expires_at) values ($1, $2, 'x', 'y', now() + interval '10 minutes')`,
		code, w.people[rep].address)
	w.exec(`insert into viewer_versions (person) values ($1) on conflict do nothing`, w.people[stranger].id)
	w.exec(`insert into rights_ended (person, version, topic, number) values ($1, 1, $2, 1)`, w.people[ended].id, w.node("club"))
	w.exec(`update organizations set added_by = $2 where node = $1`, w.node("orphan"), w.people[registered].id)

	w.invitation("club", rep, "", roles{rep})
	w.invitation("other club", otherRep, w.people[stranger].address, roles{otherRep, stranger})
	w.invitation("terrassa", officer, "", roles{officer})
	w.invitation("service", officer, "", roles{officer})
	w.invitation("province", coordinator, "", roles{coordinator})
	accepted := w.invitation("orphan", admin, "", nil)
	accepted.at, accepted.may = nil, with(owned(admin), owned(colleague))
	w.exec(`update invitations set accepted_at = now(), accepted_by = $2 where organization = $1`, w.node("orphan"), w.people[colleague].id)
	w.people[stranger].mail.at["Invitation.mail"] = roles{otherRep, stranger}
	w.people[stranger].mail.at["Query.invitation Invitation.mail"] = everybody()
}

func (w *world) session(name string) {
	w.Helper()
	v := id.New()
	p := w.plant("a session of the "+name, owned(name,
		"Session.id", "Session.userAgent", "Session.createdAt", "Session.seenAt", "Session.expiresAt", "Session.current"), nil)
	w.thing("session: "+name, id.Type("ses").GlobalPart(w.people[name].id, v), v, p)
	token, hash := w.secret(w.plant("the cookie of the "+name, nil, nil), "")
	w.things["cookie: "+name] = token
	w.exec(`insert into sessions (id, token_hash, person, user_agent, expires_at) values ($1, $2, $3, $4, now() + interval '10 hours')`,
		v, stored(hash), w.people[name].id, "Navegador "+w.book.mark(p))
}

func (w *world) identity(name string) {
	w.Helper()
	p := w.plant("an identity of the "+name, owned(name, "LinkedIdentity.issuer", "LinkedIdentity.linkedAt"), nil)
	w.things["issuer: "+name] = "https://" + w.book.mark(p) + ".example"
	w.exec(`insert into identities (issuer, subject, person) values ($1, $2, $3)`, w.things["issuer: "+name],
		w.mark("who the provider says the "+name+" is", owned(name)), w.people[name].id)
}

func (w *world) token(name string, scope string) {
	w.Helper()
	v := id.New()
	p := w.plant("a token of the "+name, owned(name,
		"ApiToken.id", "ApiToken.name", "ApiToken.scopes", "ApiToken.createdAt", "ApiToken.expiresAt", "ApiToken.lastUsedAt"), nil)
	w.thing("token id: "+name, id.Type("tok").GlobalPart(w.people[name].id, v), v, p)
	text, hash := w.secret(w.plant("the token itself of the "+name, nil, nil), "tx_")
	w.things["token: "+name] = text
	w.exec(`insert into api_tokens (id, token_hash, person, name, scopes, expires_at, last_used_at) values ($1, $2, $3, $4, $5, $6, now())`,
		v, hash, w.people[name].id, "Programa "+w.book.mark(p), []string{scope}, time.Now().Add(24*time.Hour))
}

// invitation invites somebody for a body; readers are who answers for it, and
// who was invited. Whoever holds the link sees it.
func (w *world) invitation(body, by, address string, readers roles) *planted {
	w.Helper()
	v := id.New()
	p := w.plant("an invitation of the "+body, places{"Invitation.id": readers, "Query.invitation Invitation.id": everybody()}, owned(by))
	if address == "" {
		p.at["Invitation.mail"], p.at["Query.invitation Invitation.mail"] = readers, everybody()
		address = w.book.mark(p) + "@example.org"
	}
	w.thing("invitation: "+body, id.Type("inv").GlobalPart(w.node(body), v), v, p)
	text, hash := w.secret(w.plant("the link of an invitation of the "+body, nil, nil), "")
	w.things["invitation link: "+body] = text
	w.exec(`insert into invitations (id, token_hash, mail, organization, role, invited_by, expires_at)
		values ($1, $2, $3, $4, 'DELEGATE', $5, now() + interval '10 days')`, v, hash, address, w.node(body), w.people[by].id)
	return p
}

func askAccess(w *world) map[string][]ask {
	return map[string][]ask{
		"invitation": {
			{args: in{"token": w.global("invitation link: club")}, seen: everybody(), deep: true},
			{args: in{"token": w.global("invitation link: other club")}, seen: everybody()},
			{args: in{"token": w.global("invitation link: terrassa")}, seen: everybody()},
			{args: in{"token": w.global("invitation link: service")}, seen: everybody()},
			{args: in{"token": w.global("invitation link: province")}, seen: everybody()},
			{args: in{"token": "no such secret"}},
		},
	}
}

func changeAccess(w *world) map[string]change {
	mine := func(input in, by roles, made func(*world, string, int) in) change {
		return change{input: input, may: but(signedIn(), program), by: by, made: made}
	}
	for _, f := range []string{"name", "scopes", "createdAt", "expiresAt"} { // of the token that they make
		w.people[stranger].self.may["ApiTokenCreatePayload.apiToken ApiToken."+f] = roles{stranger}
	}
	return map[string]change{
		"sessionEnd": {
			input: in{"session": w.global("session: " + rep)}, may: but(signedIn(), program),
			hidden: []in{{"session": w.global("session: " + otherRep)}}, by: roles{rep},
		},
		"sessionEndOthers": mine(in{}, roles{otherRep}, nil),
		"apiTokenCreate": mine(in{"name": "Programa", "scopes": []string{"READ"}, "expiresAt": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)},
			roles{stranger}, nil),
		"apiTokenRevoke": {
			input: in{"apiToken": w.global("token id: " + otherRep)}, may: but(signedIn(), program), by: roles{otherRep},
			hidden: []in{{"apiToken": w.global("token id: " + rep)}},
		},
		"linkedIdentityRemove": mine(in{"issuer": w.global("issuer: " + rep)}, roles{rep}, nil),
		"accountUpdate":        mine(in{"language": "EN"}, roles{rep, officer, registered}, nil),
		"invitationCreate": {
			input: in{"organization": w.global("club"), "mail": "aina@example.org", "role": "DELEGATE"}, may: roles{rep},
		},
		"invitationRevoke": {
			input: in{"invitation": w.global("invitation: club")}, may: roles{rep}, refused: []string{"NOT_FOUND", "DENIED"},
			hidden: []in{{"invitation": w.global("invitation: province")}},
		},
		"invitationAccept": {
			input: in{"invitation": in{"token": "no such secret"}}, may: but(signedIn(), program), by: roles{stranger},
			hidden: []in{{"invitation": in{"id": w.global("invitation: other club")}}}, refused: []string{"INVITATION_NOT_VALID"},
			made: inviteAnew,
		},
		"accountDisable": {input: anAccount(w), may: roles{admin}},
		"accountEnable":  {input: anAccount(w), may: roles{admin}},
	}
}

// anAccount names one that nobody signs in with here.
func anAccount(w *world) in {
	someone := w.people["person at the sensitive event"]
	for _, payload := range []string{"AccountDisablePayload", "AccountEnablePayload"} {
		for _, f := range []string{"id", "mail", "language", "admin", "createdAt", "disabledAt"} {
			place := payload + ".account Account." + f
			someone.self.may[place], someone.mail.may[place] = roles{admin}, roles{admin}
		}
	}
	return in{"account": in{"mail": someone.address}}
}

// inviteAnew invites somebody for a body in which nothing is planted.
func inviteAnew(w *world, role string, n int) in {
	w.body("inviting", directory.Spec{Kind: node.Association, ActsIn: []id.ID{hubtest.Terrassa}})
	by := w.hub.Person(w.TB, "Persona que convida", w.node("inviting"), directory.Representative)
	text, hash := w.secret(w.plant("the link of an invitation that is accepted", nil, nil), "")
	w.exec(`insert into invitations (id, token_hash, mail, organization, role, invited_by, expires_at)
		values ($1, $2, 'convidada@example.org', $3, 'DELEGATE', $4, now() + interval '10 days')`, id.New(), hash, w.node("inviting"), by)
	return in{"invitation": in{"token": text}}
}
