package directory

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// SetActsIn makes the places where a body acts those given, from a day on (nil:
// today); before that day the old ones stay on record. Who may: those who
// answer for the body. An association keeps at least one place.
func (s *Service) SetActsIn(ctx context.Context, v *access.Viewer, key string, body id.ID, places []id.ID, from *time.Time) error {
	input := []any{body, places, from}
	_, err := s.command(ctx, v, key, "organizationActsInSet", input, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		return body, setActsIn(ctx, tx, v, body, places, from)
	})
	return err
}

func setActsIn(ctx context.Context, tx *postgres.Tx, v *access.Viewer, body id.ID, places []id.ID, from *time.Time) error {
	l, err := administered(ctx, tx, v, body)
	if err != nil {
		return err
	}
	if err := checkPlaces(ctx, tx.Native(), v, l, places, from); err != nil {
		return err
	}
	day := l.orToday(from)
	added, removed, err := setTargets(ctx, tx, v, body, node.ActsIn, places, day)
	if err != nil || len(added)+len(removed) == 0 {
		return err
	}
	data := PlacesSet{Added: added, Removed: removed, From: date(&day)}
	return journal.Append(ctx, tx, body, v,
		fact(FactPlacesSet, access.Public, data, body, slices.Concat(added, removed)...))
}

func checkPlaces(ctx context.Context, q postgres.Querier, v *access.Viewer, l locked, places []id.ID, from *time.Time) error {
	c := &checker{}
	c.ids(places, MaxPlaces, "actsIn")
	c.days(from, nil, "from")
	if len(places) == 0 && l.kind == node.Association {
		c.add(ErrNoPlace.At("actsIn"))
	}
	kinds, err := visibleKinds(ctx, q, v, places)
	if err != nil {
		return err
	}
	wrong := Spec{Kind: l.kind, ActsIn: places}.checkReferences(kinds)
	wrong = slices.DeleteFunc(wrong, func(f *fault.Fault) bool { return !f.Is(fault.ErrNotFound) })
	return append(c.wrong, wrong...).Err()
}

// unitLock lets one office move at a time: two moves that are right one by one
// could close a circle together. Moves are rare.
const unitLock = 7_315_948_223

// MoveUnit makes an office part of another body or office from a day on (nil:
// today); before that day it stays on record where it was. Who may: those who
// answer for both the office and the new whole. A circle is ErrCircle.
func (s *Service) MoveUnit(ctx context.Context, v *access.Viewer, key string, unit, whole id.ID, from *time.Time) error {
	input := []any{unit, whole, from}
	_, err := s.command(ctx, v, key, "publicServiceMove", input, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		return unit, moveUnit(ctx, tx, v, unit, whole, from)
	})
	return err
}

func moveUnit(ctx context.Context, tx *postgres.Tx, v *access.Viewer, unit, whole id.ID, from *time.Time) error {
	if _, err := tx.Native().Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(unitLock)); err != nil {
		return fmt.Errorf("wait for another move: %w", err)
	}
	l, err := lock(ctx, tx, v, unit)
	if err != nil {
		return err
	}
	day := l.orToday(from)
	before, err := targets(ctx, tx.Native(), unit, node.PartOf, day)
	if err != nil {
		return err
	}
	if err := mayMove(ctx, tx.Native(), v, l, whole, day); err != nil {
		return err
	}
	if slices.Contains(before, whole) {
		return nil
	}
	moved := UnitMoved{Now: whole, From: date(&day)}
	for _, old := range before {
		moved.Before = old
		if _, err := node.Disconnect(ctx, tx, node.PartOf, unit, old, RoleUnit, day); err != nil {
			return err
		}
	}
	err = node.Connect(ctx, tx, node.Edge{
		Kind: node.PartOf, Role: RoleUnit, Source: unit, Target: whole, From: &day, RecordedBy: v.Person, RecordedIn: unit,
	})
	if err != nil {
		return err
	}
	return journal.Append(ctx, tx, unit, v, fact(FactUnitMoved, access.Public, moved, unit, moved.Before, whole))
}

func mayMove(ctx context.Context, q postgres.Querier, v *access.Viewer, l locked, whole id.ID, day time.Time) error {
	if l.kind != node.PublicService {
		return ErrBadKind.At("unit")
	}
	kinds, err := visibleKinds(ctx, q, v, []id.ID{whole})
	if err != nil {
		return err
	}
	if !slices.Contains(publicBodies(), kinds[whole]) {
		return ErrNoWhole.At("partOf")
	}
	for _, side := range []id.ID{l.id, whole} {
		if err := answersFor(ctx, q, v, side); err != nil {
			return err
		}
	}
	return checkCircle(ctx, q, l.id, whole, day)
}

// checkCircle looks whether the whole is, at any time from the day on, part of
// the unit.
func checkCircle(ctx context.Context, q postgres.Querier, unit, whole id.ID, day time.Time) error {
	var circle bool
	err := q.QueryRow(ctx, `
		with recursive above as (
		  select $2::uuid as id
		  union
		  select e.target from above a join edges e on e.source = a.id
		  where e.kind = 'part_of' and e.role = 'UNIT' and (upper_inf(e.valid) or upper(e.valid) > $3::date))
		select exists (select from above where id = $1)`, unit, whole, day).Scan(&circle)
	if err != nil {
		return wrap("look for circles", err)
	}
	if circle {
		return ErrCircle.At("partOf")
	}
	return nil
}
