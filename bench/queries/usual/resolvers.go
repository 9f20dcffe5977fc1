package main

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"github.com/uptrace/bun"

	"github.com/teixit/teixit/bench/queries/usual/generated"
	"github.com/teixit/teixit/bench/queries/usual/model"
)

// resolvers implement generated.ResolverRoot and all of its parts.
type resolvers struct{ db *bun.DB }

func (r *resolvers) Query() generated.QueryResolver                     { return &queries{r} }
func (r *resolvers) Mutation() generated.MutationResolver               { return r }
func (r *resolvers) Municipality() generated.MunicipalityResolver       { return towns{r} }
func (r *resolvers) Association() generated.AssociationResolver         { return associations{r} }
func (r *resolvers) Event() generated.EventResolver                     { return events{} }
func (r *resolvers) EventConnection() generated.EventConnectionResolver { return r }

// Municipality and the others below are what the contract says.
func (r *queries) Municipality(ctx context.Context, by model.MunicipalityRef) (*model.Municipality, error) {
	row := &model.Municipality{}
	return found(row, r.db.NewSelect().Model(row).Where("ine_code = ?", by.IneCode).Scan(ctx))
}

func found[T any](row *T, err error) (*T, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return row, err
}

type queries struct{ *resolvers }

func (r *queries) Event(ctx context.Context, id string) (*model.Event, error) {
	row := &model.Event{}
	return found(row, r.db.NewSelect().Model(row).Where("id = ?", id).Scan(ctx))
}

func (r *queries) Events(ctx context.Context, first int, filter *model.EventFilter) (*model.EventConnection, error) {
	var rows []*model.Event
	err := narrowed(r.db.NewSelect().Model(&rows), filter).OrderExpr("starts_at, id").Limit(first).Scan(ctx)
	return &model.EventConnection{Nodes: rows, Filter: filter}, err
}

func narrowed(q *bun.SelectQuery, f *model.EventFilter) *bun.SelectQuery {
	return q.Where("municipality = ?", f.Territory).Where("kind in (?)", bun.In(f.Kinds))
}

// TotalCount counts when it is asked for.
func (r *resolvers) TotalCount(ctx context.Context, c *model.EventConnection) (*int, error) {
	n, err := narrowed(r.db.NewSelect().Model((*model.Event)(nil)), c.Filter).Count(ctx)
	return &n, err
}

type towns struct{ *resolvers }

func (towns) Comarca(ctx context.Context, m *model.Municipality) (*model.Comarca, error) {
	return of(ctx).comarques.Load(ctx, m.Comarca)()
}

func (towns) Organizations(ctx context.Context, m *model.Municipality, first int) (*model.OrganizationConnection, error) {
	rows, err := of(ctx).organizations.Load(ctx, page{m.ID, first})()
	c := &model.OrganizationConnection{Nodes: make([]model.Organization, len(rows))}
	for i, row := range rows {
		c.Nodes[i] = row
	}
	return c, err
}

type associations struct{ *resolvers }

func (associations) Events(ctx context.Context, a *model.Association, first int, _ *bool) (*model.EventConnection, error) {
	rows, err := of(ctx).events.Load(ctx, page{a.ID, first})()
	return &model.EventConnection{Nodes: rows}, err
}

type events struct{}

func (events) Organisers(ctx context.Context, e *model.Event) ([]*model.EventOrganiser, error) {
	row, err := of(ctx).associations.Load(ctx, e.Organiser)()
	return []*model.EventOrganiser{{Lead: true, Organization: row}}, err
}

func (events) SeatPools(ctx context.Context, e *model.Event) ([]*model.SeatPool, error) {
	return of(ctx).pools.Load(ctx, e.ID)()
}

// line is a row of bench.lines.
type line struct {
	bun.BaseModel `bun:"table:bench.lines,alias:l"`

	Event                              int64 `bun:",pk"`
	Capacity, Confirmed, Waiting, Last int
}

// registration is a row of bench.registrations.
type registration struct {
	bun.BaseModel `bun:"table:bench.registrations,alias:r"`

	ID           int64 `bun:",pk,autoincrement"`
	Event        int64
	Organization string
	Name         string
	Line         int
	State        string
	Key          string
}

// RegistrationCreate takes a seat or a place in the line, in one transaction under
// the lock of the event's row.
func (r *resolvers) RegistrationCreate(ctx context.Context, in model.RegistrationCreateInput) (*model.RegistrationCreatePayload, error) {
	event, err := strconv.ParseInt(in.Event, 10, 64)
	if err != nil {
		return nil, err
	}
	var made *model.Registration
	err = r.db.RunInTx(ctx, nil, func(ctx context.Context, tx bun.Tx) error {
		at := &line{}
		if err := tx.NewSelect().Model(at).Where("event = ?", event).For("update").Scan(ctx); err != nil {
			return err
		}
		at.Last++
		row := &registration{Event: event, Organization: in.Organization, Name: in.Delegates[0].Name, Line: at.Last, State: "CONFIRMED", Key: in.IdempotencyKey}
		var place *int
		if at.Confirmed < at.Capacity {
			at.Confirmed++
		} else {
			at.Waiting++
			row.State, place = "WAITLISTED", &at.Waiting
		}
		if _, err := tx.NewUpdate().Model(at).Column("confirmed", "waiting", "last").WherePK().Exec(ctx); err != nil {
			return err
		}
		if _, err := tx.NewInsert().Model(row).Exec(ctx); err != nil {
			return err
		}
		made = &model.Registration{ID: strconv.FormatInt(row.ID, 10), State: row.State, Place: place}
		return nil
	})
	return &model.RegistrationCreatePayload{Registration: made, Errors: []*model.UserError{}}, err
}
