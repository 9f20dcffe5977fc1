package graph

import (
	"context"
	"slices"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/node"
)

func directoryLinks() linkTable {
	fields := of(terms[*taxonomy.Field](node.Field))
	return linkTable{
		"Association.identifiers":   of(identifiersOf),
		"Association.links":         of(linksOf),
		"Association.fields":        fields,
		"Association.actsIn":        of(actsIn),
		"Association.events":        of(eventsOfOrganisers),
		"Association.people":        of(peopleOf),
		"PublicService.people":      of(peopleOf),
		"PublicService.identifiers": of(identifiersOf),
		"PublicService.partOf":      of(wholesOf),
		"PublicService.units":       of(unitsOf),
		"PublicService.fields":      fields,
		"PublicService.events":      of(eventsOfOrganisers),
		"Institution.people":        of(peopleOf),
		"Institution.identifiers":   of(identifiersOf),
		"Institution.units":         of(unitsOf),
		"Institution.events":        of(eventsOfOrganisers),
		"Appointment.organization":  by(func(a *directory.Appointment) id.ID { return a.Organization }, organizationsByIDs),
		"Viewer.appointments":       by(viewerID, appointmentsOf),
		"Viewer.registrations":      by(viewerID, registrationsOfViewer),
	}
}

func viewerID(v *model.Viewer) id.ID { return v.Person.ID }

// bodyColumns are the whole profile unless of bodies nothing is asked that a line
// has not.
func (l level) bodyColumns() directory.Columns {
	types := []string{"Organization", "Node", "Association", "PublicService", "Institution", "Municipality"}
	if l.asksOnly(types, directory.LineFields()) {
		return directory.Line
	}
	return directory.Full
}

// organizationsByIDs reads bodies of any kind. A town council is shown as its
// municipality, which takes one more statement when there is one among them.
func organizationsByIDs(ctx context.Context, l level, ids []id.ID) (map[id.ID]model.Organization, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := directory.OrganizationsByIDs(ctx, l.q, l.viewer, ids, l.bodyColumns())
	if err != nil {
		return nil, err
	}
	shown, err := l.organizations(ctx, found)
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID]model.Organization, len(found))
	for i, body := range found {
		if shown[i] != nil {
			out[body.Self().ID] = shown[i]
		}
	}
	return out, nil
}

// organizations shows bodies as the schema does, in their order.
func (l level) organizations(ctx context.Context, list []directory.Body) ([]model.Organization, error) {
	var councils []id.ID
	for _, body := range list {
		if c, ok := body.(*directory.Council); ok {
			councils = append(councils, c.ID)
		}
	}
	towns := map[id.ID]*territory.Municipality{}
	if len(councils) > 0 {
		var err error
		if towns, err = byID(territory.MunicipalitiesByIDs(ctx, l.q, l.viewer, councils)); err != nil {
			return nil, err
		}
	}
	shown := make([]model.Organization, len(list))
	for i, body := range list {
		switch b := body.(type) {
		case *directory.Council:
			if town := towns[b.ID]; town != nil {
				shown[i] = town
			}
		case model.Organization:
			shown[i] = b
		}
	}
	return shown, nil
}

// organizationPages shows the bodies of several pages at once.
func (l level) organizationPages(ctx context.Context, pages map[id.ID]*page.Connection[directory.Body]) (map[id.ID]*model.OrganizationConnection, error) {
	var all []directory.Body
	for _, p := range pages {
		all = append(all, p.Nodes...)
	}
	shown, err := l.organizations(ctx, all)
	if err != nil {
		return nil, err
	}
	as := make(map[id.ID]model.Organization, len(all))
	for i, body := range all {
		as[body.Self().ID] = shown[i]
	}
	out := make(map[id.ID]*model.OrganizationConnection, len(pages))
	for parent, p := range pages {
		out[parent] = page.Map(p, func(b directory.Body) model.Organization { return as[b.Self().ID] })
	}
	return out, nil
}

func organizationsActingIn(ctx context.Context, l level, places []id.ID) (map[id.ID]*model.OrganizationConnection, error) {
	args, err := l.page()
	if err != nil {
		return nil, err
	}
	pages, err := directory.ActingIn(ctx, l.q, l.viewer, places, args, l.bodyColumns())
	if err != nil {
		return nil, err
	}
	return l.organizationPages(ctx, pages)
}

// organizationsBehind are the bodies at the far ends of edges. Where nothing is
// asked of them but what stands in a node, they were read with the edges; only a
// town council is shown as what it is not read as there.
func organizationsBehind(ctx context.Context, l level, links []node.Linked) (map[id.ID]model.Organization, error) {
	council := func(link node.Linked) bool { return link.Node.Kind == node.Municipality }
	if l.bodyColumns() != directory.Line || slices.ContainsFunc(links, council) {
		return organizationsByIDs(ctx, l, nodesOf(links))
	}
	found := make(map[id.ID]model.Organization, len(links))
	for _, link := range links {
		if body, ok := directory.LineOf(*link.Node).(model.Organization); ok && !link.Ended && found[link.Node.ID] == nil {
			found[link.Node.ID] = body
		}
	}
	return found, nil
}

func identifiersOf(ctx context.Context, l level, bodies []id.ID) (map[id.ID][]*directory.ExternalIdentifier, error) {
	list, err := directory.IdentifiersOf(ctx, l.q, bodies)
	return grouped(list, func(i *directory.ExternalIdentifier) id.ID { return i.Organization }), err
}

func linksOf(ctx context.Context, l level, bodies []id.ID) (map[id.ID][]*directory.OrganizationLink, error) {
	list, err := directory.LinksOf(ctx, l.q, bodies)
	return grouped(list, func(i *directory.OrganizationLink) id.ID { return i.Organization }), err
}

// grouped puts parts behind the parent each names.
func grouped[T any](list []T, parent func(*T) id.ID) map[id.ID][]*T {
	out := map[id.ID][]*T{}
	for i := range list {
		p := parent(&list[i])
		out[p] = append(out[p], &list[i])
	}
	return out
}

func contactsOf(ctx context.Context, l level, towns []id.ID) (map[id.ID]*directory.Contact, error) {
	councils, err := directory.CouncilsByIDs(ctx, l.q, l.viewer, towns)
	if err != nil {
		return nil, err
	}
	out := map[id.ID]*directory.Contact{}
	for _, c := range councils {
		if c.Contact != nil {
			out[c.ID] = c.Contact
		}
	}
	return out, nil
}

func unitsOf(ctx context.Context, l level, wholes []id.ID) (map[id.ID][]*directory.PublicService, error) {
	first, err := l.first()
	if err != nil {
		return nil, err
	}
	day, err := l.asOf()
	if err != nil {
		return nil, err
	}
	units, err := directory.UnitsOf(ctx, l.q, l.viewer, wholes, day, first)
	out := map[id.ID][]*directory.PublicService{}
	for _, u := range units {
		out[u.Whole] = append(out[u.Whole], u.Service)
	}
	return out, err
}

func wholesOf(ctx context.Context, l level, units []id.ID) (map[id.ID]model.Organization, error) {
	day, err := l.asOf()
	if err != nil {
		return nil, err
	}
	wholes, err := directory.WholesOf(ctx, l.q, l.viewer, units, day)
	if err != nil {
		return nil, err
	}
	list := make([]directory.Body, len(wholes))
	for i, w := range wholes {
		list[i] = w.Body
	}
	shown, err := l.organizations(ctx, list)
	out := map[id.ID]model.Organization{}
	for i, w := range wholes {
		if err == nil && shown[i] != nil {
			out[w.Unit] = shown[i]
		}
	}
	return out, err
}

func actsIn(ctx context.Context, l level, bodies []id.ID) (map[id.ID][]territory.Territory, error) {
	first, err := l.first()
	if err != nil {
		return nil, err
	}
	day, err := l.asOf()
	if err != nil {
		return nil, err
	}
	related, err := directory.PlacesOf(ctx, l.q, l.viewer, bodies, day, first)
	if err != nil || len(related) == 0 {
		return nil, err
	}
	links := make([]node.Linked, len(related))
	for i, r := range related {
		links[i] = node.Linked{Parent: r.Organization, Node: &node.Node{ID: r.Other}}
	}
	return placesAt(ctx, l, links, nil)
}

func peopleOf(ctx context.Context, l level, bodies []id.ID) (map[id.ID][]*directory.Appointment, error) {
	first, err := l.first()
	if err != nil {
		return nil, err
	}
	list, err := directory.PeopleOf(ctx, l.q, l.viewer, bodies, nil, first)
	return grouped(list, func(a *directory.Appointment) id.ID { return a.Organization }), err
}

func appointmentsOf(ctx context.Context, l level, people []id.ID) (map[id.ID][]*directory.Appointment, error) {
	list, err := directory.AppointmentsOf(ctx, l.q, l.viewer, people, nil, page.Max)
	if err == nil && l.asks("person") {
		err = namePeople(ctx, l, people, list)
	}
	return grouped(list, func(a *directory.Appointment) id.ID { return a.PersonID }), err
}

// namePeople puts the people behind their appointments, who may be seen.
func namePeople(ctx context.Context, l level, people []id.ID, list []directory.Appointment) error {
	found, err := byID(directory.PeopleByIDs(ctx, l.q, l.viewer, people))
	for i := range list {
		list[i].Person = found[list[i].PersonID]
	}
	return err
}

func registrationsOfViewer(ctx context.Context, l level, viewer []id.ID) (map[id.ID]*page.Connection[*calendar.Registration], error) {
	args, err := l.page()
	if err != nil {
		return nil, err
	}
	mine, err := calendar.RegistrationsOfViewer(ctx, l.q, l.viewer, args)
	return map[id.ID]*page.Connection[*calendar.Registration]{viewer[0]: mine}, err
}
