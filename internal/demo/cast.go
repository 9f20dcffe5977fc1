package demo

import (
	"context"
	"fmt"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Cast is whom to be and what to watch.
type Cast struct {
	People []Player
	Events []Scene
	// Event is the public identifier of the event to watch first: the working
	// day of Sant Andreu.
	Event string
	// Tables are those that Terrassa leads; Table is the public identifier of the
	// one to watch, which everybody can see inside.
	Tables []id.ID
	Table  string
	// Shop is the workshop to watch; Workshop is its public identifier, and
	// Consultation that of what people were asked before it.
	Shop                   id.ID
	Workshop, Consultation string
}

// The administrator of the platform, who acts for nobody and signs in by mail
// like anybody else. What they may do is shown by doing it.
const (
	AdminMail = "administracio@example.org"
	AdminName = "Ada Plataforma Inventada (persona inventada)"
)

// Player is an invented person whose token is shown.
type Player struct {
	ID   id.ID
	Name string // says that the person is invented
	Role string // what the person is, in English
	For  id.ID  // the organisation the person acts for
}

// Scene is an event worth watching.
type Scene struct {
	ID  id.ID
	Why string // what happens there, in English
}

// castOf reads which events of a loaded network are worth watching. Events have
// identifiers of their own in every hub; they are known by the order in which
// the importer made them, whatever somebody calls them by now.
func castOf(ctx context.Context, q postgres.Querier) (Cast, error) {
	var made []id.ID
	err := q.QueryRow(ctx, `
		select coalesce(array_agg(node order by created_at, node), '{}') from events where created_by = $1`,
		importer()).Scan(&made)
	if err != nil {
		return Cast{}, fmt.Errorf("read the events of the demonstration: %w", err)
	}
	if len(made) < sceneCount {
		return Cast{}, fmt.Errorf("read the events of the demonstration: there are %d", len(made))
	}
	speakers, err := representatives()
	if err != nil {
		return Cast{}, err
	}
	tables, err := ledTables(ctx, q)
	if err != nil {
		return Cast{}, err
	}
	watched := ""
	if len(tables) == terrassaLeads {
		watched = node.WorkingTable.Global(tables[sceneTable])
	}
	asked, shop, err := besosNodes(ctx, q)
	if err != nil {
		return Cast{}, err
	}
	return Cast{
		Tables: tables, Table: watched,
		Shop: shop, Workshop: node.Workshop.Global(shop), Consultation: node.PriorConsultation.Global(asked),
		People: []Player{
			dayOrganiser().player("organiser of the Sant Andreu day, officer of the district"),
			speakers[0].player("representative of an invented association of el Bon Pastor (Sant Andreu)"),
			terrassaOfficer().player("officer of Terrassa town council"),
			provincialOfficer().player("officer of the provincial council"),
			doorkeeper().player("checks people in at the congress, nothing else"),
		},
		Events: []Scene{
			{made[sceneSantAndreu], "80 seats, a part of them for associations: registrations and cancellations"},
			{made[sceneLine], "nearly full, with a waiting line: each cancellation moves it"},
			{made[sceneDoor], "is held on the day of loading: people arrive at the door"},
		},
		Event: node.Event.Global(made[sceneSantAndreu]),
	}, nil
}

func (a actor) player(role string) Player {
	return Player{ID: a.ID, Name: a.Name, Role: role, For: a.For}
}

// The scenes, by their place in the order of events.
const (
	sceneSantAndreu = iota
	sceneLine
	sceneDoor
	sceneCount
)

// sceneTable is the place among Terrassa's tables of the one to watch.
const sceneTable = 1

func (c Cast) scene(n int) id.ID { return c.Events[n].ID }
