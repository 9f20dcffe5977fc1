// Package workshop holds workshops, in which groups around tablets note, for each
// neighbourhood, what matters most, what is under way and what each of them can
// contribute; and the prior consultations that workshops build upon.
//
//	PREPARED ──open──▶ OPEN ──close──▶ CLOSED ──open──▶ OPEN
//
// A workshop is a node: its home answers for it, its neighbourhoods and what it
// was derived from are edges. Until it is opened only its organisers see it.
//
// # Groups
//
// A group joins with the workshop's code and a name, and gets a secret for its
// tablet: no account. The secret lets it see the workshop as a member does and
// add to it while the workshop is open, up to a bound, until the organisers take
// it back. A group is no person: nothing here says who sits around the tablet.
//
// # Merging
//
// Priorities that say the same are merged. Each knows the oldest of its set, and
// that is the one shown: which it is depends on who is in the set and not on the
// order of the merges, nor on which was merged into which. So merging is
// commutative, associative and idempotent, whoever does it at the same time. All
// authors stay.
//
// What always holds
//   - Entries have the neighbourhood of a workshop that it is for.
//   - The oldest of a set stands for it; nothing is in two sets.
//   - Nothing is lost by merging: the texts and authors of a set are those of all
//     its entries.
//   - What came of what is kept: consultation → event → workshop → priority →
//     project.
package workshop

import (
	"slices"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

// Prefixes of the parts in public identifiers.
const (
	GroupID   id.Type = "wgr"
	EntryID   id.Type = "wen"
	FindingID id.Type = "fnd"
)

// State is where a workshop stands.
type State string

// The states of a workshop.
const (
	Prepared State = "PREPARED" // seen by its organisers only
	Open     State = "OPEN"     // groups add to it
	Closed   State = "CLOSED"
)

// next is the one state to which a workshop may go: it is opened, closed, and
// opened again, and never prepared twice.
func (s State) next() State {
	if s == Open {
		return Closed
	}
	return Open
}

// Label is the state in words.
func (s State) Label() lang.Text {
	return map[State]lang.Text{
		Prepared: {CA: "En preparació", ES: "En preparación", EN: "Being prepared"},
		Open:     {CA: "Obert", ES: "Abierto", EN: "Open"},
		Closed:   {CA: "Tancat", ES: "Cerrado", EN: "Closed"},
	}[s]
}

// Kind is what an entry of the board is.
type Kind string

// The kinds of entry.
const (
	Priority       Kind = "PRIORITY"
	RunningProject Kind = "RUNNING_PROJECT"
	Capacity       Kind = "CAPACITY"
)

// Kinds lists all of them.
func Kinds() []Kind { return []Kind{Priority, RunningProject, Capacity} }

// Workshop is one workshop as a viewer may see it.
type Workshop struct {
	node.Node
	State              State
	Declared           access.Level // who sees it once it is open
	Description        lang.Text
	OpenedAt, ClosedAt *time.Time
	ViewerLevel        access.Level
	// JoinCode is what groups type; only organisers get it.
	JoinCode string
}

// Group is one group of a workshop.
type Group struct {
	link.Slots
	ID       id.ID
	Workshop id.ID
	Name     string
	JoinedAt time.Time
	Revoked  bool
}

// GlobalID is its public identifier.
func (g *Group) GlobalID() string { return GroupID.GlobalPart(g.Workshop, g.ID) }

// Entry is something that was noted. A priority stands for its whole set.
type Entry struct {
	link.Slots
	ID        id.ID
	Workshop  id.ID
	Kind      Kind
	Territory id.ID
	Text      lang.Text
	Author    id.ID // the group; Zero: the organisers
	Beside    id.ID // the priority a capacity stands beside; Zero: none
	Project   id.ID // of a project under way, where the network knows it
	AddedAt   time.Time
	// Merged are the others of the set, oldest first; of a priority only.
	Merged []*Entry
	// Capacities stand beside the set; of a priority only.
	Capacities []*Entry
	Projects   []id.ID // that came of the set

	sameAs id.ID
}

// GlobalID is its public identifier.
func (e *Entry) GlobalID() string { return EntryID.GlobalPart(e.Workshop, e.ID) }

// set is the entry with all that was merged with it.
func (e *Entry) set() []*Entry { return append([]*Entry{e}, e.Merged...) }

// Authors are the groups behind a set, each once, in the order in which they
// noted it. Zero stands for the organisers.
func (e *Entry) Authors() []id.ID { return each(e.set(), func(x *Entry) id.ID { return x.Author }) }

// Territories are the neighbourhoods of a set, each once.
func (e *Entry) Territories() []id.ID {
	return each(e.set(), func(x *Entry) id.ID { return x.Territory })
}

func each(list []*Entry, of func(*Entry) id.ID) (out []id.ID) {
	seen := map[id.ID]bool{}
	for _, x := range list {
		if v := of(x); !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

// Place is the board of one neighbourhood. A priority of several stands in each.
type Place struct {
	link.Slots
	Territory       id.ID
	Priorities      []*Entry
	RunningProjects []*Entry
	Capacities      []*Entry // that stand beside no priority
}

// Consultation is what people were asked before, and what was found.
type Consultation struct {
	node.Node
	Description lang.Text
	From, Until *time.Time
	Answers     *int // how many answered; nil when not known
	ViewerLevel access.Level
}

// Finding is one of the findings of a consultation.
type Finding struct {
	ID           id.ID
	Consultation id.ID
	Text         lang.Text
}

// GlobalID is its public identifier.
func (f *Finding) GlobalID() string { return FindingID.GlobalPart(f.Consultation, f.ID) }

// ByOrganisers tells whether the organisers are among who noted a set.
func (e *Entry) ByOrganisers() bool { return slices.Contains(e.Authors(), id.Zero) }
