package table

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/id"
)

func shares() []Share { return []Share{Any, Third, Half, MoreThanHalf, TwoThirds, All} }

// TestShares are the small numbers, written out.
func TestShares(t *testing.T) {
	for share, want := range map[Share][]int{ // of 1, 2, 3, 4, 5, 6, 7 members
		Any: {1, 1, 1, 1, 1, 1, 1}, Third: {1, 1, 1, 2, 2, 2, 3}, Half: {1, 1, 2, 2, 3, 3, 4}, MoreThanHalf: {1, 2, 2, 3, 3, 4, 4},
		TwoThirds: {1, 2, 2, 3, 4, 4, 5}, All: {1, 2, 3, 4, 5, 6, 7},
	} {
		var got []int
		for n := 1; n <= 7; n++ {
			got = append(got, share.of(n))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", share, got, want)
		}
	}
}

// TestQuorumProperties: whole numbers that really are the share, rising with the
// members, never fewer than the least, and not harder at a second call whose
// share is not.
func TestQuorumProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Rules{
			QuorumFirst: rapid.SampledFrom(shares()).Draw(t, "first"), QuorumSecond: rapid.SampledFrom(shares()).Draw(t, "second"),
			QuorumLeast: rapid.IntRange(1, 10).Draw(t, "least"),
		}
		n := rapid.IntRange(0, 400).Draw(t, "members")
		needed := r.Needed(n, false)
		if needed < r.QuorumLeast || needed < 1 {
			t.Fatalf("%d needed, at least %d", needed, r.QuorumLeast)
		}
		if more := r.Needed(n+1, false); more < needed {
			t.Fatalf("%d members need %d, %d need %d", n, needed, n+1, more)
		}
		if n > 0 && r.QuorumLeast <= 1 {
			parts := map[Share][2]int{Third: {1, 3}, Half: {1, 2}, TwoThirds: {2, 3}, All: {1, 1}}
			if p, ok := parts[r.QuorumFirst]; ok && (needed*p[1] < n*p[0] || (needed-1)*p[1] >= n*p[0]) {
				t.Fatalf("%d is not the least number that is %v of %d", needed, p, n)
			}
			if r.QuorumFirst == MoreThanHalf && (2*needed <= n || 2*(needed-1) > n) {
				t.Fatalf("%d is not the least number that is more than half of %d", needed, n)
			}
		}
		if r.QuorumSecond == r.QuorumFirst && r.Needed(n, true) != needed {
			t.Fatal("the same share needs another number at second call")
		}
	})
}

// TestMajorityProperties: what everybody is for is adopted, what nobody is for is
// not; a vote more for never turns a yes into a no, nor one more against a no into
// a yes.
func TestMajorityProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom([]Majority{Simple, Absolute, TwoThirdsMajority, Consensus}).Draw(t, "majority")
		members := rapid.IntRange(1, 60).Draw(t, "members")
		tally := Tally{For: rapid.IntRange(0, members).Draw(t, "for")}
		tally.Against = rapid.IntRange(0, members-tally.For).Draw(t, "against")
		tally.Abstentions = rapid.IntRange(0, members-tally.For-tally.Against).Draw(t, "abstentions")
		carries := m.Carries(tally, members)
		if tally.For == 0 && carries {
			t.Fatal("adopted with nobody for it")
		}
		if tally.For == members && !carries {
			t.Fatal("not adopted with everybody for it")
		}
		if more := (Tally{tally.For + 1, tally.Against, tally.Abstentions}); carries && !m.Carries(more, members) {
			t.Fatal("one more for it, and it is refused")
		}
		if more := (Tally{tally.For, tally.Against + 1, tally.Abstentions}); !carries && m.Carries(more, members) {
			t.Fatal("one more against it, and it is adopted")
		}
		if carries && m != Consensus && tally.Against > 2*tally.For {
			t.Fatal("adopted against the many")
		}
	})
}

// TestSessionMachine walks the states at random and holds them to what the
// package says: forward only, cancelled only before it begins, nothing behind the
// approved minutes.
func TestSessionMachine(t *testing.T) {
	order := []SessionState{SessionProposed, Called, InSession, Held, MinutesDraft, MinutesApproved}
	steps := []Step{StepCall, StepOpen, StepClose, StepDraft, StepApprove, StepCancel}
	rapid.Check(t, func(t *rapid.T) {
		s := &Session{State: SessionProposed, Extraordinary: rapid.Bool().Draw(t, "extraordinary")}
		for range rapid.IntRange(1, 30).Draw(t, "length") {
			step := rapid.SampledFrom(steps).Draw(t, "step")
			to, ok := s.State.After(step)
			switch {
			case !ok && to != s.State:
				t.Fatalf("%s is refused in %s and leads to %s", step, s.State, to)
			case !ok:
			case to == Cancelled && slices.Index(order, s.State) > 1:
				t.Fatalf("%s is cancelled", s.State)
			case to != Cancelled && slices.Index(order, to) != slices.Index(order, s.State)+1:
				t.Fatalf("%s leads from %s to %s", step, s.State, to)
			}
			if s.State == Cancelled && ok || s.State == MinutesApproved && ok {
				t.Fatalf("%s leads on from %s", step, s.State)
			}
			s.State = to
			if s.Extraordinary && s.State != SessionProposed && s.takesItems() == nil {
				t.Fatalf("an extraordinary session takes items in %s", s.State)
			}
			if (s.running() == nil) != (s.State == InSession) {
				t.Fatalf("in %s a session that was not recorded runs: %v", s.State, s.running())
			}
		}
	})
}

// TestQuorateOnly: with any people coming and going, exactly those moments in
// which enough organisations are there adopt.
func TestQuorateOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		members := rapid.IntRange(0, 30).Draw(t, "members")
		r := Rules{QuorumFirst: rapid.SampledFrom(shares()).Draw(t, "share"), QuorumSecond: Third, QuorumLeast: rapid.IntRange(1, 5).Draw(t, "least")}
		s := &Session{State: InSession, Members: members, Needed: r.Needed(members, false)}
		for range 20 {
			s.Present = rapid.IntRange(0, members).Draw(t, "present")
			if err := s.quorate(); (err == nil) != (s.Present >= s.Needed) {
				t.Fatalf("%d present, %d needed: %v", s.Present, s.Needed, err)
			}
			votes := Tally{For: rapid.IntRange(0, 40).Draw(t, "for")}
			if err := checkVote(votes, s.Present); (err == nil) != (votes.For > 0 && votes.For <= s.Present) {
				t.Fatalf("%d votes of %d present: %v", votes.For, s.Present, err)
			}
		}
	})
}

// TestResolutionMachine: what was not adopted stays so, everything else may be
// taken up again; overdue and quiet are no states.
func TestResolutionMachine(t *testing.T) {
	all := []ResolutionState{Open, InProgress, Done, Dropped, NotAdopted}
	rapid.Check(t, func(t *rapid.T) {
		from, to := rapid.SampledFrom(all).Draw(t, "from"), rapid.SampledFrom(all).Draw(t, "to")
		if may := from.May(to); may != (from != NotAdopted && to != NotAdopted) {
			t.Fatalf("%s to %s: %v", from, to, may)
		}
		if from.Live() && from != Open && from != InProgress {
			t.Fatalf("%s is live", from)
		}
	})
}

// TestNotice counts days by dates in Madrid, not by hours.
func TestNotice(t *testing.T) {
	r := Rules{NoticeDays: 2}
	today := time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC) // the night the clocks change
	for starts, want := range map[string]bool{
		"2026-03-29T23:30:00+02:00": false, "2026-03-30T00:30:00+02:00": true, "2026-03-30T18:00:00+02:00": true, "2026-03-28T18:00:00+01:00": false,
	} {
		at, err := time.Parse(time.RFC3339, starts)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.onTime(today, at); got != want {
			t.Errorf("a session at %s called on %s: %v", starts, today.Format(time.DateOnly), got)
		}
	}
}

// TestLaterSession: minutes are approved in another session, later, that is open
// and has a quorum.
func TestLaterSession(t *testing.T) {
	at := func(day int) *time.Time {
		moment := time.Date(2026, 1, day, 18, 0, 0, 0, time.UTC)
		return &moment
	}
	of := &Session{ID: id.New(), StartsAt: at(10)}
	for name, c := range map[string]struct {
		in   Session
		want error
	}{
		"later, open":        {Session{ID: id.New(), StartsAt: at(20), State: InSession, Present: 3, Needed: 2}, nil},
		"later, recorded":    {Session{ID: id.New(), StartsAt: at(20), State: Held, Recorded: true, Present: 2, Needed: 2}, nil},
		"later, over":        {Session{ID: id.New(), StartsAt: at(20), State: Held, Present: 3, Needed: 2}, ErrNotInSession},
		"later, no quorum":   {Session{ID: id.New(), StartsAt: at(20), State: InSession, Present: 1, Needed: 2}, ErrNoQuorum},
		"earlier":            {Session{ID: id.New(), StartsAt: at(1), State: InSession, Present: 3, Needed: 2}, ErrNotLater},
		"itself":             {Session{ID: of.ID, StartsAt: at(10), State: InSession, Present: 3, Needed: 2}, ErrNotLater},
		"at the same moment": {Session{ID: id.New(), StartsAt: at(10), State: InSession, Present: 3, Needed: 2}, ErrNotLater},
		"without a date":     {Session{ID: id.New(), State: InSession, Present: 3, Needed: 2}, ErrNotLater},
	} {
		if err := of.approves(&c.in); (err == nil) != (c.want == nil) || err != nil && !errorsIs(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// TestRhythm: the same day of the week at the same hour by the clocks of Madrid,
// and never a date that is over.
func TestRhythm(t *testing.T) {
	at := func(text string) time.Time {
		moment, err := time.ParseInLocation("Mon 2006-01-02 15:04", text, madrid())
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	met := at("Tue 2026-03-10 18:00")
	for _, c := range []struct {
		rhythm    Periodicity
		now, want string
	}{
		{Monthly, "Wed 2026-03-11 09:00", "Tue 2026-04-07 18:00"}, // summer time has begun
		{Monthly, "Tue 2026-04-07 18:00", "Tue 2026-05-05 18:00"},
		{Bimonthly, "Wed 2026-03-11 09:00", "Tue 2026-05-12 18:00"},
		{Quarterly, "Wed 2026-03-11 09:00", "Tue 2026-06-09 18:00"},
		{HalfYearly, "Wed 2026-03-11 09:00", "Tue 2026-09-08 18:00"},
		{Yearly, "Wed 2026-03-11 09:00", "Tue 2027-03-09 18:00"},
	} {
		if got := c.rhythm.next(met, at(c.now)); got == nil || !got.Equal(at(c.want)) {
			t.Errorf("%s on %s: %v, want %s", c.rhythm, c.now, got, c.want)
		}
	}
	if got := Free.next(met, met); got != nil {
		t.Errorf("a table without rhythm: %v", got)
	}
}
