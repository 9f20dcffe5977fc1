package graph

import (
	"context"

	"github.com/teixit/teixit/internal/domain/network"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/id"
)

func networkLinks() linkTable {
	return linkTable{
		"Neighbour.node":              by(func(n *network.Neighbour) id.ID { return n.ID }, anyNodes),
		"TownHappenings.municipality": by(func(t *network.Town) id.ID { return t.Node }, municipalitiesByIDs),
	}
}

func municipalitiesByIDs(ctx context.Context, l level, ids []id.ID) (map[id.ID]*territory.Municipality, error) {
	found, err := territories(ctx, l, ids)
	towns := make(map[id.ID]*territory.Municipality, len(found))
	for key, place := range found {
		if town, ok := place.(*territory.Municipality); ok {
			towns[key] = town
		}
	}
	return towns, err
}
