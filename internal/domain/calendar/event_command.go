package calendar

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
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
	var result *EventResult
	_, err := s.once(ctx, v, key, mutation, input, func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		event, err := do(ctx, tx)
		return []id.ID{event}, err
	}, func(ctx context.Context, tx *postgres.Tx, ids []id.ID) (err error) {
		result, err = readResult(ctx, tx.Native(), v, ids[0])
		return err
	})
	if err != nil {
		return nil, err
	}
	return result, nil
}

// once runs do in a transaction unless the key was used for it before, then
// read in the same transaction.
func (s *Events) once(ctx context.Context, v *access.Viewer, key, mutation string, input any,
	do func(context.Context, *postgres.Tx) ([]id.ID, error), read func(context.Context, *postgres.Tx, []id.ID) error,
) (ids []id.ID, err error) {
	if !v.SignedIn() {
		return nil, fault.ErrUnauthenticated.New()
	}
	hash, err := hashOf(input)
	if err != nil {
		return nil, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		if key == "" {
			ids, err = do(ctx, tx)
		} else {
			ids, err = journal.Once(ctx, tx, v, key, mutation, hash, func() ([]id.ID, error) { return do(ctx, tx) })
		}
		if err != nil {
			return err
		}
		return read(ctx, tx, ids)
	})
	return ids, err
}

func hashOf(input any) ([]byte, error) {
	b, err := json.Marshal(input)
	if err != nil {
		return nil, fmt.Errorf("hash the input: %w", err)
	}
	sum := sha256.Sum256(b)
	return sum[:], nil
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
