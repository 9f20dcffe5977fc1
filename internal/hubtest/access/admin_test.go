package access_test

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"testing"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// command runs the program against the database of the house.
func command(t *testing.T, d pgtest.Database, args ...string) (string, error) {
	t.Helper()
	t.Setenv("DATABASE_URL", d.App)
	t.Setenv("DATABASE_OWNER_URL", d.Owner)
	t.Setenv("TEIXIT_URL", "https://hub.example")
	var out, log bytes.Buffer
	err := app.Main(context.Background(), args, &out, &log)
	return out.String(), err
}

// TestAdministrators: the first one is made by command and comes in by a link
// that is good once; they invite the first people of bodies, but not into bodies
// that have somebody, and see nothing inside; they disable accounts, which ends
// what their people hold.
func TestAdministrators(t *testing.T) {
	h := &house{box: &letterbox{}}
	database := pgtest.URL(t)
	hub := hubtest.Start(t, hubtest.Config{Database: database, Options: []app.Option{app.WithMail(h.box)}})
	h.hubs = []*hubtest.Hub{hub}
	printed, err := command(t, database, "admin", "create", "--mail", "Admin@example.org")
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`https://hub\.example/sign-in#token=([\w-]{43})\n`).FindStringSubmatch(printed)
	if link == nil {
		t.Fatalf("printed %q", printed)
	}
	token := map[string]string{"token": link[1]}
	admin := h.browser(t)
	if a := admin.send("POST", "/auth/session", token); a.StatusCode != 200 {
		t.Fatalf("the link: %d %s", a.StatusCode, a.body)
	}
	if a := h.browser(t).send("POST", "/auth/session", token); a.StatusCode != 401 {
		t.Errorf("the link works twice: %d", a.StatusCode)
	}
	if got := admin.must(`{ viewer { account { admin } } }`, nil); dig(got, "viewer", "account", "admin") != "true" {
		t.Errorf("the administrator: %v", got)
	}

	club := hub.Association(t, "Entitat nova")
	admin.must(invite, invitation(club, "anna@example.org", "REPRESENTATIVE"))
	anna := h.browser(t).signIn("anna@example.org")
	anna.must(accept, accepting(h.box.token(t, "anna@example.org", mail.Invitation)))
	if code := admin.refused(invite, invitation(club, "admin@example.org", "REPRESENTATIVE")); code != "DENIED" {
		t.Errorf("an administrator invites themselves into a body that has somebody: %q", code)
	}
	people := fmt.Sprintf(`{ organization(by: {id: %q}) { ... on Association { people { person { name } } } invitations { mail } } }`, node.Association.Global(club))
	if got := fmt.Sprint(admin.must(people, nil)); got != "map[organization:map[invitations:[] people:[]]]" {
		t.Errorf("an administrator sees inside: %s", got)
	}

	const disable = `mutation($m: String!) { accountDisable(input: {account: {mail: $m}}) { account { mail disabledAt } errors { code } } }`
	annas := map[string]any{"m": "anna@example.org"}
	if code := anna.refused(disable, map[string]any{"m": "admin@example.org"}); code != "DENIED" {
		t.Errorf("anybody disables accounts: %q", code)
	}
	if code := admin.refused(disable, map[string]any{"m": "nobody@example.org"}); code != "NO_ACCOUNT" {
		t.Errorf("nobody's account: %q", code)
	}
	if code := admin.refused(disable, map[string]any{"m": "admin@example.org"}); code != "OWN_ACCOUNT" {
		t.Errorf("one's own account: %q", code)
	}
	program := h.browser(t).with("Authorization", "Bearer "+anna.apiToken("ALL"))
	admin.must(disable, annas)
	if anna.person() != "" {
		t.Error("a disabled account is signed in")
	}
	if a := program.send("POST", "/graphql", map[string]any{"query": "{ viewer { person { id } } }"}); a.StatusCode != 401 {
		t.Errorf("its program goes on: %d %s", a.StatusCode, a.body)
	}
	anna.send("POST", "/auth/code", map[string]string{"mail": "anna@example.org"})
	back := map[string]string{"token": h.box.token(t, "anna@example.org", mail.SignInCode)}
	if a := anna.send("POST", "/auth/session", back); a.StatusCode != 403 || a.code() != "ACCOUNT_DISABLED" {
		t.Errorf("a disabled account comes in again: %d %s", a.StatusCode, a.body)
	}

	if _, err := command(t, database, "admin", "enable", "--mail", "anna@example.org"); err != nil {
		t.Fatal(err)
	}
	anna.signIn("anna@example.org")
	if _, err := command(t, database, "admin", "disable", "--mail", "anna@example.org"); err != nil {
		t.Fatal(err)
	}
	if anna.person() != "" {
		t.Error("disabled by command, and signed in")
	}
	if _, err := command(t, database, "admin", "disable", "--mail", "nobody@example.org"); err == nil {
		t.Error("the command disabled nobody and did not say so")
	}
}

// TestDemoTokenOfDisabled: a demonstration's token does not outlive its person's
// account either.
func TestDemoTokenOfDisabled(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1, nil)
	b := h.browser(t).signIn("anna@example.org")
	person, err := node.Person.Prefix().Node(b.person())
	if err != nil {
		t.Fatal(err)
	}
	demo := h.browser(t).with("Authorization", "Bearer "+h.hubs[0].Token(person))
	if demo.person() == "" {
		t.Fatal("the token does not work")
	}
	rewrite(t, h.hubs[0], `update accounts set disabled_at = now() where person = $1`, person)
	if a := demo.send("POST", "/graphql", map[string]any{"query": "{ viewer { person { id } } }"}); a.StatusCode != 401 {
		t.Errorf("it goes on: %d %s", a.StatusCode, a.body)
	}
}

func rewrite(t *testing.T, h *hubtest.Hub, sql string, args ...id.ID) {
	t.Helper()
	list := make([]any, len(args))
	for i, a := range args {
		list[i] = a
	}
	if _, err := postgres.Hub(h.DB.Read()).Exec(t.Context(), sql, list...); err != nil {
		t.Fatal(err)
	}
}
