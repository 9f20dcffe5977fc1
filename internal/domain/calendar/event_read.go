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

// The sets of columns, each with those of the one before.
const (
	Line Columns = iota // what it is called, when it is, how it stands: the fields of LineFields
	Card                // what lists show
	Full                // everything

	columnSets = 3
)

// LineFields are the fields of the contract that a Line is enough for: its own,
// and what is linked by its identifier alone.
func LineFields() []string {
	return []string{
		"__typename", "id", "title", "titleIn", "kind", "state", "startsAt", "endsAt",
		"venues", "area", "places", "organisers", "about", "audiences", "sessions", "documents", "seatPools",
	}
}

const (
	shortColumns = `n.id, n.title_ca, n.title_es, n.title_en, n.visibility, n.home,
	e.kind, e.state, e.starts_at, e.ends_at, e.begins, e.overtaking, e.sensitive`

	// The same beside a relation, for rows e of event_relations.
	besideColumns = `e.node, e.title_ca, e.title_es, e.title_en, e.visibility, e.home,
	e.kind, e.state, e.starts_at, e.ends_at, e.begins, e.overtaking, e.sensitive`

	cardColumns = shortColumns + `, n.created_at, e.visibility,
	coalesce(e.date_year, 0), coalesce(e.date_month, 0), coalesce(e.date_day, 0),
	e.registration_opens_at, e.registration_closes_at, e.requires_approval,
	e.changed_at, e.summary, e.venue_name, e.online_url, e.languages, e.version, now()`

	fullColumns = cardColumns + `,
	e.description, e.objectives, e.venue_address, coalesce(e.cancellation_reason, '{}'), e.created_by`
)

// columns is the select list that targets reads, for rows n of nodes and e of
// events.
func (set Columns) columns() string {
	return [columnSets]string{shortColumns, cardColumns, fullColumns}[set]
}

// bySet makes a statement for each set of columns.
func bySet(sql func(Columns) string) (all [columnSets]string) {
	for set := range Columns(columnSets) {
		all[set] = sql(set)
	}
	return all
}

// targets appends what the columns are read into.
func (e *Event) targets(to []any, set Columns) []any {
	to = append(to, &e.ID, &e.Title.CA, &e.Title.ES, &e.Title.EN, &e.Visibility, &e.Home,
		&e.EventKind, &e.State, at{&e.StartsAt}, at{&e.EndsAt}, at{&e.begins}, &e.Overtaking, &e.Sensitive)
	if set == Line {
		return to
	}
	to = append(to, &e.CreatedAt, &e.Declared, &e.Date.Year, &e.Date.Month, &e.Date.Day,
		at{&e.RegistrationOpensAt}, at{&e.RegistrationClosesAt}, &e.RequiresApproval,
		&e.ChangedAt, &e.Summary, &e.VenueName, &e.OnlineURL, &e.Languages, &e.Revision, &e.ReadAt)
	if set == Card {
		return to
	}
	return append(to, &e.Description, &e.Objectives, &e.VenueAddress, &e.CancellationReason, &e.CreatedBy)
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

// eventRows reads events row by row, behind what stands before them in a row.
type eventRows struct {
	viewer  *access.Viewer
	set     Columns
	before  []any
	targets []any // of the row before, to be used again
}

// event is a row. The viewer's level is found here: a prepared statement would
// look through all their rights for each row.
func (r *eventRows) event(row pgx.CollectableRow) (*Event, error) {
	e := &Event{}
	e.Node.Kind = node.Event
	r.targets = e.targets(append(r.targets[:0], r.before...), r.set)
	if err := row.Scan(r.targets...); err != nil {
		return nil, err
	}
	e.ViewerLevel = r.viewer.LevelOn(e.ID, e.Home)
	if e.ViewerLevel < access.Organisers {
		e.Revision = 0 // no number may count what is hidden
	}
	return e, nil
}

// collectEvents reads all rows of a statement.
func collectEvents(rows pgx.Rows, v *access.Viewer, set Columns) ([]*Event, error) {
	each := eventRows{viewer: v, set: set}
	return pgx.CollectRows(rows, each.event)
}

var eventsByIDsSQL = bySet(eventsByIDs)

func eventsByIDs(set Columns) string {
	return `select ` + set.columns() + ` from nodes n join events e on e.node = n.id
	where n.id = any(` + postgres.Keys + `) and ` + access.VisibleSQL("n", 2)
}

// EventsByIDs reads those of the events that the viewer can see, in no promised
// order.
func EventsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID, set Columns) ([]*Event, error) {
	rows, err := q.Query(ctx, eventsByIDsSQL[set], append([]any{ids}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	events, err := collectEvents(rows, v, set)
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
