package calendar

import (
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
)

// Prefixes of this half's parts of an event in public identifiers.
const (
	RegistrationType id.Type = "reg"
	DelegateType     id.Type = "del"
	SeatPoolType     id.Type = "pool"
)

// MaxBlock is how many delegates one registration may name.
const MaxBlock = 50

// PlacesPolicy says what to do when there are not enough seats for the whole
// block.
type PlacesPolicy string

// The policies, in plain words: "wait together", "take what there is, the rest
// waits", "don't register us".
const (
	WaitTogether    PlacesPolicy = "WAIT_TOGETHER"
	TakeWhatThereIs PlacesPolicy = "TAKE_WHAT_THERE_IS"
	AllOrNothing    PlacesPolicy = "ALL_OR_NOTHING"
)

// DelegateRole is in what quality a delegate comes; boards count by it and pools
// can be reserved for it.
type DelegateRole string

// The roles.
const (
	RolePublic       DelegateRole = "PUBLIC"
	RoleProfessional DelegateRole = "PROFESSIONAL"
	RoleAssociation  DelegateRole = "ASSOCIATION"
)

// DelegateRoles lists all roles.
func DelegateRoles() []DelegateRole {
	return []DelegateRole{RolePublic, RoleProfessional, RoleAssociation}
}

// PlacesPolicies lists all policies in the order they are offered.
func PlacesPolicies() []PlacesPolicy {
	return []PlacesPolicy{WaitTogether, TakeWhatThereIs, AllOrNothing}
}

// RegistrationState is the state of a block, told by its delegates' states.
type RegistrationState string

// States of a registration:
//
//	PENDING → CONFIRMED | PARTLY_CONFIRMED | WAITLISTED | REJECTED
//	WAITLISTED → PARTLY_CONFIRMED → CONFIRMED   (promotion)
//	WAITLISTED ↔ SET_ASIDE                      (larger than its pools since a cut)
//	any but REJECTED → CANCELLED                (by its people or the organisers)
//
// PARTLY_CONFIRMED exists only under TAKE_WHAT_THERE_IS.
const (
	RegistrationPending         RegistrationState = "PENDING"
	RegistrationConfirmed       RegistrationState = "CONFIRMED"
	RegistrationPartlyConfirmed RegistrationState = "PARTLY_CONFIRMED"
	RegistrationWaitlisted      RegistrationState = "WAITLISTED"
	RegistrationSetAside        RegistrationState = "SET_ASIDE"
	RegistrationCancelled       RegistrationState = "CANCELLED"
	RegistrationRejected        RegistrationState = "REJECTED"
)

// DelegateState is the state of one seat or of one who waits for it.
type DelegateState string

// States of a delegate. CONFIRMED, ATTENDED and NO_SHOW hold a seat.
//
//	PENDING → CONFIRMED | WAITLISTED | REJECTED
//	WAITLISTED → CONFIRMED → ATTENDED | NO_SHOW
//	ATTENDED → CONFIRMED (check-in undone)   NO_SHOW → ATTENDED (typed in later)
//	PENDING, WAITLISTED, CONFIRMED → CANCELLED | REPLACED
//
// A replaced delegate's place, seat or not, went to another delegate with
// another code.
const (
	DelegatePending    DelegateState = "PENDING"
	DelegateConfirmed  DelegateState = "CONFIRMED"
	DelegateWaitlisted DelegateState = "WAITLISTED"
	DelegateAttended   DelegateState = "ATTENDED"
	DelegateNoShow     DelegateState = "NO_SHOW"
	DelegateCancelled  DelegateState = "CANCELLED"
	DelegateRejected   DelegateState = "REJECTED"
	DelegateReplaced   DelegateState = "REPLACED"
)

// Registration is one block: an organisation's delegates for one event.
type Registration struct {
	link.Slots
	ID           id.ID
	Event        id.ID
	Organisation id.ID
	RegisteredBy id.ID // Zero below the level that may know
	Policy       PlacesPolicy
	State        RegistrationState
	Audience     id.ID // the audience profile declared; Zero: none
	Counts       DelegateCounts
	// Pool is where its first seat is, or while it has none, the pool it waits
	// for first.
	Pool id.ID
	// Lines are the places in the waiting lines, own reserve first; empty when
	// nobody of the block waits, or while it is set aside.
	Lines     []PlaceInLine
	Number    int64 // order of arrival at the event
	CreatedAt time.Time

	// ConfirmBy is until when its seats are held for who asked for them by mail and
	// has not confirmed; nil otherwise. ByLink tells that it was made so.
	ConfirmBy *time.Time
	ByLink    bool
	// OfferedUntil is until when it has to be said that who was promoted comes; nil
	// when nothing is offered.
	OfferedUntil *time.Time

	// MayChange tells that the viewer may cancel and replace, and sees names.
	MayChange bool
}

// Place is the best place in a waiting line, counted from 1; 0 when the block
// does not wait in any.
func (r *Registration) Place() int {
	best := 0
	for _, l := range r.Lines {
		if best == 0 || l.Place < best {
			best = l.Place
		}
	}
	return best
}

// PlaceInLine is a place, counted from 1 in registrations, in a pool's line.
type PlaceInLine struct {
	Pool  id.ID
	Place int
}

// DelegateCounts counts the delegates of one or many registrations. Confirmed
// counts all that hold a seat, arrived or not.
type DelegateCounts struct {
	Pending, Confirmed, Waiting, Cancelled, Arrived int
}

// Delegate is one person of a block, or a seat whose name follows later.
type Delegate struct {
	link.Slots
	ID           id.ID
	Event        id.ID
	Registration id.ID
	Position     int // order inside the block, from 1: seats are taken in it
	State        DelegateState
	Role         DelegateRole
	Territory    id.ID // where they come from or work for; Zero: not said
	Pool         id.ID // the pool of the seat; Zero without one
	Named        bool  // somebody is named, whether or not the viewer may see whom

	// Person, Name, Mail and Code are empty for who may not see them.
	Person id.ID
	Name   string
	Mail   string
	Code   string // for the entrance, as text and QR

	ArrivedAt *time.Time
	ArrivedBy id.ID // who checked in; organisers only

	Visibility DelegateVisibility
	Answer     DelegateAnswer // empty: none, or not for the viewer
	Erased     bool           // the place stays, who it was is gone
}

// DelegateInput names one delegate: somebody with an account (Person), or by
// Name with or without Mail, or nobody yet.
type DelegateInput struct {
	Person    id.ID
	Name      string // 200 characters
	Mail      string // needs a name
	Role      DelegateRole
	Territory id.ID // optional: a municipality, district or neighbourhood

	Answers []GivenAnswer `json:",omitempty"` // to the organisers' questions
	Sex     Sex           `json:",omitempty"` // counted, never required
}

// RegistrationInput is what a registration is made from.
type RegistrationInput struct {
	Event        id.ID
	Organisation id.ID
	Delegates    []DelegateInput
	Policy       PlacesPolicy
	Audience     id.ID // optional; pools may be reserved for it

	// byLink: asked for by mail; added: for an association that is not in the
	// network yet.
	byLink, added bool
	// Notice is the version of the organisers' notice that was accepted; 0: none.
	Notice int `json:",omitempty"`
}
