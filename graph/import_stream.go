package graph

import (
	"context"
	"time"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// importLook is how often the number of an import is looked at. While a list comes
// in whole, how far it has got is written from outside of its transaction, and is no
// fact of the event: there is nothing in the journal that could wake who follows.
const importLook = 400 * time.Millisecond

// importFollowed is one list that is followed: the truth about it is its row, as it
// is for who follows over HTTP.
type importFollowed struct {
	*Resolver
	watch watch // of its event
	list  id.ID
	sent  int // number of what was sent last; 0: nothing yet
}

// importStream sends how far a list has got, unless the reader has it already, and
// again whenever that has changed, until the list is finished.
func (r *Resolver) importStream(ctx context.Context, global string, after *string) (<-chan *model.ParticipantImportProgress, error) {
	f, err := r.followImport(ctx, global, after)
	if err != nil {
		return nil, err
	}
	return produce(ctx, f.watch, func(rights *auth.Stream, send func(*model.ParticipantImportProgress) bool) error {
		again := time.NewTicker(importLook)
		defer again.Stop()
		for {
			now, err := f.read(ctx, rights)
			if err != nil {
				return err
			}
			if f.sent < now.Number && !send(now) || now.Import.State.Final() {
				return nil
			}
			f.sent = now.Number
			if err := f.wait(ctx, rights, again.C); err != nil {
				return err
			}
		}
	}), nil
}

// followImport finds a list and where its reader goes on.
func (r *Resolver) followImport(ctx context.Context, global string, after *string) (*importFollowed, error) {
	event, list, err := calendar.ImportID.Part(global)
	if err != nil {
		return nil, fault.ErrNotFound.At("id")
	}
	w, err := r.watchEvent(ctx, node.Event.Global(event), access.MayOrganise)
	if err != nil {
		return nil, err
	}
	f := &importFollowed{Resolver: r, watch: w, list: list}
	i, err := calendar.ImportIn(ctx, r.DB.Read(), access.From(ctx), event, list)
	if err != nil {
		return nil, missingAt(err, "id")
	}
	cursor, begins, err := r.Live.Resume(position(ctx, after), list, w.level)
	if err != nil {
		return nil, err
	}
	if begins == journal.Resumed {
		f.sent = int(cursor.Number)
	}
	if f.sent > i.Number { // of a database that was restored
		return nil, journal.ErrStaleCursor.At("after")
	}
	return f, nil
}

// read reads how far the list has got, at one instant in which the viewer may know
// it, and what the selection links to.
func (f *importFollowed) read(ctx context.Context, rights *auth.Stream) (now *model.ParticipantImportProgress, err error) {
	err = f.atOnce(ctx, rights, func(ctx context.Context, q postgres.Querier) error {
		i, err := calendar.ImportIn(ctx, q, access.From(ctx), f.watch.topic, f.list)
		if err != nil {
			return err
		}
		at := journal.Cursor{Topic: f.list, Epoch: f.Live.Epoch(), Level: f.watch.level, Number: int64(i.Number)}
		now = &model.ParticipantImportProgress{Number: i.Number, Cursor: at.Encode(), Import: i}
		return f.loadMessage(ctx, q, now)
	})
	return now, err
}

// wait comes back when the list has got further, or its reader's rights are to be
// looked at. While the database is away it waits.
func (f *importFollowed) wait(ctx context.Context, rights *auth.Stream, again <-chan time.Time) error {
	_, err := next(ctx, rights, func(ctx context.Context) (int, error) {
		for {
			select {
			case <-ctx.Done():
				return 0, ctx.Err()
			case <-again:
			}
			number, err := calendar.ImportNumber(ctx, f.DB.Read(), f.list)
			if ctx.Err() != nil {
				return 0, ctx.Err()
			}
			if err == nil && number == f.sent || err != nil && fault.From(err).Code.Kind == fault.Limited {
				continue
			}
			return number, err
		}
	})
	return err
}
