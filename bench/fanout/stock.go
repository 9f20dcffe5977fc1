package main

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/bench/fanout/stock/generated"
	"github.com/teixit/teixit/bench/fanout/stock/model"
)

// stock is what gqlgen's own documentation shows: a channel for each subscriber.
type stock struct {
	mu      sync.Mutex
	last    map[string]*model.EventChange
	members map[string]map[chan *model.EventChange]struct{}
}

func serveStock(mux *http.ServeMux) {
	s := &stock{last: map[string]*model.EventChange{}, members: map[string]map[chan *model.EventChange]struct{}{}}
	server := handler.New(generated.NewExecutableSchema(generated.Config{Resolvers: s}))
	server.AddTransport(transport.Websocket{
		KeepAlivePingInterval: 10 * time.Second,
		Upgrader:              websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }},
	})
	server.SetQueryCache(lru.New[*ast.QueryDocument](1000))
	mux.Handle("/graphql", server)
	mux.HandleFunc("POST /publish", s.publish)
}

func (s *stock) publish(w http.ResponseWriter, r *http.Request) {
	var p publication
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	m := &model.EventChange{Number: p.Message.Number, Cursor: p.Message.Cursor, Kind: p.Message.Kind, At: p.Message.At, Fields: p.Message.Fields}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last[p.Topic] = m
	for ch := range s.members[p.Topic] {
		select {
		case ch <- m:
		default: // behind: dropped, as its documentation's example would
		}
	}
}

// Query implements generated.ResolverRoot.
func (s *stock) Query() generated.QueryResolver { return s }

// Subscription implements generated.ResolverRoot.
func (s *stock) Subscription() generated.SubscriptionResolver { return s }

// Ok implements generated.QueryResolver.
func (s *stock) Ok(context.Context) (bool, error) { return true, nil }

// EventChanges implements generated.SubscriptionResolver.
func (s *stock) EventChanges(ctx context.Context, topic string, _ *string) (<-chan *model.EventChange, error) {
	ch := make(chan *model.EventChange, 16)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.members[topic] == nil {
		s.members[topic] = map[chan *model.EventChange]struct{}{}
	}
	s.members[topic][ch] = struct{}{}
	ch <- s.last[topic]
	context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.members[topic], ch)
		close(ch)
	})
	return ch, nil
}
