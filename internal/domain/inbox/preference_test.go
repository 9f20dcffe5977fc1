package inbox

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func zone(t testing.TB) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestWhenDigestsGo(t *testing.T) {
	z := zone(t)
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, z)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	night, none, noon := Preferences{Quiet: &Quiet{21, 8}}, Preferences{}, Preferences{Quiet: &Quiet{12, 15}}
	for _, c := range []struct {
		p               Preferences
		r               Rhythm
		last, now, want string
	}{
		{none, Immediately, "2026-03-02 10:00", "2026-03-02 10:05", "2026-03-02 10:05"},
		{night, Immediately, "2026-03-02 10:00", "2026-03-02 22:30", "2026-03-03 08:00"},
		{night, Immediately, "2026-03-02 10:00", "2026-03-03 07:59", "2026-03-03 08:00"},
		{noon, Immediately, "2026-03-02 10:00", "2026-03-02 12:00", "2026-03-02 15:00"},
		{noon, Immediately, "2026-03-02 10:00", "2026-03-02 15:00", "2026-03-02 15:00"},
		{none, Daily, "2026-03-02 10:00", "2026-03-02 11:00", "2026-03-03 08:00"},
		{none, Daily, "2026-03-02 07:00", "2026-03-02 07:30", "2026-03-02 08:00"},
		{none, Daily, "2026-03-02 08:00", "2026-03-05 20:00", "2026-03-05 20:00"},
		{night, Daily, "2026-03-02 08:00", "2026-03-05 21:00", "2026-03-06 08:00"},
		{none, Weekly, "2026-03-02 08:00", "2026-03-03 09:00", "2026-03-09 08:00"}, // both Mondays
		{none, Weekly, "2026-03-01 12:00", "2026-03-01 13:00", "2026-03-02 08:00"},
		{none, Daily, "2026-03-28 09:00", "2026-03-28 10:00", "2026-03-29 08:00"}, // an hour is left out in between
	} {
		if got := c.p.next(c.r, at(c.last), at(c.now)); !got.Equal(at(c.want)) {
			t.Errorf("%s after %s at %s, quiet %v: %s, want %s", c.r, c.last, c.now, c.p.Quiet, got, c.want)
		}
	}
}

// A digest never goes in quiet hours nor before now; daily ones once a day at
// most, weekly ones on Mondays unless they were held up.
func TestDigestsKeepTheirRhythm(t *testing.T) {
	z := zone(t)
	rapid.Check(t, func(r *rapid.T) {
		last := time.Unix(rapid.Int64Range(1_770_000_000, 1_800_000_000).Draw(r, "last"), 0).In(z)
		now := last.Add(time.Duration(rapid.Int64Range(0, 40*24*3600).Draw(r, "later")) * time.Second)
		p := Preferences{}
		if rapid.Bool().Draw(r, "quiet") {
			p.Quiet = &Quiet{rapid.IntRange(0, 23).Draw(r, "from"), rapid.IntRange(0, 23).Draw(r, "until")}
			if !p.Quiet.valid() {
				r.Skip("no hours")
			}
		}
		for _, rhythm := range Rhythms() {
			at := p.next(rhythm, last, now)
			switch {
			case at.Before(now):
				r.Fatalf("%s before now", at)
			case p.Quiet != nil && !p.Quiet.after(at).Equal(at):
				r.Fatalf("%s in quiet hours %v", at, p.Quiet)
			case rhythm != Immediately && at.Before(turn(rhythm, last)):
				r.Fatalf("%s before its turn", at)
			case rhythm == Weekly && turn(rhythm, last).Weekday() != time.Monday:
				r.Fatalf("%s is no Monday", turn(rhythm, last))
			}
		}
	})
}
