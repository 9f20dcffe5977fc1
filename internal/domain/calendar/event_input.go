package calendar

import (
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

// EventFields is all that organisers say about an event. Texts are trimmed
// before they are checked; lengths are in characters.
type EventFields struct {
	Kind        EventKind
	Title       lang.Text   // at least one language; 200
	Summary     lang.Text   // 1,000
	Description lang.Text   // 20,000
	Objectives  []lang.Text // 20 of 500
	// StartsAt and EndsAt are exact moments; Date is what is known while
	// StartsAt is not.
	StartsAt, EndsAt     time.Time
	Date                 PartialDate
	RegistrationOpensAt  time.Time
	RegistrationClosesAt time.Time
	RequiresApproval     bool
	Overtaking           Overtaking // empty: InOrder
	Sensitive            bool
	Visibility           access.Level
	VenueName            string   // 200
	VenueAddress         string   // 300
	OnlineURL            string   // http or https; 2,000
	Languages            []string // BCP 47 tags, 10

	// Other nodes, by id; each must be visible to who says so and of the right
	// kind, else NOT_FOUND at its place in the list.
	CoOrganisers []id.ID // organisations besides the home; 50
	Areas        []id.ID // territories the event is for; 100
	Venues       []id.ID // where it takes place
	Places       []id.ID // neighbourhoods and towns it deals with by name
	About        []id.ID // fields, goals, challenges and axes; 50
	Audiences    []id.ID // whom it is meant for; 50
}

// EventInput is what an event is created from, always as a draft.
type EventInput struct {
	Home id.ID // the organisation that answers for it and leads it: "organiser"
	EventFields
	Pools     []PoolSpec // none: an event without registration
	Sessions  []SessionInput
	Documents []DocumentInput
}

// PoolSpec is a pool of seats as asked for with a new event.
type PoolSpec struct {
	Name     lang.Text
	Reserve  Reserve // empty: the general pool
	Capacity int
}

// EventChanges changes only what is given: nil leaves a field as it is, a
// pointer to the zero value clears it. Giving StartsAt drops a partial date,
// which it replaces.
type EventChanges struct {
	Kind                 *EventKind
	Title                *lang.Text
	Summary              *lang.Text
	Description          *lang.Text
	Objectives           *[]lang.Text
	StartsAt, EndsAt     *time.Time
	Date                 *PartialDate
	RegistrationOpensAt  *time.Time
	RegistrationClosesAt *time.Time
	RequiresApproval     *bool
	Overtaking           *Overtaking
	Sensitive            *bool
	Visibility           *access.Level
	VenueName            *string
	VenueAddress         *string
	OnlineURL            *string
	Languages            *[]string

	CoOrganisers *[]id.ID
	Areas        *[]id.ID
	Venues       *[]id.ID
	Places       *[]id.ID
	About        *[]id.ID
	Audiences    *[]id.ID
}

// SessionInput is one entry of the programme.
type SessionInput struct {
	Title            lang.Text // at least one language; 200
	Description      lang.Text // 5,000
	StartsAt, EndsAt time.Time
	Room             string    // 100
	Track            string    // 100
	Speakers         []Speaker // 30; names are published with the programme
	Territory        id.ID
	Capacity         int // 0: as many as the event
	Position         int
}

// SessionChanges changes only what is given, as EventChanges does.
type SessionChanges struct {
	Title            *lang.Text
	Description      *lang.Text
	StartsAt, EndsAt *time.Time
	Room             *string
	Track            *string
	Speakers         *[]Speaker
	Territory        *id.ID
	Capacity         *int
	Position         *int
}

// DocumentInput is a document, or a new version of one.
type DocumentInput struct {
	Title lang.Text // at least one language; 200
	URL   string    // http or https; 2,000
	Note  lang.Text // what is new; 500
}

// with applies the changes and tells, by their public names, which fields
// really differ now.
func (f EventFields) with(c EventChanges) (EventFields, []string) {
	var d difference
	if c.StartsAt != nil && !c.StartsAt.IsZero() && c.Date == nil {
		c.Date = &PartialDate{}
	}
	put(&d, "kind", &f.Kind, c.Kind)
	put(&d, "title", &f.Title, c.Title)
	put(&d, "summary", &f.Summary, c.Summary)
	put(&d, "description", &f.Description, c.Description)
	putList(&d, "objectives", &f.Objectives, c.Objectives)
	putTime(&d, "startsAt", &f.StartsAt, c.StartsAt)
	putTime(&d, "endsAt", &f.EndsAt, c.EndsAt)
	put(&d, "date", &f.Date, c.Date)
	putTime(&d, "registrationOpensAt", &f.RegistrationOpensAt, c.RegistrationOpensAt)
	putTime(&d, "registrationClosesAt", &f.RegistrationClosesAt, c.RegistrationClosesAt)
	put(&d, "requiresApproval", &f.RequiresApproval, c.RequiresApproval)
	put(&d, "overtaking", &f.Overtaking, c.Overtaking)
	put(&d, "sensitive", &f.Sensitive, c.Sensitive)
	put(&d, "visibility", &f.Visibility, c.Visibility)
	put(&d, "venueName", &f.VenueName, c.VenueName)
	put(&d, "venueAddress", &f.VenueAddress, c.VenueAddress)
	put(&d, "onlineUrl", &f.OnlineURL, c.OnlineURL)
	putList(&d, "languages", &f.Languages, c.Languages)
	for _, r := range relations() {
		putSet(&d, r.name, r.in(&f), r.change(&c))
	}
	return f, d.names
}

func (s SessionInput) with(c SessionChanges) (SessionInput, []string) {
	var d difference
	put(&d, "title", &s.Title, c.Title)
	put(&d, "description", &s.Description, c.Description)
	putTime(&d, "startsAt", &s.StartsAt, c.StartsAt)
	putTime(&d, "endsAt", &s.EndsAt, c.EndsAt)
	put(&d, "room", &s.Room, c.Room)
	put(&d, "track", &s.Track, c.Track)
	putList(&d, "speakers", &s.Speakers, c.Speakers)
	put(&d, "territory", &s.Territory, c.Territory)
	put(&d, "capacity", &s.Capacity, c.Capacity)
	put(&d, "position", &s.Position, c.Position)
	return s, d.names
}
