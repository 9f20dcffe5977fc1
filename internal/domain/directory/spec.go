package directory

import (
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/node"
)

// Limits of a profile, in characters or items.
const (
	MaxTitle       = 200
	MaxDescription = 4000
	MaxPlaces      = 100
	MaxFields      = 20
	MaxIdentifiers = 10
	MaxCapacities  = 30
	MaxCapacity    = 200
	MaxLinks       = 20
	MaxURL         = 500
	MaxMail        = 254
	MaxPhone       = 40
	MaxName        = 200
)

// Spec describes a body to add. Only Title and what the kind needs must be
// there: an association a place where it acts, an office what it is part of.
type Spec struct {
	ID               id.ID // Zero: a new one is made
	Kind             node.Kind
	InstitutionKind  InstitutionKind // of an institution
	Title            lang.Text
	Description      lang.Text
	Sector           Sector // empty: SOCIAL for an association, else PUBLIC
	LegalPersonality *bool
	Mail             string
	Phone            string
	Website          string
	Capacities       []lang.Text
	BoardFrom        *time.Time // first and last day of the board's term
	BoardUntil       *time.Time
	Identifiers      []ExternalIdentifier
	Links            []NewLink
	ActsIn           []id.ID // places
	ActsInFrom       *time.Time
	Fields           []id.ID
	PartOf           id.ID      // of an office: the body or office above it
	PartFrom         *time.Time // first day of that
	PartUntil        *time.Time // last day of that
	Invented         bool       // made up for the demonstration network
}

// NewLink is a link to add.
type NewLink struct {
	URL   string
	Label lang.Text
}

// Change is what shall be different in a profile; nil leaves a part as it is.
type Change struct {
	Title            *lang.Text
	Description      *lang.Text
	Sector           *Sector
	LegalPersonality **bool // outer nil: leave; inner nil: not known
	Mail             *string
	Phone            *string
	Website          *string
	Capacities       *[]lang.Text
	BoardFrom        **time.Time
	BoardUntil       **time.Time
	Fields           *[]id.ID
	Links            *[]NewLink
	// ExpectedRevision is the Revision the change was made from; nil does not ask.
	ExpectedRevision *int64
}

// PersonSpec describes a person who shall act for a body.
type PersonSpec struct {
	ID   id.ID  // Zero: a new one is made
	Name string // up to MaxName characters
	Mail string // may be empty
	For  id.ID  // the body; its people may see the name
	Role ActingRole
	From *time.Time // first day; nil: today
	// Until is the last day, nil when open.
	Until *time.Time
}

// AppointmentSpec names one role of one person for one body.
type AppointmentSpec struct {
	Organization id.ID
	Person       id.ID
	Role         ActingRole
	From         *time.Time // first day; nil: today
	Until        *time.Time // last day; nil: open
}
