package jobs_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/nettest"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/jobs"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Two instances work, twenty callers queue the same mails: each key is sent
// once.
func TestEachKeyOnce(t *testing.T) {
	t.Parallel()
	const mails, callers = 150, 4
	relay := nettest.NewSMTP(t, nil, false)
	d := pgtest.URL(t)
	first := runner(t, pgtest.Open(t, d), jobs.Options{Mail: smtp(t, relay)})
	second := runner(t, pgtest.Open(t, d), jobs.Options{Mail: smtp(t, relay)})
	var all errgroup.Group
	for range callers {
		all.Go(func() error {
			for n := range mails {
				r := []*jobs.Runner{first, second}[n%2]
				if err := r.Enqueue(context.Background(), code(person(n), person(n))); err != nil {
					return err
				}
			}
			return nil
		})
	}
	must(t, all.Wait())
	db := pgtest.Open(t, d)
	eventually(t, "completed 150", states(t, db, "mail"))
	got := map[string]int{}
	for _, m := range relay.Mails() {
		got[m.To]++
	}
	for to, n := range got {
		if n != 1 {
			t.Errorf("%s got %d mails", to, n)
		}
	}
	if len(got) != mails {
		t.Errorf("%d people of %d got a mail", len(got), mails)
	}
}

// A mail queued in a transaction is sent if and only if that commits.
func TestMailsBelongToTheirTransaction(t *testing.T) {
	t.Parallel()
	relay := nettest.NewSMTP(t, nil, false)
	db := pgtest.New(t)
	r := runner(t, db, jobs.Options{Mail: smtp(t, relay)})
	undone := errors.New("undone")
	for _, to := range []string{"undone@example.org", "done@example.org"} {
		err := db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
			if err := r.EnqueueTx(ctx, tx, code(to, to)); err != nil {
				return err
			}
			if strings.HasPrefix(to, "undone") {
				return undone
			}
			return nil
		})
		if err != nil && !errors.Is(err, undone) {
			t.Fatal(err)
		}
	}
	if m := taken(t, relay); m.To != "done@example.org" {
		t.Errorf("a mail went to %s", m.To)
	}
	if n := text(t, db, `select count(*)::text from mails`); n != "1" {
		t.Errorf("%s mails are kept", n)
	}
}

// The relay refuses for the time being: the mail is tried again until it takes
// it, and sent once.
func TestRetriesUntilTheRelayTakesIt(t *testing.T) {
	t.Parallel()
	relay := nettest.NewSMTP(t, nil, false)
	var tries atomic.Int32
	relay.Answer(func(line string) string {
		if strings.HasPrefix(line, "RCPT") && tries.Add(1) <= 3 {
			return "451 4.7.1 later, anna@example.org"
		}
		return ""
	})
	db := pgtest.New(t)
	log := &logs{}
	r := runner(t, db, jobs.Options{Mail: smtp(t, relay), Log: log.logger()})
	must(t, r.Enqueue(t.Context(), code("anna@example.org", "k")))
	taken(t, relay)
	eventually(t, "completed 1", states(t, db, "mail"))
	if got := text(t, db, `select attempt || ' ' || cardinality(errors) from river_job where kind = 'mail'`); got != "4 3" {
		t.Errorf("attempts and errors: %s", got)
	}
	if n := len(relay.Mails()); n != 1 {
		t.Errorf("%d mails", n)
	}
	noTrace(t, db, log)
	if strings.Count(log.String(), "rcpt 451 4.7.1") < 3 {
		t.Errorf("the operator is not told:\n%s", log)
	}
}

// noTrace looks for a mail's person and code in the queue, the mails and the
// log.
func noTrace(t *testing.T, db *postgres.DB, log *logs) {
	t.Helper()
	found := log.String() +
		text(t, db, `select coalesce(string_agg(j::text, ' '), '') from river_job j`) +
		text(t, db, `select coalesce(string_agg(m::text, ' '), '') from mails m`)
	for _, canary := range []string{"anna", "AB12"} {
		if i := strings.Index(found, canary); i >= 0 {
			t.Errorf("%q is still known: …%s…", canary, found[max(0, i-100):min(len(found), i+100)])
		}
	}
}

// What the relay refuses for good is not tried again, and the operator sees it.
func TestPermanentFailuresAreSeen(t *testing.T) {
	t.Parallel()
	relay := nettest.NewSMTP(t, nil, false)
	var tries atomic.Int32
	relay.Answer(func(line string) string {
		if strings.HasPrefix(line, "RCPT") {
			tries.Add(1)
			return "550 5.1.1 anna@example.org is unknown here"
		}
		return ""
	})
	db := pgtest.New(t)
	log := &logs{}
	r := runner(t, db, jobs.Options{Mail: smtp(t, relay), Log: log.logger()})
	must(t, r.Enqueue(t.Context(), code("anna@example.org", "k")))
	eventually(t, "cancelled 1", states(t, db, "mail"))
	if got := text(t, db, `select state || ' ' || reason from mails`); got != "refused rcpt 550 5.1.1" || tries.Load() != 1 {
		t.Errorf("%q after %d tries", got, tries.Load())
	}
	counts, err := jobs.Counts(t.Context(), db.Read())
	must(t, err)
	if want := (jobs.Count{State: "cancelled", Kind: "mail", N: 1}); len(counts) == 0 || counts[0] != want {
		t.Errorf("counts %+v", counts)
	}
	ended, err := mail.Counts(t.Context(), db.Read())
	must(t, err)
	if want := (mail.Count{Template: mail.SignInCode, State: mail.Refused, N: 1}); len(ended) != 1 || ended[0] != want {
		t.Errorf("mails %+v", ended)
	}
	noTrace(t, db, log)
}

// After the last attempt nothing personal is left either.
func TestGivenUpMailsAreForgotten(t *testing.T) {
	t.Parallel()
	relay := nettest.NewSMTP(t, nil, false)
	relay.Answer(func(line string) string {
		if line == "." {
			return "452 4.2.2 full"
		}
		return ""
	})
	db := pgtest.New(t)
	log := &logs{}
	idle, err := jobs.New(db, jobs.Options{})
	must(t, err)
	must(t, idle.Enqueue(t.Context(), code("anna@example.org", "k")))
	run(t, db, `update river_job set max_attempts = 2`)
	runner(t, db, jobs.Options{Mail: smtp(t, relay), Log: log.logger()})
	eventually(t, "discarded 1", states(t, db, "mail"))
	if got := text(t, db, `select state || ' ' || reason from mails`); got != "refused given up: data 452 4.2.2" {
		t.Error(got)
	}
	noTrace(t, db, log)
}

// River believes a worker dead that is still at it, and gives its mail to
// another instance: nobody gets two mails.
func TestOneMailForTwoWorkers(t *testing.T) {
	t.Parallel()
	relay := nettest.NewSMTP(t, nil, false)
	reached, proceed := make(chan struct{}, 10), make(chan struct{})
	release := sync.OnceFunc(func() { close(proceed) })
	defer release()
	relay.Answer(func(line string) string {
		if line == "." {
			reached <- struct{}{}
			<-proceed
		}
		return ""
	})
	d := pgtest.URL(t)
	db := pgtest.Open(t, d)
	r := runner(t, db, jobs.Options{Mail: smtp(t, relay)})
	runner(t, pgtest.Open(t, d), jobs.Options{Mail: smtp(t, relay)})
	must(t, r.Enqueue(t.Context(), code("anna@example.org", "k")))
	<-reached
	var queued id.ID
	must(t, postgres.Hub(db.Read()).QueryRow(t.Context(), `select id from mails`).Scan(&queued))
	must(t, r.Again(t.Context(), queued))
	eventually(t, "true", func() string { // the second has been worked on and put back
		return text(t, db, `select coalesce(bool_or(metadata ? 'snoozes'), false)::text from river_job where kind = 'mail'`)
	})
	release()
	eventually(t, "completed 2", states(t, db, "mail"))
	if n := len(relay.Mails()); n != 1 {
		t.Errorf("%d mails", n)
	}
}

// The hub stops while the relay is silent: the mail goes to another instance
// and no attempt is lost.
func TestStoppedInstanceHandsOver(t *testing.T) {
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
	r, err := jobs.New(db, jobs.Quick(jobs.Options{Mail: smtp(t, relay), Backoff: func(int) time.Duration { return time.Hour }}))
	must(t, err)
	must(t, r.Start(t.Context()))
	must(t, r.Enqueue(t.Context(), code("anna@example.org", "k")))
	<-reached
	now, cancel := context.WithCancel(t.Context())
	cancel()
	must(t, r.Stop(now))
	runner(t, pgtest.Open(t, d), jobs.Options{Mail: smtp(t, relay)})
	if m := taken(t, relay); m.To != "anna@example.org" {
		t.Errorf("a mail went to %s", m.To)
	}
	eventually(t, "completed 1", states(t, db, "mail"))
}

// An instance without a relay leaves mails to those that have one.
func TestMailsWaitForARelay(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	db := pgtest.Open(t, d)
	done := make(chan struct{}, 10)
	without := runner(t, db, jobs.Options{}, func(r *jobs.Runner) {
		must(t, r.Periodic("probe", 24*time.Hour, func(context.Context) error {
			done <- struct{}{}
			return nil
		}))
	})
	must(t, without.Enqueue(t.Context(), code("anna@example.org", "k")))
	<-done // it works, but not on mails
	if got := states(t, db, "mail")(); got != "available 1" {
		t.Errorf("jobs are %q", got)
	}
	relay := nettest.NewSMTP(t, nil, false)
	runner(t, pgtest.Open(t, d), jobs.Options{Mail: smtp(t, relay)})
	taken(t, relay)
}

// A code that waited longer than it is valid is not sent.
func TestLateCodesAreNotSent(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	idle, err := jobs.New(db, jobs.Options{})
	must(t, err)
	must(t, idle.Enqueue(t.Context(), code("anna@example.org", "k")))
	run(t, db, `update mails set expires_at = clock_timestamp()`)
	relay := nettest.NewSMTP(t, nil, false)
	runner(t, db, jobs.Options{Mail: smtp(t, relay)})
	eventually(t, "completed 1", states(t, db, "mail"))
	if got := text(t, db, `select state from mails`); got != "expired" || len(relay.Mails()) > 0 {
		t.Errorf("the mail is %s; %d were sent", got, len(relay.Mails()))
	}
}

// What cannot be sent is refused where it is queued.
func TestMistakesAreRefusedAtOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	r, err := jobs.New(db, jobs.Options{})
	must(t, err)
	m := code("anna@example.org\r\nBcc: all@example.org", "k")
	if err := r.Enqueue(t.Context(), m); err == nil || strings.Contains(err.Error(), "anna") {
		t.Errorf("got %v", err)
	}
	if got := states(t, db, "mail")(); got != "" {
		t.Errorf("jobs are %q", got)
	}
}
