package auth_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// as runs statements with another role's rights: of the owner, or of a superuser.
func as(t *testing.T, url string, statements ...string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	for _, sql := range statements {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// comings are all ways in which somebody who has signed in once comes back.
func comings(w *world, person id.ID, cookie, token string, session id.ID) map[string]func() (*access.Viewer, error) {
	return map[string]func() (*access.Viewer, error){
		"a session": func() (*access.Viewer, error) { return w.guard.Find(w.Context(), auth.Shown{Cookie: cookie}) },
		"a token": func() (*access.Viewer, error) {
			return w.guard.Find(w.Context(), auth.Shown{Authorization: "Bearer " + token})
		},
		"an operation on a connection": func() (*access.Viewer, error) {
			return auth.Renewed(w.Context(), w.db.Read(), &access.Viewer{Person: person, Session: session})
		},
	}
}

// TestHiddenAccountIsNoAccount: the account of somebody who is signed in is taken
// out of sight in every way there is, and no way in lets them through. Sight is
// given back in between: then all do.
func TestHiddenAccountIsNoAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	person := w.person("anna@example.org")
	body := w.body("Entitat", person)
	cookie := w.browser(person, "")
	me := w.seen(cookie)
	_, token, err := w.accounts.CreateToken(t.Context(), me, "", auth.TokenSpec{
		Name: "programa", Scopes: []auth.Scope{auth.ScopeRead}, ExpiresAt: time.Now().Add(time.Hour),
	})
	w.want(err, "")
	coming := comings(w, person, cookie, token, me.Session)
	through := func() (n int) {
		t.Helper()
		for how, come := range coming {
			if v, err := come(); err == nil && v.SignedIn() {
				n++
				if !v.MayAdminister(body) {
					t.Errorf("by %s the rights are not there", how)
				}
			}
		}
		return n
	}
	for _, c := range []struct{ name, hide, show string }{
		{"policies for the owner too", `alter table accounts force row level security`, `alter table accounts no force row level security`},
		{
			"a function that finds no account", `alter function who_ask rename to asks_before;
			create function who_ask(text[], bytea[], people uuid[], interval, uuid[], date[], bigint[], uuid[], int[], int[])
			returns table (place int, person uuid, session uuid, token uuid, scopes text[], used_at timestamptz, account boolean, admin boolean,
			  glass uuid[], glass_until timestamptz, version bigint, still boolean)
			language sql as $$ select 1, people[1], null::uuid, null::uuid, null::text[], now(), false, false, '{}'::uuid[], null::timestamptz, 1::bigint, false
			  where people[1] is not null $$`,
			`drop function who_ask; alter function asks_before rename to who_ask`,
		},
		{
			"a function with the viewer's rights", `alter function who_ask security invoker`,
			`alter function who_ask security definer`,
		},
		{"a disabled account", `set teixit.hub = 'on'; update accounts set disabled_at = now()`, `set teixit.hub = 'on'; update accounts set disabled_at = null`},
	} {
		if n := through(); n != len(coming) {
			t.Fatalf("before %s %d of %d come in", c.name, n, len(coming))
		}
		as(t, w.database.Owner, c.hide)
		if n := through(); n != 0 {
			t.Errorf("%s: %d of %d come in", c.name, n, len(coming))
		}
		as(t, w.database.Owner, c.show)
	}
}

// TestWhatMakesAHiddenAccountFail: without the setting that makes the functions
// fail, and with policies for the owner, a disabled account looks like none, and
// the person has their rights again: negative control of the test above.
func TestWhatMakesAHiddenAccountFail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	person := w.person("anna@example.org")
	w.exec(`update accounts set disabled_at = now() where person = $1`, person)
	ask := func() error {
		_, err := auth.Viewer(t.Context(), w.db.Read(), person, lang.CA)
		return err
	}
	w.want(ask(), "UNAUTHENTICATED")
	as(t, w.database.Owner, `alter table accounts force row level security`)
	if ask() == nil {
		t.Error("a hidden account looks like none")
	}
	as(t, w.database.Owner, `alter function who_ask reset row_security`)
	if err := ask(); err != nil {
		t.Errorf("negative control: %v", err)
	}
}

// TestSignInTablesAreHiddenFromOthers: the reads of one's own find nothing of
// others, whatever is asked for.
func TestSignInTablesAreHiddenFromOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna, berta := w.person("anna@example.org"), w.person("berta@example.org")
	w.browser(anna, "")
	// Somebody else's sessions, asked for with the reader's own settings.
	stranger := &access.Viewer{Person: berta}
	for name, count := range map[string]func() (int, error){
		"sessions": func() (int, error) {
			list, err := w.sessions.Of(t.Context(), w.db.Read(), stranger)
			return len(list), err
		},
		"tokens": func() (int, error) {
			list, err := auth.TokensOf(t.Context(), w.db.Read(), stranger)
			return len(list), err
		},
		"identities": func() (int, error) {
			list, err := auth.IdentitiesOf(t.Context(), w.db.Read(), stranger)
			return len(list), err
		},
	} {
		if n, err := count(); n != 0 || err != nil {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
	// Without the hub's authority nobody begins a session, nor makes themselves an
	// administrator.
	as(t, w.database.App, `do $$ begin
		perform set_config('teixit.person', (select '`+berta.String()+`'), false);
		update accounts set lang = 'es';
		if (select count(*) from accounts where lang = 'es') <> 1 then raise 'other accounts were changed'; end if;
		begin
			update accounts set admin = true;
			raise 'an administrator made themselves' using errcode = 'P0001';
		exception when insufficient_privilege then null; end;
		begin
			insert into sessions (id, token_hash, person, expires_at) values (gen_random_uuid(), 'x', '`+berta.String()+`', now() + interval '1 hour');
			raise 'a session began by itself' using errcode = 'P0001';
		exception when insufficient_privilege then null; end;
	end $$`)
}

// BenchmarkSession prints what it costs to find out who a request is from: by a
// session, by a token, and without either.
func BenchmarkSession(b *testing.B) {
	db := pgtest.New(b)
	person, token := id.New(), "tx_"+rand.Text()
	sum := sha256.Sum256([]byte(token))
	err := db.InTx(postgres.AsHub(b.Context()), func(ctx context.Context, tx *postgres.Tx) error {
		if err := node.Register(ctx, tx, node.Node{ID: person, Kind: node.Person, Visibility: access.Organisers}); err != nil {
			return err
		}
		_, err := tx.Native().Exec(ctx, `with a as (insert into accounts (person) values ($1))
			insert into api_tokens (id, token_hash, person, name, scopes, expires_at, last_used_at)
			values ($2, $3, $1, 'x', '{read}', now() + interval '1 hour', now())`, person, id.New(), sum[:])
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	sessions, rec := auth.NewSessions(db, idle), httptest.NewRecorder()
	if err := sessions.Begin(rec, httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/auth/session", nil), person); err != nil {
		b.Fatal(err)
	}
	guard := auth.NewAuthenticator(db, nil, idle)
	for name, shown := range map[string]auth.Shown{
		"session": {Cookie: rec.Result().Cookies()[0].Value}, "token": {Authorization: "Bearer " + token},
	} {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				if v, err := guard.Find(b.Context(), shown); err != nil || !v.SignedIn() {
					b.Fatal(v, err)
				}
			}
		})
	}
	b.Run("a statement that asks nothing", func(b *testing.B) {
		for range b.N {
			if _, err := db.Read().Exec(b.Context(), `select 1`); err != nil {
				b.Fatal(err)
			}
		}
	})
}
