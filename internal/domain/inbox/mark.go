package inbox

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Marking is what shall count as read: everything up to a place, or single items.
type Marking struct {
	UpTo  journal.FeedCursor   // zero: nothing by that
	Items []journal.FeedCursor // single ones
	Read  bool                 // of the single ones
}

// Mark notes what the viewer has read. It moves only forwards: everything up to
// an earlier place is read already, but for single items. Faults: ErrTooManyMarked.
func (s *Service) Mark(ctx context.Context, v *access.Viewer, key string, m Marking) error {
	if len(m.Items) > MaxMarked {
		return ErrTooManyMarked.At("items").With("max", MaxMarked)
	}
	_, err := s.command(ctx, v, key, "inboxMarkRead", m, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		if m.UpTo != (journal.FeedCursor{}) {
			if err := markUpTo(ctx, tx.Native(), v.Person, m.UpTo); err != nil {
				return id.Zero, err
			}
		}
		return v.Person, markItems(ctx, tx.Native(), v.Person, m)
	})
	return err
}

func markUpTo(ctx context.Context, q postgres.Querier, person id.ID, at journal.FeedCursor) error {
	_, err := q.Exec(ctx, `
		insert into inboxes as b (person, era, fxid, seq) values ($1, $2, $3, $4)
		on conflict (person) do update set era = excluded.era, fxid = excluded.fxid, seq = excluded.seq
		where (excluded.era, excluded.fxid, excluded.seq) > (b.era, b.fxid, b.seq)`, person, at.Era, at.FXID, at.Seq)
	if err != nil {
		return wrap("mark as read", err)
	}
	_, err = q.Exec(ctx, `delete from inbox_marks where person = $1 and (era, fxid, seq) <= ($2::bigint, $3::xid8, $4::bigint)`,
		person, at.Era, at.FXID, at.Seq)
	return wrap("mark as read", err)
}

// markItems keeps a mark only where it says something else than the place up to
// which everything is read.
func markItems(ctx context.Context, q postgres.Querier, person id.ID, m Marking) error {
	for _, at := range m.Items {
		_, err := q.Exec(ctx, `
			insert into inbox_marks (person, era, fxid, seq, is_read) values ($1, $2, $3, $4, $5)
			on conflict (person, era, fxid, seq) do update set is_read = excluded.is_read, at = clock_timestamp()`,
			person, at.Era, at.FXID, at.Seq, m.Read)
		if err != nil {
			return wrap("mark one as read", err)
		}
	}
	_, err := q.Exec(ctx, `
		delete from inbox_marks m using (select 1) one
		left join inboxes b on b.person = $1
		where m.person = $1 and m.is_read = coalesce((m.era, m.fxid, m.seq) <= (b.era, b.fxid, b.seq), false)`, person)
	return wrap("tidy marks", err)
}
