package directory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// relation is an edge of one of two bodies that are merged, as it will be: with
// the body that stays at its end.
type relation struct {
	id   id.ID
	key  relationKey
	from *time.Time // first day; nil: open
	to   *time.Time // first day on which it no longer holds; nil: open
	own  bool       // of the body that stays
}

type relationKey struct {
	kind, role     string
	source, target id.ID
}

// moveEdges gives the relations of one body to another. Those between the two
// stay on record with the one that ends.
func moveEdges(ctx context.Context, q postgres.Querier, from, into id.ID) error {
	all, err := relationsOf(ctx, q, from, into)
	if err != nil {
		return err
	}
	keep, drop := united(all)
	ids := make([]id.ID, len(drop))
	for i, r := range drop {
		ids[i] = r.id
	}
	if _, err := q.Exec(ctx, `delete from edges where id = any($1)`, ids); err != nil {
		return wrap("unite relations", err)
	}
	return storeRelations(ctx, q, keep, from, into)
}

func relationsOf(ctx context.Context, q postgres.Querier, from, into id.ID) ([]relation, error) {
	rows, err := q.Query(ctx, `
		select id, kind, role, source, target, lower(valid), upper(valid) from edges
		where (source = any($1) or target = any($1))`, []id.ID{from, into})
	if err != nil {
		return nil, wrap("read relations", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (relation, error) {
		r, k := relation{}, relationKey{}
		err := row.Scan(&r.id, &k.kind, &k.role, &k.source, &k.target, &r.from, &r.to)
		r.own = k.source != from && k.target != from
		for _, end := range []*id.ID{&k.source, &k.target} {
			if *end == from {
				*end = into
			}
		}
		r.key = k
		return r, err
	})
	all = slices.DeleteFunc(all, func(r relation) bool { return r.key.source == r.key.target })
	return all, wrap("read relations", err)
}

// united makes relations that hold at one time one, and says which are left
// over. Of several the one of the body that stays is kept, or the first.
func united(all []relation) (keep, drop []relation) {
	slices.SortStableFunc(all, func(a, b relation) int {
		return cmp.Or(a.key.compare(b.key), begins(a.from, b.from))
	})
	for _, r := range all {
		last := len(keep) - 1
		if last < 0 || keep[last].key != r.key || !meets(keep[last], r) {
			keep = append(keep, r)
			continue
		}
		one, other := keep[last], r
		if !one.own && other.own {
			one, other = other, one
		}
		one.from, one.to = keep[last].from, later(keep[last].to, r.to)
		keep[last], drop = one, append(drop, other)
	}
	return keep, drop
}

func (k relationKey) compare(l relationKey) int {
	return cmp.Or(
		cmp.Compare(k.kind, l.kind), cmp.Compare(k.role, l.role),
		slices.Compare(k.source[:], l.source[:]), slices.Compare(k.target[:], l.target[:]))
}

// begins orders first days; an open one comes first.
func begins(a, b *time.Time) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return a.Compare(*b)
}

// meets tells that b, which begins no earlier, begins before a ends.
func meets(a, b relation) bool { return a.to == nil || b.from == nil || b.from.Before(*a.to) }

// later is the later of two ends; an open one is the latest.
func later(a, b *time.Time) *time.Time {
	if a == nil || b == nil {
		return nil
	}
	if a.Before(*b) {
		return b
	}
	return a
}

func storeRelations(ctx context.Context, q postgres.Querier, keep []relation, from, into id.ID) error {
	n := len(keep)
	ids, sources, targets := make([]id.ID, n), make([]id.ID, n), make([]id.ID, n)
	begin, end := make([]*time.Time, n), make([]*time.Time, n)
	for i, r := range keep {
		ids[i], sources[i], targets[i], begin[i], end[i] = r.id, r.key.source, r.key.target, r.from, r.to
	}
	_, err := q.Exec(ctx, `
		update edges e set source = m.source, target = m.target, valid = daterange(m.valid_from, m.valid_to),
		  recorded_in = case when e.recorded_in = $6 then $7 else e.recorded_in end
		from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::date[], $5::date[]) as m(id, source, target, valid_from, valid_to)
		where e.id = m.id and (e.source, e.target, lower(e.valid), upper(e.valid))
		  is distinct from (m.source, m.target, m.valid_from, m.valid_to)`, ids, sources, targets, begin, end, from, into)
	return storeError("move relations", err)
}
