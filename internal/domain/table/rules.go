package table

import (
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// Share is which part of the full members has to be there.
type Share string

// The shares.
const (
	Any          Share = "ANY"
	Third        Share = "THIRD"
	Half         Share = "HALF"
	MoreThanHalf Share = "MORE_THAN_HALF"
	TwoThirds    Share = "TWO_THIRDS"
	All          Share = "ALL"
)

// of is the least whole number that is the share of n.
func (s Share) of(n int) int {
	switch s {
	case Third:
		return (n + 2) / 3
	case Half:
		return (n + 1) / 2
	case MoreThanHalf:
		return n/2 + 1
	case TwoThirds:
		return (2*n + 2) / 3
	case All:
		return n
	}
	return 1
}

// Needed is how many of the full members must be there: the share for the call,
// and never fewer than the rules' least. Where there are fewer members than
// that, there is no quorum.
func (r Rules) Needed(members int, secondCall bool) int {
	share := r.QuorumFirst
	if secondCall {
		share = r.QuorumSecond
	}
	return max(share.of(members), r.QuorumLeast, 1)
}

// Majority is what a vote needs.
type Majority string

// The majorities.
const (
	Simple            Majority = "SIMPLE"     // more for than against
	Absolute          Majority = "ABSOLUTE"   // more than half of all members
	TwoThirdsMajority Majority = "TWO_THIRDS" // of the votes that are not abstentions
	Consensus         Majority = "CONSENSUS"  // nobody against
)

// Tally is the result of a vote.
type Tally struct{ For, Against, Abstentions int }

func (t Tally) cast() int { return t.For + t.Against + t.Abstentions }

// Carries tells whether the vote adopts what was voted on.
func (m Majority) Carries(t Tally, members int) bool {
	if t.For == 0 {
		return false
	}
	switch m {
	case Absolute:
		return t.For > members/2
	case TwoThirdsMajority:
		return 3*t.For >= 2*(t.For+t.Against)
	case Consensus:
		return t.Against == 0
	}
	return t.For > t.Against
}

// SessionState is where a session stands.
type SessionState string

// The states of a session.
const (
	SessionProposed SessionState = "PROPOSED"
	Called          SessionState = "CALLED"
	InSession       SessionState = "IN_SESSION"
	Held            SessionState = "HELD"
	MinutesDraft    SessionState = "MINUTES_DRAFT"
	MinutesApproved SessionState = "MINUTES_APPROVED"
	Cancelled       SessionState = "CANCELLED"
)

// Step is what moves a session on.
type Step string

// The steps.
const (
	StepCall    Step = "CALL"
	StepOpen    Step = "OPEN"
	StepClose   Step = "CLOSE"
	StepDraft   Step = "DRAFT_MINUTES"
	StepApprove Step = "APPROVE_MINUTES"
	StepCancel  Step = "CANCEL"
)

// After is where a step leads; false when it cannot be taken from here.
func (s SessionState) After(step Step) (SessionState, bool) {
	switch {
	case step == StepCall && s == SessionProposed:
		return Called, true
	case step == StepOpen && s == Called:
		return InSession, true
	case step == StepClose && s == InSession:
		return Held, true
	case step == StepDraft && s == Held:
		return MinutesDraft, true
	case step == StepApprove && s == MinutesDraft:
		return MinutesApproved, true
	case step == StepCancel && (s == SessionProposed || s == Called):
		return Cancelled, true
	}
	return s, false
}

// running tells that what happens in a session can be noted: while it is in
// session, or while what was noted on paper is being recorded.
func (s *Session) running() error {
	if s.State == InSession || s.State == Held && s.Recorded {
		return nil
	}
	return ErrNotInSession.New()
}

// takesItems says why the agenda can no longer be added to.
func (s *Session) takesItems() error {
	switch {
	case s.Extraordinary && s.State != SessionProposed && !s.Recorded:
		return ErrExtraordinary.New()
	case s.State == SessionProposed, s.State == Called:
		return nil
	}
	return s.running()
}

// HasQuorum tells whether enough member organisations are there.
func (s *Session) HasQuorum() bool { return s.Present >= s.Needed }

// quorate is why nothing can be adopted now.
func (s *Session) quorate() error {
	if s.HasQuorum() {
		return nil
	}
	return ErrNoQuorum.New().With("present", s.Present).With("needed", s.Needed)
}

// onTime tells whether a call today leaves the days of notice that the rules
// ask for. Days are counted as people count them, by dates.
func (r Rules) onTime(today, starts time.Time) bool {
	return !dateIn(starts).Before(today.AddDate(0, 0, r.NoticeDays))
}

// ResolutionState is where a resolution stands.
type ResolutionState string

// The states of a resolution. Overdue is none: it is a question of the date.
const (
	Open       ResolutionState = "OPEN"
	InProgress ResolutionState = "IN_PROGRESS"
	Done       ResolutionState = "DONE"
	Dropped    ResolutionState = "DROPPED"
	NotAdopted ResolutionState = "NOT_ADOPTED"
)

// Live tells that something is still to be done.
func (s ResolutionState) Live() bool { return s == Open || s == InProgress }

// May tells whether a resolution can become to. What was done or dropped can be
// taken up again; what was not adopted stays so.
func (s ResolutionState) May(to ResolutionState) bool {
	return s != NotAdopted && to != NotAdopted
}

// ResolutionKind is what sort of resolution it is.
type ResolutionKind string

// The kinds.
const (
	Decision ResolutionKind = "DECISION"
	Task     ResolutionKind = "TASK"
)

// Outcome is what came of an agenda item.
type Outcome string

// The outcomes.
const (
	OutcomeInformation Outcome = "INFORMATION"
	OutcomeDecision    Outcome = "DECISION"
	OutcomeTask        Outcome = "TASK"
)

// checkVote refuses a result that cannot be: more votes than organisations that
// are there and may vote.
func checkVote(t Tally, present int) error {
	switch {
	case t.For < 0 || t.Against < 0 || t.Abstentions < 0 || t.cast() == 0:
		return ErrBadVote.At("vote")
	case t.cast() > present:
		return ErrTooManyVotes.At("vote").With("votes", t.cast()).With("present", present)
	}
	return nil
}

// approves says why the minutes of a session cannot be approved in another one.
func (s *Session) approves(in *Session) error {
	switch {
	case in.ID == s.ID, s.StartsAt == nil, in.StartsAt == nil, !in.StartsAt.After(*s.StartsAt):
		return ErrNotLater.At("in")
	}
	if err := in.running(); err != nil {
		return fault.From(err).Under("in")
	}
	return in.quorate()
}
