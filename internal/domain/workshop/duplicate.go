package workshop

import (
	"context"

	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Duplicate prepares a workshop like another one, which it comes from: what it
// says, its neighbourhoods and what it is about. The board is empty, no group has
// joined, and the code is another one. A nil title is the same.
//
// Who may: the workshop's organisers who answer for its home.
func (s *Service) Duplicate(ctx context.Context, v *access.Viewer, workshop id.ID, title *lang.Text, key string) (*Workshop, error) {
	call := s.call(v, key, "workshopDuplicate", workshop, title)
	return command.One(ctx, call, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		c, err := lock(ctx, tx, v, workshop)
		if err != nil {
			return id.Zero, err
		}
		in, err := c.again(ctx, tx.Native())
		if err != nil {
			return id.Zero, err
		}
		if title != nil {
			in.Title = *title
		}
		return createIn(ctx, tx, v, in)
	}, reader(v))
}

// again is the workshop as it would be entered once more.
func (c *changing) again(ctx context.Context, q postgres.Querier) (Input, error) {
	w := c.workshop
	today, err := relation.Today(ctx, q)
	if err != nil {
		return Input{}, err
	}
	related, err := relation.Of(ctx, q, c.viewer, w.ID, today)
	lists := Input{}.lists()
	relation.Fill(lists, related)
	return Input{
		Home: w.Home, Title: w.Title, Description: w.Description, Visibility: w.Declared,
		Places: lists[0].IDs, About: lists[1].IDs, DerivedFrom: []id.ID{w.ID},
	}, err
}
