// Package network reads the network as a whole: who or what stands next to a
// node, and what happens where. It changes nothing and has no tables of its own;
// it knows nodes, the dated edges between them, and of events and projects when
// they are.
//
// Everything is asked under the eye of the reader, inside the SQL: what they may
// not see is in no list, in no count, and no reason why a page is full.
package network

import (
	"fmt"
	"slices"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/platform/node"
)

// Relation is an edge kind with the end it is looked at from.
type Relation string

// edge is what a relation is in the table of edges.
type edge struct {
	relation Relation
	kind     node.EdgeKind
	inward   bool // the node asked about is the edge's target
}

// edges are the relations in the order in which they are shown. Edges of people
// (who acts for whom, who has a right, who registered) are no relations of the
// network.
func edges() []edge {
	return []edge{
		{"PART_OF", node.PartOf, false},
		{"HAS_PART", node.PartOf, true},
		{"LOCATED_IN", node.LocatedIn, false},
		{"LOCATED_HERE", node.LocatedIn, true},
		{"ACTS_IN", node.ActsIn, false},
		{"ACTS_HERE", node.ActsIn, true},
		{"MEMBER_OF", node.MemberOf, false},
		{"HAS_MEMBER", node.MemberOf, true},
		{"LEADS", node.Leads, false},
		{"LED_BY", node.Leads, true},
		{"COLLABORATES_IN", node.CollaboratesIn, false},
		{"HAS_COLLABORATOR", node.CollaboratesIn, true},
		{"ORGANISES", node.Organises, false},
		{"ORGANISED_BY", node.Organises, true},
		{"HELD_AT", node.HeldAt, false},
		{"HELD_HERE", node.HeldAt, true},
		{"DERIVED_FROM", node.DerivedFrom, false},
		{"LED_TO", node.DerivedFrom, true},
		{"CONTRIBUTES_TO", node.ContributesTo, false},
		{"CARRIED_OUT_BY", node.ContributesTo, true},
		{"SIGNED", node.Signed, false},
		{"SIGNED_BY", node.Signed, true},
		{"ABOUT", node.About, false},
		{"SUBJECT_OF", node.About, true},
	}
}

// Relations lists them all.
func Relations() []Relation {
	var all []Relation
	for _, e := range edges() {
		all = append(all, e.relation)
	}
	return all
}

// asked are the edges of the relations that were asked for; all when none was.
func asked(relations []Relation) []edge {
	return slices.DeleteFunc(edges(), func(e edge) bool {
		return len(relations) > 0 && !slices.Contains(relations, e.relation)
	})
}

var errOneRelation = fault.Define(fault.Invalid, "ONE_RELATION",
	"Per continuar cal dir exactament una relació.",
	"Para continuar hay que decir exactamente una relación.",
	"To go on, exactly one relation has to be named.")

func wrap(doing string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
