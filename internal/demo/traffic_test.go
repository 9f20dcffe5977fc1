package demo

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/kernel/id"
)

// TestTrafficMovesTheBoards: after some steps every kind of thing has happened,
// the seats add up, and what the cast did stands untouched.
func TestTrafficMovesTheBoards(t *testing.T) {
	t.Parallel()
	s, cast := loaded(t)
	organisers := []actor{dayOrganiser(), terrassaOfficer(), provincialOfficer()}
	boards := func() (all []*calendar.Board) {
		for i, a := range organisers {
			b, err := calendar.BoardOf(t.Context(), s.DB.Read(), as(t, s, a), cast.scene(i))
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, b)
		}
		return all
	}
	kept := registersOf(t, s, cast)
	before := boards()
	steps, err := newTraffic(s, cast)
	if err != nil {
		t.Fatal(err)
	}
	for range 120 {
		if _, err := steps.step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for i, after := range boards() {
		if cmp.Equal(before[i].DelegateCounts, after.DelegateCounts) {
			t.Errorf("the board of %s did not change: %+v", cast.Events[i].Why, after.DelegateCounts)
		}
		for _, p := range after.Pools {
			if p.Counts.Confirmed > p.Counts.Capacity {
				t.Errorf("a pool is oversold: %+v", p.Counts)
			}
		}
	}
	for kind, least := range map[string]int{
		calendar.FactRegistrationCreated: 73, calendar.FactRegistrationCancelled: 1,
		calendar.FactRegistrationPromoted: 1, calendar.FactDelegateArrived: doorArrived + 1,
		table.FactSessionOpened: 1, table.FactSessionClosed: 1, table.FactArrived: 5,
		workshop.FactGroupJoined: 9, workshop.FactNoted: len(slips()) + 3,
	} {
		if n := count(t, s, `select count(*) from journal where kind = $1`, kind); n < least {
			t.Errorf("%s was told %d times, want at least %d", kind, n, least)
		}
	}
	if n := count(t, s, `select count(*) from registrations where id = any($1) and state = 'CONFIRMED'`, kept); n != keptBlocks {
		t.Errorf("of %d registrations of the cast the traffic left %d", keptBlocks, n)
	}
}

// registersOf registers a few blocks by hand, as a person of the cast would.
func registersOf(t *testing.T, s Services, cast Cast) (made []id.ID) {
	t.Helper()
	who := cast.People[1]
	for range keptBlocks {
		r, err := s.Registrations.Create(t.Context(), as(t, s, actor{ID: who.ID, For: who.For}), calendar.RegistrationInput{
			Event: cast.scene(sceneSantAndreu), Organisation: who.For, Policy: calendar.WaitTogether,
			Delegates: []calendar.DelegateInput{{Name: "Prova Exemple", Role: calendar.RoleAssociation}},
		}, "")
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, r.ID)
	}
	return made
}

const keptBlocks = 10

// TestTrafficEnds: it works until its context ends, and then leaves nothing; the
// package's leak check stands behind this.
func TestTrafficEnds(t *testing.T) {
	t.Parallel()
	s, cast := loaded(t)
	before := count(t, s, `select count(*) from journal`)
	ctx, stop := context.WithCancel(t.Context())
	told, ended := make(told, 100), make(chan struct{})
	go func() {
		defer close(ended)
		Traffic(ctx, s, cast, time.Millisecond, slog.New(told))
	}()
	for range 4 {
		<-told
	}
	stop()
	<-ended
	if after := count(t, s, `select count(*) from journal`); after <= before {
		t.Error("nothing was done")
	}
}

// Traffic without a network says so and ends.
func TestTrafficWithoutANetwork(t *testing.T) {
	t.Parallel()
	told := make(told, 1)
	Traffic(t.Context(), Services{}, Cast{}, 0, slog.New(told))
	if r := <-told; r.Level != slog.LevelError {
		t.Errorf("it said %q", r.Message)
	}
}

// told is a log that can be waited for.
type told chan slog.Record

func (c told) Enabled(context.Context, slog.Level) bool { return true }

func (c told) Handle(_ context.Context, r slog.Record) error {
	select {
	case c <- r:
	default:
	}
	return nil
}

func (c told) WithAttrs([]slog.Attr) slog.Handler { return c }
func (c told) WithGroup(string) slog.Handler      { return c }
