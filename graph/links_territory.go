package graph

import (
	"context"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/node"
)

func territoryLinks() linkTable {
	return linkTable{
		"Comarca.municipalities":     of(partsOf[*territory.Municipality]),
		"Municipality.comarca":       of(wholeOf[*territory.Comarca](territory.InComarca)),
		"Municipality.districts":     of(partsOf[*territory.District]),
		"Municipality.organizations": of(organizationsActingIn),
		"Municipality.events":        of(eventsInTerritories),
		"Municipality.people":        of(peopleOf),
		"Municipality.units":         of(unitsOf),
		"Municipality.identifiers":   of(identifiersOf),
		"Municipality.contact":       of(contactsOf),
		"District.municipality":      of(wholeOf[*territory.Municipality](territory.InMunicipality)),
		"District.neighbourhoods":    of(partsOf[*territory.Neighbourhood]),
		"Neighbourhood.district":     of(wholeOf[*territory.District](territory.InDistrict)),
	}
}

func partsOf[T territory.Territory](ctx context.Context, l level, wholes []id.ID) (map[id.ID]*page.Connection[T], error) {
	args, err := l.page()
	if err != nil {
		return nil, err
	}
	day, err := l.asOf()
	if err != nil {
		return nil, err
	}
	return territory.PartsOf[T](ctx, l.q, l.viewer, wholes, day, args)
}

func wholeOf[T territory.Territory](role string) byParent[T] {
	return func(ctx context.Context, l level, parts []id.ID) (map[id.ID]T, error) {
		day, err := l.asOf()
		if err != nil {
			return nil, err
		}
		wholes, err := territory.ContainersOf(ctx, l.q, l.viewer, parts, day)
		if err != nil {
			return nil, err
		}
		found := map[id.ID]T{}
		for _, m := range wholes {
			if whole, ok := m.Whole.(T); ok && m.Role == role {
				found[m.Part] = whole
			}
		}
		return found, nil
	}
}

// territories reads places of any kind by their identifiers.
func territories(ctx context.Context, l level, ids []id.ID) (map[id.ID]territory.Territory, error) {
	places, err := territory.ByIDs(ctx, l.q, l.viewer, ids)
	if err != nil {
		return nil, err
	}
	found := make(map[id.ID]territory.Territory, len(places))
	for _, place := range places {
		found[place.Self().ID] = place
	}
	return found, nil
}

// placesAt puts the places at the far ends of edges behind their parents.
func placesAt(ctx context.Context, l level, links []node.Linked, err error) (map[id.ID][]territory.Territory, error) {
	if err != nil || len(links) == 0 {
		return nil, err
	}
	found, err := territories(ctx, l, nodesOf(links))
	return arrange(links, found), err
}

func eventsInTerritories(ctx context.Context, l level, places []id.ID) (map[id.ID]*page.Connection[*calendar.Event], error) {
	args, err := l.page()
	if err != nil {
		return nil, err
	}
	return calendar.EventsInTerritories(ctx, l.q, l.viewer, places, l.eventsWanted(), args)
}

// terms reads the terms of one type that things carry.
func terms[T taxonomy.Term](kind node.Kind) byParent[[]T] {
	return func(ctx context.Context, l level, things []id.ID) (map[id.ID][]T, error) {
		carried, err := taxonomy.CarriedBy(ctx, l.q, l.viewer, things, kind)
		if err != nil {
			return nil, err
		}
		found := map[id.ID][]T{}
		for _, c := range carried {
			if term, ok := c.Term.(T); ok {
				found[c.By] = append(found[c.By], term)
			}
		}
		return found, nil
	}
}
