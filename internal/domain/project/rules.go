package project

import (
	"slices"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
)

// next lists where a project may go from a state.
func (s State) next() []State {
	switch s {
	case Idea:
		return []State{Agreed, Dropped}
	case Agreed:
		return []State{Running, Dropped}
	case Running:
		return []State{Finished, Dropped}
	}
	return nil
}

// Final reports whether such a project's description and partners stay as they
// are.
func (s State) Final() bool { return len(s.next()) == 0 }

// standing is what a transition is judged by.
type standing struct {
	partners int // the lead included
	open     int // commitments
}

// mayBecome decides on a transition.
func (p *Project) mayBecome(to State, s standing) error {
	if !slices.Contains(p.State.next(), to) {
		return ErrTransition.New().With("from", p.State.Label()).With("to", to.Label())
	}
	var faults fault.List
	switch to {
	case Agreed:
		if len(p.Aims) == 0 {
			faults = append(faults, ErrNeedsAims.New())
		}
		if s.partners < 2 {
			faults = append(faults, ErrNeedsPartner.New())
		}
	case Finished:
		if s.open > 0 {
			faults = append(faults, ErrOpenCommitments.New().With("open", s.open))
		}
	}
	return faults.Err()
}

// mayChange decides whether the description and the partners may change.
func (p *Project) mayChange() error {
	if p.State.Final() {
		return ErrFinal.New().With("state", p.State.Label())
	}
	return nil
}

// mayRecord decides whether what was done may still be recorded: not of what
// never took place.
func (p *Project) mayRecord() error {
	if p.State == Dropped {
		return ErrFinal.New().With("state", p.State.Label())
	}
	return nil
}

// checkRevision is the optimistic lock: nil means that the caller does not mind.
func (p *Project) checkRevision(expected *int64) error {
	if expected != nil && *expected != p.Revision {
		return ErrRevision.At("expectedRevision").Carrying(p)
	}
	return nil
}

// handover decides what becomes of a leaving partner's open commitments: each
// has to be named once, with a partner that stays or nobody.
func handover(leaving id.ID, open, staying []id.ID, plan []Reassignment) error {
	named := map[id.ID]bool{}
	for _, r := range plan {
		if named[r.Commitment] || !slices.Contains(open, r.Commitment) {
			return fault.ErrNotFound.At("reassign")
		}
		named[r.Commitment] = true
		if !r.To.IsZero() && (r.To == leaving || !slices.Contains(staying, r.To)) {
			return ErrNotPartner.At("reassign")
		}
	}
	if len(named) < len(open) {
		return ErrReassign.At("reassign").With("open", len(open))
	}
	return nil
}

// succession decides who leads when a partner leaves.
func succession(leaving, lead, heir id.ID, staying []id.ID) error {
	switch {
	case leaving != lead && !heir.IsZero():
		return ErrNotTheLead.At("newLead")
	case leaving != lead:
		return nil
	case heir.IsZero():
		return ErrNeedsLead.At("newLead")
	case !slices.Contains(staying, heir):
		return ErrNotPartner.At("newLead")
	}
	return nil
}
