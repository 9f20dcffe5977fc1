package mail_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func keep(t testing.TB, db *postgres.DB, m mail.Message) id.ID {
	t.Helper()
	queued, fresh, err := mail.Keep(t.Context(), db.Read(), m)
	must(t, err)
	if !fresh {
		t.Fatalf("%s is not fresh", m.UniqueKey)
	}
	return queued
}

func take(t testing.TB, db *postgres.DB, queued id.ID) mail.Claim {
	t.Helper()
	c, err := mail.Take(t.Context(), db.Read(), queued)
	must(t, err)
	return c
}

// What comes out of the table renders exactly as what went in.
func TestKeptMailsReadBack(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for _, name := range mail.Names() {
		m := sample(name)
		if name == mail.Invitation {
			m.Data["until"] = time.Now().Add(time.Hour)
		}
		want, err := mail.Render(m)
		must(t, err)
		c := take(t, db, keep(t, db, m))
		if !c.Free {
			t.Fatalf("%s: %+v", name, c)
		}
		got, err := mail.Render(c.Message)
		must(t, err)
		if got != want {
			t.Errorf("%s became\n%s", name, got.Text)
		}
	}
}

func TestOneKeyOneMail(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	first := keep(t, db, sample(mail.SignInCode))
	for range 2 {
		_, fresh, err := mail.Keep(t.Context(), db.Read(), sample(mail.SignInCode))
		must(t, err)
		if fresh {
			t.Error("a second mail with the key was kept")
		}
		must(t, mail.Settle(t.Context(), db.Read(), first, mail.Sent, "")) // known also afterwards
	}
}

// Of many workers one gets the mail; when it gives it back, another does.
func TestOneWorkerAtATime(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	queued := keep(t, db, sample(mail.SignInCode))
	claims := make([]mail.Claim, 8)
	var all errgroup.Group
	for i := range claims {
		all.Go(func() (err error) {
			claims[i], err = mail.Take(context.Background(), db.Read(), queued)
			return err
		})
	}
	must(t, all.Wait())
	free := 0
	for _, c := range claims {
		if c.Free {
			free++
		} else if c.State != mail.Queued || c.Expired {
			t.Errorf("a worker that came too late found %+v", c)
		}
	}
	if free != 1 {
		t.Errorf("%d workers got it", free)
	}
	must(t, mail.Release(t.Context(), db.Read(), queued, "rcpt 451"))
	if !take(t, db, queued).Free {
		t.Error("nobody gets it again")
	}
	exec(t, db, `update mails set claimed_until = clock_timestamp()`) // its worker was killed
	if !take(t, db, queued).Free {
		t.Error("nobody gets it after the lease")
	}
}

func exec(t testing.TB, db *postgres.DB, sql string, args ...any) {
	t.Helper()
	_, err := postgres.Hub(db.Read()).Exec(t.Context(), sql, args...)
	must(t, err)
}

// When a mail has ended, whom it was for and what it said are nowhere.
func TestSettledMailsAreForgotten(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for _, end := range []mail.State{mail.Sent, mail.Refused, mail.Expired, mail.Forgotten} {
		m := sample(mail.SignInCode)
		m.UniqueKey = string(end)
		queued := keep(t, db, m)
		must(t, mail.Settle(t.Context(), db.Read(), queued, end, ""))
		if c := take(t, db, queued); c.Free || c.State != end {
			t.Errorf("%s: %+v", end, c)
		}
	}
	if c := take(t, db, id.New()); c.Free || c.State != mail.Forgotten {
		t.Errorf("a mail that is not there: %+v", c)
	}
	if found := text(t, db, `select coalesce(string_agg(m::text, ' '), '') from mails m`); strings.Contains(found, "anna") || strings.Contains(found, "AB12") {
		t.Error(found)
	}
}

func text(t testing.TB, db *postgres.DB, sql string) (s string) {
	t.Helper()
	must(t, postgres.Hub(db.Read()).QueryRow(t.Context(), sql).Scan(&s))
	return s
}

// A code that is no longer valid is not sent, nor an invitation.
func TestLateMailsAreNotSent(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	late := keep(t, db, sample(mail.Invitation)) // its day is past
	code := keep(t, db, sample(mail.SignInCode))
	if life := text(t, db, `select extract(epoch from expires_at - queued_at)::int::text from mails where template = 'sign_in_code'`); life != "900" {
		t.Errorf("a code of 15 minutes is sent for %s s", life)
	}
	if c := take(t, db, late); c.Free || !c.Expired {
		t.Errorf("the invitation: %+v", c)
	}
	exec(t, db, `update mails set expires_at = clock_timestamp() where id = $1`, code)
	if c := take(t, db, code); c.Free || !c.Expired {
		t.Errorf("the code: %+v", c)
	}
	must(t, mail.Tidy(t.Context(), db.Read()))
	if c := take(t, db, code); c.State != mail.Expired {
		t.Errorf("after tidying: %+v", c)
	}
	exec(t, db, `update mails set settled_at = settled_at - $1::interval`, mail.Retention)
	must(t, mail.Tidy(t.Context(), db.Read()))
	if n := text(t, db, `select count(*)::text from mails`); n != "0" {
		t.Errorf("%s mails are remembered for ever", n)
	}
}

func TestErasureForgetsWhatIsOnItsWay(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	outbox := mail.NewOutbox(db)
	mine, other := sample(mail.SignInCode), sample(mail.SignInCode)
	mine.To, other.To, other.UniqueKey = "Anna@example.org", "anna2@example.org", "other"
	gone, stays := keep(t, db, mine), keep(t, db, other)
	for _, m := range []mail.Message{mine, other} {
		letter, err := mail.Render(m)
		must(t, err)
		letter.ID = id.New()
		must(t, outbox.Send(t.Context(), letter))
	}
	must(t, db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error { return mail.Forget(ctx, tx, "anna@EXAMPLE.org") }))
	if c := take(t, db, gone); c.Free || c.State != mail.Forgotten {
		t.Errorf("the erased person's: %+v", c)
	}
	if !take(t, db, stays).Free {
		t.Error("somebody else's is gone too")
	}
	shown, err := outbox.Newest(t.Context(), "", 10)
	must(t, err)
	if len(shown) != 1 || shown[0].To != "anna2@example.org" {
		t.Errorf("shown: %+v", shown)
	}
}

func TestOutboxKeepsTheNewest(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	outbox := mail.NewOutbox(db)
	letter, err := mail.Render(sample(mail.SignInCode))
	must(t, err)
	exec(t, db, `insert into demo_mails (id, recipient, lang, template, subject, body_text, body_html, at)
		select gen_random_uuid(), 'x@example.org', 'ca', 't', 's', 't', 'h', now() - interval '1 day' from generate_series(1, 600)`)
	letter.ID = id.New()
	for range 2 { // the second time is a repetition
		must(t, outbox.Send(t.Context(), letter))
	}
	if n := text(t, db, `select count(*)::text from demo_mails`); n != "500" {
		t.Errorf("%s letters are kept", n)
	}
	mine, err := outbox.Newest(t.Context(), "ANNA@example.org", 10)
	must(t, err)
	if len(mine) != 1 || mine[0].Text != letter.Text {
		t.Errorf("mine: %+v", mine)
	}
}
