package calendar

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/turn"
)

// The volatile server does not wait for the disk: these figures compare, they do
// not promise.
func BenchmarkRegister(b *testing.B) {
	b.Run("one event", func(b *testing.B) { benchmarkRegister(b, 1) })
	b.Run("32 events", func(b *testing.B) { benchmarkRegister(b, 32) })
}

func benchmarkRegister(b *testing.B, events int) {
	db := pgtest.New(b)
	venues := make([]*venue, events)
	for i := range venues {
		venues[i] = seatsIn(b, db, general(100))
	}
	who := venues[0].from("Multitud")
	var next atomic.Int64
	b.SetParallelism(8)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			x := venues[int(next.Add(1))%events]
			in := x.input(who, 1, WaitTogether)
			in.Delegates[0].Name = ""
			if _, err := x.desk.Create(x.ctx, who, in, newCode()); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "registrations/s")
}

// BenchmarkHotEvent lets 32 writers register for one event, one by one and
// together, in turns of a second's part each so that both meet the same machine,
// and prints the ratio. The server does not wait for the disk here: where it
// does, a commit that is shared saves more.
func BenchmarkHotEvent(b *testing.B) {
	const writers, each = 32, 8
	db := pgtest.New(b)
	x := seatsIn(b, db, general(100))
	who := x.from("Multitud")
	var took, turns atomic.Int64
	ways := []*Registrations{
		NewRegistrations(db, WithTurns(turn.Options{Jobs: 1})),
		NewRegistrations(db, WithTurns(turn.Options{Took: func(n int) { took.Add(int64(n)); turns.Add(1) }})),
	}
	var spent [2]time.Duration
	for b.Loop() {
		for i, desk := range ways {
			begun := time.Now()
			var wg sync.WaitGroup
			for range writers {
				wg.Go(func() {
					for range each {
						in := x.input(who, 1, WaitTogether)
						in.Delegates[0].Name = ""
						if _, err := desk.Create(x.ctx, who, in, newCode()); err != nil {
							b.Error(err)
						}
					}
				})
			}
			wg.Wait()
			spent[i] += time.Since(begun)
		}
	}
	all := float64(b.N * writers * each)
	b.ReportMetric(all/spent[0].Seconds(), "alone/s")
	b.ReportMetric(all/spent[1].Seconds(), "together/s")
	b.ReportMetric(spent[0].Seconds()/spent[1].Seconds(), "ratio")
	b.ReportMetric(float64(took.Load())/float64(turns.Load()), "registrations/turn")
}
