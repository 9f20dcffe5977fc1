package live_test

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/nettest"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/live"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// TestSilentServerIsNoticed: the way to the server on which an instance listens
// drops everything without a word. Nothing else is lost, so nobody but the
// listener itself can notice; it listens on another connection then.
func TestSilentServerIsNoticed(t *testing.T) {
	t.Parallel()
	server, one := ownServer(t)
	proxy := nettest.NewProxy(t, server.Addr())
	log := make(events, 1000)
	h := live.New(one, live.Options{Poll: never, Log: slog.New(log)})
	h.ListenThrough(func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", proxy.Addr())
	}, 200*time.Millisecond)
	must(t, h.Start(t.Context()))
	t.Cleanup(h.Stop)
	log.await(t, "live: listening")
	two, err := postgres.Open(t.Context(), postgres.Config{URL: server.AppURL()})
	must(t, err)
	t.Cleanup(two.Close)
	hub(t, two, live.Options{Poll: never}) // which tells what is written through it
	topic := newTopic(t, two)
	s := h.Follow(topic, access.Public, 0)
	defer s.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	must(t, write(ctx, two, topic, public(1)...))
	_, err = take(ctx, s, 1) // the topic is in the ring from here on
	must(t, err)

	proxy.Stall()
	log.await(t, "live: stopped listening")
	must(t, write(ctx, two, topic, public(1)...)) // it does not hear of this
	proxy.Resume()
	log.await(t, "live: listening")
	_, err = take(ctx, s, 2)
	must(t, err)
}

// street is a bus between instances of one process.
type street struct {
	mu     sync.Mutex
	houses []func(topics []id.ID)
	heard  int
}

func (s *street) Tell(_ context.Context, topics []id.ID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, heard := range s.houses {
		s.heard++
		heard(topics)
	}
	return nil
}

func (s *street) Hear(ctx context.Context, connected func(), heard func(topics []id.ID)) error {
	s.mu.Lock()
	s.houses = append(s.houses, heard)
	s.mu.Unlock()
	connected()
	<-ctx.Done()
	return ctx.Err()
}

// TestTwoInstancesAreOne: members of the same group on two instances that never
// poll get the same bytes, whichever instance made the change, over the
// database's notifications and over another bus.
func TestTwoInstancesAreOne(t *testing.T) {
	t.Parallel()
	for name, bus := range map[string]live.Bus{"notifications": nil, "another bus": &street{}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := pgtest.URL(t)
			var parties [2]*party
			for i := range parties {
				log := make(events, 1000)
				parties[i] = newParty(t, pgtest.Open(t, d), live.Options{Poll: never, Bus: bus, Log: slog.New(log)}, live.ShareOptions{})
				log.await(t, "live: listening")
			}
			topic := newTopic(t, parties[0].db)
			var all []*guest
			for _, p := range append(parties[:], parties[:]...) {
				g := p.joins(topic, "same", access.Home, journal.Cursor{}, nil)
				p.until("the state", func() bool { return g.at().State })
				all = append(all, g)
			}
			for i := range 20 {
				must(t, write(t.Context(), parties[i%2].db, topic, facts(5)...))
			}
			for _, g := range all {
				g.party.until("everything", func() bool { return g.at().Number == 60 })
				must(t, g.whole(0))
				for i, text := range g.raw {
					if text != all[0].raw[i] {
						t.Fatalf("message %d is %s on one instance and %s on the other", i, all[0].raw[i], text)
					}
				}
			}
		})
	}
}
