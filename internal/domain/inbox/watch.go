package inbox

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Watch is a thing that a person watches. It is hidden while they do not see it.
type Watch struct {
	link.Slots
	NodeID id.ID
	At     time.Time
}

// SetWatch begins or ends watching a node of any kind but a person. Doing it
// twice changes nothing. Who may: who sees it; ending needs no sight. Faults:
// NOT_FOUND at "node", ErrTooManyWatched.
func (s *Service) SetWatch(ctx context.Context, v *access.Viewer, key string, of id.ID, on bool) error {
	_, err := s.command(ctx, v, key, "watchSet", []any{of, on}, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		if !on {
			_, err := tx.Native().Exec(ctx, `delete from watches where person = $1 and node = $2`, v.Person, of)
			return of, wrap("stop watching", err)
		}
		return of, watch(ctx, tx.Native(), v, of)
	})
	return err
}

func watch(ctx context.Context, q postgres.Querier, v *access.Viewer, of id.ID) error {
	if err := followable(ctx, q, v, of); err != nil {
		return access.At(err, "node")
	}
	since, err := journal.FeedHead(ctx, q)
	if err != nil {
		return err
	}
	var n int
	err = q.QueryRow(ctx, `
		with added as (
		  insert into watches (person, node, era, fxid) values ($1, $2, $3, $4) on conflict (person, node) do nothing returning 1)
		select (select count(*) from watches where person = $1) + (select count(*) from added)`,
		v.Person, of, since.Era, since.FXID).Scan(&n)
	if err == nil && n > MaxWatches {
		return ErrTooManyWatched.At("node").With("max", MaxWatches)
	}
	return wrap("watch", err)
}

// followable refuses what cannot be seen, and people: nobody is watched.
func followable(ctx context.Context, q postgres.Querier, v *access.Viewer, things ...id.ID) error {
	found, err := node.ByIDs(ctx, q, v, things)
	if err != nil {
		return err
	}
	seen := map[id.ID]bool{}
	for _, n := range found {
		seen[n.ID] = n.Kind != node.Person
	}
	for _, thing := range things {
		if !seen[thing] {
			return fault.ErrNotFound.New()
		}
	}
	return nil
}

// Watches reads what the viewer watches, newest first.
func Watches(ctx context.Context, q postgres.Querier, v *access.Viewer) ([]*Watch, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, `select node, at from watches where person = $1 order by at desc, node`, v.Person)
	if err != nil {
		return nil, wrap("read what is watched", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Watch, error) {
		w := &Watch{}
		return w, row.Scan(&w.NodeID, &w.At)
	})
	return list, wrap("read what is watched", err)
}

// WatchedAmong tells which of the things the viewer watches.
func WatchedAmong(ctx context.Context, q postgres.Querier, v *access.Viewer, things []id.ID) (map[id.ID]bool, error) {
	watched := map[id.ID]bool{}
	if !v.SignedIn() {
		return watched, nil
	}
	rows, err := postgres.Personal(q, v).Query(ctx, `select node from watches where person = $1 and node = any($2)`, v.Person, things)
	if err != nil {
		return nil, wrap("read what is watched", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	for _, thing := range list {
		watched[thing] = true
	}
	return watched, wrap("read what is watched", err)
}
