package auth_test

import (
	"context"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// invitationTo is the token of the newest invitation to the address.
func (w *world) invitationTo(address string) string {
	w.Helper()
	w.box.mu.Lock()
	defer w.box.mu.Unlock()
	for i := len(w.box.sent) - 1; i >= 0; i-- {
		if m := w.box.sent[i]; m.To == address && m.Template == mail.Invitation {
			link := m.Data["link"].(string)
			return link[len("https://hub.example/invitation#token="):]
		}
	}
	w.Fatalf("no invitation to %s", address)
	return ""
}

// club is a body with somebody who answers for it.
func (w *world) club() (body, answers id.ID) {
	w.Helper()
	answers = w.person("anna@example.org")
	return w.body("Club", answers), answers
}

func (w *world) invite(by, body id.ID, address string) (id.ID, error) {
	return w.accounts.Invite(w.Context(), w.viewer(by), "", auth.InvitationSpec{Organization: body, Mail: address, Role: "DELEGATE"})
}

// TestInvitation: who answers for a body invites, the invited accepts and acts
// for it, once.
func TestInvitation(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	club, anna := w.club()
	berta := w.person("berta@example.org")
	_, err := w.invite(berta, club, "carla@example.org")
	w.want(err, "DENIED")
	made, err := w.invite(anna, club, "Berta@example.org")
	w.want(err, "")
	_, err = w.invite(anna, club, "berta@example.org")
	w.want(err, "ALREADY_INVITED")
	if sent := w.last("berta@example.org"); sent.Data["organization"] != "Entitat de prova" || sent.Data["role"] != "delegado o delegada" {
		t.Errorf("the mail: %+v", sent)
	}
	token := w.invitationTo("berta@example.org")
	behind, err := auth.InvitationBehind(t.Context(), w.db.Read(), token)
	w.want(err, "")
	if behind == nil || behind.ID != made || behind.Organization != club {
		t.Errorf("behind the link: %+v", behind)
	}

	_, err = w.accounts.Accept(t.Context(), w.viewer(berta), "key", auth.Accepting{Token: token})
	w.want(err, "")
	if !w.viewer(berta).ActsFor(club) || w.viewer(berta).MayAdminister(club) {
		t.Error("does not act for the club as a delegate")
	}
	_, err = w.accounts.Accept(t.Context(), w.viewer(berta), "key", auth.Accepting{Token: token})
	w.want(err, "") // the same request again
	for _, person := range []id.ID{berta, w.person("dora@example.org")} {
		_, err = w.accounts.Accept(t.Context(), w.viewer(person), "", auth.Accepting{Token: token})
		w.want(err, "INVITATION_NOT_VALID")
	}
	if behind, err := auth.InvitationBehind(t.Context(), w.db.Read(), token); behind != nil || err != nil {
		t.Errorf("a used link still shows %+v, %v", behind, err)
	}
}

// TestInvitationByIdentifier: without the link only who proved the address may
// accept.
func TestInvitationByIdentifier(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	club, anna := w.club()
	made, err := w.invite(anna, club, "berta@example.org")
	w.want(err, "")
	mallory := w.viewer(w.person("mallory@example.org"))
	_, err = w.accounts.Accept(t.Context(), mallory, "", auth.Accepting{Invitation: made})
	w.want(err, "INVITATION_NOT_VALID")
	berta := w.viewer(w.person("berta@example.org"))
	list, err := auth.InvitationsTo(t.Context(), w.db.Read(), berta)
	if len(list) != 1 || err != nil {
		t.Fatalf("invitations to berta: %v, %v", list, err)
	}
	if list, err := auth.InvitationsTo(t.Context(), w.db.Read(), mallory); len(list) != 0 || err != nil {
		t.Errorf("mallory sees %v, %v", list, err)
	}
	_, err = w.accounts.Accept(t.Context(), berta, "", auth.Accepting{Invitation: made})
	w.want(err, "")
}

// TestInvitationEnds: by its date, which the table itself keeps from moving, by
// hand, and when who invited may no longer invite.
func TestInvitationEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	club, anna := w.club()
	berta := w.viewer(w.person("berta@example.org"))
	accept := func() error {
		_, err := w.accounts.Accept(t.Context(), berta, "", auth.Accepting{Token: w.invitationTo("berta@example.org")})
		return err
	}
	_, err := w.invite(anna, club, "berta@example.org")
	w.want(err, "")
	if n := w.count(`select count(*) from invitations where expires_at = created_at + interval '14 days'`); n != 1 {
		t.Error("it does not last 14 days")
	}
	for _, extend := range []string{
		`update invitations set expires_at = expires_at + interval '1 day'`,
		`update invitations set created_at = now(), expires_at = now() + interval '14 days'`,
		`update invitations set role = 'REPRESENTATIVE'`,
	} {
		if _, err := postgres.Hub(w.db.Read()).Exec(t.Context(), extend); err == nil {
			t.Errorf("worked: %s", extend)
		}
	}
	w.age("invitations", 14*24*time.Hour)
	w.want(accept(), "INVITATION_NOT_VALID")

	made, err := w.invite(anna, club, "berta@example.org") // the old one is no hindrance
	w.want(err, "")
	w.want(w.accounts.RevokeInvitation(t.Context(), berta, "", club, made), "DENIED")
	w.want(w.accounts.RevokeInvitation(t.Context(), w.viewer(anna), "", club, made), "")
	w.want(w.accounts.RevokeInvitation(t.Context(), w.viewer(anna), "", club, made), "NOT_FOUND")
	w.want(accept(), "INVITATION_NOT_VALID")
	if _, err := postgres.Hub(w.db.Read()).Exec(t.Context(), `update invitations set revoked_at = null`); err == nil {
		t.Error("a withdrawn invitation came back")
	}

	_, err = w.invite(anna, club, "berta@example.org")
	w.want(err, "")
	w.exec(`update edges set valid = daterange(lower(valid), (now() at time zone 'Europe/Madrid')::date) where source = $1`, anna)
	w.want(accept(), "INVITATION_NOT_VALID")
	if w.viewer(berta.Person).ActsFor(club) {
		t.Error("who lost the right let somebody in")
	}
}

// TestInvitationOnceUnderRace: many accept one invitation at once; one comes in.
// The negative control takes the condition and the lock out: then more would.
func TestInvitationOnceUnderRace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	club, anna := w.club()
	const n = 8
	people := make([]id.ID, n)
	w.tx(func(ctx context.Context, tx *postgres.Tx) error {
		for i := range people {
			var err error
			if people[i], err = newPerson(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	_, err := w.invite(anna, club, "berta@example.org")
	w.want(err, "")
	token := w.invitationTo("berta@example.org")
	viewers := make([]*access.Viewer, n)
	for i, person := range people {
		viewers[i] = w.viewer(person)
	}
	inviter := w.viewer(anna)
	if in := together(t, n, func(i int) error {
		_, err := w.accounts.Accept(t.Context(), viewers[i], "", auth.Accepting{Token: token})
		return err
	}, "INVITATION_NOT_VALID"); in != 1 {
		t.Errorf("%d came in by one invitation", in)
	}
	acting := func() int {
		return w.count(`select count(distinct source) from edges where kind = 'acts_for' and target = $1 and source <> $2`, club, anna)
	}
	if acting() != 1 {
		t.Errorf("%d act for the club", acting())
	}

	_, err = w.invite(anna, club, "berta@example.org")
	w.want(err, "")
	looked, gone := make(chan struct{}, n), make(chan struct{})
	naive := make(chan error, n)
	for _, person := range people {
		go func() {
			naive <- w.db.InTx(postgres.AsHub(t.Context()), func(ctx context.Context, tx *postgres.Tx) error {
				var open int
				err := tx.Native().QueryRow(ctx, `select count(*) from invitations where accepted_at is null`).Scan(&open)
				looked <- struct{}{}
				<-gone
				if err != nil || open == 0 {
					return err
				}
				_, err = bodies{}.AppointInvited(ctx, tx, nil, inviter, club, person, "SUBSTITUTE")
				return err
			})
		}()
	}
	for range n {
		<-looked
	}
	close(gone)
	for range n {
		if err := <-naive; err != nil {
			t.Error(err)
		}
	}
	if acting() < 2 {
		t.Error("the negative control let only one in: the race proves nothing")
	}
}
