package calendar

import (
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

// Prefixes of the parts of an event in public identifiers.
const (
	SessionID  id.Type = "evs"
	DocumentID id.Type = "evd"
)

// EventKind is what sort of event it is.
type EventKind string

// The kinds of event.
const (
	ConferenceDay     EventKind = "CONFERENCE_DAY"
	Training          EventKind = "TRAINING"
	Seminar           EventKind = "SEMINAR"
	Congress          EventKind = "CONGRESS"
	GroupSession      EventKind = "GROUP_SESSION"
	AwarenessActivity EventKind = "AWARENESS_ACTIVITY"
	CampaignAct       EventKind = "CAMPAIGN_ACT"
	CircleClosingDay  EventKind = "CIRCLE_CLOSING_DAY"
	Presentation      EventKind = "PRESENTATION"
)

// EventKinds lists all kinds in the order they are offered.
func EventKinds() []EventKind {
	return []EventKind{
		ConferenceDay, Training, Seminar, Congress, GroupSession,
		AwarenessActivity, CampaignAct, CircleClosingDay, Presentation,
	}
}

// Valid reports whether the kind is one of EventKinds.
func (k EventKind) Valid() bool { return oneOf(k, EventKinds()) }

// Label is the kind in words.
func (k EventKind) Label() lang.Text {
	switch k {
	case ConferenceDay:
		return lang.Text{CA: "Jornada", ES: "Jornada", EN: "Conference day"}
	case Training:
		return lang.Text{CA: "Formació", ES: "Formación", EN: "Training"}
	case Seminar:
		return lang.Text{CA: "Seminari", ES: "Seminario", EN: "Seminar"}
	case Congress:
		return lang.Text{CA: "Congrés", ES: "Congreso", EN: "Congress"}
	case GroupSession:
		return lang.Text{CA: "Sessió grupal", ES: "Sesión grupal", EN: "Group session"}
	case AwarenessActivity:
		return lang.Text{CA: "Activitat de sensibilització", ES: "Actividad de sensibilización", EN: "Awareness activity"}
	case CampaignAct:
		return lang.Text{CA: "Acte de campanya", ES: "Acto de campaña", EN: "Campaign act"}
	case CircleClosingDay:
		return lang.Text{CA: "Jornada de cloenda d'un cercle", ES: "Jornada de clausura de un círculo", EN: "Closing day of a circle"}
	case Presentation:
		return lang.Text{CA: "Presentació", ES: "Presentación", EN: "Presentation"}
	}
	return lang.Text{}
}

// EventState is where an event stands; event_rules.go has the transitions.
type EventState string

// The states of an event.
const (
	Draft     EventState = "DRAFT"     // seen by its organisers only
	Published EventState = "PUBLISHED" // seen as far as its declared visibility
	Cancelled EventState = "CANCELLED" // final; the reason stays readable
	Held      EventState = "HELD"      // took place; attendance can still be typed in
	Closed    EventState = "CLOSED"    // final; nothing changes any more
)

// EventStates lists all states.
func EventStates() []EventState { return []EventState{Draft, Published, Cancelled, Held, Closed} }

// Valid reports whether the state is one of EventStates.
func (s EventState) Valid() bool { return oneOf(s, EventStates()) }

// Label is the state in words.
func (s EventState) Label() lang.Text {
	switch s {
	case Draft:
		return lang.Text{CA: "Esborrany", ES: "Borrador", EN: "Draft"}
	case Published:
		return lang.Text{CA: "Publicat", ES: "Publicado", EN: "Published"}
	case Cancelled:
		return lang.Text{CA: "Cancel·lat", ES: "Cancelado", EN: "Cancelled"}
	case Held:
		return lang.Text{CA: "Celebrat", ES: "Celebrado", EN: "Held"}
	case Closed:
		return lang.Text{CA: "Tancat", ES: "Cerrado", EN: "Closed"}
	}
	return lang.Text{}
}

// Overtaking says whether a block that does not fit holds up smaller ones
// behind it in a waiting line.
type Overtaking string

// The two rules of a waiting line.
const (
	InOrder        Overtaking = "IN_ORDER"         // first come, first served, strictly
	SmallerMayPass Overtaking = "SMALLER_MAY_PASS" // who fits goes ahead of who does not
)

// OrganiserRole is how an organisation stands behind an event.
type OrganiserRole string

// The roles of organisers. The lead is the event's home organisation.
const (
	LeadOrganiser OrganiserRole = "LEAD"
	CoOrganiser   OrganiserRole = "CO"
)

// PlaceRole is what a territory is to an event.
type PlaceRole string

// The roles of places. A venue or a named place outside every area of the
// event draws a warning.
const (
	PlaceArea  PlaceRole = "AREA"  // the event is for this territory
	PlaceVenue PlaceRole = "VENUE" // it takes place here
	PlaceNamed PlaceRole = "PLACE" // a neighbourhood the event deals with by name
)

// Event is one event as a viewer may see it. A card has what lists show; the
// fields of the second part are filled only when read with Full.
type Event struct {
	node.Node
	EventKind EventKind
	State     EventState
	// Declared is the visibility the organisers chose; until the event is
	// published the node itself is seen by organisers only.
	Declared             access.Level
	StartsAt, EndsAt     time.Time   // zero when not known
	Date                 PartialDate // what is known while StartsAt is not
	RegistrationOpensAt  time.Time   // zero: open from publication
	RegistrationClosesAt time.Time   // zero: open until the event is over
	RequiresApproval     bool
	Overtaking           Overtaking
	Sensitive            bool
	Summary              lang.Text
	VenueName            string
	OnlineURL            string
	Languages            []string // BCP 47 tags of the languages spoken there
	// ViewerLevel is the level of sight of who read it.
	ViewerLevel access.Level
	// Revision counts the changes to the event's own description; only
	// organisers get it, for everybody else it is 0.
	Revision int64
	// ReadAt is the database's clock when it was read: deadlines are judged by it.
	ReadAt time.Time
	// ChangedAt is when its description last changed.
	ChangedAt time.Time

	Description        lang.Text
	Objectives         []lang.Text
	VenueAddress       string
	CancellationReason lang.Text
	CreatedBy          id.ID

	begins time.Time // order of lists: first possible moment; zero when the year is not known
}

// KnownDate is what is known of the day the event begins, in Madrid.
func (e *Event) KnownDate() PartialDate {
	if e.StartsAt.IsZero() {
		return e.Date
	}
	return DateOf(e.StartsAt)
}

// Speaker is one speaker as printed in the programme.
type Speaker struct {
	Name         string    `json:"name"`
	Role         lang.Text `json:"role,omitzero"`
	Organisation string    `json:"organisation,omitempty"`
}

// Session is one entry of an event's programme. Sessions that overlap in time
// are parallel; Track names the line they belong to.
type Session struct {
	link.Slots
	ID               id.ID
	Event            id.ID
	Title            lang.Text
	Description      lang.Text
	StartsAt, EndsAt time.Time // zero when not known
	Room             string
	Track            string
	Speakers         []Speaker
	Territory        id.ID // where it takes place, when not at the event's venue
	Capacity         int   // 0: as many as the event
	Position         int   // order in the programme among those of the same hour
	// Chosen is how many delegates have chosen it; nil where the event is
	// sensitive and the viewer does not organise it.
	Chosen       *int
	Availability Availability // how full it is
}

// GlobalID is the session's public identifier.
func (s *Session) GlobalID() string { return SessionID.GlobalPart(s.Event, s.ID) }

// Document is the newest version of a document of an event.
type Document struct {
	link.Slots
	ID      id.ID
	Event   id.ID
	Version int // from 1
	Title   lang.Text
	URL     string
	Note    lang.Text // what is new in this version
	AddedAt time.Time
}

// GlobalID is the document's public identifier, the same for all versions.
func (d *Document) GlobalID() string { return DocumentID.GlobalPart(d.Event, d.ID) }

func oneOf[T comparable](v T, all []T) bool {
	for _, other := range all {
		if v == other {
			return true
		}
	}
	return false
}
