package calendar

import (
	"sync/atomic"
	"testing"

	"github.com/teixit/teixit/internal/pgtest"
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
