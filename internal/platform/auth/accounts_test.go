package auth_test

import (
	"slices"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/node"
)

// TestFirstAdministrator: by command, with a link that signs in once.
func TestFirstAdministrator(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link, err := w.accounts.AppointAdmin(t.Context(), "Admin@example.org")
	w.want(err, "")
	const before = "https://hub.example/sign-in#token="
	if len(link) != len(before)+43 || link[:len(before)] != before {
		t.Fatalf("the link: %s", link)
	}
	person, err := w.signIn(auth.Proof{Token: link[len(before):]})
	w.want(err, "")
	if v := w.viewer(person); !v.Admin || len(v.Organises) != 1 {
		t.Errorf("the administrator: %+v", v)
	}
	_, err = w.signIn(auth.Proof{Token: link[len(before):]})
	w.want(err, "SIGN_IN_FAILED")
	if w.viewer(w.person("anna@example.org")).Admin {
		t.Error("others administer too")
	}
	if again := w.person("admin@example.org"); again != person {
		t.Error("the administrator is somebody else by code")
	}
	_, err = w.accounts.AppointAdmin(t.Context(), "no address")
	w.want(err, "BAD_MAIL")
}

// TestDisable: sessions, tokens, codes and invitations end in one transaction,
// versions rise so that live streams notice; who holds a demo token or proves
// the mail again does not come in.
func TestDisable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.person("anna@example.org")
	club := w.body("Club", anna)
	cookie := w.browser(anna, "")
	_, machine := w.machine(anna, auth.ScopeAll)
	_, err := w.accounts.Invite(t.Context(), w.viewer(anna), "", auth.InvitationSpec{Organization: club, Mail: "b@example.org", Role: "DELEGATE"})
	w.want(err, "")
	w.ask("anna@example.org")
	before := w.viewer(anna).Version

	for _, v := range []*access.Viewer{w.viewer(anna), {Person: id.New(), Admin: true, Token: id.New()}, {}} {
		_, err := w.accounts.Disable(t.Context(), v, "", auth.Which{Mail: "anna@example.org"})
		if err == nil {
			t.Fatalf("%+v may disable accounts", v)
		}
	}
	admin := &access.Viewer{Person: w.person("admin@example.org"), Admin: true}
	_, err = w.accounts.Disable(t.Context(), admin, "", auth.Which{Person: admin.Person})
	w.want(err, "OWN_ACCOUNT")
	_, err = w.accounts.Disable(t.Context(), admin, "", auth.Which{Mail: "nobody@example.org"})
	w.want(err, "NO_ACCOUNT")
	disabled, err := w.accounts.Disable(t.Context(), admin, "key", auth.Which{Mail: "anna@example.org"})
	w.want(err, "")
	if disabled.DisabledAt == nil || disabled.Person != anna {
		t.Errorf("answered with %+v", disabled)
	}

	if w.seen(cookie).SignedIn() {
		t.Error("the session goes on")
	}
	_, err = w.guard.Find(t.Context(), auth.Shown{Authorization: "Bearer " + machine})
	w.want(err, "BAD_TOKEN")
	_, err = auth.Viewer(t.Context(), w.db.Read(), anna, lang.CA)
	w.want(err, "UNAUTHENTICATED")
	_, err = w.signIn(auth.Proof{Mail: "anna@example.org", Code: w.code("anna@example.org")})
	w.want(err, "SIGN_IN_FAILED") // what was sent before is used up
	w.ask("anna@example.org")
	_, err = w.signIn(auth.Proof{Token: w.token("anna@example.org")})
	w.want(err, "ACCOUNT_DISABLED")
	invited := w.person("b@example.org")
	_, err = w.accounts.Accept(t.Context(), w.viewer(invited), "", auth.Accepting{Token: w.invitationTo("b@example.org")})
	w.want(err, "INVITATION_NOT_VALID")
	if n := w.count(`select version from viewer_versions where person = $1`, anna); int64(n) <= before {
		t.Error("the version did not rise")
	}

	_, err = w.accounts.Enable(t.Context(), admin, "", auth.Which{Person: anna})
	w.want(err, "")
	if w.seen(cookie).SignedIn() {
		t.Error("enabling brought the session back")
	}
	w.ask("anna@example.org")
	_, err = w.signIn(auth.Proof{Token: w.token("anna@example.org")})
	w.want(err, "")
}

func (w *world) machine(person id.ID, scopes ...auth.Scope) (id.ID, string) {
	w.Helper()
	made, text, err := w.accounts.CreateToken(w.Context(), w.viewer(person), "", auth.TokenSpec{
		Name: "Programa", Scopes: scopes, ExpiresAt: time.Now().Add(24 * time.Hour),
	})
	if err != nil {
		w.Fatal(err)
	}
	return made, text
}

// TestAPIToken: it reads as its person, has its scopes, ends when revoked and by
// its date, and cannot make others.
func TestAPIToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.person("anna@example.org")
	club := w.body("Club", anna)
	made, text := w.machine(anna, auth.ScopeRead, auth.ScopeEvents)
	use := func() (*access.Viewer, error) {
		return w.guard.Find(t.Context(), auth.Shown{Authorization: "bearer  " + text})
	}
	v, err := use()
	w.want(err, "")
	if v.Person != anna || v.Token != made || !v.Session.IsZero() || !slices.Equal(v.Scopes, []string{"read", "events:write"}) ||
		!v.MayAdminister(club) {
		t.Errorf("the program is %+v", v)
	}
	w.want(auth.Allow(v, auth.ScopeEvents), "")
	w.want(auth.Allow(v, auth.ScopeDirectory), "TOKEN_SCOPE")
	w.want(auth.Allow(w.viewer(anna), auth.ScopeDirectory), "")
	w.want(auth.AllowPerson(v), "SESSION_ONLY")
	_, _, err = w.accounts.CreateToken(t.Context(), v, "", auth.TokenSpec{Name: "x", Scopes: []auth.Scope{auth.ScopeRead}, ExpiresAt: time.Now().Add(time.Hour)})
	w.want(err, "SESSION_ONLY")

	berta := w.viewer(w.person("berta@example.org"))
	w.want(w.accounts.RevokeToken(t.Context(), berta, "", made), "NOT_FOUND")
	if _, err = use(); err != nil {
		t.Error("somebody else revoked it")
	}
	w.want(w.accounts.RevokeToken(t.Context(), w.viewer(anna), "", made), "")
	_, err = use()
	w.want(err, "BAD_TOKEN")

	_, text = w.machine(anna, auth.ScopeAll)
	w.age("api_tokens", 25*time.Hour)
	_, err = use()
	w.want(err, "BAD_TOKEN")
	for _, none := range []string{"Bearer tx_", "Bearer tx_" + text[3:10], "Bearer demo.a.b", "Basic " + text, "x"} {
		_, err := w.guard.Find(t.Context(), auth.Shown{Authorization: none})
		w.want(err, "BAD_TOKEN")
	}
}

// TestAPITokenSpec: what cannot be asked for; a repeated key makes one token and
// shows it once.
func TestAPITokenSpec(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := w.viewer(w.person("anna@example.org"))
	good := auth.TokenSpec{Name: "Programa", Scopes: []auth.Scope{auth.ScopeRead}, ExpiresAt: time.Now().Add(time.Hour)}
	for want, change := range map[string]func(*auth.TokenSpec){
		"REQUIRED":   func(s *auth.TokenSpec) { s.Name = " " },
		"BAD_SCOPES": func(s *auth.TokenSpec) { s.Scopes = nil },
		"BAD_EXPIRY": func(s *auth.TokenSpec) { s.ExpiresAt = time.Now().Add(366 * 24 * time.Hour) },
	} {
		spec := good
		change(&spec)
		_, text, err := w.accounts.CreateToken(t.Context(), v, "", spec)
		w.want(err, want)
		if text != "" {
			t.Error("a token beside an error")
		}
	}
	for _, bad := range [][]auth.Scope{{"admin"}, {auth.ScopeRead, auth.ScopeRead}} {
		spec := good
		spec.Scopes = bad
		_, _, err := w.accounts.CreateToken(t.Context(), v, "", spec)
		w.want(err, "BAD_SCOPES")
	}
	good.ExpiresAt = time.Now().Add(-time.Second)
	_, _, err := w.accounts.CreateToken(t.Context(), v, "", good)
	w.want(err, "BAD_EXPIRY")
	good.ExpiresAt = time.Now().Add(time.Hour)
	first, text, err := w.accounts.CreateToken(t.Context(), v, "key", good)
	w.want(err, "")
	again, nothing, err := w.accounts.CreateToken(t.Context(), v, "key", good)
	w.want(err, "")
	if first != again || text == "" || nothing != "" {
		t.Errorf("repeated: %v %v, %q", first, again, nothing)
	}
	for range 19 {
		_, _, err = w.accounts.CreateToken(t.Context(), v, "", good)
		w.want(err, "")
	}
	_, _, err = w.accounts.CreateToken(t.Context(), v, "", good)
	w.want(err, "TOO_MANY_TOKENS")
}

// TestActingFor: only for a body one acts for; what is none, and what one does
// not act for, answer alike.
func TestActingFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.person("anna@example.org")
	club, other := w.body("Club", anna), w.body("Altra")
	cookie := w.browser(anna, "")
	act := func(forBody string) (*access.Viewer, error) {
		return w.guard.Find(t.Context(), auth.Shown{Cookie: cookie, ActingFor: forBody})
	}
	v, err := act(node.Association.Global(club))
	w.want(err, "")
	if v.For != club {
		t.Error("does not act for it")
	}
	for _, none := range []string{node.Association.Global(other), node.Association.Global(id.New()), node.Person.Global(anna), "x"} {
		_, err := act(none)
		w.want(err, "NOT_ACTING_FOR")
	}
	_, err = w.guard.Find(t.Context(), auth.Shown{ActingFor: node.Association.Global(club)})
	w.want(err, "UNAUTHENTICATED")
	shown := auth.Shown{Cookie: cookie}.With(map[string]any{"actingFor": node.Association.Global(club), "Accept-Language": "es", "x": 1})
	if v, err = w.guard.Find(t.Context(), shown); err != nil || v.For != club || v.Lang != lang.ES {
		t.Errorf("by connection_init: %+v, %v", v, err)
	}
}

// TestUpdate: one's own name and language.
func TestUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.viewer(w.person("anna@example.org"))
	name, spanish, empty := " Anna Prova ", lang.ES, " "
	w.want(w.accounts.Update(t.Context(), anna, "", auth.Change{Name: &name, Language: &spanish}), "")
	w.want(w.accounts.Update(t.Context(), anna, "", auth.Change{Name: &empty}), "REQUIRED")
	w.ask("anna@example.org")
	if got := w.last("anna@example.org").Lang; got != lang.ES {
		t.Errorf("the mail is in %s", got)
	}
	if w.count(`select count(*) from person_names where name = 'Anna Prova' and subject = $1 and mail is null`, anna.Person) != 1 {
		t.Error("the name is not written")
	}
	if n := w.count(`select count(*) from journal where data::text ~* 'anna'`); n != 0 {
		t.Error("the journal has personal data")
	}
}

// TestMaintain forgets what is over, and nothing else.
func TestMaintain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.person("anna@example.org")
	w.browser(anna, "")
	w.machine(anna, auth.ScopeRead)
	w.exec(`update sign_in_codes set made_at = made_at - interval '2 days', expires_at = expires_at - interval '2 days', used_at = null`)
	w.ask("anna@example.org")
	w.age("sessions", 31*24*time.Hour)
	kept := w.browser(anna, "")
	w.want(auth.Maintain(t.Context(), w.db), "")
	for table, want := range map[string]int{"sign_in_codes": 1, "sessions": 1, "api_tokens": 1, "accounts": 1} {
		if n := w.count(`select count(*) from ` + table); n != want {
			t.Errorf("%d rows of %s, want %d", n, table, want)
		}
	}
	if !w.seen(kept).SignedIn() {
		t.Error("a live session was forgotten")
	}
}
