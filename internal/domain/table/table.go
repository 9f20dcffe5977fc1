// Package table is working tables: standing groups of organisations that meet,
// decide and follow up what they decided.
//
// A table is a node; its home is the organisation that convenes it. Who belongs
// to it are dated edges (member_of), and so are the grants of its coordinator,
// secretary and people (has_role). Sessions, agenda items, resolutions and
// minutes are parts of the table: its topic is their lock, its members their
// readers.
//
// A table: proposed → active → ended, or proposed → rejected. A session:
//
//	proposed → called → in session → held → minutes draft → minutes approved
//	proposed, called → cancelled
//
// and a session that was held on paper is recorded as held. A resolution: open ⇄
// in progress → done or dropped; what the vote refused is not adopted, from the
// beginning. Overdue and quiet are no states: they are computed from the date.
//
// These always hold:
//
//   - no resolution is adopted below the quorum, which counts member
//     organisations and is fixed when the session opens; a substitute counts as
//     the delegate does;
//   - an extraordinary session takes no new item once it is called;
//   - minutes are approved in a later session of the same table;
//   - a version of the minutes is never changed, and who writes over somebody
//     else's is told with the present text;
//   - below a table's own visibility nothing of it exists, and within, sessions
//     and resolutions are for who may see inside, drafts for the organisers.
package table

import (
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

// Kind is what sort of table it is.
type Kind string

// The kinds.
const (
	CrossCutting  Kind = "CROSS_CUTTING" // municipal services
	Territorial   Kind = "TERRITORIAL"
	StrategicPlan Kind = "STRATEGIC_PLAN"
	Thematic      Kind = "THEMATIC"
	Network       Kind = "NETWORK"
	SteeringGroup Kind = "STEERING_GROUP"
)

// State is where a table stands.
type State string

// The states of a table.
const (
	Proposed State = "PROPOSED"
	Active   State = "ACTIVE"
	Rejected State = "REJECTED"
	Ended    State = "ENDED"
)

// Periodicity is how often a table means to meet.
type Periodicity string

// The periodicities.
const (
	Free       Periodicity = "FREE"
	Monthly    Periodicity = "MONTHLY"
	Bimonthly  Periodicity = "BIMONTHLY"
	Quarterly  Periodicity = "QUARTERLY"
	HalfYearly Periodicity = "HALF_YEARLY"
	Yearly     Periodicity = "YEARLY"
)

// Rules are what a table has agreed on for itself.
type Rules struct {
	QuorumFirst  Share
	QuorumSecond Share // at second call
	QuorumLeast  int   // member organisations, whatever the share
	// SecondCallMinutes is how long after the first the second call is; nil:
	// there is none.
	SecondCallMinutes *int
	NoticeDays        int
	Majority          Majority
	Periodicity       Periodicity
	QuietDays         int // after which a resolution that nobody follows is flagged
}

// DefaultRules are those of a table that says nothing else.
func DefaultRules() Rules {
	return Rules{
		QuorumFirst: MoreThanHalf, QuorumSecond: Third, QuorumLeast: 2, NoticeDays: 2,
		Majority: Simple, Periodicity: Free, QuietDays: 60,
	}
}

// Table is a working table as one viewer sees it.
type Table struct {
	node.Node
	ViewerLevel    access.Level
	TableKind      Kind
	State          State
	Declared       access.Level // the visibility it was given; a proposal is seen by fewer
	Inside         access.Level // who may see sessions, resolutions and approved minutes
	Description    lang.Text
	Rules          Rules
	FilePrefix     string
	DecisionReason lang.Text
	ProposedBy     id.ID
	Revision       int64
	ReadAt         time.Time
	Today          time.Time // the date in Madrid, by the database's clock
}

// IsNode marks tables for the schema's interface.
func (t *Table) IsNode() {}

// inside is from which level on what happens inside can be seen.
func (t *Table) inside() access.Level { return max(t.Inside, t.Visibility) }

// members is the level of what only members see.
func (t *Table) members() access.Level { return max(access.Members, t.inside()) }

// MemberRole is in what quality an organisation belongs to a table. It is the
// role of its edge.
type MemberRole string

// The roles: a full member counts for the quorum and votes.
const (
	Full     MemberRole = "FULL"
	Observer MemberRole = "OBSERVER"
)

func (r MemberRole) edge() string {
	if r == Full {
		return ""
	}
	return string(r)
}

func memberRole(edge string) MemberRole {
	if edge == "" {
		return Full
	}
	return MemberRole(edge)
}

// Office is what somebody does for a table.
type Office string

// The offices. Both organise the table.
const (
	Coordinator Office = "COORDINATOR"
	Secretary   Office = "SECRETARY"
)

// Position is who sits for a member organisation.
type Position string

// The positions.
const (
	Delegate   Position = "DELEGATE"
	Substitute Position = "SUBSTITUTE"
)

// The types of public identifiers of parts.
const (
	MemberType     id.Type = "tmb"
	SeatType       id.Type = "tse"
	SessionType    id.Type = "tss"
	ItemType       id.Type = "agi"
	PaperType      id.Type = "pap"
	ResolutionType id.Type = "res"
	PollType       id.Type = "pol"
	PollDateType   id.Type = "pdt"
	JoinType       id.Type = "tjr"
)
