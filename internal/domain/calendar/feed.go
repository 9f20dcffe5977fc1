package calendar

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/ics"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Listed is an event as calendars and pages outside of the hub show it.
type Listed struct {
	ics.Entry
	When                         string // the date in words
	VenueName, Address, OnlineAt string
	Organisers                   []string
}

// A feed goes back three months and has at most so many events.
const (
	feedPast = 90 * 24 * time.Hour
	feedMost = 500
)

// sequenceEpoch is from when the numbers of entries count: they are moments, so
// that they rise with each change and count nothing.
const sequenceEpoch = 1_577_836_800 // 2020

// Feed lists the events of a filter for a calendar to subscribe to, as the viewer
// sees them: what was published, with what was cancelled marked. A date that is
// not known to the day has no place in a calendar.
func Feed(ctx context.Context, q postgres.Querier, v *access.Viewer, f EventFilter, site string) ([]Listed, error) {
	f.States = []EventState{Published, Cancelled, Held, Closed}
	f.From = time.Now().Add(-feedPast)
	var all []*Event
	for args := (page.Args{First: page.Max}); len(all) < feedMost; {
		found, err := ListEvents(ctx, q, v, f, ByStart, args, Full)
		if err != nil {
			return nil, err
		}
		all = append(all, found.Nodes...)
		if !found.PageInfo().HasNextPage {
			break
		}
		args.After = eventCursor(found.Nodes[len(found.Nodes)-1])
	}
	return listed(all, v.Lang, site), nil
}

func listed(events []*Event, l lang.Lang, site string) []Listed {
	entries := make([]Listed, 0, len(events))
	for _, e := range events {
		if x, ok := e.listed(l, site); ok {
			entries = append(entries, x)
		}
	}
	return entries
}

// ListedEvent gives one event, for its page and its own calendar file. ok is
// false when it is not dated to the day; then it has no entry.
func ListedEvent(ctx context.Context, q postgres.Querier, v *access.Viewer, event id.ID, site string) (x Listed, ok bool, err error) {
	found, err := EventsByIDs(ctx, q, v, []id.ID{event}, Full)
	if err != nil {
		return x, false, err
	}
	if len(found) == 0 || found[0].State == Draft {
		return x, false, fault.ErrNotFound.New()
	}
	x, ok = found[0].listed(v.Lang, site)
	links, err := OrganisersOf(ctx, q, v, []id.ID{event}, Today(time.Now()))
	for _, link := range links {
		x.Organisers = append(x.Organisers, link.Node.Title.In(v.Lang))
	}
	return x, ok, err
}

func (e *Event) listed(l lang.Lang, site string) (x Listed, ok bool) {
	at := noticed{date: e.Date, venueName: e.VenueName, address: e.VenueAddress, online: e.OnlineURL}
	if !e.StartsAt.IsZero() {
		at.startsAt = &e.StartsAt
	}
	if !e.EndsAt.IsZero() {
		at.endsAt = &e.EndsAt
	}
	x.Entry, ok = at.entry()
	x.UID = e.GlobalID() + "@" + hostOf(site)
	x.Sequence, x.Changed = int(e.ChangedAt.Unix()-sequenceEpoch), e.ChangedAt
	x.Summary, x.Description = e.Title.In(l), e.Summary.In(l)
	x.URL, x.Cancelled = post{site: site}.eventPage(e.ID), e.State == Cancelled
	x.VenueName, x.Address, x.OnlineAt = e.VenueName, e.VenueAddress, e.OnlineURL
	x.When, _ = at.when(l) // the zone is embedded
	return x, ok
}

// PersonalFeed lists the events where the viewer has a seat, waits, or has
// registered others. It is for their own calendar.
func PersonalFeed(ctx context.Context, q postgres.Querier, v *access.Viewer, site string) ([]Listed, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, `
		select r.event from registrations r join events e on e.node = r.event
		where r.registered_by = $1 and r.pending + r.confirmed + r.waiting > 0 and e.over_by > now() - $2::interval
		union
		select s.event from delegate_secrets s join events e on e.node = s.event
		where s.person = $1 and s.live and e.over_by > now() - $2::interval
		limit $3`, v.Person, feedPast, feedMost)
	if err != nil {
		return nil, registrationError("read a person's events", err)
	}
	events, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return nil, registrationError("read a person's events", err)
	}
	found, err := EventsByIDs(ctx, q, v, events, Full)
	return listed(found, v.Lang, site), err
}

// TitleOf reads what a thing is called for the viewer; what they cannot see, or
// what is of another kind, does not exist.
func TitleOf(ctx context.Context, q postgres.Querier, v *access.Viewer, thing id.ID, kinds ...node.Kind) (title lang.Text, err error) {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	err = q.QueryRow(ctx, `
		select jsonb_build_object('ca', n.title_ca, 'es', n.title_es, 'en', n.title_en) from nodes n
		where n.id = $1 and n.kind = any($7::text[]) and n.ended_at is null and `+access.VisibleSQL("n", 2),
		append(append([]any{thing}, v.SQLArgs()...), names)...).Scan(&title)
	if errors.Is(err, pgx.ErrNoRows) {
		return title, fault.ErrNotFound.New()
	}
	return title, registrationError("read what it is called", err)
}
