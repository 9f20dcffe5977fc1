package seatload

import (
	"context"
	"errors"
)

// Entry is one registration as the organisers see it.
type Entry struct {
	Registration string
	State        string
	Place        int
	Name         string // of its delegate
}

const lineQuery = `query Line($event: ID!, $after: String) { event(id: $event) { registrations(first: 100, after: $after) {
	nodes { id state place delegates { name } } pageInfo { hasNextPage endCursor } } } }`

type linePage struct {
	Event *struct {
		Registrations struct {
			Nodes []struct {
				ID        string
				State     string
				Place     *int
				Delegates []struct{ Name *string }
			}
			PageInfo struct {
				HasNextPage bool
				EndCursor   *string
			}
		}
	}
}

// Line reads all registrations of an event, in the order of arrival, as one of
// its organisers.
func Line(ctx context.Context, c *Client, url, token, event string) ([]Entry, error) {
	var all []Entry
	var after *string
	for {
		var page linePage
		if err := c.Ask(ctx, url, token, lineQuery, map[string]any{"event": event, "after": after}, &page); err != nil {
			return nil, err
		}
		if page.Event == nil {
			return nil, errors.New("the event is not to be seen")
		}
		list := page.Event.Registrations
		for _, n := range list.Nodes {
			e := Entry{Registration: n.ID, State: n.State}
			if n.Place != nil {
				e.Place = *n.Place
			}
			if len(n.Delegates) > 0 && n.Delegates[0].Name != nil {
				e.Name = *n.Delegates[0].Name
			}
			all = append(all, e)
		}
		if !list.PageInfo.HasNextPage {
			return all, nil
		}
		after = list.PageInfo.EndCursor
	}
}
