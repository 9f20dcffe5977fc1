package auth_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

const idle = 30 * time.Minute

// world is a database with the services on it and the mails they sent.
type world struct {
	*testing.T
	database pgtest.Database
	db       *postgres.DB
	accounts *auth.Accounts
	sessions *auth.Sessions
	guard    *auth.Authenticator
	box      *outbox
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, database: pgtest.URL(t), box: &outbox{}}
	w.db = pgtest.Open(t, w.database)
	var err error
	w.accounts, err = auth.NewAccounts(t.Context(), w.db, auth.Options{Mail: w.box, Bodies: bodies{}, Site: "https://hub.example/", Contact: "qui@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	w.sessions = auth.NewSessions(w.db, idle)
	w.guard = auth.NewAuthenticator(w.db, nil, idle)
	return w
}

// outbox keeps mails instead of sending them.
type outbox struct {
	mu   sync.Mutex
	sent []mail.Message
}

func (o *outbox) Enqueue(_ context.Context, m mail.Message) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sent = append(o.sent, m)
	return nil
}

func (o *outbox) EnqueueTx(ctx context.Context, _ *postgres.Tx, m mail.Message) error {
	return o.Enqueue(ctx, m)
}

// last is the newest mail to the address.
func (w *world) last(to string) mail.Message {
	w.Helper()
	w.box.mu.Lock()
	defer w.box.mu.Unlock()
	for i := len(w.box.sent) - 1; i >= 0; i-- {
		if w.box.sent[i].To == to {
			return w.box.sent[i]
		}
	}
	w.Fatalf("no mail to %s", to)
	return mail.Message{}
}

func (w *world) code(to string) string { return w.last(to).Data["code"].(string) }

func (w *world) token(to string) string {
	_, token, _ := strings.Cut(w.last(to).Data["link"].(string), "#token=")
	return token
}

// ask has a code sent.
func (w *world) ask(to string) {
	w.Helper()
	if err := w.accounts.RequestCode(w.Context(), to, lang.CA, "192.0.2.1"); err != nil {
		w.Fatal(err)
	}
}

func (w *world) signIn(p auth.Proof) (id.ID, error) {
	return w.accounts.SignIn(w.Context(), p, lang.ES, "192.0.2.1")
}

// person signs somebody in by code for the first time.
func (w *world) person(address string) id.ID {
	w.Helper()
	w.ask(address)
	person, err := w.signIn(auth.Proof{Mail: address, Code: w.code(address)})
	if err != nil {
		w.Fatal(err)
	}
	return person
}

func (w *world) viewer(person id.ID) *access.Viewer {
	w.Helper()
	v, err := auth.Viewer(w.Context(), w.db.Read(), person, lang.EN)
	if err != nil {
		w.Fatal(err)
	}
	return v
}

// browser signs the person in in a browser that shows a cookie, or none, and
// returns the new one.
func (w *world) browser(person id.ID, cookie string) string {
	w.Helper()
	r := httptest.NewRequestWithContext(w.Context(), http.MethodPost, "/auth/session", nil)
	r.Header.Set("User-Agent", "Test browser")
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: auth.SessionCookie, Value: cookie})
	}
	rec := httptest.NewRecorder()
	if err := w.sessions.Begin(rec, r, person); err != nil {
		w.Fatal(err)
	}
	return rec.Result().Cookies()[0].Value
}

// seen is who the cookie signs in.
func (w *world) seen(cookie string) *access.Viewer {
	w.Helper()
	v, err := w.guard.Find(w.Context(), auth.Shown{Cookie: cookie})
	if err != nil {
		w.Fatal(err)
	}
	return v
}

// body adds an organisation that the person answers for.
func (w *world) body(title string, answers ...id.ID) id.ID {
	w.Helper()
	body := id.New()
	w.tx(func(ctx context.Context, tx *postgres.Tx) error {
		err := node.Register(ctx, tx, node.Node{ID: body, Kind: node.Association, Title: lang.Text{CA: title}, Home: body})
		if err != nil {
			return err
		}
		for _, person := range answers {
			err := node.Connect(ctx, tx, node.Edge{
				Kind: node.ActsFor, Source: person, Target: body, Role: "REPRESENTATIVE", RecordedIn: body,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return body
}

func (w *world) tx(do func(ctx context.Context, tx *postgres.Tx) error) {
	w.Helper()
	if err := w.db.InTx(postgres.AsHub(w.Context()), do); err != nil {
		w.Fatal(err)
	}
}

// exec changes rows behind the services' back, such as to let time pass.
func (w *world) exec(sql string, args ...any) {
	w.Helper()
	w.tx(func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, sql, args...)
		return err
	})
}

func (w *world) count(sql string, args ...any) (n int) {
	w.Helper()
	if err := postgres.Hub(w.db.Read()).QueryRow(w.Context(), sql, args...).Scan(&n); err != nil {
		w.Fatal(err)
	}
	return n
}

// want fails unless err is the fault of the name; "" wants none.
func (w *world) want(err error, name string) {
	w.Helper()
	got := ""
	if f := fault.From(err); f != nil {
		got = f.Code.Name
	}
	if got != name {
		w.Fatalf("got %q (%v), want %q", got, err, name)
	}
}

// bodies is a directory that knows only who answers for what.
type bodies struct{}

func (bodies) MayInvite(ctx context.Context, tx *postgres.Tx, v *access.Viewer, body id.ID, _ string) (lang.Text, error) {
	if err := journal.Lock(ctx, tx, body); err != nil {
		return lang.Text{}, err
	}
	if !v.MayAdminister(body) {
		return lang.Text{}, fault.ErrDenied.New()
	}
	return lang.Text{CA: "Entitat de prova"}, nil
}

func (b bodies) AppointInvited(ctx context.Context, tx *postgres.Tx, _, inviter *access.Viewer, body, person id.ID, role string) (id.ID, error) {
	if _, err := b.MayInvite(ctx, tx, inviter, body, role); err != nil {
		return id.Zero, err
	}
	edge := node.Edge{ID: id.New(), Kind: node.ActsFor, Source: person, Target: body, Role: role, RecordedIn: body}
	return edge.ID, node.Connect(ctx, tx, edge)
}

// together runs n calls at once and counts those that worked; every other one
// has to fail with one of the faults.
func together(t *testing.T, n int, call func(i int) error, faults ...string) (worked int) {
	t.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-begin
			err := call(i)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				worked++
				return
			}
			var f *fault.Fault
			if !errors.As(err, &f) || !strings.Contains(strings.Join(faults, " "), f.Code.Name) {
				t.Errorf("call %d: %v", i, err)
			}
		})
	}
	close(begin)
	all.Wait()
	return worked
}

// newPerson adds a person without an account.
func newPerson(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
	person := id.New()
	return person, node.Register(ctx, tx, node.Node{ID: person, Kind: node.Person, Visibility: access.Organisers})
}
