package calendar

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Sex is what a delegate may say for what is counted; nobody has to.
type Sex string

// The sexes; empty is not stated.
const (
	Woman     Sex = "WOMAN"
	Man       Sex = "MAN"
	NonBinary Sex = "NON_BINARY"
)

// Sexes lists all of them.
func Sexes() []Sex { return []Sex{Woman, Man, NonBinary} }

// writeSex is the hub's own work: nobody reads it back but in counts.
func (d *desk) writeSex(ctx context.Context, delegate id.ID, sex Sex) error {
	hub := postgres.Hub(d.tx.Native())
	if sex == "" {
		_, err := hub.Exec(ctx, `delete from delegate_traits where delegate = $1`, delegate)
		return registrationError("take back what is counted", err)
	}
	_, err := hub.Exec(ctx, `
		insert into delegate_traits (delegate, event, sex) values ($1, $2, $3)
		on conflict (delegate) do update set sex = excluded.sex`, delegate, d.event, sex)
	return registrationError("keep what is counted", err)
}
