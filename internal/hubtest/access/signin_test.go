package access_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// TestSignInByCode: the same answer for everybody who asks for a code; the code
// signs in on every instance, signing out out of every one.
func TestSignInByCode(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2, nil)
	b := h.browser(t)
	b.signIn("known@example.org")
	known := b.send("POST", "/auth/code", map[string]string{"mail": "known@example.org"})
	unknown := b.send("POST", "/auth/code", map[string]string{"mail": "unknown@example.org"})
	for _, a := range []answer{known, unknown} {
		a.Header.Del("Date")
	}
	if known.StatusCode != http.StatusAccepted || known.body != unknown.body || fmt.Sprint(known.Header) != fmt.Sprint(unknown.Header) {
		t.Errorf("known: %s %v\nunknown: %s %v", known.body, known.Header, unknown.body, unknown.Header)
	}
	if strings.Contains(known.body, "known") {
		t.Error("the answer repeats the address")
	}

	person := b.person()
	if person == "" || b.at(1).person() != person {
		t.Fatal("not signed in on both instances")
	}
	account := b.must(`{ viewer { account { mail language admin } sessions { current userAgent } actingFor { id } } }`, nil)
	if got := fmt.Sprint(account["viewer"]); got != "map[account:map[admin:false language:EN mail:known@example.org] actingFor:<nil> sessions:[map[current:true userAgent:Go-http-client/1.1]]]" {
		t.Errorf("my account: %s", got)
	}
	stolen := sessionOf(b)
	if a := b.at(1).send("DELETE", "/auth/session", nil); a.StatusCode != http.StatusNoContent || sessionOf(b) != "" {
		t.Errorf("signing out: %d %s", a.StatusCode, a.body)
	}
	b.cookies[auth.SessionCookie] = stolen
	if b.person() != "" || b.at(1).person() != "" {
		t.Error("whoever kept the cookie is still signed in")
	}
}

// TestSignInRefused: malformed requests, wrong codes and too many tries, each in
// the reader's language.
func TestSignInRefused(t *testing.T) {
	t.Parallel()
	b := newHouse(t, 1, nil).browser(t)
	for _, c := range []struct {
		method, path string
		body         any
		status       int
		code         string
	}{
		{"POST", "/auth/code", `{"mail":"a@example.org"}`, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"POST", "/auth/code", map[string]any{"mail": 1}, 400, "BAD_REQUEST"},
		{"POST", "/auth/code", map[string]string{"mail": "nobody"}, 400, "BAD_MAIL"},
		{"POST", "/auth/code", map[string]string{"mail": "a\u0000@example.org"}, 400, "BAD_MAIL"},
		{"POST", "/auth/code", map[string]string{"mail": strings.Repeat("x", 5000)}, 413, "BODY_TOO_LARGE"},
		{"POST", "/auth/session", map[string]string{"mail": "a@example.org", "code": "12345678"}, 401, "SIGN_IN_FAILED"},
		{"POST", "/auth/session", map[string]string{"token": "x"}, 401, "SIGN_IN_FAILED"},
		{"POST", "/auth/session", map[string]string{}, 400, "BAD_MAIL"},
		{"GET", "/auth/code", nil, 405, ""},
		{"GET", "/auth/nothing", nil, 404, ""},
		{"PUT", "/auth/mail", map[string]string{"token": "x"}, 404, ""}, // accountMailChange is the one way to another address
	} {
		a := b.send(c.method, c.path, c.body)
		if a.StatusCode != c.status || a.code() != c.code || len(a.Cookies()) > 0 {
			t.Errorf("%s %s %.60v: %d %s, want %d %s", c.method, c.path, c.body, a.StatusCode, a.body, c.status, c.code)
		}
	}
	for range 9 {
		b.send("POST", "/auth/session", map[string]string{"mail": "a@example.org", "code": "12345678"})
	}
	a := b.with("Accept-Language", "ca").send("POST", "/auth/session", map[string]string{"mail": "a@example.org", "code": "12345678"})
	if a.StatusCode != 429 || a.Header.Get("Retry-After") == "" || !strings.Contains(a.body, "massa vegades") {
		t.Errorf("the eleventh try: %d %v %s", a.StatusCode, a.Header, a.body)
	}
}

// TestLinkInMail: what a scanner of mails does with the link does not use it up.
func TestLinkInMail(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1, nil)
	b := h.browser(t)
	b.send("POST", "/auth/code", map[string]string{"mail": "anna@example.org"})
	link := h.box.newest(t, "anna@example.org", mail.SignInCode)["link"].(string)
	if !strings.HasPrefix(link, "http://"+b.hub.Addr+"/sign-in#token=") {
		t.Fatalf("the link: %s", link)
	}
	page, _, _ := strings.Cut(link, "#") // what a client sends of it
	for range 3 {
		if a := b.send("GET", page, nil); len(a.Cookies()) > 0 {
			t.Error("fetching the page signs in")
		}
	}
	if a := b.send("POST", "/auth/session", map[string]string{"token": h.box.token(t, "anna@example.org", mail.SignInCode)}); a.StatusCode != 200 {
		t.Errorf("the link does not work any more: %d %s", a.StatusCode, a.body)
	}
}

// TestSameIdentityEverywhere: cookie, program's token and demo token find the
// same viewer by POST, GET, WebSocket and server-sent events, and act for the
// same body.
func TestSameIdentityEverywhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1, nil)
	hub := h.hubs[0]
	b := h.browser(t).signIn("anna@example.org")
	person, err := node.Person.Prefix().Node(b.person())
	if err != nil {
		t.Fatal(err)
	}
	club := hub.Association(t, "Entitat de prova")
	h.appoint(t, b, club, directory.Representative)
	machine := b.apiToken("READ")
	const question = `{ viewer { person { id } actingFor { id } } }`
	want := fmt.Sprintf(`{"viewer":{"person":{"id":%q},"actingFor":{"id":%q}}}`, node.Person.Global(person), node.Association.Global(club))
	anonymous := h.browser(t)
	for name, who := range map[string]struct {
		browser *browser
		payload map[string]any
	}{
		"cookie":  {b, map[string]any{}},
		"program": {anonymous.with("Authorization", "Bearer "+machine), map[string]any{"authorization": "Bearer " + machine}},
		"demo":    {anonymous.with("Authorization", "Bearer "+hub.Token(person)), map[string]any{"Authorization": "Bearer " + hub.Token(person)}},
	} {
		acting := who.browser.with(auth.ActingForHeader, node.Association.Global(club))
		got := map[string]string{
			"POST":   acting.send("POST", "/graphql", map[string]any{"query": question}).body,
			"GET":    acting.send("GET", "/graphql?query="+strings.ReplaceAll(question, " ", "%20"), nil).body,
			"events": acting.events(question),
			// EventSource can set no header.
			"address": who.browser.with("Accept", "text/event-stream").
				send("GET", "/graphql?actingFor="+node.Association.Global(club)+"&query="+strings.ReplaceAll(question, " ", "%20"), nil).body,
		}
		who.payload["actingFor"] = node.Association.Global(club)
		data, _, closed := (&browser{T: t, house: h, hub: hub, cookies: who.browser.cookies}).socket(who.payload, question)
		got["socket"] = fmt.Sprintf(`{"viewer":{"person":{"id":%q},"actingFor":{"id":%q}}} %d`,
			dig(data, "viewer", "person", "id"), dig(data, "viewer", "actingFor", "id"), closed)
		for transport, text := range got {
			if !strings.Contains(text, want) {
				t.Errorf("%s by %s: %s", name, transport, text)
			}
		}
		// Acting for a body that one does not act for is refused before anything else.
		other := who.browser.with(auth.ActingForHeader, node.Municipality.Global(hubtest.Terrassa))
		if a := other.send("POST", "/graphql", map[string]any{"query": question}); a.StatusCode != 403 || !strings.Contains(a.body, "NOT_ACTING_FOR") {
			t.Errorf("%s acts for Terrassa: %d %s", name, a.StatusCode, a.body)
		}
		address := "/graphql?actingFor=" + node.Municipality.Global(hubtest.Terrassa)
		if a := who.browser.send("GET", address+"&query={viewer{id}}", nil); a.StatusCode != 403 || !strings.Contains(a.body, "NOT_ACTING_FOR") {
			t.Errorf("%s acts for Terrassa by the address: %d %s", name, a.StatusCode, a.body)
		}
		if a := who.browser.send("POST", address, map[string]any{"query": question}); a.StatusCode != 200 || strings.Contains(a.body, "NOT_ACTING_FOR") {
			t.Errorf("%s: the address of a POST says for whom: %d %s", name, a.StatusCode, a.body)
		}
		who.payload["actingFor"] = node.Municipality.Global(hubtest.Terrassa)
		if _, _, closed := (&browser{T: t, house: h, hub: hub, cookies: who.browser.cookies}).socket(who.payload, question); closed != 4403 {
			t.Errorf("%s acts for Terrassa on a socket, closed %d", name, closed)
		}
	}
}

// appoint lets the browser's person act for a body.
func (h *house) appoint(t *testing.T, b *browser, body id.ID, role directory.ActingRole) {
	t.Helper()
	person, err := node.Person.Prefix().Node(b.person())
	if err != nil {
		t.Fatal(err)
	}
	err = h.hubs[0].DB.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		return node.Connect(ctx, tx, node.Edge{Kind: node.ActsFor, Source: person, Target: body, Role: string(role), RecordedIn: body})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (b *browser) apiToken(scopes ...string) string {
	b.Helper()
	data := b.must(`mutation($in: ApiTokenCreateInput!) { apiTokenCreate(input: $in) { token errors { code } } }`, map[string]any{
		"in": map[string]any{"name": "Programa", "scopes": scopes, "expiresAt": "2026-12-31T00:00:00Z"},
	})
	return dig(data, "apiTokenCreate", "token")
}

// TestOtherSites: a page of another site can do nothing in the name of whoever
// is signed in; the hub's own pages, programs and readers of what is public can.
func TestOtherSites(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1, nil)
	b := h.browser(t).signIn("anna@example.org")
	me := map[string]any{"query": `{ viewer { person { id } } }`}
	foreign := []map[string]string{
		{"Origin": "https://evil.example"},
		{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
		{"Sec-Fetch-Site": "same-site"},
		{"Origin": "null"},
	}
	for _, headers := range foreign {
		page := *b
		page.headers = headers
		for _, request := range []struct{ method, path string }{
			{"POST", "/graphql"}, {"POST", "/auth/session"}, {"DELETE", "/auth/session"}, {"POST", "/auth/code"},
		} {
			a := page.send(request.method, request.path, me)
			if a.StatusCode != 403 || !strings.Contains(a.body, "ORIGIN_NOT_ALLOWED") {
				t.Errorf("%v may %s %s: %d %s", headers, request.method, request.path, a.StatusCode, a.body)
			}
		}
		if headers["Origin"] != "" {
			if _, status, _ := page.socket(map[string]any{}, `{ viewer { person { id } } }`); status != 403 {
				t.Errorf("%v may open a socket: %d", headers, status)
			}
		}
	}
	if b.person() == "" {
		t.Fatal("one of them signed me out")
	}
	own := b.with("Origin", "http://"+b.hub.Addr)
	if a := own.send("POST", "/graphql", me); a.StatusCode != 200 || !strings.Contains(a.body, `"per_`) {
		t.Errorf("the hub's own page: %d %s", a.StatusCode, a.body)
	}
	if data, status, _ := own.socket(map[string]any{}, `{ viewer { person { id } } }`); status != 101 || dig(data, "viewer", "person", "id") == "" {
		t.Errorf("the hub's own page opens no socket: %d", status)
	}
	portal := h.browser(t).with("Origin", "https://portal.example")
	if a := portal.send("POST", "/graphql", me); a.StatusCode != 200 || a.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("a portal reads what is public: %d %v", a.StatusCode, a.Header)
	}
	// A page that brings a token of its own does not act for the cookie.
	token := h.hubs[0].Token(h.hubs[0].Person(t, "Berta Prova", hubtest.Terrassa, directory.Technician))
	a := b.with("Origin", "https://portal.example").with("Authorization", "Bearer "+token).send("POST", "/graphql", me)
	if a.StatusCode != 200 || strings.Contains(a.body, b.person()) || !strings.Contains(a.body, `"per_`) {
		t.Errorf("a portal with a token: %d %s", a.StatusCode, a.body)
	}
	// Forms are no requests at all.
	form := b.with("Content-Type", "application/x-www-form-urlencoded").send("POST", "/graphql", "query=mutation")
	if form.StatusCode != 415 {
		t.Errorf("a form: %d", form.StatusCode)
	}
}

// TestProgramsScopes: a program changes what its token's scopes name and nothing
// else, never its own sign-in; and it does not see its person's sessions.
func TestProgramsScopes(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1, nil)
	b := h.browser(t).signIn("anna@example.org")
	address := fmt.Sprintf(`{title: {ca: "Associació nova"}, actsIn: [%q]}`, node.Municipality.Global(hubtest.Terrassa))
	create := `mutation { associationCreate(input: ` + address + `) { errors { code } } }`
	cancel := `mutation { eventPublish(input: {id: "ev_x"}) { errors { code } } }`
	own := []string{
		`mutation { apiTokenCreate(input: {name: "x", scopes: [ALL], expiresAt: "2026-12-31T00:00:00Z"}) { errors { code } } }`,
		`mutation { sessionEndOthers(input: {}) { errors { code } } }`,
		`mutation { accountUpdate(input: {name: "x"}) { errors { code } } }`,
		`mutation { invitationAccept(input: {invitation: {token: "x"}}) { errors { code } } }`,
		`mutation { accountDisable(input: {account: {mail: "a@example.org"}}) { errors { code } } }`,
	}
	for scope, want := range map[string][2]string{
		"READ": {"TOKEN_SCOPE", "TOKEN_SCOPE"}, "EVENTS_WRITE": {"TOKEN_SCOPE", "NOT_FOUND"},
		"REGISTRATIONS_WRITE": {"TOKEN_SCOPE", "TOKEN_SCOPE"}, "DIRECTORY_WRITE": {"", "TOKEN_SCOPE"}, "ALL": {"", "NOT_FOUND"},
	} {
		program := h.browser(t).with("Authorization", "Bearer "+b.apiToken(scope))
		if got := [2]string{program.refused(create, nil), program.refused(cancel, nil)}; got != want {
			t.Errorf("%s: %v, want %v", scope, got, want)
		}
		for _, mutation := range own {
			if code := program.refused(mutation, nil); code != "SESSION_ONLY" {
				t.Errorf("%s may %s: %q", scope, mutation, code)
			}
		}
		seen := program.must(`{ viewer { person { id } account { mail } sessions { id } apiTokens { id } identities { issuer } invitations { id } } }`, nil)
		if got := fmt.Sprint(seen["viewer"]); !regexp.MustCompile(`^map\[account:<nil> apiTokens:\[\] identities:\[\] invitations:\[\] person:map\[id:per_\w+\] sessions:\[\]\]$`).MatchString(got) {
			t.Errorf("%s sees %s", scope, got)
		}
	}
	list := b.must(`{ viewer { apiTokens { id name scopes lastUsedAt } } }`, nil)
	if got := strings.Count(fmt.Sprint(list), "name:Programa"); got != 5 {
		t.Errorf("%d tokens: %v", got, list)
	}
	first := list["viewer"].(map[string]any)["apiTokens"].([]any)[0].(map[string]any)["id"]
	if left := b.must(`mutation($t: ID!) { apiTokenRevoke(input: {apiToken: $t}) { apiTokens { id } errors { code } } }`, map[string]any{"t": first}); strings.Count(fmt.Sprint(left), "id:") != 4 {
		t.Errorf("left: %v", left)
	}
}

// TestManyTriesInOneRequest: ten aliases are ten tries.
func TestManyTriesInOneRequest(t *testing.T) {
	t.Parallel()
	b := newHouse(t, 1, nil).browser(t).signIn("anna@example.org")
	many := "mutation {"
	for i := range 10 {
		many += fmt.Sprintf(` a%d: invitationAccept(input: {invitation: {token: "guess %d"}}) { errors { code } }`, i, i)
	}
	for range 3 { // thirty tries in an hour
		if a := b.send("POST", "/graphql", map[string]any{"query": many + "}"}); strings.Count(a.body, "INVITATION_NOT_VALID") != 10 {
			t.Fatalf("answered %s", a.body)
		}
	}
	if a := b.send("POST", "/graphql", map[string]any{"query": many + "}"}); strings.Count(a.body, "TOO_OFTEN") != 10 || strings.Contains(a.body, "INVITATION_NOT_VALID") {
		t.Errorf("the fourth time: %s", a.body)
	}
}

// TestOwnSessions: I see my sessions and end them, one or all others; ending one
// twice by a repeated request is ending it once.
func TestOwnSessions(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2, nil)
	here, there := h.browser(t).signIn("anna@example.org"), h.browser(t).signIn("anna@example.org")
	stranger := h.browser(t).signIn("berta@example.org")
	mine := there.must(`{ viewer { sessions { id current } } }`, nil)["viewer"].(map[string]any)["sessions"].([]any)
	if len(mine) != 2 {
		t.Fatalf("my sessions: %v", mine)
	}
	var other any
	for _, s := range mine {
		if s.(map[string]any)["current"] == true {
			other = s.(map[string]any)["id"]
		}
	}
	end := map[string]any{"in": map[string]any{"session": other, "idempotencyKey": "end"}}
	const mutation = `mutation($in: SessionEndInput!) { sessionEnd(input: $in) { sessions { id } errors { code } } }`
	if code := stranger.refused(mutation, end); code != "NOT_FOUND" {
		t.Errorf("somebody else's session: %q", code)
	}
	for range 2 {
		if left := here.at(1).must(mutation, end); strings.Count(fmt.Sprint(left), "id:") != 1 {
			t.Errorf("left: %v", left)
		}
	}
	if there.person() != "" || here.person() == "" {
		t.Error("the wrong one ended")
	}
	there.signIn("anna@example.org")
	if ended := here.must(`mutation { sessionEndOthers(input: {}) { ended errors { code } } }`, nil); dig(ended, "sessionEndOthers", "ended") != "1" {
		t.Errorf("ended %v", ended)
	}
	if there.person() != "" || here.person() == "" || stranger.person() == "" {
		t.Error("the wrong ones ended")
	}
}
