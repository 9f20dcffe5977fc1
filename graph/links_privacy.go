package graph

import (
	"context"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/id"
)

func privacyLinks() linkTable {
	return linkTable{
		"Delegate.needs":          by(func(d *calendar.Delegate) id.ID { return d.ID }, needsOf),
		"Event.namesKeptDays":     of(namesKeptOf),
		"Viewer.accessesToMyData": by(viewerID, accessesToViewer),
	}
}

func needsOf(ctx context.Context, l level, delegates []id.ID) (map[id.ID]*calendar.NeedsOfDelegate, error) {
	return calendar.NeedsOf(ctx, l.q, l.viewer, delegates)
}

func namesKeptOf(ctx context.Context, l level, events []id.ID) (map[id.ID]int, error) {
	return calendar.NamesKeptOf(ctx, l.q, events)
}
