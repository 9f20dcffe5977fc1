package directory

import (
	"context"
	"errors"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// MayInvite locks the body's topic, says whether v may let somebody act for the
// body in the role (empty: in some role), and returns the body's name. Who may:
// those who answer for the body; and where nobody does who could sign in,
// administrators of the platform, or nobody would ever be the first. It is for
// package auth, whose invitations work in a transaction of their own.
func (s *Service) MayInvite(ctx context.Context, tx *postgres.Tx, v *access.Viewer, body id.ID, role string) (lang.Text, error) {
	l, err := inviting(ctx, tx, v, body)
	if err != nil {
		return lang.Text{}, err
	}
	if role != "" {
		if f := checkRole(ActingRole(role), l.kind); f != nil {
			return lang.Text{}, f
		}
	}
	found, err := node.ByIDs(ctx, tx.Native(), v, []id.ID{body})
	if err != nil || len(found) == 0 {
		return lang.Text{}, err
	}
	return found[0].Title, nil
}

// AppointInvited lets the person act for the body from today on, and returns the
// appointment. v is who accepts and so is told to have done it; inviter, whose
// rights are asked again, may invite. A record that the body has of the person
// becomes one with them.
func (s *Service) AppointInvited(ctx context.Context, tx *postgres.Tx, v, inviter *access.Viewer, body, person id.ID, role string) (id.ID, error) {
	l, err := inviting(ctx, tx, inviter, body)
	if err != nil {
		return id.Zero, err
	}
	made, err := appoint(ctx, tx, v, l, AppointmentSpec{Organization: body, Person: person, Role: ActingRole(role)})
	if err != nil {
		return id.Zero, err
	}
	return made, s.uniteRecorded(ctx, tx, v, l, person, ActingRole(role))
}

func inviting(ctx context.Context, tx *postgres.Tx, v *access.Viewer, body id.ID) (locked, error) {
	l, err := administered(ctx, tx, v, body)
	if !v.Admin || !errors.Is(err, fault.ErrDenied) {
		return l, err
	}
	var answered bool
	// On the hub's own authority: to whoever asks, others' accounts do not exist.
	err = postgres.Hub(tx.Native()).QueryRow(ctx, `
		with recursive above as (
		  select $1::uuid as id
		  union
		  select e.target from above a join edges e on e.source = a.id
		  where e.kind = 'part_of' and e.role = 'UNIT' and e.valid @> `+today+`)
		select exists (
		  select from edges e join accounts a on a.person = e.source and a.disabled_at is null
		  where e.target in (select id from above) and e.kind = 'acts_for'
		    and e.role in ('REPRESENTATIVE', 'OFFICER') and e.valid @> `+today+`)`, body).Scan(&answered)
	if err == nil && answered {
		return l, fault.ErrDenied.New()
	}
	return l, wrap("look whether anybody answers", err)
}
