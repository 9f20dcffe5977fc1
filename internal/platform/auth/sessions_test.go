package auth_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// TestSessionCookie: 256 bits, for this host alone, out of reach of scripts and
// of other sites, forgotten when the browser closes.
func TestSessionCookie(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rec := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/auth/session", nil)
	if err := w.sessions.Begin(rec, r, w.person("anna@example.org")); err != nil {
		t.Fatal(err)
	}
	c := rec.Result().Cookies()[0]
	if c.Name != "__Host-teixit" || !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" ||
		c.SameSite != http.SameSiteLaxMode || !c.Expires.IsZero() || c.MaxAge != 0 || len(c.Value) != 43 {
		t.Errorf("the cookie: %+v", c)
	}
}

// TestSessionRotates: signing in gives a new token, and the browser's session
// before ends, whoever's it was.
func TestSessionRotates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna, berta := w.person("anna@example.org"), w.person("berta@example.org")
	first := w.browser(anna, "")
	second := w.browser(berta, first)
	if first == second {
		t.Fatal("the token stayed")
	}
	if w.seen(first).SignedIn() {
		t.Error("the session before goes on")
	}
	if w.seen(second).Person != berta {
		t.Error("somebody else is signed in")
	}
	// A token that somebody planted in the browser does not become a session.
	planted := strings.Repeat("A", 43)
	if third := w.browser(anna, planted); third == planted || w.seen(planted).SignedIn() {
		t.Error("a planted token signs in")
	}
}

// TestSessionEnds: by idling, by age, by hand; a use, and a live stream, puts
// idling off but not age.
func TestSessionEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.person("anna@example.org")
	cookie := w.browser(anna, "")
	pass := func(d time.Duration) {
		w.exec(`update sessions set seen_at = seen_at - $1::interval`, d)
	}
	pass(29 * time.Minute)
	if !w.seen(cookie).SignedIn() { // this is a use
		t.Fatal("ended before its time")
	}
	pass(29 * time.Minute)
	session := w.seen(cookie).Session
	if session.IsZero() {
		t.Fatal("the use did not count")
	}
	pass(29 * time.Minute)
	if err := w.sessions.Seen(t.Context(), []id.ID{session}); err != nil { // a stream
		t.Fatal(err)
	}
	pass(29 * time.Minute)
	if !w.seen(cookie).SignedIn() {
		t.Fatal("the stream did not count")
	}
	pass(31 * time.Minute)
	if w.seen(cookie).SignedIn() {
		t.Error("idled for 31 minutes and goes on")
	}
	if err := w.sessions.Seen(t.Context(), []id.ID{session}); err != nil || w.seen(cookie).SignedIn() {
		t.Error("a use brought it back")
	}
}

// TestSessionAge: twelve hours, which nothing extends: the table itself refuses.
func TestSessionAge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cookie := w.browser(w.person("anna@example.org"), "")
	if n := w.count(`select count(*) from sessions where expires_at = created_at + interval '12 hours'`); n != 1 {
		t.Error("it does not last twelve hours")
	}
	_, err := postgres.Hub(w.db.Read()).Exec(t.Context(), `update sessions set expires_at = expires_at + interval '1 hour'`)
	if err == nil || !strings.Contains(err.Error(), "cannot be changed") {
		t.Errorf("its end could be moved: %v", err)
	}
	w.age(`sessions`, 12*time.Hour)
	if w.seen(cookie).SignedIn() {
		t.Error("after twelve hours it goes on")
	}
}

// age lets time pass for the rows of a table, past the triggers that forbid it:
// the rows are made anew, as if they had been made earlier.
func (w *world) age(table string, by time.Duration) {
	w.Helper()
	columns := map[string]string{
		"sessions":     "id, token_hash, person, user_agent, created_at - $1::interval, seen_at, expires_at - $1::interval, ended_at",
		"api_tokens":   "id, token_hash, person, name, scopes, created_at - $1::interval, expires_at - $1::interval, revoked_at, last_used_at",
		"mail_changes": "id, person, mail, code_hash, made_at - $1::interval, expires_at - $1::interval, used_at",
		"invitations":  "id, token_hash, mail, organization, role, invited_by, created_at - $1::interval, expires_at - $1::interval, accepted_at, accepted_by, revoked_at",
	}[table]
	w.exec(`with gone as (delete from `+table+` returning *) insert into `+table+` select `+columns+` from gone`, by)
}

// TestSessionEnd: signing out ends it for everybody who holds the cookie; one
// can end one's own others, and nobody else's.
func TestSessionEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna, berta := w.person("anna@example.org"), w.person("berta@example.org")
	here, there, hers := w.browser(anna, ""), w.browser(anna, ""), w.browser(berta, "")
	me := w.seen(here)
	list, err := w.sessions.Of(t.Context(), w.db.Read(), me)
	w.want(err, "")
	if len(list) != 2 || list[0].UserAgent != "Test browser" || list[0].Current == list[1].Current {
		t.Errorf("my sessions: %+v", list)
	}
	w.want(w.sessions.EndOne(t.Context(), me, "", w.seen(hers).Session), "NOT_FOUND")
	w.want(w.sessions.EndOne(t.Context(), me, "key", w.seen(there).Session), "")
	if w.seen(there).SignedIn() || !w.seen(here).SignedIn() || !w.seen(hers).SignedIn() {
		t.Error("the wrong session ended")
	}
	there = w.browser(anna, "")
	if n, err := w.sessions.EndOthers(t.Context(), me, ""); n != 1 || err != nil {
		t.Errorf("%d others ended, %v", n, err)
	}
	if w.seen(there).SignedIn() || !w.seen(here).SignedIn() || !w.seen(hers).SignedIn() {
		t.Error("the wrong session ended")
	}
	_, err = w.sessions.EndOthers(t.Context(), &access.Viewer{Person: anna, Token: id.New()}, "")
	w.want(err, "SESSION_ONLY")

	rec := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodDelete, "/auth/session", nil)
	r.AddCookie(&http.Cookie{Name: auth.SessionCookie, Value: here})
	w.want(w.sessions.End(rec, r), "")
	if c := rec.Result().Cookies()[0]; c.MaxAge >= 0 || c.Value != "" || !c.Secure {
		t.Errorf("the cookie is not cleared: %+v", c)
	}
	if w.seen(here).SignedIn() {
		t.Error("signed out, and still in")
	}
}

// TestSessionOfDisabled: a disabled account gets no session.
func TestSessionOfDisabled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.person("anna@example.org")
	_, err := w.accounts.Disable(t.Context(), nil, "", auth.Which{Person: anna})
	w.want(err, "")
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/auth/session", nil)
	w.want(w.sessions.Begin(httptest.NewRecorder(), r, anna), "ACCOUNT_DISABLED")
}
