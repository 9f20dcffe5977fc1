package project

import (
	"time"

	"github.com/teixit/teixit/internal/ground/figure"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
)

// Commitment is what a partner promises.
type Commitment struct {
	link.Slots
	ID       id.ID
	Project  id.ID
	Partner  id.ID
	Text     lang.Text
	Due      *time.Time
	State    CommitmentState
	ClosedAt *time.Time // nil while it is open
	Overdue  bool       // open past its day
}

// GlobalID is its public identifier.
func (c *Commitment) GlobalID() string { return CommitmentID.GlobalPart(c.Project, c.ID) }

// Move is a commitment's change of hands.
type Move struct {
	link.Slots
	From, To id.ID
	At       time.Time
}

// Milestone is a step of a project.
type Milestone struct {
	ID        id.ID
	Project   id.ID
	Title     lang.Text
	Due       *time.Time
	ReachedOn *time.Time
	Late      bool // not reached past its day
}

// GlobalID is its public identifier.
func (m *Milestone) GlobalID() string { return MilestoneID.GlobalPart(m.Project, m.ID) }

// Activity is something that was done, or several of a kind.
type Activity struct {
	link.Slots
	ID          id.ID
	Project     id.ID
	Title       lang.Text
	Count       int
	From, Until *time.Time
	Territory   id.ID
	Source      lang.Text
	// Participants are as the viewer may see them: small counts are hidden from
	// all but the organisers.
	Participants figure.Figure

	people figure.People
}

// GlobalID is its public identifier.
func (a *Activity) GlobalID() string { return ActivityID.GlobalPart(a.Project, a.ID) }

func (a *Activity) period() figure.Period {
	var p figure.Period
	if a.From != nil {
		p.From = *a.From
	}
	if a.Until != nil {
		p.Until = *a.Until
	} else if a.From != nil {
		p.Until = *a.From
	}
	return p
}

// Funding is one source of a project's budget.
type Funding struct {
	link.Slots
	ID      id.ID
	Project id.ID
	Source  lang.Text
	Body    id.ID // Zero when it is none of the network
	Cents   int64
}

// GlobalID is its public identifier.
func (f *Funding) GlobalID() string { return FundingID.GlobalPart(f.Project, f.ID) }

// Note is an update on a project, for everybody who sees it or internal.
type Note struct {
	link.Slots
	ID         id.ID
	Project    id.ID
	Text       lang.Text
	Internal   bool
	At         time.Time
	OnBehalfOf id.ID // the organisation its author acted for
}

// GlobalID is its public identifier.
func (n *Note) GlobalID() string { return NoteID.GlobalPart(n.Project, n.ID) }
