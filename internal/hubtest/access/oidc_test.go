package access_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/platform/auth"
)

// provider starts the OpenID Connect provider of the web client's tests (npm
// oidc-provider, certified) and returns its address. Its people have the claims
// given. It ends with the test.
func provider(t *testing.T, people map[string]any) string {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed")
	}
	claims, err := json.Marshal(people)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "node", "test/oidc/provider.mjs", string(claims))
	cmd.Dir = "../../../web"
	in, err1 := cmd.StdinPipe()
	out, err2 := cmd.StdoutPipe()
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close() // it ends with its input
		_ = cmd.Wait()
		cancel()
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	var told struct{ Issuer string }
	if err != nil || json.Unmarshal(line, &told) != nil {
		t.Fatalf("the provider does not start (npm ci in web?): %q, %v", line, err)
	}
	return told.Issuer
}

func withProvider(issuer string) func(*config.Config) {
	return func(c *config.Config) {
		c.OIDCIssuer, c.OIDCClientID, c.OIDCClientSecret, c.OIDCName = issuer, "teixit", "a secret for tests only", "Proves"
	}
}

// people of the provider: one with an address it vouches for, one whose address
// nobody checked, as some providers have them.
func claimants() map[string]any {
	return map[string]any{
		"anna":  map[string]any{"name": "Anna Prova", "email": "Anna@example.org", "email_verified": true, "locale": "es-ES"},
		"entra": map[string]any{"name": "Esther Prova", "email": "esther@example.org"},
	}
}

// begin goes to the provider and returns where that was.
func (b *browser) begin(path string) string {
	b.Helper()
	a := b.send("GET", path, nil)
	if a.StatusCode != http.StatusSeeOther {
		b.Fatalf("%s: %d %s", path, a.StatusCode, a.body)
	}
	return a.Header.Get("Location")
}

// login signs in at the provider as somebody and agrees to everything, until the
// provider sends the browser back; it returns to where. The provider's cookies
// have paths and ports of their own, so they are kept by name, apart.
func (b *browser) login(address, as string) string {
	b.Helper()
	at := *b
	at.cookies = map[string]string{}
	for range 12 {
		u, err := url.Parse(address)
		if err != nil {
			b.Fatal(err)
		}
		if u.Path == "/auth/oidc/callback" || u.Host == b.hub.Addr {
			return address
		}
		a := at.send("GET", address, nil)
		if a.StatusCode == http.StatusOK { // a form: who are you, do you agree
			form := url.Values{"prompt": {"consent"}}
			if strings.Contains(a.body, `name="login"`) {
				form = url.Values{"prompt": {"login"}, "login": {as}, "password": {"any"}}
			}
			a = at.with("Content-Type", "application/x-www-form-urlencoded").send("POST", address, form.Encode())
		}
		next, err := u.Parse(a.Header.Get("Location"))
		if err != nil || a.Header.Get("Location") == "" {
			b.Fatalf("the provider at %s answered %d %.300s", address, a.StatusCode, a.body)
		}
		address = next.String()
	}
	b.Fatal("the provider sends in circles")
	return ""
}

// through comes in by the provider and returns where the browser was sent in
// the end.
func (b *browser) through(path, as string) string {
	b.Helper()
	back := strings.Replace(b.login(b.begin(path), as), "http://127.0.0.1:9/", "http://"+b.hub.Addr+"/", 1)
	return b.send("GET", back, nil).Header.Get("Location")
}

// TestProvider signs people in at a real provider.
func TestProvider(t *testing.T) {
	t.Parallel()
	issuer := provider(t, claimants())
	// What people see is in front of both instances.
	const site = "http://127.0.0.1:9"
	h := newHouse(t, 2, func(c *config.Config) { withProvider(issuer)(c); c.URL = site })

	if a := h.browser(t).send("GET", "/auth/methods", nil); a.body != `{"code":true,"oidc":{"name":"Proves"}}` {
		t.Errorf("methods: %s", a.body)
	}
	anna := h.browser(t)
	address := anna.begin("/auth/oidc/start?next=/me")
	asked, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := asked.Query()
	if !strings.HasPrefix(address, issuer) || q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" ||
		len(q.Get("state")) < 43 || len(q.Get("nonce")) < 43 || q.Get("response_type") != "code" {
		t.Errorf("asked: %s", address)
	}
	// Begun on one instance, finished on the other: instances keep nothing.
	back := strings.Replace(anna.login(address, "anna"), site, "http://"+h.hubs[1].Addr, 1)
	if to := anna.send("GET", back, nil).Header.Get("Location"); to != "/me" {
		t.Fatalf("came back to %q", to)
	}
	seen := anna.must(`{ viewer { person { id name } account { mail language } identities { issuer } } }`, nil)
	if dig(seen, "viewer", "person", "name") != "Anna Prova" || dig(seen, "viewer", "account", "mail") != "anna@example.org" ||
		dig(seen, "viewer", "account", "language") != "ES" {
		t.Errorf("anna: %v", seen)
	}
	person := anna.person()

	again := h.browser(t)
	if to := again.through("/auth/oidc/start", "anna"); to != "/" || again.person() != person {
		t.Errorf("the second time: %q, %q", to, again.person())
	}
	byMail := h.browser(t).signIn("anna@example.org")
	if byMail.person() != person {
		t.Error("the verified address is another account")
	}

	// Replayed, the answer of the provider opens nothing.
	replay := h.browser(t)
	if to := replay.send("GET", back, nil).Header.Get("Location"); to != "/sign-in?error=OIDC_FAILED" || replay.person() != "" {
		t.Errorf("replayed by another browser: %q", to)
	}
	if to := anna.send("GET", back, nil).Header.Get("Location"); to != "/sign-in?error=OIDC_FAILED" {
		t.Errorf("replayed by the same browser: %q", to)
	}
}

// TestProviderUnverified: an address that the provider does not vouch for finds
// no account and becomes none's own; who has an account links it from within.
func TestProviderUnverified(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1, withProvider(provider(t, claimants())))
	stranger := h.browser(t)
	if to := stranger.through("/auth/oidc/start", "entra"); to != "/" {
		t.Fatalf("came back to %q", to)
	}
	if mail := dig(stranger.must(`{ viewer { account { mail } } }`, nil), "viewer", "account", "mail"); mail != "" {
		t.Errorf("an address nobody vouched for is the account's: %q", mail)
	}
	if h.browser(t).signIn("esther@example.org").person() == stranger.person() {
		t.Error("the owner of the address comes into somebody else's account")
	}

	h = newHouse(t, 1, withProvider(provider(t, claimants())))
	esther := h.browser(t).signIn("esther@example.org")
	outside := h.browser(t)
	if to := outside.through("/auth/oidc/start", "entra"); to != "/sign-in?error=OIDC_MAIL_KNOWN" || outside.person() != "" {
		t.Errorf("by mail alone: %q, %q", to, outside.person())
	}
	// Linking begins on the hub's own page only.
	for _, site := range []string{"", "cross-site", "same-site", "none"} {
		if to := esther.with("Sec-Fetch-Site", site).begin("/auth/oidc/start"); to != "/sign-in?error=DENIED" {
			t.Errorf("linking begun from %q leads to %q", site, to)
		}
	}
	if to := esther.with("Sec-Fetch-Site", "same-origin").through("/auth/oidc/start?next=/me/access", "entra"); to != "/me/access" {
		t.Errorf("linking: %q", to)
	}
	if to := outside.through("/auth/oidc/start", "entra"); to != "/" || outside.person() != esther.person() {
		t.Errorf("linked, and in as %q: %q", outside.person(), to)
	}
	berta := h.browser(t).signIn("berta@example.org")
	if to := berta.with("Sec-Fetch-Site", "same-origin").through("/auth/oidc/start", "entra"); to != "/sign-in?error=IDENTITY_TAKEN" {
		t.Errorf("somebody else's identity: %q", to)
	}
}

// TestProviderForged: an answer that is not of this browser's flow, in any part,
// signs nobody in.
func TestProviderForged(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1, withProvider(provider(t, claimants())))
	victim, mallory := h.browser(t), h.browser(t)
	mallorys := mallory.login(mallory.begin("/auth/oidc/start"), "anna")
	victim.begin("/auth/oidc/start")
	own := victim.cookies["__Host-teixit-oidc"]
	change := func(key, value string) string {
		u, err := url.Parse(mallorys)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		q.Set(key, value)
		u.RawQuery = q.Encode()
		return u.String()
	}
	for name, c := range map[string]struct{ cookie, address string }{
		"somebody else's answer":   {own, mallorys},
		"without a flow":           {"", mallorys},
		"a flow nobody sealed":     {own[:20] + "AAAA" + own[24:], mallorys},
		"another state":            {mallory.cookies["__Host-teixit-oidc"], change("state", "x")},
		"another code":             {mallory.cookies["__Host-teixit-oidc"], change("code", "x")},
		"another issuer":           {mallory.cookies["__Host-teixit-oidc"], change("iss", "https://evil.example")},
		"no code, but a complaint": {mallory.cookies["__Host-teixit-oidc"], strings.Replace(change("code", ""), "code=", "error=access_denied&x=", 1)},
	} {
		b := h.browser(t)
		if c.cookie != "" {
			b.cookies["__Host-teixit-oidc"] = c.cookie
		}
		if to := b.send("GET", c.address, nil).Header.Get("Location"); to != "/sign-in?error=OIDC_FAILED" || b.cookies[auth.SessionCookie] != "" {
			t.Errorf("%s: %q, cookies %v", name, to, b.cookies)
		}
	}
	// Negative control: what was forged in all its parts works as it is.
	fresh := h.browser(t)
	if to := fresh.through("/auth/oidc/start", "anna"); to != "/" || fresh.person() == "" {
		t.Errorf("the flow itself does not work: %q", to)
	}
}

// TestProviderReturns: the way back leads to pages of the hub only.
func TestProviderReturns(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1, withProvider(provider(t, claimants())))
	for next, want := range map[string]string{
		"/organisations/x?y=1": "/organisations/x?y=1", "https://evil.example": "/", "//evil.example": "/",
		`/\evil.example`: "/", "javascript:alert(1)": "/", "": "/",
	} {
		b := h.browser(t)
		if to := b.through("/auth/oidc/start?next="+url.QueryEscape(next), "anna"); to != want {
			t.Errorf("next=%q leads to %q, want %q", next, to, want)
		}
	}
}

// TestNoProvider: without one, or while it does not answer, everything else
// works and people are told.
func TestNoProvider(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1, nil)
	b := h.browser(t)
	if to := b.begin("/auth/oidc/start"); to != "/sign-in?error=OIDC_NOT_SET_UP" {
		t.Errorf("leads to %q", to)
	}
	if a := b.send("GET", "/auth/methods", nil); a.body != `{"code":true,"oidc":null}` {
		t.Errorf("methods: %s", a.body)
	}
	down := newHouse(t, 1, withProvider("http://127.0.0.1:1")).browser(t)
	begun := time.Now()
	if to := down.begin("/auth/oidc/start"); to != "/sign-in?error=OIDC_FAILED" {
		t.Errorf("leads to %q", to)
	}
	if waited := time.Since(begun); waited > 6*time.Second {
		t.Errorf("waited %v for a provider that is down", waited)
	}
	down.signIn("anna@example.org")
}
