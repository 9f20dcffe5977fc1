package calendar

import (
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
)

// tooLate refuses changes to the seats of a cancelled, held or closed event, and
// for others than its organisers of one that is over.
func tooLate(state EventState, over bool, level access.Level) error {
	if state.Final() || state == Held || over && level < access.Organisers {
		return ErrEventOver.New()
	}
	return nil
}

// MayCancel says why the viewer, who sees the registration, cannot cancel it at
// the moment the event was read; nil when they can. A nil event is one that they
// no longer see.
func (r *Registration) MayCancel(v *access.Viewer, e *Event) error {
	if err := r.mayChange(v, e); err != nil {
		return err
	}
	switch {
	case r.Counts.Arrived > 0:
		return ErrHasArrived.New()
	case !r.live():
		return ErrAlreadyCancelled.New()
	}
	return nil
}

// MayReplace says the same of replacing and naming its delegates.
func (r *Registration) MayReplace(v *access.Viewer, e *Event) error {
	if err := r.mayChange(v, e); err != nil {
		return err
	}
	if !r.live() {
		return ErrAlreadyCancelled.New()
	}
	return nil
}

// live tells that it has delegates who may still come.
func (r *Registration) live() bool { return r.Counts.Pending+r.Counts.Confirmed+r.Counts.Waiting > 0 }

func (r *Registration) mayChange(v *access.Viewer, e *Event) error {
	if e == nil {
		return ErrEventOver.New()
	}
	block := access.Block{
		Event: e.Subject(), Sensitive: e.Sensitive, Organisation: r.Organisation, RegisteredBy: r.RegisteredBy,
		Delegates: []id.ID{v.Person}, // they see it, by whatever right
	}
	if err := access.MayChangeRegistration(v, block); err != nil {
		return err
	}
	return tooLate(e.State, e.isOver(e.ReadAt), e.ViewerLevel)
}
