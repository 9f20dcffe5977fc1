package live_test

import (
	"sync"
	"testing"

	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/live"
)

// BenchmarkFanOut commits one fact and waits until a thousand subscribers of
// its topic have it.
func BenchmarkFanOut(b *testing.B) {
	db := pgtest.New(b)
	h := hub(b, db, live.Options{})
	topic := newTopic(b, db)
	const subscribers = 1000
	var ready, done sync.WaitGroup
	end := int64(b.N)
	ready.Add(subscribers)
	got := make(chan struct{}, subscribers)
	for range subscribers {
		done.Go(func() {
			s := h.Follow(topic, access.Public, 0)
			defer s.Close()
			ready.Done()
			for s.Cursor().Number < end {
				if _, err := s.Next(b.Context()); err != nil {
					b.Error(err)
					return
				}
				got <- struct{}{}
			}
		})
	}
	ready.Wait()
	b.ResetTimer()
	for range b.N {
		must(b, write(b.Context(), db, topic, public(1)...))
		for range subscribers {
			<-got
		}
	}
	b.StopTimer()
	done.Wait()
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/subscribers, "µs/delivery")
}
