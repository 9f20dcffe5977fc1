package calendar

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
)

// validFields is an event with nothing wrong.
func validFields() EventFields {
	return EventFields{Kind: ConferenceDay, Title: lang.Text{CA: "Jornada"}, Overtaking: InOrder}
}

func TestCheckNamesTheField(t *testing.T) {
	start := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	twice := id.New()
	for name, c := range map[string]struct {
		change func(*EventFields)
		code   fault.Code
		path   string
	}{
		"no title":           {func(f *EventFields) { f.Title = lang.Text{} }, fault.ErrRequired, "title"},
		"long title":         {func(f *EventFields) { f.Title.ES = strings.Repeat("ñ", 201) }, fault.ErrTooLong, "title.es"},
		"title of two lines": {func(f *EventFields) { f.Title.CA = "a\nb" }, ErrSeveralLines, "title"},
		"NUL":                {func(f *EventFields) { f.Summary.CA = "a\x00b" }, fault.ErrBadText, "summary.ca"},
		"invalid UTF-8":      {func(f *EventFields) { f.VenueName = "a\xffb" }, fault.ErrBadText, "venueName"},
		"control character":  {func(f *EventFields) { f.Description.EN = "a\x1b[2J" }, fault.ErrBadText, "description.en"},
		"kind":               {func(f *EventFields) { f.Kind = "PARTY" }, ErrBadPolicy, "kind"},
		"overtaking":         {func(f *EventFields) { f.Overtaking = "" }, ErrBadPolicy, "overtaking"},
		"visibility":         {func(f *EventFields) { f.Visibility = 5 }, ErrBadPolicy, "visibility"},
		"ends at the start":  {func(f *EventFields) { f.StartsAt, f.EndsAt = start, start }, ErrEndBeforeStart, "endsAt"},
		"ends without start": {func(f *EventFields) { f.EndsAt = start }, ErrEndWithoutStart, "endsAt"},
		"year 1899":          {func(f *EventFields) { f.StartsAt = start.AddDate(-127, 0, 0) }, fault.ErrBadDate, "startsAt"},
		"year 2201":          {func(f *EventFields) { f.Date.Year = 2201 }, fault.ErrBadDate, "date"},
		"31 November":        {func(f *EventFields) { f.Date = PartialDate{Month: 11, Day: 31} }, fault.ErrBadDate, "date"},
		"two dates":          {func(f *EventFields) { f.StartsAt, f.Date.Year = start, 2026 }, ErrTwoDates, "date"},
		"closes as it opens": {func(f *EventFields) { f.RegistrationOpensAt, f.RegistrationClosesAt = start, start }, ErrClosesBeforeOpens, "registrationClosesAt"},
		"script address":     {func(f *EventFields) { f.OnlineURL = "javascript:alert(1)" }, ErrBadURL, "onlineUrl"},
		"no host":            {func(f *EventFields) { f.OnlineURL = "https:///x" }, ErrBadURL, "onlineUrl"},
		"user in address":    {func(f *EventFields) { f.OnlineURL = "https://diba.cat@evil.example/" }, ErrBadURL, "onlineUrl"},
		"no language":        {func(f *EventFields) { f.Languages = []string{"ca", "catalan language"} }, ErrBadLanguage, "languages.1"},
		"language twice":     {func(f *EventFields) { f.Languages = []string{"ca", "ca"} }, ErrBadLanguage, "languages.1"},
		"empty objective":    {func(f *EventFields) { f.Objectives = []lang.Text{{CA: "x"}, {}} }, fault.ErrRequired, "objectives.1"},
		"21 objectives":      {func(f *EventFields) { f.Objectives = make([]lang.Text, 21) }, ErrTooMany, "objectives"},
		"area twice":         {func(f *EventFields) { f.Areas = []id.ID{twice, twice} }, ErrGivenTwice, "area.1"},
		"51 themes":          {func(f *EventFields) { f.About = make([]id.ID, 51) }, ErrTooMany, "about"},
	} {
		t.Run(name, func(t *testing.T) {
			f := validFields()
			c.change(&f)
			for _, found := range f.check() {
				if errors.Is(found, c.code) && strings.Join(found.Path, ".") == c.path {
					return
				}
			}
			t.Errorf("found %v, want %s at %s", f.check(), c.code.Name, c.path)
		})
	}
	if faults := validFields().check(); len(faults) > 0 {
		t.Errorf("a valid event is refused: %v", faults)
	}
}

func TestCheckTellsEverythingAtOnce(t *testing.T) {
	in := EventInput{EventFields: EventFields{Kind: "X", Overtaking: InOrder}}
	in.Sessions = []SessionInput{{Title: lang.Text{CA: "Obertura"}}, {Capacity: -1, Speakers: []Speaker{{}}}}
	in.Documents = []DocumentInput{{Title: lang.Text{CA: "Programa"}, URL: "ftp://diba.cat/p.pdf"}}
	var got []string
	for _, f := range in.check() {
		got = append(got, f.Code.Name+" "+strings.Join(f.Path, "."))
	}
	want := []string{
		"UNKNOWN_CHOICE kind", "REQUIRED title",
		"REQUIRED sessions.1.title", "CAPACITY_RANGE sessions.1.capacity", "REQUIRED sessions.1.speakers.0.name",
		"BAD_URL documents.0.url",
	}
	if diff := cmp.Diff(want, got, cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Error(diff)
	}
}

func TestCleanTrims(t *testing.T) {
	f := EventFields{Title: lang.Text{CA: "  ", ES: " Jornada\n"}, Languages: []string{" ca "}}.clean()
	if f.Title != (lang.Text{ES: "Jornada"}) || f.Languages[0] != "ca" || f.Overtaking != InOrder || f.Objectives == nil {
		t.Errorf("cleaned to %+v", f)
	}
}

func TestChangesTouchOnlyWhatIsGiven(t *testing.T) {
	start := time.Date(2026, 11, 28, 9, 0, 0, 0, time.UTC)
	a, b := id.New(), id.New()
	f := validFields()
	f.Date, f.VenueName, f.Areas = PartialDate{Month: 11, Day: 28}, "Can Fabra", []id.ID{a, b}

	same, names := f.with(EventChanges{Title: &f.Title, Areas: &[]id.ID{b, a}})
	if len(names) > 0 || same.VenueName != f.VenueName {
		t.Errorf("nothing changed and %v was told", names)
	}
	after, names := f.with(EventChanges{StartsAt: &start, VenueName: new(string), Areas: &[]id.ID{a}})
	want := []string{"startsAt", "date", "venueName", "area"}
	if diff := cmp.Diff(want, names, cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Error(diff)
	}
	if !after.Date.IsZero() || after.VenueName != "" || len(after.Areas) != 1 || after.Title != f.Title {
		t.Errorf("changed to %+v", after)
	}
	if len(f.Areas) != 2 || f.VenueName == "" {
		t.Error("the fields before were changed")
	}
}
