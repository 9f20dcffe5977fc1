package jobs_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/nettest"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/jobs"
	"github.com/teixit/teixit/internal/platform/journal"
)

// BenchmarkMails queues mails and has one instance with the usual settings hand
// them to a relay on this machine.
func BenchmarkMails(b *testing.B) {
	relay := nettest.NewSMTP(b, nil, false)
	db := pgtest.New(b)
	r, err := jobs.New(db, jobs.Options{Mail: smtp(b, relay)})
	must(b, err)
	begin := time.Now()
	for n := range b.N {
		must(b, r.Enqueue(context.Background(), code(person(n), person(n))))
	}
	b.ReportMetric(float64(b.N)/time.Since(begin).Seconds(), "queued/s")
	begin = time.Now()
	must(b, r.Start(context.Background()))
	for range b.N {
		<-relay.Taken()
	}
	b.ReportMetric(float64(b.N)/time.Since(begin).Seconds(), "sent/s")
	stop(b, r)
}

// BenchmarkSignIn is how long somebody waits for a code while nothing else is
// going on: from queueing it to the relay having it.
func BenchmarkSignIn(b *testing.B) {
	relay := nettest.NewSMTP(b, nil, false)
	r, err := jobs.New(pgtest.New(b), jobs.Options{Mail: smtp(b, relay)})
	must(b, err)
	must(b, r.Start(context.Background()))
	for n := 0; b.Loop(); n++ {
		must(b, r.Enqueue(context.Background(), code(person(n), person(n))))
		<-relay.Taken()
	}
	stop(b, r)
}

// BenchmarkFacts has one instance turn facts into jobs and do them.
func BenchmarkFacts(b *testing.B) {
	db := pgtest.New(b)
	about := topic(b, db)
	told := make(chan struct{}, b.N)
	r, err := jobs.New(db, jobs.Options{})
	must(b, err)
	must(b, r.Follow("bench", []string{"a.done"}, func(_ context.Context, facts []journal.Entry) error {
		for range facts {
			told <- struct{}{}
		}
		return nil
	}))
	must(b, r.Start(context.Background()))
	b.ResetTimer()
	for n := range b.N {
		must(b, write(db, about, "a.done", fmt.Sprint(n)))
	}
	for range b.N {
		<-told
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "facts/s")
	stop(b, r)
}
