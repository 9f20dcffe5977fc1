package inbox

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Set is a person's own named list of things. What of it they do not see any
// more is hidden from them, and comes back with the sight.
type Set struct {
	link.Slots
	ID      id.ID
	Title   string
	At      time.Time
	Members []id.ID
}

// GlobalID is its public identifier.
func (s *Set) GlobalID() string { return SetType.Global(s.ID) }

// SetChange is what a list shall become.
type SetChange struct {
	Title       *string // nil: stays
	Add, Remove []id.ID
}

// CreateSet makes a list of the viewer's own. Who may: who is signed in. Faults:
// at "title" and "nodes".
func (s *Service) CreateSet(ctx context.Context, v *access.Viewer, key, title string, members []id.ID) (id.ID, error) {
	return s.command(ctx, v, key, "savedSetCreate", []any{title, members}, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		set := id.New()
		title, err := cleanTitle(title)
		if err != nil {
			return id.Zero, err
		}
		var n int
		if err := tx.Native().QueryRow(ctx, `select count(*) from saved_sets where person = $1`, v.Person).Scan(&n); err != nil {
			return id.Zero, wrap("count lists", err)
		}
		if n >= MaxSets {
			return id.Zero, ErrTooManySets.New().With("max", MaxSets)
		}
		_, err = tx.Native().Exec(ctx, `insert into saved_sets (id, person, title) values ($1, $2, $3)`, set, v.Person, title)
		if err != nil {
			return id.Zero, titled(err)
		}
		return set, addToSet(ctx, tx.Native(), v, set, members, "nodes")
	})
}

// UpdateSet changes a list of the viewer's own. Faults: NOT_FOUND at "id", and at
// "title" and "add".
func (s *Service) UpdateSet(ctx context.Context, v *access.Viewer, key string, set id.ID, c SetChange) error {
	_, err := s.command(ctx, v, key, "savedSetUpdate", []any{set, c}, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		q := tx.Native()
		if err := lockSet(ctx, q, v, set); err != nil {
			return id.Zero, err
		}
		if c.Title != nil {
			title, err := cleanTitle(*c.Title)
			if err != nil {
				return id.Zero, err
			}
			if _, err := q.Exec(ctx, `update saved_sets set title = $2 where id = $1`, set, title); err != nil {
				return id.Zero, titled(err)
			}
		}
		if _, err := q.Exec(ctx, `delete from saved_set_nodes where saved_set = $1 and node = any($2)`, set, c.Remove); err != nil {
			return id.Zero, wrap("take out of a list", err)
		}
		return set, addToSet(ctx, q, v, set, c.Add, "add")
	})
	return err
}

// RemoveSet removes a list of the viewer's own. Faults: NOT_FOUND at "id".
func (s *Service) RemoveSet(ctx context.Context, v *access.Viewer, key string, set id.ID) error {
	_, err := s.command(ctx, v, key, "savedSetRemove", []any{set}, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		if err := lockSet(ctx, tx.Native(), v, set); err != nil {
			return id.Zero, err
		}
		_, err := tx.Native().Exec(ctx, `delete from saved_sets where id = $1`, set)
		return set, wrap("remove a list", err)
	})
	return err
}

func lockSet(ctx context.Context, q postgres.Querier, v *access.Viewer, set id.ID) error {
	tag, err := q.Exec(ctx, `select from saved_sets where id = $1 and person = $2 for update`, set, v.Person)
	if err != nil {
		return wrap("lock a list", err)
	}
	if tag.RowsAffected() == 0 {
		return fault.ErrNotFound.At("id")
	}
	return nil
}

func addToSet(ctx context.Context, q postgres.Querier, v *access.Viewer, set id.ID, members []id.ID, field string) error {
	if len(members) == 0 {
		return nil
	}
	if len(members) > MaxInSet {
		return ErrTooManyInSet.At(field).With("max", MaxInSet)
	}
	if err := followable(ctx, q, v, members...); err != nil {
		return access.At(err, field)
	}
	var n int
	err := q.QueryRow(ctx, `
		with added as (
		  insert into saved_set_nodes (saved_set, node) select $1, unnest($2::uuid[]) on conflict do nothing returning 1)
		select (select count(*) from saved_set_nodes where saved_set = $1) + (select count(*) from added)`, set, members).Scan(&n)
	if err == nil && n > MaxInSet {
		return ErrTooManyInSet.At(field).With("max", MaxInSet)
	}
	return wrap("add to a list", err)
}

func cleanTitle(title string) (string, error) {
	title = strings.TrimSpace(title)
	switch n := utf8.RuneCountInString(title); {
	case !utf8.ValidString(title) || strings.ContainsRune(title, 0):
		return "", fault.ErrBadText.At("title")
	case n == 0:
		return "", fault.ErrRequired.At("title")
	case n > MaxTitle:
		return "", fault.ErrTooLong.At("title").With("max", MaxTitle)
	}
	return title, nil
}

func titled(err error) error {
	err = postgres.Translate(fmt.Errorf("write a list: %w", err), map[string]fault.Code{"saved_sets_title_once": ErrSetTitle})
	if f := fault.From(err); f.Is(ErrSetTitle) {
		return f.Under("title")
	}
	return err
}

// Sets reads the viewer's own lists, by title; only those named when ids is not
// nil.
func Sets(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Set, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, `
		select s.id, s.title, s.at, array(select m.node from saved_set_nodes m where m.saved_set = s.id order by m.node)
		from saved_sets s where s.person = $1 and ($2::uuid[] is null or s.id = any($2))
		order by s.title collate ca, s.id`, v.Person, ids)
	if err != nil {
		return nil, wrap("read lists", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Set, error) {
		s := &Set{}
		return s, row.Scan(&s.ID, &s.Title, &s.At, &s.Members)
	})
	return list, wrap("read lists", err)
}
