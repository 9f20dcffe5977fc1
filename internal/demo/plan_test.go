package demo

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/domain/calendar"
)

// TestDatesFromAnyDay: whatever day the network is loaded on, past events are
// past, coming ones are to come, and nothing but outdoor things is on a
// weekend.
func TestDatesFromAnyDay(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	all, err := plans()
	if err != nil {
		t.Fatal(err)
	}
	for n := range 800 {
		today := time.Date(2026, 1, 1+n, 0, 0, 0, 0, zone)
		for _, p := range all {
			if err := wrongDate(p, today); err != nil {
				t.Fatalf("loaded on %s: %s %v", today.Format(time.DateOnly), p.key, err)
			}
		}
	}
}

func wrongDate(p plan, today time.Time) error {
	in := p.dated(today)
	tomorrow := today.AddDate(0, 0, 1)
	weekend := in.StartsAt.Weekday() == time.Saturday || in.StartsAt.Weekday() == time.Sunday
	switch over := p.ends == calendar.Held || p.ends == calendar.Closed; {
	case !in.Date.IsZero():
		return nil
	case over && !in.EndsAt.Before(today):
		return fmt.Errorf("is not over: %v", in.EndsAt)
	case !over && !in.EndsAt.After(tomorrow):
		return fmt.Errorf("is over soon: %v", in.EndsAt)
	case weekend && !p.when.anyDay && p.when.month == 0:
		return fmt.Errorf("is on a %v", in.StartsAt.Weekday())
	case !in.RegistrationClosesAt.IsZero() && !in.RegistrationClosesAt.After(tomorrow):
		return fmt.Errorf("closes too soon: %v", in.RegistrationClosesAt)
	}
	for _, s := range in.Sessions {
		if s.StartsAt.Before(in.StartsAt) || s.EndsAt.After(in.EndsAt) {
			return fmt.Errorf("has a session outside its hours: %v", s.StartsAt)
		}
	}
	return nil
}

func TestEveryEventIsWrittenInThreeLanguages(t *testing.T) {
	t.Parallel()
	all, err := plans()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range all {
		if seen[p.key] || !p.in.Title.Complete() || !p.in.Summary.Complete() {
			t.Errorf("%s is there twice or not in three languages", p.key)
		}
		seen[p.key] = true
	}
}

func TestNamesDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for n := range 1600 {
		name := personName(n)
		if words := strings.Fields(name); seen[name] || len(words) != 3 || words[1] == words[2] {
			t.Fatalf("name %d is %q", n, name)
		}
		seen[name] = true
	}
}

func TestSpread(t *testing.T) {
	t.Parallel()
	all, err := associations()
	if err != nil {
		t.Fatal(err)
	}
	in, titles := map[string]int{}, map[string]bool{}
	for _, a := range all {
		in[a.name]++
		titles[a.title()] = true
	}
	if len(all) != 400 || len(titles) != 400 || in["Terrassa"] != 30 || in["el Bon Pastor"] != 5 {
		t.Errorf("%d associations with %d titles, %d in Terrassa", len(all), len(titles), in["Terrassa"])
	}
	speakers, err := representatives()
	if err != nil || len(speakers) != 60 {
		t.Errorf("%d representatives, %v", len(speakers), err)
	}
}
