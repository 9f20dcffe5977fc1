package main

import (
	"context"
	"fmt"
	"time"
)

const (
	createQuery  = `mutation Create($in: EventCreateInput!) { eventCreate(input: $in) { event { id } errors { code path } } }`
	publishQuery = `mutation Publish($id: ID!) { eventPublish(input: {id: $id}) { errors { code path } } }`
)

// newEvent makes an event with one pool at the hub and publishes it. It is held in
// no town, so that lists of a town stay as they are.
func (r *rush) newEvent(ctx context.Context) (string, error) {
	officer := r.data.Officers[0]
	starts := time.Now().Add(30 * 24 * time.Hour).UTC().Truncate(time.Second)
	name := map[string]any{"ca": "Jornada de prova"}
	var made struct {
		EventCreate struct {
			Event  *struct{ ID string }
			Errors []any
		}
	}
	err := once(ctx, r.of.addr, officer.Token, operation{createQuery, "Create", map[string]any{"in": map[string]any{
		"organiser": officer.Town, "kind": "CONGRESS", "title": name, "venueName": "Sala de proves",
		"startsAt": starts.Format(time.RFC3339), "endsAt": starts.Add(4 * time.Hour).Format(time.RFC3339),
		"seatPools": []any{map[string]any{"name": name, "capacity": r.seats}},
	}}}, &made)
	if err != nil {
		return "", err
	}
	if made.EventCreate.Event == nil {
		return "", fmt.Errorf("refused: %v", made.EventCreate.Errors)
	}
	event := made.EventCreate.Event.ID
	var published struct{ EventPublish struct{ Errors []any } }
	err = once(ctx, r.of.addr, officer.Token, operation{publishQuery, "Publish", map[string]any{"id": event}}, &published)
	if err == nil && len(published.EventPublish.Errors) > 0 {
		err = fmt.Errorf("refused: %v", published.EventPublish.Errors)
	}
	return event, err
}
