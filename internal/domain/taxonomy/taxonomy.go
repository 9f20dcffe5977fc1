// Package taxonomy keeps the shared vocabularies of the network: fields, goals,
// challenges, axes, audiences and target groups. Each term is a node, so that
// anything can be about it, and carries its name in the three languages.
//
// A term's life:
//
//	in use → retired   (Retire; what carries it keeps it, nothing new is offered it)
//	retired → in use   (Restore)
//
// These always hold:
//
//   - a code is unique within its kind and never changes or returns with another
//     meaning, because programs outside rely on it;
//   - a term is never deleted;
//   - terms are public.
//
// The first terms come from the embedded file by Import; afterwards the officers
// of one organisation, the steward, may add, rename, order and retire them.
package taxonomy

import (
	"strings"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/node"
)

// MaxTerms is how many terms in use one kind may have: a vocabulary that is
// longer is no longer shared.
const MaxTerms = 100

// Entry is what all terms have in common.
type Entry struct {
	node.Node
	Code      string
	Position  int        // order within the kind, then by name
	Note      lang.Text  // what is meant, where the name does not say it
	RetiredAt *time.Time // nil while in use
}

// Self gives the common part of any Term.
func (e *Entry) Self() *Entry { return e }

// IsNode and IsTerm mark terms for the schema's interfaces.
func (e *Entry) IsNode() {}
func (e *Entry) IsTerm() {}

// Term is one of *Field, *Goal, *Challenge, *Axis, *Audience and *TargetGroup.
type Term interface {
	Self() *Entry
	IsNode()
	IsTerm()
}

// The kinds of term, as types of the schema.
type (
	// Field is a field of work (àmbit).
	Field struct{ Entry }
	// Goal is what the work is for.
	Goal struct{ Entry }
	// Challenge is what stands in the way (repte).
	Challenge struct{ Entry }
	// Axis is an axis of inequality (eix); axes may be crossed.
	Axis struct{ Entry }
	// Audience is a profile something is meant for.
	Audience struct{ Entry }
	// TargetGroup is a group of the population.
	TargetGroup struct{ Entry }
)

// Kinds lists the kinds of term in the order of the schema.
func Kinds() []node.Kind {
	return []node.Kind{node.Field, node.Goal, node.Challenge, node.Axis, node.Audience, node.TargetGroup}
}

// TermID is the identifier of a term that came with the hub.
func TermID(kind node.Kind, code string) id.ID { return id.Named("term:" + string(kind) + ":" + code) }

// The faults of this package.
var (
	ErrBadCode = fault.Define(fault.Invalid, "BAD_TERM_CODE",
		"El codi ha de començar per una lletra i tenir només majúscules sense accent, xifres i guions baixos, com a molt 64.",
		"El código debe empezar por una letra y tener solo mayúsculas sin acento, cifras y guiones bajos, como mucho 64.",
		"The code must begin with a letter and have only capitals without accents, digits and underscores, at most 64.")
	ErrCodeTaken = fault.Define(fault.Conflict, "TERM_CODE_TAKEN",
		"Aquest codi ja existeix en aquest vocabulari, potser retirat.",
		"Este código ya existe en este vocabulario, quizá retirado.",
		"This code already exists in this vocabulary, perhaps retired.")
	ErrTooManyTerms = fault.Define(fault.Conflict, "TOO_MANY_TERMS",
		"Un vocabulari compartit té com a molt {max} termes: retireu-ne algun abans.",
		"Un vocabulario compartido tiene como mucho {max} términos: retire alguno antes.",
		"A shared vocabulary has at most {max} terms: retire one first.")
	ErrBadKind = fault.Define(fault.Invalid, "BAD_TERM_KIND",
		"No hi ha cap vocabulari amb aquest nom.", "No hay ningún vocabulario con ese nombre.",
		"There is no vocabulary of this name.")
)

// MaxTitle is the longest name of a term, in characters.
const MaxTitle = 120

// newTerm makes an empty term of the kind.
func newTerm(e Entry) Term {
	switch e.Kind {
	case node.Field:
		return &Field{e}
	case node.Goal:
		return &Goal{e}
	case node.Challenge:
		return &Challenge{e}
	case node.Axis:
		return &Axis{e}
	case node.Audience:
		return &Audience{e}
	case node.TargetGroup:
		return &TargetGroup{e}
	}
	return nil
}

// ParseKind reads a kind as the schema writes it ("TARGET_GROUP").
func ParseKind(s string) (node.Kind, bool) {
	for _, k := range Kinds() {
		if strings.EqualFold(string(k), s) {
			return k, true
		}
	}
	return "", false
}
