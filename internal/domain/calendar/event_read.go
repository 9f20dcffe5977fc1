package calendar

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Columns is how much of an event is read.
type Columns int

// The two sets of columns.
const (
	Card Columns = iota // what lists show
	Full                // everything
)

const cardColumns = `, e.kind, e.state, e.visibility, e.starts_at, e.ends_at,
	coalesce(e.date_year, 0), coalesce(e.date_month, 0), coalesce(e.date_day, 0),
	e.registration_opens_at, e.registration_closes_at, e.requires_approval, e.overtaking, e.sensitive,
	e.changed_at, e.summary, e.venue_name, e.online_url, e.languages, e.begins, e.version, now()`

const fullColumns = cardColumns + `,
	e.description, e.objectives, e.venue_address, coalesce(e.cancellation_reason, '{}'), e.created_by`

// columns is the select list that scanTargets reads, for rows n of nodes and e
// of events.
func (set Columns) columns() string {
	if set == Full {
		return node.Columns("n") + fullColumns
	}
	return node.Columns("n") + cardColumns
}

func (e *Event) scanTargets(set Columns) []any {
	to := append(e.Node.ScanTargets(),
		&e.EventKind, &e.State, &e.Declared, at{&e.StartsAt}, at{&e.EndsAt},
		&e.Date.Year, &e.Date.Month, &e.Date.Day,
		at{&e.RegistrationOpensAt}, at{&e.RegistrationClosesAt}, &e.RequiresApproval, &e.Overtaking, &e.Sensitive,
		&e.ChangedAt, &e.Summary, &e.VenueName, &e.OnlineURL, &e.Languages, at{&e.begins}, &e.Revision, &e.ReadAt)
	if set == Full {
		to = append(to, &e.Description, &e.Objectives, &e.VenueAddress, &e.CancellationReason, &e.CreatedBy)
	}
	return to
}

// at reads a moment; NULL and infinity are the zero time.
type at struct{ time *time.Time }

// ScanTimestamptz makes at a destination of pgx.
func (a at) ScanTimestamptz(v pgtype.Timestamptz) error {
	*a.time = time.Time{}
	if v.Valid && v.InfinityModifier == pgtype.Finite {
		*a.time = v.Time
	}
	return nil
}

// scan reads one event behind the destinations in before. The viewer's level is
// found here: a prepared statement would look through all their rights for each
// row.
func (e *Event) scan(row pgx.CollectableRow, v *access.Viewer, set Columns, before ...any) error {
	if err := row.Scan(append(before, e.scanTargets(set)...)...); err != nil {
		return err
	}
	e.ViewerLevel = v.LevelOn(e.ID, e.Home)
	if e.ViewerLevel < access.Organisers {
		e.Revision = 0 // no number may count what is hidden
	}
	return nil
}

var eventsByIDsSQL = [2]string{eventsByIDs(Card), eventsByIDs(Full)}

func eventsByIDs(set Columns) string {
	return `select ` + set.columns() + `
	from unnest(` + postgres.Keys + `) with ordinality as p(id, place)
	join nodes n on n.id = p.id join events e on e.node = n.id
	where ` + access.VisibleSQL("n", 2) + ` order by p.place`
}

// EventsByIDs reads those of the events that the viewer can see, in the order
// asked for.
func EventsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID, set Columns) ([]*Event, error) {
	rows, err := q.Query(ctx, eventsByIDsSQL[set], append([]any{ids}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	events, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Event, error) {
		e := &Event{}
		return e, e.scan(row, v, set)
	})
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return events, nil
}

func sessionsBy(condition string) string {
	return `
select s.event, s.id, s.title, s.description, s.starts_at, s.ends_at, s.room, s.track, s.speakers,
	s.territory, coalesce(s.capacity, 0), s.position, s.chosen, not e.sensitive or ` + access.LevelSQL("n", 2) + ` = 4
from event_sessions s join nodes n on n.id = s.event join events e on e.node = s.event
where ` + condition + ` and ` + access.VisibleSQL("n", 2) + `
order by s.event, s.starts_at nulls last, s.position, s.track, s.id`
}

var sessionsSQL, sessionsByIDsSQL = sessionsBy(`s.event = any(` + postgres.Keys + `)`), sessionsBy(`s.id = any(` + postgres.Keys + `)`)

// SessionsOf reads the programmes of the events that the viewer can see, in
// the order in which they take place. An event has at most 100 sessions.
func SessionsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, events []id.ID) (map[id.ID][]*Session, error) {
	return partsOf(ctx, q, v, sessionsSQL, events, scanSession)
}

// sessionsByIDs reads those of the sessions whose event the viewer can see, in the
// order in which they take place.
func sessionsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Session, error) {
	of, err := partsOf(ctx, q, v, sessionsByIDsSQL, ids, func(row pgx.CollectableRow) (*Session, id.ID, error) {
		s, _, err := scanSession(row)
		return s, id.Zero, err
	})
	return of[id.Zero], err
}

func scanSession(row pgx.CollectableRow) (*Session, id.ID, error) {
	s, chosen, counted := &Session{}, 0, false
	err := row.Scan(&s.Event, &s.ID, &s.Title, &s.Description, at{&s.StartsAt}, at{&s.EndsAt},
		&s.Room, &s.Track, &s.Speakers, &s.Territory, &s.Capacity, &s.Position, &chosen, &counted)
	s.take(chosen, counted)
	return s, s.Event, err
}

// A withdrawn document is withdrawn in all its versions.
var documentsSQL = `
select distinct on (d.event, d.id) d.event, d.id, d.version, d.title, d.url, d.note, d.added_at
from event_documents d join nodes n on n.id = d.event
where d.event = any(` + postgres.Keys + `) and d.withdrawn_at is null and ` + access.VisibleSQL("n", 2) + `
order by d.event, d.id, d.version desc`

// DocumentsOf reads the newest version of each document of the events that the
// viewer can see, in the order in which the documents were first added. An
// event has at most 100.
func DocumentsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, events []id.ID) (map[id.ID][]*Document, error) {
	return partsOf(ctx, q, v, documentsSQL, events, scanDocument)
}

var documentVersionsSQL = `
select d.event, d.id, d.version, d.title, d.url, d.note, d.added_at
from event_documents d join nodes n on n.id = d.event
where d.event = any(` + postgres.Keys + `) and d.withdrawn_at is null and ` + access.VisibleSQL("n", 2) + `
order by d.event, d.id, d.version desc`

// DocumentVersionsOf reads all versions of all documents, newest first within
// each document.
func DocumentVersionsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, events []id.ID) (map[id.ID][]*Document, error) {
	return partsOf(ctx, q, v, documentVersionsSQL, events, scanDocument)
}

func scanDocument(row pgx.CollectableRow) (*Document, id.ID, error) {
	d := &Document{}
	err := row.Scan(&d.Event, &d.ID, &d.Version, &d.Title, &d.URL, &d.Note, &d.AddedAt)
	return d, d.Event, err
}

// partsOf runs a level read of parts whose statement takes the events as $1 and
// the viewer from $2 on.
func partsOf[T any](ctx context.Context, q postgres.Querier, v *access.Viewer, sql string, events []id.ID,
	scan func(pgx.CollectableRow) (*T, id.ID, error),
) (map[id.ID][]*T, error) {
	rows, err := q.Query(ctx, sql, append([]any{events}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read parts of events: %w", err)
	}
	defer rows.Close()
	parts := make(map[id.ID][]*T, len(events))
	for rows.Next() {
		part, event, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read parts of events: %w", err)
		}
		parts[event] = append(parts[event], part)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read parts of events: %w", err)
	}
	return parts, nil
}

// OrganisersOf reads the organisations behind the events, with their role
// (OrganiserRole), that hold on a day and that the viewer can see.
func OrganisersOf(ctx context.Context, q postgres.Querier, v *access.Viewer, events []id.ID, on time.Time) ([]node.Linked, error) {
	return node.LinksOf(ctx, q, v, events, node.Organises, "", node.In, on, 60)
}

// AreasOf reads the territories of the events in a role; an empty role reads
// all of them.
func AreasOf(ctx context.Context, q postgres.Querier, v *access.Viewer, events []id.ID, role PlaceRole, on time.Time) ([]node.Linked, error) {
	return node.LinksOf(ctx, q, v, events, node.HeldAt, string(role), node.Out, on, 210)
}

// TermsOf reads the terms of the shared taxonomies that the events carry:
// kind is node.Field, Goal, Challenge, Axis or Audience; empty reads all that
// they are about, audiences apart.
func TermsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, events []id.ID, kind node.Kind, on time.Time) ([]node.Linked, error) {
	edge := node.About
	if kind == node.Audience {
		edge = node.AudienceOf
	}
	links, err := node.LinksOf(ctx, q, v, events, edge, "", node.Out, on, 210)
	if err != nil || kind == "" {
		return links, err
	}
	ofKind := links[:0]
	for _, l := range links {
		if l.Node.Kind == kind {
			ofKind = append(ofKind, l)
		}
	}
	return ofKind, nil
}

// Today is the date in Madrid of a moment, as edges are dated.
func Today(now time.Time) time.Time {
	first, _ := DateOf(now).First()
	return first
}
