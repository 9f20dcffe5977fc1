package inbox

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Of names what a feed is of: one of the two.
type Of struct {
	Node id.ID // a place with what is inside it, a field, a body, anything but a person
	Set  id.ID // a list of the viewer's own
}

// Subject is what somebody must see to follow the feed: the node, or for a list
// themselves.
func (o Of) Subject(ctx context.Context, q postgres.Querier, v *access.Viewer) (access.Subject, error) {
	if o.Node.IsZero() {
		if !v.SignedIn() {
			return access.Subject{}, fault.ErrUnauthenticated.New()
		}
		return access.Subject{Node: v.Person, Visibility: access.Network}, nil
	}
	found, err := node.ByIDs(ctx, q, v, []id.ID{o.Node})
	if err != nil {
		return access.Subject{}, err
	}
	if len(found) == 0 || found[0].Kind == node.Person {
		return access.Subject{}, fault.ErrNotFound.At("of")
	}
	return found[0].Subject(), nil
}

// Sources are what the feed gathers. A list that is gone, or another's, is not
// found.
func (o Of) Sources(ctx context.Context, q postgres.Querier, v *access.Viewer) (journal.Sources, error) {
	if o.Set.IsZero() {
		inside, err := node.Within(ctx, q, o.Node)
		return journal.About(inside...), err
	}
	sets, err := Sets(ctx, q, v, []id.ID{o.Set})
	if err != nil {
		return journal.Sources{}, err
	}
	if len(sets) == 0 {
		return journal.Sources{}, fault.ErrNotFound.At("of")
	}
	return journal.About(sets[0].Members...), nil
}
