package main

import (
	"context"
	"net/http"
	"time"

	"github.com/graph-gophers/dataloader/v7"
	"github.com/uptrace/bun"

	"github.com/teixit/teixit/bench/queries/usual/model"
)

// loaders gather the keys of a request's fields for a moment, as gqlgen's
// documentation shows it.
type loaders struct {
	comarques     *dataloader.Loader[string, *model.Comarca]
	organizations *dataloader.Loader[page, []*model.Association]
	associations  *dataloader.Loader[string, *model.Association]
	events        *dataloader.Loader[page, []*model.Event]
	pools         *dataloader.Loader[string, []*model.SeatPool]
}

// page is the first rows of a parent.
type page struct {
	parent string
	first  int
}

type loadersKey struct{}

// withLoaders gives each request loaders of its own.
func withLoaders(db *bun.DB, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l := &loaders{
			comarques: newLoader(func(ctx context.Context, ids []string) ([]*model.Comarca, error) {
				var rows []*model.Comarca
				err := db.NewSelect().Model(&rows).Where("id in (?)", bun.In(ids)).Scan(ctx)
				return byID(ids, rows, func(c *model.Comarca) string { return c.ID }), err
			}),
			associations: newLoader(func(ctx context.Context, ids []string) ([]*model.Association, error) {
				var rows []*model.Association
				err := db.NewSelect().Model(&rows).Where("id in (?)", bun.In(ids)).Scan(ctx)
				return byID(ids, rows, func(a *model.Association) string { return a.ID }), err
			}),
			organizations: newLoader(func(ctx context.Context, pages []page) ([][]*model.Association, error) {
				var rows []*model.Association
				err := db.NewRaw(`select o.* from unnest(array[?]::text[]) as p(id) cross join lateral (
					select * from bench.associations where municipality = p.id order by name, id limit ?) o`,
					bun.In(parents(pages)), pages[0].first).Scan(ctx, &rows)
				return grouped(parents(pages), rows, func(a *model.Association) string { return a.Municipality }), err
			}),
			events: newLoader(func(ctx context.Context, pages []page) ([][]*model.Event, error) {
				var rows []*model.Event
				err := db.NewRaw(`select e.* from unnest(array[?]::text[]) as p(id) cross join lateral (
					select * from bench.events where organiser = p.id order by starts_at, id limit ?) e`,
					bun.In(parents(pages)), pages[0].first).Scan(ctx, &rows)
				return grouped(parents(pages), rows, func(e *model.Event) string { return e.Organiser }), err
			}),
			pools: newLoader(func(ctx context.Context, events []string) ([][]*model.SeatPool, error) {
				var rows []*model.SeatPool
				err := db.NewSelect().Model(&rows).Where("event in (?)", bun.In(events)).OrderExpr("event, position, id").Scan(ctx)
				return grouped(events, rows, func(p *model.SeatPool) string { return p.Event }), err
			}),
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), loadersKey{}, l)))
	})
}

func of(ctx context.Context) *loaders { return ctx.Value(loadersKey{}).(*loaders) }

func parents(pages []page) []string {
	ids := make([]string, len(pages))
	for i, p := range pages {
		ids[i] = p.parent
	}
	return ids
}

// newLoader makes a loader that waits a millisecond for more keys.
func newLoader[K comparable, V any](load func(ctx context.Context, keys []K) ([]V, error)) *dataloader.Loader[K, V] {
	return dataloader.NewBatchedLoader(func(ctx context.Context, keys []K) []*dataloader.Result[V] {
		rows, err := load(ctx, keys)
		all := make([]*dataloader.Result[V], len(keys))
		for i := range all {
			all[i] = &dataloader.Result[V]{Data: rows[i], Error: err}
		}
		return all
	}, dataloader.WithWait[K, V](time.Millisecond))
}

func byID[T any](ids []string, rows []T, of func(T) string) []T {
	found := make(map[string]T, len(rows))
	for _, row := range rows {
		found[of(row)] = row
	}
	all := make([]T, len(ids))
	for i, id := range ids {
		all[i] = found[id]
	}
	return all
}

func grouped[T any](ids []string, rows []T, of func(T) string) [][]T {
	found := make(map[string][]T, len(ids))
	for _, row := range rows {
		found[of(row)] = append(found[of(row)], row)
	}
	all := make([][]T, len(ids))
	for i, id := range ids {
		all[i] = found[id]
	}
	return all
}
