package graph

import (
	"context"
	"slices"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/node"
)

func calendarLinks() linkTable {
	organisation := func(r *calendar.Registration) id.ID { return r.Organisation }
	return linkTable{
		"Event.venues":                     of(placesOf(calendar.PlaceVenue)),
		"Event.area":                       of(placesOf(calendar.PlaceArea)),
		"Event.places":                     of(placesOf(calendar.PlaceNamed)),
		"Event.organisers":                 of(organisersOf),
		"Event.about":                      of(aboutOf),
		"Event.audiences":                  of(terms[*taxonomy.Audience](node.Audience)),
		"Event.sessions":                   of(sessionsOf),
		"Event.documents":                  of(documentsOf),
		"Event.seatPools":                  from(seatPoolsOf),
		"Event.registrations":              of(registrationsOfEvents),
		"Event.viewerCanRegister":          from(canRegister),
		"Registration.event":               by(func(r *calendar.Registration) id.ID { return r.Event }, eventsByIDs),
		"Registration.organization":        by(organisation, organizationsByIDs),
		"Registration.delegates":           by(func(r *calendar.Registration) id.ID { return r.ID }, delegatesOf),
		"SeatPool.reservedForAudience":     by(func(p *calendar.SeatPool) id.ID { return p.Reserve.Audience }, audiencesByIDs),
		"SeatPool.reservedForOrganization": by(func(p *calendar.SeatPool) id.ID { return p.Reserve.Organisation }, organizationsByIDs),
		"BoardTerritoryCount.territory":    by(func(c *model.BoardTerritoryCount) id.ID { return c.TerritoryID }, territories),
	}
}

// eventTypes are the types by which the fields of an event are selected.
func eventTypes() []string { return []string{"Event", "Node"} }

// columns are the full ones only when a field outside the card is asked for, and
// the fewest when of events nothing else is.
func (l level) columns() calendar.Columns {
	switch {
	case l.asksOnly(eventTypes(), calendar.LineFields()):
		return calendar.Line
	case l.asksBelow("description", "objectives", "venueAddress", "cancellationReason"):
		return calendar.Full
	}
	return calendar.Card
}

// eventsWanted reads the argument upcoming: true narrows, false does not.
func (l level) eventsWanted() calendar.ChildFilter {
	f := calendar.ChildFilter{Columns: l.columns()}
	if upcoming, _ := l.args["upcoming"].(bool); upcoming {
		f.Upcoming = &upcoming
	}
	return f
}

func placesOf(role calendar.PlaceRole) byParent[[]territory.Territory] {
	return func(ctx context.Context, l level, events []id.ID) (map[id.ID][]territory.Territory, error) {
		links, err := calendar.AreasOf(ctx, l.q, l.viewer, events, role, calendar.Today(now()))
		return placesAt(ctx, l, links, err)
	}
}

func organisersOf(ctx context.Context, l level, events []id.ID) (map[id.ID][]*model.EventOrganiser, error) {
	links, err := calendar.OrganisersOf(ctx, l.q, l.viewer, events, calendar.Today(now()))
	if err != nil {
		return nil, err
	}
	found, err := organizationsBehind(ctx, l, links)
	if err != nil {
		return nil, err
	}
	out := map[id.ID][]*model.EventOrganiser{}
	for _, link := range links {
		if body, ok := found[link.Node.ID]; ok {
			lead := link.Role == string(calendar.LeadOrganiser)
			organiser := &model.EventOrganiser{Organization: body, Lead: lead}
			if lead {
				out[link.Parent] = slices.Insert(out[link.Parent], 0, organiser)
			} else {
				out[link.Parent] = append(out[link.Parent], organiser)
			}
		}
	}
	return out, nil
}

func aboutOf(ctx context.Context, l level, events []id.ID) (map[id.ID][]taxonomy.Term, error) {
	links, err := node.LinksOf(ctx, l.q, l.viewer, events, node.About, "", node.Out, calendar.Today(now()), 210)
	if err != nil || len(links) == 0 {
		return nil, err
	}
	terms, err := taxonomy.ByIDs(ctx, l.q, l.viewer, nodesOf(links))
	if err != nil {
		return nil, err
	}
	found := make(map[id.ID]taxonomy.Term, len(terms))
	for _, t := range terms {
		found[t.Self().ID] = t
	}
	return arrange(links, found), nil
}

func audiencesByIDs(ctx context.Context, l level, ids []id.ID) (map[id.ID]*taxonomy.Audience, error) {
	terms, err := taxonomy.ByIDs(ctx, l.q, l.viewer, ids)
	if err != nil {
		return nil, err
	}
	found := map[id.ID]*taxonomy.Audience{}
	for _, t := range terms {
		if a, ok := t.(*taxonomy.Audience); ok {
			found[a.ID] = a
		}
	}
	return found, nil
}

func sessionsOf(ctx context.Context, l level, events []id.ID) (map[id.ID][]*calendar.Session, error) {
	return calendar.SessionsOf(ctx, l.q, l.viewer, events)
}

func documentsOf(ctx context.Context, l level, events []id.ID) (map[id.ID][]*calendar.Document, error) {
	return calendar.DocumentsOf(ctx, l.q, l.viewer, events)
}

func eventsByIDs(ctx context.Context, l level, ids []id.ID) (map[id.ID]*calendar.Event, error) {
	return byID(calendar.EventsByIDs(ctx, l.q, l.viewer, ids, l.columns()))
}

func eventsOfOrganisers(ctx context.Context, l level, bodies []id.ID) (map[id.ID]*page.Connection[*calendar.Event], error) {
	args, err := l.page()
	if err != nil {
		return nil, err
	}
	return calendar.EventsOfOrganisers(ctx, l.q, l.viewer, bodies, l.eventsWanted(), args)
}

func seatPoolsOf(ctx context.Context, l level, parents []link.Linked) ([]any, error) {
	events, known := make([]*calendar.Event, 0, len(parents)), make(map[id.ID]bool, len(parents))
	for _, parent := range parents {
		if e := parent.(*calendar.Event); !known[e.ID] {
			known[e.ID] = true
			events = append(events, e)
		}
	}
	pools, err := calendar.SeatPoolsOfRead(ctx, l.q, l.viewer, events)
	values := make([]any, len(parents))
	for i, parent := range parents {
		if of := pools[parent.(*calendar.Event).ID]; of != nil {
			values[i] = of
		}
	}
	return values, err
}

// canRegister answers for all events at once: by when, who, and whether there is
// a seat or a line for them. Only the last is asked of the database, and only
// where nothing else stands against it.
func canRegister(ctx context.Context, l level, parents []link.Linked) ([]any, error) {
	answers := make([]any, len(parents))
	var open []id.ID
	for i, parent := range parents {
		event := parent.(*calendar.Event)
		reason := event.MayRegister(l.viewer)
		if answers[i] = permission(ctx, reason); reason == nil {
			open = append(open, event.ID)
		}
	}
	if len(open) == 0 {
		return answers, nil
	}
	none, err := calendar.SeatsFor(ctx, l.q, l.viewer, open)
	for i, parent := range parents {
		if reason := none[parent.(*calendar.Event).ID]; reason != nil {
			answers[i] = permission(ctx, reason)
		}
	}
	return answers, err
}

func registrationsOfEvents(ctx context.Context, l level, events []id.ID) (map[id.ID]*page.Connection[*calendar.Registration], error) {
	args, err := l.page()
	if err != nil {
		return nil, err
	}
	state, _ := l.args["state"].(string)
	return calendar.RegistrationsOfEvents(ctx, l.q, l.viewer, events, calendar.RegistrationState(state), args)
}

func delegatesOf(ctx context.Context, l level, registrations []id.ID) (map[id.ID][]*calendar.Delegate, error) {
	return calendar.DelegatesOf(ctx, l.q, l.viewer, registrations)
}
