package faults

import (
	"context"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/anishathalye/porcupine"

	"github.com/teixit/teixit/bench/seatload"
	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/turn"
)

// peopleVariable makes the seats test larger.
const peopleVariable = "TEIXIT_SEATS_PEOPLE"

// rush is a load on an event, and who may look at the line afterwards.
type rush struct {
	seatload.Load
	hubs     []*hubtest.Hub
	capacity int
	lead     string // token of an organiser
}

// newRush makes an event and people who want to go there.
func newRush(t *testing.T, hubs []*hubtest.Hub, capacity, people, workers int) *rush {
	h := hubs[0]
	officer := h.Person(t, "Olga Prova", hubtest.Terrassa, directory.Officer)
	club := h.Association(t, "Associació de prova")
	r := &rush{hubs: hubs, capacity: capacity, lead: h.Token(officer)}
	r.Event = node.Event.Global(h.Event(t, officer, capacity, nil))
	r.Workers, r.Client = workers, seatload.NewClient(workers, 5*time.Second)
	t.Cleanup(r.Client.Close)
	r.People = crowd(t, h, club, people)
	for _, h := range hubs {
		r.URLs = append(r.URLs, h.URL)
	}
	return r
}

func crowd(t *testing.T, h *hubtest.Hub, club id.ID, n int) []seatload.Person {
	people := make([]seatload.Person, n)
	for i, p := range h.Crowd(t, n, club, directory.Representative) {
		people[i] = seatload.Person{Token: h.Token(p), Organization: node.Association.Global(club)}
	}
	return people
}

// run carries the load out and judges it.
func (r *rush) run(t *testing.T, patience time.Duration) seatload.Verdict {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	answers, err := r.Run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	line, err := seatload.Line(ctx, r.Client, r.URLs[0], r.lead, r.Event)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range answers {
		if a.Refused != nil {
			t.Logf("person %d, after %d tries: %v", a.Person, a.Tries, a.Refused)
			break
		}
	}
	return seatload.Judge(r.capacity, answers, line, 30*time.Second)
}

// TestSeats: the last seat is not sold twice and nobody is forgotten, over two
// instances and the death of PostgreSQL in the middle of it.
func TestSeats(t *testing.T) {
	const capacity = 100
	people := 2_000
	if v, err := strconv.Atoi(os.Getenv(peopleVariable)); err == nil {
		people = v
	}
	server := hubtest.NewDurable(t)
	var turns, together atomic.Int64
	counted := []app.Option{app.WithRegistrations(calendar.WithTurns(turn.Options{Took: func(n int) {
		turns.Add(1)
		together.Add(int64(n))
	}}))}
	hubs := []*hubtest.Hub{server.Hub(t, hubtest.Config{Options: counted}), server.Hub(t, hubtest.Config{Options: counted})}
	r := newRush(t, hubs, capacity, people, 24)
	crash := make(chan error, 1)
	r.Acknowledged = func(n int) {
		if n == people/2 {
			go func() { crash <- killed(server) }()
		}
	}
	verdict := r.run(t, 4*time.Minute)
	if err := <-crash; err != nil {
		t.Fatal(err)
	}
	t.Logf("%d seats, %d registrations, 2 instances, PostgreSQL killed once: %v", capacity, people, verdict)
	if !verdict.Right(capacity, people) {
		t.Error("seats were given wrongly")
	}
	t.Logf("%d turns of %.1f registrations", turns.Load(), float64(together.Load())/float64(turns.Load()))
	if together.Load() < 2*turns.Load() {
		t.Error("most registrations had a transaction of their own: the test proves nothing about those who share one")
	}
	if verdict.Retried == 0 {
		t.Error("nobody noticed that PostgreSQL was killed: the test proves nothing")
	}
}

func killed(server *hubtest.Durable) error {
	if err := server.Kill(); err != nil {
		return err
	}
	return server.Restart()
}

// TestSeatsNegativeControl: with the lock taken out, and the constraints behind
// it, the same load and the same judge find seats sold twice. If nothing breaks
// here, TestSeats proves nothing.
func TestSeatsNegativeControl(t *testing.T) {
	const capacity, people = 40, 160
	d := pgtest.URL(t)
	late := []app.Option{app.WithRegistrations(calendar.WithLateLock())}
	hubs := []*hubtest.Hub{
		hubtest.Start(t, hubtest.Config{Database: d, Options: late}),
		hubtest.Start(t, hubtest.Config{Database: d, Options: late}),
	}
	dropConstraints(t, d)
	r := newRush(t, hubs, capacity, people, 8)
	verdict := r.run(t, time.Minute)
	t.Logf("without the lock: %v", verdict)
	if verdict.Oversold+verdict.Misplaced+verdict.Disorder == 0 {
		t.Error("nothing was sold twice and nobody overtaken without the lock")
	}
	if verdict.Linear != porcupine.Illegal {
		t.Errorf("the history is %s, want illegal", verdict.Linear)
	}
}

// dropConstraints takes away what stands behind the lock.
func dropConstraints(t *testing.T, d pgtest.Database) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), d.Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	for _, statement := range []string{
		"alter table seat_pools drop constraint seat_pools_never_oversold",
		"alter table registrations drop constraint registrations_line_once",
	} {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}
