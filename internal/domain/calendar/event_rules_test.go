package calendar

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/fault"
)

func TestEventStates(t *testing.T) {
	allowed := map[[2]EventState]bool{
		{Draft, Published}: true, {Draft, Cancelled}: true,
		{Published, Held}: true, {Published, Cancelled}: true,
		{Held, Closed}: true,
	}
	for _, from := range EventStates() {
		for _, to := range EventStates() {
			e := &Event{State: from, StartsAt: time.Unix(1000, 0), ReadAt: time.Unix(2000, 0), OnlineURL: "https://x.cat"}
			err := e.mayBecome(to, false)
			if want := allowed[[2]EventState{from, to}]; want != (err == nil) {
				t.Errorf("%s → %s: %v, want allowed = %v", from, to, err, want)
			}
			if err != nil && !errors.Is(err, ErrEventTransition) {
				t.Errorf("%s → %s fails with %v", from, to, err)
			}
		}
	}
}

// No walk through the states leaves a final one or comes back to an earlier one.
func TestEventStatesNeverGoBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, seen := Draft, []EventState{Draft}
		for !s.Final() {
			s = rapid.SampledFrom(s.next()).Draw(t, "next")
			if slices.Contains(seen, s) {
				t.Fatalf("%v comes back to %s", seen, s)
			}
			seen = append(seen, s)
		}
		if s != Cancelled && s != Closed {
			t.Fatalf("%v ends in %s", seen, s)
		}
	})
}

func TestPublishingNeedsDateAndPlace(t *testing.T) {
	for name, c := range map[string]struct {
		event  Event
		placed bool
		want   []fault.Code
	}{
		"nothing":         {Event{}, false, []fault.Code{ErrNeedsDate, ErrNeedsPlace}},
		"a partial date":  {Event{Date: PartialDate{Month: 11, Day: 28}, VenueName: "Can Fabra"}, false, nil},
		"an exact start":  {Event{StartsAt: time.Unix(1, 0), OnlineURL: "https://x.cat"}, false, nil},
		"a territory":     {Event{Date: PartialDate{Year: 2027}}, true, nil},
		"only an address": {Event{VenueAddress: "c. del Segre, 24"}, false, []fault.Code{ErrNeedsDate}},
	} {
		c.event.State = Draft
		err := c.event.mayBecome(Published, c.placed)
		if len(fault.All(err)) != len(c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		for _, code := range c.want {
			if !errors.Is(err, code) {
				t.Errorf("%s: %v lacks %s", name, err, code.Name)
			}
		}
	}
}

func TestHeldOnlyAfterTheStart(t *testing.T) {
	now := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		event Event
		held  bool
	}{
		"begins this second":  {Event{StartsAt: now}, true},
		"begins next second":  {Event{StartsAt: now.Add(time.Second)}, false},
		"today, hour unknown": {Event{Date: PartialDate{2026, 11, 28}}, true},
		"tomorrow":            {Event{Date: PartialDate{2026, 11, 29}}, false},
		"this month":          {Event{Date: PartialDate{Year: 2026, Month: 11}}, true},
		"next year":           {Event{Date: PartialDate{Year: 2027}}, false},
		"year unknown":        {Event{Date: PartialDate{Month: 12, Day: 24}}, true},
	} {
		c.event.State, c.event.ReadAt = Published, now
		if err := c.event.mayBecome(Held, false); (err == nil) != c.held {
			t.Errorf("%s: %v, want held = %v", name, err, c.held)
		}
	}
}

func TestRegistrationPhase(t *testing.T) {
	opens := time.Date(2026, 10, 1, 7, 0, 0, 0, time.UTC)
	closes := time.Date(2026, 11, 20, 13, 0, 0, 0, time.UTC)
	e := Event{State: Published, RegistrationOpensAt: opens, RegistrationClosesAt: closes, StartsAt: closes.AddDate(0, 0, 8)}
	for _, c := range []struct {
		at   time.Time
		want RegistrationPhase
	}{
		{opens.Add(-time.Second), RegistrationNotYet},
		{opens, RegistrationOpen},
		{closes.Add(-time.Second), RegistrationOpen},
		{closes, RegistrationFinished},
	} {
		if got := e.RegistrationPhase(c.at); got != c.want {
			t.Errorf("at %v: %s, want %s", c.at, got, c.want)
		}
	}
	open := Event{State: Published, Date: PartialDate{Month: 11, Day: 28}}
	if got := open.RegistrationPhase(opens.AddDate(50, 0, 0)); got != RegistrationOpen {
		t.Errorf("without a year registration ends: %s", got)
	}
	over := Event{State: Published, Date: PartialDate{Year: 2026, Month: 2}}
	midnight := time.Date(2026, 2, 28, 23, 0, 0, 0, time.UTC) // 1 March in Madrid
	if got := over.RegistrationPhase(midnight.Add(-time.Second)); got != RegistrationOpen {
		t.Errorf("in the last second of February: %s", got)
	}
	if got := over.RegistrationPhase(midnight); got != RegistrationFinished {
		t.Errorf("in March: %s", got)
	}
	for _, s := range []EventState{Draft, Cancelled, Held, Closed} {
		if got := (&Event{State: s}).RegistrationPhase(opens); got != RegistrationNone {
			t.Errorf("%s: %s", s, got)
		}
	}
}

func TestRevisionConflictCarriesTheEvent(t *testing.T) {
	e, stale := &Event{Revision: 4}, int64(3)
	err := e.checkRevision(&stale)
	if !errors.Is(err, ErrRevision) || fault.From(err).Details != any(e) {
		t.Errorf("got %v with %v", err, fault.From(err).Details)
	}
	if err := e.checkRevision(nil); err != nil {
		t.Errorf("nobody asked: %v", err)
	}
}
