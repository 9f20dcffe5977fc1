package api_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/node"
)

// BenchmarkNetwork asks for the network of a town by the read engine, by gqlgen's
// executor and from memory, in turns, and prints the CPU of this process (hub and
// client, without the database) for each and their ratio.
func BenchmarkNetwork(b *testing.B) {
	database := pgtest.URL(b)
	hub := func(options ...app.Option) *world {
		return newWorld(b, hubtest.Config{Database: database, Options: options})
	}
	planned := hub(app.WithoutMemory())
	grow(b, planned, 60)
	sides := []struct {
		name string
		of   *world
	}{{"engine", planned}, {"executor", hub(app.WithoutPlans())}, {"memory", hub()}}
	spent := make([]float64, len(sides))
	size := 0
	for _, s := range sides {
		size = fetch(b, s.of.hub, network) // and plan
	}
	for b.Loop() {
		for i, s := range sides {
			began := cpu(b)
			for range 20 {
				fetch(b, s.of.hub, network)
			}
			spent[i] += (cpu(b) - began) / 20
		}
	}
	for i, s := range sides {
		b.ReportMetric(spent[i]/float64(b.N), "cpu-µs/"+s.name)
	}
	b.ReportMetric(spent[0]/spent[1], "engine/executor")
	b.ReportMetric(float64(size), "bytes/answer")
}

func fetch(b *testing.B, hub *hubtest.Hub, query string) int {
	r, err := http.Post(hub.URL, "application/json", strings.NewReader(`{"query":`+quoted(query)+`}`))
	if err != nil {
		b.Fatal(err)
	}
	defer r.Body.Close()
	n, err := io.Copy(io.Discard, r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		b.Fatal(r.Status, err)
	}
	return int(n)
}

func quoted(s string) string {
	return `"` + strings.NewReplacer(`"`, `\"`, "\n", " ", "\t", " ").Replace(s) + `"`
}

// cpu is what this process has used, in microseconds.
func cpu(b *testing.B) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Sec+u.Stime.Sec)*1e6 + float64(u.Utime.Usec+u.Stime.Usec)
}

// groupsOfBench is how many groups follow one event: each asks something else, so
// that each change is executed as often.
const groupsOfBench = 50

// BenchmarkChange prints the CPU of this process for one execution of a change,
// with the level reads of its selection, by plans and by the executor.
func BenchmarkChange(b *testing.B) {
	var spent [2]float64
	for i, option := range []app.Option{app.WithoutMemory(), app.WithoutPlans()} {
		w := newWorld(b, hubtest.Config{Options: []app.Option{option}})
		event := node.Event.Global(w.hub.Event(b, w.officerID, 5, nil))
		var streams []*hubtest.Stream
		for n := range groupsOfBench {
			streams = append(streams, w.hub.Socket(b, "").Subscribe(fmt.Sprintf(`subscription($id: ID!) { s%d: eventChanges(id: $id) { number cursor kind at fields
				event { id title state startsAt endsAt venueName area { title } organisers { lead organization { name } } seatPools { name availability } }
				seats { seatPool availability } } }`, n), in{"id": event}))
		}
		next := func() {
			for _, s := range streams {
				s.Next()
			}
		}
		change := func(n int) {
			w.hub.Must(b, w.officer.token, `mutation($in: EventUpdateInput!) { eventUpdate(input: $in) { errors { code } } }`,
				in{"in": in{"id": event, "venueName": fmt.Sprintf("Sala %d", n)}})
			next()
		}
		next()
		change(0)
		began := cpu(b)
		for n := range b.N {
			change(n + 1)
		}
		spent[i] = (cpu(b) - began) / float64(b.N) / groupsOfBench
		for _, s := range streams {
			s.Complete()
		}
	}
	b.ReportMetric(spent[0], "cpu-µs/planned")
	b.ReportMetric(spent[1], "cpu-µs/executed")
	b.ReportMetric(spent[0]/spent[1], "engine/executor")
}
