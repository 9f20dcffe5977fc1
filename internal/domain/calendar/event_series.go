package calendar

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// SeriesID is the prefix of series of events in public identifiers; they are
// parts of the organisation whose they are.
const SeriesID id.Type = "evseries"

// Series is several events that belong together, such as the dates of a
// training. It is seen by who sees one of them, and by who answers for its home.
type Series struct {
	link.Slots
	ID    id.ID
	Home  id.ID
	Title lang.Text
}

// GlobalID is the series' public identifier.
func (s *Series) GlobalID() string { return SeriesID.GlobalPart(s.Home, s.ID) }

var errOtherHome = fault.Define(fault.Conflict, "SERIES_OF_ANOTHER_ORGANIZATION",
	"Aquesta sèrie és d'una altra organització.", "Esta serie es de otra organización.",
	"This series is another organisation's.")

// The viewer's parameters start at $2.
var seriesSeenSQL = `s.home = any($4::uuid[]) or exists (
	  select from events x join nodes n on n.id = x.node where x.series = s.id and ` + access.VisibleSQL("n", 2) + `)`

var (
	seriesByIDsSQL = `select s.id, s.id, s.home, s.title from event_series s where s.id = any(` + postgres.Keys + `) and (` + seriesSeenSQL + `)`
	seriesOfSQL    = `
select e.node, s.id, s.home, s.title from events e join event_series s on s.id = e.series
join nodes n on n.id = e.node where e.node = any(` + postgres.Keys + `) and ` + access.VisibleSQL("n", 2)
)

// SeriesByIDs reads those of the series that the viewer can see, by identifier.
func SeriesByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) (map[id.ID]*Series, error) {
	return collectSeries(q.Query(ctx, seriesByIDsSQL, append([]any{ids}, v.SQLArgs()...)...))
}

// SeriesOf reads the series of each event that has one.
func SeriesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, events []id.ID) (map[id.ID]*Series, error) {
	return collectSeries(q.Query(ctx, seriesOfSQL, append([]any{events}, v.SQLArgs()...)...))
}

// SeriesTitle reads what a series is called, for who sees one of its events.
func SeriesTitle(ctx context.Context, q postgres.Querier, v *access.Viewer, series id.ID) (lang.Text, error) {
	found, err := SeriesByIDs(ctx, q, v, []id.ID{series})
	if err != nil {
		return lang.Text{}, err
	}
	if found[series] == nil {
		return lang.Text{}, fault.ErrNotFound.New()
	}
	return found[series].Title, nil
}

func collectSeries(rows pgx.Rows, err error) (map[id.ID]*Series, error) {
	if err != nil {
		return nil, storeError("read series of events", err)
	}
	defer rows.Close()
	found := map[id.ID]*Series{}
	for rows.Next() {
		s, of := &Series{}, id.Zero
		if err := rows.Scan(&of, &s.ID, &s.Home, &s.Title); err != nil {
			return nil, storeError("read series of events", err)
		}
		found[of] = s
	}
	return found, storeError("read series of events", rows.Err())
}

var ofSeries = newChildrenSQL(belonging{
	from: eventsFrom, which: `e.series = p.id and ` + access.VisibleSQL("n", childrenViewer), line: shortColumns,
})

// EventsOfSeries reads one page of the events of each series, by start.
func EventsOfSeries(ctx context.Context, q postgres.Querier, v *access.Viewer, parents []id.ID, f ChildFilter, args page.Args) (map[id.ID]*page.Connection[*Event], error) {
	return children(ctx, q, v, ofSeries, parents, f, args)
}

// CreateSeries begins a series without events. Who may: whoever administers its
// home.
func (s *Events) CreateSeries(ctx context.Context, v *access.Viewer, home id.ID, title lang.Text, key string) (*Series, error) {
	title = trimText(title)
	var c findings
	c.Title(title, "title")
	if err := c.Err(); err != nil {
		return nil, err
	}
	call := command.Call{DB: s.db, Viewer: v, Key: key, Mutation: "eventSeriesCreate", Input: []any{home, title}}
	return command.One(ctx, call, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		if err := mayCreate(ctx, tx.Native(), v, home); err != nil {
			return id.Zero, err
		}
		if err := holdOrganisation(ctx, tx.Native(), home); err != nil {
			return id.Zero, access.At(err, "organiser")
		}
		return newSeries(ctx, tx, v, home, title)
	}, func(ctx context.Context, q postgres.Querier, series id.ID) (*Series, error) {
		found, err := SeriesByIDs(ctx, q, v, []id.ID{series})
		return found[series], err
	})
}

func newSeries(ctx context.Context, tx *postgres.Tx, v *access.Viewer, home id.ID, title lang.Text) (id.ID, error) {
	series := id.New()
	_, err := tx.Native().Exec(ctx, `insert into event_series (id, home, title, created_by) values ($1, $2, $3, $4)`,
		series, home, title, v.Person)
	return series, storeError("begin a series", err)
}

// JoinSeries puts an event into a series of its own home, or takes it out of the
// one it is in (id.Zero). Who may: the event's organisers.
func (s *Events) JoinSeries(ctx context.Context, v *access.Viewer, event, series id.ID, key string) (*EventResult, error) {
	return s.run(ctx, v, key, "eventSeriesSet", []any{event, series}, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		c, err := lockForChange(ctx, tx, v, event, nil)
		if err != nil {
			return id.Zero, err
		}
		if !series.IsZero() {
			found, err := SeriesByIDs(ctx, tx.Native(), v, []id.ID{series})
			switch {
			case err != nil:
				return id.Zero, err
			case found[series] == nil:
				return id.Zero, fault.ErrNotFound.At("series")
			case found[series].Home != c.event.Home:
				return id.Zero, errOtherHome.At("series")
			}
		}
		return event, c.join(ctx, tx, series)
	})
}

// join writes and tells it.
func (c *changing) join(ctx context.Context, tx *postgres.Tx, series id.ID) error {
	_, err := tx.Native().Exec(ctx, `update events set series = $2, version = version + 1 where node = $1`, c.event.ID, series)
	if err != nil {
		return storeError("put an event into a series", err)
	}
	return c.tell(ctx, tx, FactEventUpdated, c.event.factLevel(), EventUpdated{Fields: []string{"series"}})
}

// seriesOf is the series of the event; Zero when it is in none.
func (c *changing) seriesOf(ctx context.Context, tx *postgres.Tx) (series id.ID, err error) {
	err = tx.Native().QueryRow(ctx, `select series from events where node = $1`, c.event.ID).Scan(&series)
	return series, storeError("read the series of an event", err)
}

// shift moves moments as calendars do: by so many days and hours of the clock on
// the wall in Madrid, whatever summer time does in between.
type shift time.Duration

func shiftOf(from, to time.Time) shift { return shift(wall(to).Sub(wall(from))) }

func (s shift) of(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	w := wall(t).Add(time.Duration(s))
	return time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), 0, madrid())
}

// wall is what clocks in Madrid show at a moment, without the zone.
func wall(t time.Time) time.Time {
	l := t.In(madrid())
	return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), 0, time.UTC)
}
