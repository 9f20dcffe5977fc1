package journal_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// BenchmarkAppend appends facts from eight writers: one fact per command to one
// topic (the lock held over the commit is the limit) or spread over many, and
// many facts in one command.
func BenchmarkAppend(b *testing.B) {
	for _, c := range []struct {
		name          string
		topics, facts int
	}{{"one topic", 1, 1}, {"spread", 64, 1}, {"one topic, 50 facts a command", 1, 50}} {
		b.Run(c.name, func(b *testing.B) {
			db := pgtest.New(b)
			topics := make([]id.ID, c.topics)
			for i := range topics {
				topics[i] = newTopic(b, db, access.Public)
			}
			facts := make([]journal.Fact, c.facts)
			for i := range facts {
				facts[i] = fact(access.Organisers, i, topics[0])
			}
			var next atomic.Int64
			b.SetParallelism(4)
			b.ResetTimer()
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					topic := topics[int(next.Add(1))%len(topics)]
					err := db.InTx(context.Background(), func(ctx context.Context, tx *postgres.Tx) error {
						if err := journal.Lock(ctx, tx, topic); err != nil {
							return err
						}
						return journal.Append(ctx, tx, topic, nil, facts...)
					})
					if err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N*c.facts)/b.Elapsed().Seconds(), "facts/s")
		})
	}
}

// BenchmarkAfter reads the last facts of a topic, as one who comes back does.
func BenchmarkAfter(b *testing.B) {
	db := pgtest.New(b)
	topic := newTopic(b, db, access.Public)
	for range 100 {
		facts := make([]journal.Fact, 50)
		for i := range facts {
			facts[i] = fact(access.Level(i%access.Levels), i)
		}
		write(b, db, topic, facts...)
	}
	for _, level := range []access.Level{access.Public, access.Organisers} {
		b.Run(level.String(), func(b *testing.B) {
			position, err := journal.Heads(b.Context(), db.Read(), topic)
			must(b, err)
			for b.Loop() {
				entries, err := journal.After(b.Context(), db.Read(), topic, level, position.Heads[level]-10, 100)
				if err != nil || len(entries) != 10 {
					b.Fatal(len(entries), err)
				}
			}
		})
	}
}

// BenchmarkChanges looks at ten thousand watched topics of which none changed:
// what a poll costs without BenchmarkTouched.
func BenchmarkChanges(b *testing.B) {
	db := pgtest.New(b)
	watched := make([]journal.Watch, 10_000)
	for i := range watched {
		watched[i] = journal.Watch{Topic: newTopic(b, db, access.Public)}
	}
	for b.Loop() {
		if _, changes, err := journal.Changes(b.Context(), db.Read(), watched, 64, 256); err != nil || len(changes) > 0 {
			b.Fatal(len(changes), err)
		}
	}
}
