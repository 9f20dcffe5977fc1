// Package project holds shared projects: what several bodies do together, what
// each of them promises, and what comes of it; the programmes and labs that
// group projects; and the strategies, protocols and plans that projects carry
// out.
//
//	IDEA ──agree──▶ AGREED ──start──▶ RUNNING ──finish──▶ FINISHED
//	 │                │                 │
//	 └─────drop───────┴────────drop─────┴──────▶ DROPPED
//
// A project is a node: its home is the partner that leads it. Partners, places,
// themes and target groups are edges; the rest is in tables of this package.
// FINISHED and DROPPED are final, but for notes and for what is recorded
// afterwards: activities, and that others could do the same.
//
// What always holds
//   - One partner leads; it is the home. Who answers for it organises the project;
//     the people of all partners are its members.
//   - Every commitment has a partner that takes part, or is closed. A partner that
//     leaves hands its open commitments on or drops them; who had them before is
//     kept.
//   - A project that is agreed says what it is for and has somebody to do it with.
//   - No commitment is open in a project that has finished.
//   - Participants by sex add up to the total, or were not counted.
//   - A place outside the project's area is kept as it was given, with a warning.
//
// Who may: who answers for an organisation begins a project in its name. The
// organisers change it. Members add activities and notes; who answers for a
// partner promises and reports in its name, and leaves.
//
// What is internal (notes that say so) is told at the level of the members and
// never below.
package project

import (
	"slices"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

// Prefixes of the parts of a project in public identifiers.
const (
	CommitmentID id.Type = "pct"
	MilestoneID  id.Type = "pms"
	ActivityID   id.Type = "pac"
	FundingID    id.Type = "pfd"
	NoteID       id.Type = "pnt"
)

// State is where a project stands; rules.go has the transitions.
type State string

// The states of a project.
const (
	Idea     State = "IDEA"
	Agreed   State = "AGREED"
	Running  State = "RUNNING"
	Finished State = "FINISHED" // final
	Dropped  State = "DROPPED"  // final; the reason stays readable
)

// States lists all states.
func States() []State { return []State{Idea, Agreed, Running, Finished, Dropped} }

// Label is the state in words.
func (s State) Label() lang.Text {
	return map[State]lang.Text{
		Idea:     {CA: "Idea", ES: "Idea", EN: "Idea"},
		Agreed:   {CA: "Acordat", ES: "Acordado", EN: "Agreed"},
		Running:  {CA: "En marxa", ES: "En marcha", EN: "Running"},
		Finished: {CA: "Acabat", ES: "Terminado", EN: "Finished"},
		Dropped:  {CA: "Abandonat", ES: "Abandonado", EN: "Dropped"},
	}[s]
}

// Side is on which side a partner stands.
type Side string

// The sides.
const (
	PublicSide Side = "PUBLIC"
	SocialSide Side = "SOCIAL"
)

// Sides lists both.
func Sides() []Side { return []Side{PublicSide, SocialSide} }

// Place roles of a project's territories.
const (
	placeArea  = "AREA"  // the project is for this territory
	placeNamed = "PLACE" // it deals with this one by name
)

// Project is one project as a viewer may see it. A card has what lists show;
// the fields of the second part are filled only when read with Full.
type Project struct {
	node.Node
	State            State
	Summary          lang.Text
	StartsOn, EndsOn *time.Time
	Replicable       bool
	ViewerLevel      access.Level
	// Revision counts the changes to the project's own description; only
	// organisers get it, for everybody else it is 0.
	Revision int64
	Today    time.Time // by the database's clock, in Madrid

	Aims        []lang.Text
	Description lang.Text
	Practice    lang.Text
	DropReason  lang.Text
	CreatedBy   id.ID
}

// Partner is an organisation's part in a project, now or before.
type Partner struct {
	Project      id.ID
	Organization *node.Node
	Lead         bool
	Side         Side
	Part         lang.Text // what it does in the project
	From         *time.Time
	Until        *time.Time // first day on which it no longer takes part; nil while it does
}

// CommitmentState is where a commitment stands.
type CommitmentState string

// The states of a commitment. Done and dropped ones are closed.
const (
	CommitmentOpen       CommitmentState = "OPEN"
	CommitmentInProgress CommitmentState = "IN_PROGRESS"
	CommitmentDone       CommitmentState = "DONE"
	CommitmentDropped    CommitmentState = "DROPPED"
)

// CommitmentStates lists all of them.
func CommitmentStates() []CommitmentState {
	return []CommitmentState{CommitmentOpen, CommitmentInProgress, CommitmentDone, CommitmentDropped}
}

// Closed tells that nothing more is expected.
func (s CommitmentState) Closed() bool {
	return slices.Contains([]CommitmentState{CommitmentDone, CommitmentDropped}, s)
}

// effective is the visibility at which something about a project is told:
// internal things to its members only.
func effective(visibility access.Level, internal bool) access.Level {
	if internal {
		return max(visibility, access.Members)
	}
	return visibility
}
