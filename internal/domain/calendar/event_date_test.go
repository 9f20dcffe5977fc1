package calendar

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
)

func TestPartialDateKeepsWhatIsNotKnownOpen(t *testing.T) {
	d, err := ParsePartialDate("--11-28")
	if err != nil {
		t.Fatal(err)
	}
	want := PartialDate{Month: 11, Day: 28}
	if d != want {
		t.Fatalf("read %+v, want %+v", d, want)
	}
	if _, known := d.First(); known {
		t.Error("a first day was invented for a date without a year")
	}
	text := lang.Text{CA: "28 de novembre", ES: "28 de noviembre", EN: "28 November"}
	if diff := cmp.Diff(text, d.Text()); diff != "" {
		t.Error(diff)
	}
}

func TestPartialDateText(t *testing.T) {
	for _, c := range []struct {
		date PartialDate
		want lang.Text
	}{
		{PartialDate{}, lang.Text{}},
		{PartialDate{Year: 2026}, lang.Text{CA: "2026", ES: "2026", EN: "2026"}},
		{PartialDate{Month: 4}, lang.Text{CA: "abril", ES: "abril", EN: "April"}},
		{PartialDate{Month: 4, Day: 1}, lang.Text{CA: "1 d'abril", ES: "1 de abril", EN: "1 April"}},
		{PartialDate{2027, 10, 3}, lang.Text{CA: "3 d'octubre de 2027", ES: "3 de octubre de 2027", EN: "3 October 2027"}},
		{PartialDate{Year: 2027, Month: 3}, lang.Text{CA: "març de 2027", ES: "marzo de 2027", EN: "March 2027"}},
	} {
		if diff := cmp.Diff(c.want, c.date.Text()); diff != "" {
			t.Errorf("%v: %s", c.date, diff)
		}
	}
}

func TestPartialDateRefusesWhatCannotBe(t *testing.T) {
	for _, s := range []string{
		"", "28", "2026-13", "2026-00", "2026-02-29", "1899", "2201-01-01", "2026-11-31", "--02-30",
		"--00-01", "2026-1-1", "--13", "2026-11-28T10:00", " 2026", "2026-11-28 ", "٢٠٢٦", "--11-00", "-11-28",
	} {
		if d, err := ParsePartialDate(s); !errors.Is(err, fault.ErrBadDate) {
			t.Errorf("ParsePartialDate(%q) = %+v, %v; want BAD_DATE", s, d, err)
		}
	}
	for _, d := range []PartialDate{{Day: 3}, {Year: 2026, Day: 3}, {Month: -1}, {Month: 2, Day: -1}, {Year: -5}} {
		if d.Valid() {
			t.Errorf("%+v was accepted", d)
		}
	}
	if leap := (PartialDate{Month: 2, Day: 29}); !leap.Valid() {
		t.Error("29 February without a year can exist")
	}
}

func TestPartialDateReadsWhatItWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := PartialDate{
			Year:  rapid.SampledFrom([]int{0, 1900, 2000, 2026, 2100, 2200}).Draw(t, "year"),
			Month: rapid.IntRange(0, 12).Draw(t, "month"),
			Day:   rapid.IntRange(0, 31).Draw(t, "day"),
		}
		if !d.Valid() || d.IsZero() {
			t.Skip("no such date")
		}
		got, err := ParsePartialDate(d.String())
		if err != nil || got != d {
			t.Fatalf("%+v was written %q and read %+v, %v", d, d.String(), got, err)
		}
		if d.Full() {
			first, _ := d.First()
			if DateOf(first.Add(12*time.Hour)) != d {
				t.Fatalf("%v begins on %v", d, first)
			}
		}
	})
}

func TestDateOfIsTheDayInMadrid(t *testing.T) {
	at := time.Date(2026, 7, 31, 22, 30, 0, 0, time.UTC)
	if got, want := DateOf(at), (PartialDate{2026, 8, 1}); got != want {
		t.Errorf("%v is %v in Madrid, want %v", at, got, want)
	}
}
