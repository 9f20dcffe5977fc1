package graph

import (
	"context"
	"strconv"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func eventCreate(from model.EventCreateInput) (out calendar.EventInput, err error) {
	var in input
	out.Home = in.node(from.Organiser, "organiser", organizationKinds...)
	out.EventFields = calendar.EventFields{
		Kind: from.Kind, Title: *from.Title, Summary: value(from.Summary), Description: value(from.Description),
		Objectives: texts(from.Objectives.Value()),
		StartsAt:   value(from.StartsAt), EndsAt: value(from.EndsAt), Date: partialDate(from.Date.Value()),
		RegistrationOpensAt: value(from.RegistrationOpensAt), RegistrationClosesAt: value(from.RegistrationClosesAt),
		RequiresApproval: value(from.RequiresApproval), Overtaking: value(from.Overtaking), Sensitive: value(from.Sensitive),
		Visibility: value(from.Visibility),
		VenueName:  value(from.VenueName), VenueAddress: value(from.VenueAddress), OnlineURL: value(from.OnlineURL),
		CoOrganisers: in.nodes(from.CoOrganisers.Value(), "coOrganisers", organizationKinds...),
		Areas:        in.nodes(from.Area.Value(), "area", placeKinds...),
		Venues:       in.nodes(from.Venues.Value(), "venues", placeKinds...),
		Places:       in.nodes(from.Places.Value(), "places", placeKinds...),
		About:        in.nodes(from.About.Value(), "about", themeKinds...),
		Audiences:    in.nodes(from.Audiences.Value(), "audiences", node.Audience),
	}
	for i, pool := range from.SeatPools.Value() {
		out.Pools = append(out.Pools, calendar.PoolSpec{
			Name: *pool.Name, Capacity: pool.Capacity, Reserve: in.reserve(pool.Reserve.Value(), i),
		})
	}
	return out, in.err()
}

func (in *input) reserve(r *model.ReserveInput, pool int) calendar.Reserve {
	if r == nil {
		return calendar.Reserve{}
	}
	at := "seatPools." + strconv.Itoa(pool) + ".reserve."
	return calendar.Reserve{
		Role:         value(r.Role),
		Audience:     in.optional(r.Audience.Value(), at+"audience", node.Audience),
		Organisation: in.optional(r.Organization.Value(), at+"organization", organizationKinds...),
	}
}

func partialDate(d *model.PartialDateInput) calendar.PartialDate {
	if d == nil {
		return calendar.PartialDate{}
	}
	return calendar.PartialDate{Year: value(d.Year), Month: value(d.Month), Day: value(d.Day)}
}

func eventUpdate(from model.EventUpdateInput) (event id.ID, c calendar.EventChanges, err error) {
	var in input
	event = in.node(from.ID, "id", node.Event)
	c = calendar.EventChanges{
		Title: given(from.Title), Summary: given(from.Summary), Description: given(from.Description),
		StartsAt: given(from.StartsAt), EndsAt: given(from.EndsAt),
		VenueName: given(from.VenueName), VenueAddress: given(from.VenueAddress), OnlineURL: given(from.OnlineURL),
		RegistrationOpensAt: given(from.RegistrationOpensAt), RegistrationClosesAt: given(from.RegistrationClosesAt),
		RequiresApproval: given(from.RequiresApproval), Overtaking: given(from.Overtaking), Sensitive: given(from.Sensitive),
		Visibility: given(from.Visibility),
	}
	if from.CoOrganisers.IsSet() {
		c.CoOrganisers = pointer(in.nodes(from.CoOrganisers.Value(), "coOrganisers", organizationKinds...))
	}
	if from.Objectives.IsSet() {
		c.Objectives = pointer(texts(from.Objectives.Value()))
	}
	if from.Date.IsSet() {
		c.Date = pointer(partialDate(from.Date.Value()))
	}
	if from.Venues.IsSet() {
		c.Venues = pointer(in.nodes(from.Venues.Value(), "venues", placeKinds...))
	}
	if from.Area.IsSet() {
		c.Areas = pointer(in.nodes(from.Area.Value(), "area", placeKinds...))
	}
	if from.Places.IsSet() {
		c.Places = pointer(in.nodes(from.Places.Value(), "places", placeKinds...))
	}
	if from.Audiences.IsSet() {
		c.Audiences = pointer(in.nodes(from.Audiences.Value(), "audiences", node.Audience))
	}
	if from.About.IsSet() {
		c.About = pointer(in.nodes(from.About.Value(), "about", themeKinds...))
	}
	return event, c, in.err()
}

func speakers(list []*model.SpeakerInput) []calendar.Speaker {
	out := make([]calendar.Speaker, 0, len(list))
	for _, s := range list {
		out = append(out, calendar.Speaker{Name: s.Name, Role: value(s.Role), Organisation: value(s.Organisation)})
	}
	return out
}

func sessionAdd(from model.EventSessionAddInput) (event id.ID, out calendar.SessionInput, err error) {
	var in input
	event = in.node(from.Event, "event", node.Event)
	out = calendar.SessionInput{
		Title: *from.Title, Description: value(from.Description), StartsAt: value(from.StartsAt), EndsAt: value(from.EndsAt),
		Room: value(from.Room), Track: value(from.Track), Speakers: speakers(from.Speakers.Value()),
		Territory: in.optional(from.Territory.Value(), "territory", placeKinds...), Capacity: value(from.Capacity),
	}
	return event, out, in.err()
}

func sessionUpdate(from model.EventSessionUpdateInput) (event, session id.ID, c calendar.SessionChanges, err error) {
	var in input
	event, session = in.part(calendar.SessionID, from.ID, "id")
	c = calendar.SessionChanges{
		Title: given(from.Title), Description: given(from.Description), StartsAt: given(from.StartsAt), EndsAt: given(from.EndsAt),
		Room: given(from.Room), Track: given(from.Track), Capacity: given(from.Capacity),
	}
	if from.Speakers.IsSet() {
		c.Speakers = pointer(speakers(from.Speakers.Value()))
	}
	if from.Territory.IsSet() {
		c.Territory = pointer(in.optional(from.Territory.Value(), "territory", placeKinds...))
	}
	return event, session, c, in.err()
}

func registrationCreate(from model.RegistrationCreateInput) (out calendar.RegistrationInput, err error) {
	var in input
	out = calendar.RegistrationInput{
		Event:        in.node(from.Event, "event", node.Event),
		Organisation: in.node(from.Organization, "organization", organizationKinds...),
		Policy:       from.Policy,
		Audience:     in.optional(from.Audience.Value(), "audience", node.Audience),
	}
	out.Delegates, out.Notice = delegates(&in, from.Delegates, "delegates"), value(from.NoticeAccepted)
	return out, in.err()
}

func eventFilter(ctx context.Context, q postgres.Querier, from *model.EventFilter) (f calendar.EventFilter, err error) {
	if from == nil {
		return f, nil
	}
	var in input
	f = calendar.EventFilter{
		Text: value(from.Text), From: value(from.From), Until: value(from.Until),
		Kinds: from.Kinds.Value(), States: from.States.Value(),
	}
	if value(from.Upcoming) {
		f.Upcoming = pointer(true)
	}
	f.Territories = some(in.optional(from.Territory.Value(), "filter.territory", territoryKinds...))
	f.Audiences = some(in.optional(from.Audience.Value(), "filter.audience", node.Audience))
	f.Organisers = some(in.optional(from.Organiser.Value(), "filter.organiser", organizationKinds...))
	f.About = some(in.optional(from.About.Value(), "filter.about", themeKinds...))
	return f, in.visible(ctx, q)
}

// warnings shows what a command left to be looked at again.
func warnings(list []form.Warning, l lang.Lang) []*model.Warning {
	out := make([]*model.Warning, len(list))
	for i, w := range list {
		out[i] = &model.Warning{Code: w.Code, Message: w.Message(l), Path: append([]string{"input"}, w.Path...)}
	}
	return out
}

// eventResult opens the answer of a command on an event.
func eventResult(res *calendar.EventResult, l lang.Lang) (*calendar.Event, []*model.Warning) {
	if res == nil {
		return nil, []*model.Warning{}
	}
	return res.Event, warnings(res.Warnings, l)
}

// conflict puts the present revision into a version conflict.
func conflict(err error) error {
	for _, f := range fault.All(err) {
		if e, ok := f.Details.(*calendar.Event); ok {
			return f.With("currentRevision", showRevision(e.Revision))
		}
	}
	return err
}
