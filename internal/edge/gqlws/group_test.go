package gqlws_test

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"

	"github.com/teixit/teixit/internal/edge/gqlws"
)

// group is a Runner that shares one execution: all who subscribe get what the
// test says, and none of them has a goroutine.
type group struct {
	mu      sync.Mutex
	members map[gqlws.Sink]struct{}
	joined  chan context.Context
}

func newGroup() *group {
	return &group{members: map[gqlws.Sink]struct{}{}, joined: make(chan context.Context, 100_000)}
}

func (g *group) Run(ctx context.Context, _ *graphql.OperationContext, sink gqlws.Sink) {
	g.mu.Lock()
	g.members[sink] = struct{}{}
	g.mu.Unlock()
	context.AfterFunc(ctx, func() {
		g.mu.Lock()
		delete(g.members, sink)
		g.mu.Unlock()
		sink.End(nil)
	})
	g.joined <- ctx
}

// say sends one message to everybody and tells how many took it.
func (g *group) say(payload, cursor string) (taken int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	m := gqlws.Message{Payload: []byte(payload), Cursor: cursor}
	for sink := range g.members {
		if sink.Next(m) {
			taken++
		}
	}
	return taken
}
