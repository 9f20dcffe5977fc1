package calendar

import (
	"context"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// changing is an event whose topic is locked by an organiser's command.
type changing struct {
	viewer  *access.Viewer
	event   *Event
	related []related
	today   time.Time
}

// lockOrganised locks the event's topic and reads it. The right is asked for
// before the lock, so that a stranger cannot hold an event up, and again under
// it.
func lockOrganised(ctx context.Context, tx *postgres.Tx, v *access.Viewer, event id.ID) (*changing, error) {
	if _, err := organised(ctx, tx.Native(), v, event, Card); err != nil {
		return nil, err
	}
	if err := journal.Lock(ctx, tx, event); err != nil {
		return nil, err
	}
	e, err := organised(ctx, tx.Native(), v, event, Full)
	if err != nil {
		return nil, err
	}
	c := &changing{viewer: v, event: e, today: Today(e.ReadAt)}
	c.related, err = relatedTo(ctx, tx.Native(), v, event, c.today)
	return c, err
}

// lockForChange is lockOrganised for commands that change what the event says.
func lockForChange(ctx context.Context, tx *postgres.Tx, v *access.Viewer, event id.ID, expected *int64) (*changing, error) {
	c, err := lockOrganised(ctx, tx, v, event)
	if err != nil {
		return nil, err
	}
	if err := c.event.mayChange(); err != nil {
		return nil, err
	}
	return c, c.event.checkRevision(expected)
}

func organised(ctx context.Context, q postgres.Querier, v *access.Viewer, event id.ID, set Columns) (*Event, error) {
	found, err := EventsByIDs(ctx, q, v, []id.ID{event}, set)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fault.ErrNotFound.At("id")
	}
	return found[0], access.At(access.MayOrganise(v, found[0].Subject()), "id")
}

// run executes a command once per key and reads what it left.
func (s *Events) run(ctx context.Context, v *access.Viewer, key, mutation string, input any, do func(context.Context, *postgres.Tx) (id.ID, error)) (*EventResult, error) {
	return command.One(ctx, command.Call{DB: s.db, Viewer: v, Key: key, Mutation: mutation, Input: input}, do,
		func(ctx context.Context, q postgres.Querier, event id.ID) (*EventResult, error) {
			return readResult(ctx, q, v, event)
		})
}

// once runs do in a transaction unless the key was used for it before, then
// read in the same transaction.
func (s *Events) once(ctx context.Context, v *access.Viewer, key, mutation string, input any,
	do func(context.Context, *postgres.Tx) ([]id.ID, error), read func(context.Context, *postgres.Tx, []id.ID) error,
) error {
	return command.Call{DB: s.db, Viewer: v, Key: key, Mutation: mutation, Input: input}.Run(ctx, do, read)
}

func readResult(ctx context.Context, q postgres.Querier, v *access.Viewer, event id.ID) (*EventResult, error) {
	e, err := organised(ctx, q, v, event, Full)
	if err != nil {
		return nil, err
	}
	warnings, err := warningsOf(ctx, q, v, e)
	if err != nil {
		return nil, err
	}
	return &EventResult{Event: e, Warnings: warnings}, nil
}
