package calendar

import (
	"context"
	"time"

	"github.com/teixit/teixit/internal/ground/area"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// placeWarnings warns of venues, named places and sessions outside the area of
// the event, as the territories were on its day.
func placeWarnings(ctx context.Context, q postgres.Querier, v *access.Viewer, e *Event, all []related, sessions []*Session) ([]Warning, error) {
	areas, given := placesOf(all, sessions)
	return area.Warnings(ctx, q, v, WarnOutsideArea, areas, given, e.territorialDay())
}

func placesOf(all []related, sessions []*Session) (areas, given []area.Given) {
	for _, x := range all {
		switch {
		case x.Edge != node.HeldAt || !x.Visible:
		case x.Role == string(PlaceArea):
			areas = append(areas, area.Given{Place: x.Node, Path: []string{"area"}})
		case x.Role == string(PlaceVenue):
			given = append(given, area.Given{Place: x.Node, Path: []string{"venues"}})
		case x.Role == string(PlaceNamed):
			given = append(given, area.Given{Place: x.Node, Path: []string{"places"}})
		}
	}
	for _, s := range sessions {
		if !s.Territory.IsZero() {
			given = append(given, area.Given{Place: s.Territory, Path: []string{"sessions", s.GlobalID(), "territory"}})
		}
	}
	return areas, given
}

// territorialDay is the day on which territories are looked at: the event's
// first possible day, or today while its year is not known.
func (e *Event) territorialDay() time.Time {
	if first, known := e.KnownDate().First(); known {
		return first
	}
	return Today(e.ReadAt)
}
