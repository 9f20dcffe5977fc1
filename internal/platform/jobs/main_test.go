package jobs_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/nettest"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/jobs"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func TestMain(m *testing.M) {
	if url := os.Getenv(childURL); url != "" {
		child(url, os.Getenv(childRelay))
		return
	}
	pgtest.Main(m)
}

// patience only keeps a broken test from hanging.
const patience = 30 * time.Second

// runner starts an instance's worker on the database, with short pauses; it is
// stopped with the test.
func runner(t testing.TB, db *postgres.DB, o jobs.Options, prepare ...func(*jobs.Runner)) *jobs.Runner {
	t.Helper()
	if o.Backoff == nil {
		o.Backoff = func(int) time.Duration { return time.Millisecond }
	}
	if o.Poll == 0 {
		o.Poll = 5 * time.Millisecond
	}
	r, err := jobs.New(db, jobs.Quick(o))
	must(t, err)
	for _, do := range prepare {
		do(r)
	}
	must(t, r.Start(t.Context()))
	t.Cleanup(func() { stop(t, r) })
	return r
}

func stop(t testing.TB, r *jobs.Runner) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := r.Stop(ctx); err != nil {
		t.Errorf("stop: %v", err)
	}
}

// smtp is a sender to a test's relay.
func smtp(t testing.TB, relay *nettest.SMTP) mail.Sender {
	t.Helper()
	s, err := mail.NewSMTP("smtp://"+relay.Addr()+"?tls=none", "Teixit <no-reply@teixit.example>", "")
	must(t, err)
	return s
}

// code is a mail with a sign-in code to a person.
func code(to, key string) mail.Message {
	return mail.Message{
		To: to, Lang: lang.CA, Template: mail.SignInCode, UniqueKey: key,
		Data: map[string]any{"code": "AB12-CD34", "link": "https://teixit.example/in", "minutes": 15},
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

func text(t testing.TB, db *postgres.DB, sql string, args ...any) (s string) {
	t.Helper()
	must(t, postgres.Hub(db.Read()).QueryRow(t.Context(), sql, args...).Scan(&s))
	return s
}

func run(t testing.TB, db *postgres.DB, sql string, args ...any) {
	t.Helper()
	_, err := postgres.Hub(db.Read()).Exec(t.Context(), sql, args...)
	must(t, err)
}

// eventually repeats a check until it finds what it wants.
func eventually(t testing.TB, want string, check func() string) {
	t.Helper()
	deadline := time.After(patience)
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		got := check()
		if got == want {
			return
		}
		select {
		case <-again.C:
		case <-deadline:
			t.Fatalf("still %q, want %q", got, want)
		}
	}
}

// states of all jobs of a kind, such as "completed 3".
func states(t testing.TB, db *postgres.DB, kind string) func() string {
	return func() string {
		return text(t, db, `select coalesce(string_agg(s, ', '), '') from (
			select state || ' ' || count(*) as s from river_job where kind = $1 group by state order by state) x`, kind)
	}
}

func taken(t testing.TB, relay *nettest.SMTP) nettest.Mail {
	t.Helper()
	select {
	case m := <-relay.Taken():
		return m
	case <-time.After(patience):
		t.Fatal("no mail came")
		return nettest.Mail{}
	}
}

// logs is what was logged.
type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *logs) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func person(n int) string { return fmt.Sprintf("person%d@example.org", n) }
