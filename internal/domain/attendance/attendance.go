// Package attendance is what comes of the day of an event: who was there for how
// many hours, the certificates that say so, the lists and badges on paper, the
// sheets that are taken along, the figures, and what the organisers write to
// those who come.
//
// Who has which seat is decided in package calendar. Here it is only read: this
// package changes no seat and no registration, so that it needs no part of that
// one's lock but the topic of the event, which every command here locks too.
//
// What always holds
//   - A list with names is given to the event's organisers only, and every time it
//     is taken along that stands in access_log, with whose names they were.
//   - A certificate says what was noted when it was issued; it is never changed,
//     only taken back, with the person's data. Whoever has its code is told that
//     it is genuine, and the name only where its holder shows it.
//   - Figures pass through ground/figure: nobody is recognised by them.
//   - A message goes to whom the organisers chose at that moment, once each.
package attendance

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Service runs the commands on attendance.
type Service struct {
	db   *postgres.DB
	site string
}

// New makes the service; site is where people find the hub.
func New(db *postgres.DB, site string) *Service { return &Service{db: db, site: site} }

// event is what is to be known of an event here.
type event struct {
	access.Subject
	title            lang.Text
	organiser        lang.Text
	state            string
	kind             string
	sensitive        bool
	startsAt, endsAt *time.Time
	venue            string
}

const eventSQL = `
select n.id, n.home, n.visibility, jsonb_build_object('ca', n.title_ca, 'es', n.title_es, 'en', n.title_en),
  jsonb_build_object('ca', h.title_ca, 'es', h.title_es, 'en', h.title_en), e.state, e.kind, e.sensitive, e.starts_at, e.ends_at, e.venue_name
from events e join nodes n on n.id = e.node join nodes h on h.id = n.home where e.node = $1`

// organised reads an event for its organisers. Others are denied, or told that it
// does not exist when they do not see it.
func organised(ctx context.Context, q postgres.Querier, v *access.Viewer, of id.ID) (*event, error) {
	return readEvent(ctx, q, v, of, access.MayOrganise)
}

func readEvent(ctx context.Context, q postgres.Querier, v *access.Viewer, of id.ID, may func(*access.Viewer, access.Subject) error) (*event, error) {
	rows, err := q.Query(ctx, eventSQL, of)
	if err != nil {
		return nil, readError("read the event", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*event, error) {
		e := &event{}
		return e, row.Scan(&e.Node, &e.Home, &e.Visibility, &e.title, &e.organiser, &e.state, &e.kind, &e.sensitive, &e.startsAt, &e.endsAt, &e.venue)
	})
	if err != nil {
		return nil, readError("read the event", err)
	}
	if len(found) == 0 {
		return nil, fault.ErrNotFound.At("id")
	}
	return found[0], access.At(may(v, found[0].Subject), "id")
}

// on runs a command of the organisers on an event under its lock, once per key,
// and answers with the identifier it left.
func (s *Service) on(ctx context.Context, v *access.Viewer, of id.ID, mutation string, input any, key string,
	do func(context.Context, *postgres.Tx, *event) (id.ID, error),
) (id.ID, error) {
	call := command.Call{DB: s.db, Viewer: v, Key: key, Mutation: mutation, Input: []any{of, input}}
	return command.Made(ctx, call, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		e, err := lockOrganised(ctx, tx, v, of)
		if err != nil {
			return id.Zero, err
		}
		return do(ctx, tx, e)
	})
}

// lockOrganised locks the event's topic for its organisers. The right is asked for
// before, so that a stranger holds nobody up, and again under the lock.
func lockOrganised(ctx context.Context, tx *postgres.Tx, v *access.Viewer, of id.ID) (*event, error) {
	if _, err := organised(ctx, tx.Native(), v, of); err != nil {
		return nil, err
	}
	if err := journal.Lock(ctx, tx, of); err != nil {
		return nil, err
	}
	return organised(ctx, tx.Native(), v, of)
}

// tell appends a fact for the organisers.
func tell(ctx context.Context, tx *postgres.Tx, v *access.Viewer, e *event, kind string, data any) error {
	return journal.Append(ctx, tx, e.Node, v, journal.Fact{Kind: kind, Level: access.Organisers, Data: data, About: []id.ID{e.Home}})
}
