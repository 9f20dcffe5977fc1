package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/nettest"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/jobs"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// The test program plays an instance in a process of its own, to be killed.
const (
	childURL   = "TEIXIT_TEST_JOBS_URL"
	childRelay = "TEIXIT_TEST_JOBS_RELAY"
)

// child works on the database until it is killed.
func child(url, relay string) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := work(ctx, url, relay); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	<-ctx.Done()
}

func work(ctx context.Context, url, relay string) error {
	db, err := postgres.Open(ctx, postgres.Config{URL: url, ReadConns: 4, WriteConns: 2})
	if err != nil {
		return err
	}
	sender, err := mail.NewSMTP("smtp://"+relay+"?tls=none", "no-reply@teixit.example", "")
	if err != nil {
		return err
	}
	r, err := jobs.New(db, jobs.Quick(jobs.Options{Mail: sender}))
	if err != nil {
		return err
	}
	named := r.Task("long", func(ctx context.Context, _ id.ID) (bool, error) {
		fmt.Println("begun")
		<-ctx.Done()
		return false, ctx.Err()
	})
	return errors.Join(named, r.Start(ctx))
}

// An instance is killed (-9) while it hands a mail over. Once it counts as dead,
// another instance does its work.
func TestKilledInstanceLosesNothing(t *testing.T) {
	t.Parallel()
	relay := nettest.NewSMTP(t, nil, false)
	reached, proceed := make(chan struct{}), make(chan struct{})
	var once atomic.Bool
	relay.Answer(func(line string) string {
		if strings.HasPrefix(line, "DATA") && once.CompareAndSwap(false, true) {
			close(reached)
			<-proceed
		}
		return ""
	})
	defer close(proceed)
	d := pgtest.URL(t)
	db := pgtest.Open(t, d)
	queue, err := jobs.New(db, jobs.Options{})
	must(t, err)
	must(t, queue.Enqueue(t.Context(), code("anna@example.org", "k")))

	process := exec.CommandContext(t.Context(), os.Args[0])
	process.Env = append(os.Environ(), childURL+"="+d.App, childRelay+"="+relay.Addr())
	process.Stderr = os.Stderr
	must(t, process.Start())
	select {
	case <-reached:
	case <-time.After(patience):
		t.Error("the instance does not begin")
	}
	must(t, process.Process.Kill())
	_ = process.Wait() // it was killed

	if got := states(t, db, "mail")(); got != "running 1" {
		t.Fatalf("the killed instance left %q", got)
	}
	// Time passes: the lease ends, the leader's term ends, the job counts as dead.
	run(t, db, `update mails set claimed_until = claimed_until - interval '2 minutes'`)
	run(t, db, `update river_leader set elected_at = elected_at - interval '2 minutes', expires_at = expires_at - interval '2 minutes'`)
	run(t, db, `update river_job set attempted_at = attempted_at - interval '2 minutes' where state = 'running'`)
	runner(t, pgtest.Open(t, d), jobs.Options{Mail: smtp(t, relay)})
	if m := taken(t, relay); m.To != "anna@example.org" {
		t.Errorf("a mail went to %s", m.To)
	}
	eventually(t, "completed 1", states(t, db, "mail"))
	if n := len(relay.Mails()); n != 1 {
		t.Errorf("%d mails", n)
	}
}
