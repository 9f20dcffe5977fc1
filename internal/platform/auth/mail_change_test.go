package auth_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/mail"
)

// TestMailChange: nothing changes before the code that went to the new address is
// shown; then the old one is told, sessions go on, and the journal has neither.
func TestMailChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.viewer(w.person("anna@example.org"))
	cookie := w.browser(anna.Person, "")
	minutes, err := w.accounts.ChangeMail(t.Context(), anna, "key", " Nova@Example.org ")
	w.want(err, "")
	sent := w.last("nova@example.org")
	if minutes != 10 || sent.Template != mail.MailChange || sent.Data["minutes"] != 10 {
		t.Errorf("%d minutes, and the mail %+v", minutes, sent)
	}
	w.ask("anna@example.org")
	old := w.token("anna@example.org")
	w.want(w.accounts.ConfirmMail(t.Context(), anna, "", wrong(w.code("nova@example.org"))), "MAIL_CODE_WRONG")
	if mine, err := auth.AccountOf(t.Context(), w.db.Read(), anna); err != nil || *mine.Mail != "anna@example.org" {
		t.Fatalf("changed already: %+v, %v", mine, err)
	}
	w.want(w.accounts.ConfirmMail(t.Context(), anna, "one", w.code("nova@example.org")), "")
	w.want(w.accounts.ConfirmMail(t.Context(), anna, "one", w.code("nova@example.org")), "") // the answer was lost
	w.want(w.accounts.ConfirmMail(t.Context(), anna, "", w.code("nova@example.org")), "MAIL_CODE_WRONG")
	if told := w.last("anna@example.org"); told.Template != mail.MailChanged || told.Data["contact"] != "qui@example.org" {
		t.Errorf("the old address is told %+v", told)
	}
	if w.seen(cookie).Person != anna.Person {
		t.Error("the session ended")
	}
	_, err = w.signIn(auth.Proof{Token: old})
	w.want(err, "SIGN_IN_FAILED")
	if w.person("nova@example.org") != anna.Person || w.person("anna@example.org") == anna.Person {
		t.Error("the addresses are mixed up")
	}
	if n := w.count(`select count(*) from journal where node = $1 and kind = 'account.mail_changed' and actor = $1`, anna.Person); n != 1 {
		t.Errorf("%d facts", n)
	}
	if n := w.count(`select count(*) from journal where data::text ~* 'anna|nova'`); n != 0 {
		t.Error("the journal has personal data")
	}
}

// TestMailChangeTellsNothing: an address that somebody has is answered, in the
// same statements, as one that nobody has; only who reads it learns that it is
// taken, and keeps their account.
func TestMailChangeTellsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna, berta := w.viewer(w.person("anna@example.org")), w.person("berta@example.org")
	for _, address := range []string{"nobody@example.org", "berta@example.org"} {
		before := w.count(`select count(*) from mail_changes`)
		minutes, err := w.accounts.ChangeMail(t.Context(), anna, "", address)
		w.want(err, "")
		if minutes != 10 || w.last(address).Template != mail.MailChange || w.count(`select count(*) from mail_changes`) != before+1 {
			t.Errorf("%s is answered otherwise", address)
		}
	}
	w.want(w.accounts.ConfirmMail(t.Context(), anna, "", w.code("nobody@example.org")), "MAIL_CODE_WRONG") // taken back by the second
	w.want(w.accounts.ConfirmMail(t.Context(), anna, "", w.code("berta@example.org")), "MAIL_TAKEN")
	if w.person("berta@example.org") != berta || w.person("anna@example.org") != anna.Person {
		t.Error("an account was taken over")
	}
}

// TestMailChangeEnds: by time, by another person, by too many tries; and who may
// not ask at all.
func TestMailChangeEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna, berta := w.viewer(w.person("anna@example.org")), w.viewer(w.person("berta@example.org"))
	change := func(v *access.Viewer, address string) error {
		_, err := w.accounts.ChangeMail(t.Context(), v, "", address)
		return err
	}
	w.want(change(anna, "anna@example.org"), "SAME_MAIL")
	w.want(change(anna, "anna"), "BAD_MAIL")
	w.want(change(&access.Viewer{}, "x@example.org"), "UNAUTHENTICATED")
	machine := *anna
	machine.Token = anna.Person
	w.want(change(&machine, "x@example.org"), "SESSION_ONLY")
	w.want(w.accounts.ConfirmMail(t.Context(), &machine, "", "12345678"), "SESSION_ONLY")

	w.want(change(anna, "nova@example.org"), "")
	w.want(w.accounts.ConfirmMail(t.Context(), berta, "", w.code("nova@example.org")), "MAIL_CODE_WRONG")
	w.age("mail_changes", 11*time.Minute)
	w.want(w.accounts.ConfirmMail(t.Context(), anna, "", w.code("nova@example.org")), "MAIL_CODE_WRONG")

	worked := 0
	for i := range 9 {
		if err := change(anna, fmt.Sprintf("n%d@example.org", i)); err == nil {
			worked++
		} else {
			w.want(err, "TOO_OFTEN")
		}
	}
	if worked > 4 { // with the three above that counted
		t.Errorf("%d changes were asked for", worked)
	}
	var last error
	for range 11 {
		last = w.accounts.ConfirmMail(t.Context(), anna, "", "00000000")
	}
	w.want(last, "TOO_OFTEN")
}

// TestMailChangeOfNoMail: who came by a provider has no address before, and
// nobody is told.
func TestMailChangeOfNoMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.viewer(w.person("anna@example.org"))
	w.exec(`update accounts set mail = null where person = $1`, anna.Person)
	_, err := w.accounts.ChangeMail(t.Context(), anna, "", "nova@example.org")
	w.want(err, "")
	before := len(w.box.sent)
	w.want(w.accounts.ConfirmMail(t.Context(), anna, "", w.code("nova@example.org")), "")
	if len(w.box.sent) != before || w.person("nova@example.org") != anna.Person {
		t.Error("somebody was told, or nothing changed")
	}
}

// TestSessionTime: looking is no use; the end is the nearer one of idling and age.
func TestSessionTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.person("anna@example.org")
	cookie := w.browser(anna, "")
	v := w.seen(cookie)
	left := func() *auth.SessionTime {
		t.Helper()
		got, err := w.sessions.TimeOf(t.Context(), w.db.Read(), v)
		w.want(err, "")
		return got
	}
	w.exec(`update sessions set seen_at = seen_at - interval '29 minutes'`)
	for range 2 {
		if got := left(); got.SecondsLeft > 60 || got.SecondsLeft < 50 || got.IdleSeconds != 1800 || !got.IdleUntil.Before(got.Latest) {
			t.Fatalf("%+v", got)
		}
	}
	w.seen(cookie) // this is a use
	if got := left(); got.SecondsLeft < 1790 {
		t.Errorf("after a use %+v", got)
	}
	w.age("sessions", 12*time.Hour-time.Minute)
	if got := left(); got.SecondsLeft > 60 || !got.IdleUntil.Equal(got.Latest) {
		t.Errorf("near its age %+v", got)
	}
	w.exec(`update sessions set ended_at = now()`)
	if got := left(); got != nil {
		t.Errorf("of an ended one %+v", got)
	}
	if got, err := w.sessions.TimeOf(t.Context(), w.db.Read(), &access.Viewer{Person: anna}); got != nil || err != nil {
		t.Errorf("without a session %+v, %v", got, err)
	}
}
