package calendar

import (
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/platform/access"
)

// ErrActsForNobody is why somebody signed in cannot register.
var ErrActsForNobody = fault.Define(fault.Denied, "ACTS_FOR_NOBODY",
	"Per inscriure-us cal que actueu en nom d'una organització.",
	"Para inscribirse tiene que actuar en nombre de una organización.",
	"To register you have to act for an organisation.")

// MayRegister says why the viewer cannot register for the event at the moment
// it was read; nil when they can. Whether there are seats for them is asked
// apart: see SeatsFor.
func (e *Event) MayRegister(v *access.Viewer) error {
	if e.State == Published && e.isOver(e.ReadAt) {
		return ErrEventOver.New()
	}
	switch e.RegistrationPhase(e.ReadAt) {
	case RegistrationNotYet:
		return ErrNotOpenYet.New().With("opens", clock(&e.RegistrationOpensAt))
	case RegistrationFinished:
		return ErrRegistrationClosed.New().With("closed", clock(&e.RegistrationClosesAt))
	case RegistrationNone:
		return ErrEventNotTaking.New()
	}
	switch {
	case !v.SignedIn():
		return fault.ErrUnauthenticated.New()
	case len(v.Home) == 0:
		return ErrActsForNobody.New()
	}
	return nil
}

// ShownVenueName is the name of the place; nil when there is none.
func (e *Event) ShownVenueName() *string { return shown(e.VenueName) }

// ShownVenueAddress is the address of the place; nil when there is none.
func (e *Event) ShownVenueAddress() *string { return shown(e.VenueAddress) }

// ShownOnlineURL is the address for taking part online; nil when there is none.
func (e *Event) ShownOnlineURL() *string { return shown(e.OnlineURL) }

func shown(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
