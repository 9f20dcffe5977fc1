// Package directory knows the bodies of the network and the people who act for
// them.
//
// A body is an association, an office of a public body (public service), any
// other institution, or a town council. A town council shares its node with the
// municipality of package territory: here it is a Council, which has a profile
// of its own only once somebody has written one.
//
// An entry of an association is taken over in steps, told by its ClaimState:
//
//	UNCLAIMED → CLAIMED → VERIFIED
//
// UNCLAIMED: somebody added it, perhaps to register for an event. CLAIMED: a
// person said it is theirs and an officer of a town where it acts agreed.
// VERIFIED: such an officer checked the entry itself.
//
// These always hold:
//
//   - an identifier belongs to one body per register;
//   - an office is part of one body or office at a time, without circles;
//   - who acts for whom is a dated edge, and that edge is the right: nothing else
//     says who may speak for a body;
//   - a person's name is in person_names only, and is read only by the person and
//     by the people of a body the person acts for;
//   - facts name people and bodies by identifier, never by name.
package directory

import (
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/node"
)

// Sector is where a body belongs.
type Sector string

// The sectors.
const (
	SectorPublic       Sector = "PUBLIC"
	SectorAcademic     Sector = "ACADEMIC"
	SectorProfessional Sector = "PROFESSIONAL"
	SectorBusiness     Sector = "BUSINESS"
	SectorSocial       Sector = "SOCIAL"
)

// InstitutionKind says what an institution is.
type InstitutionKind string

// The kinds of institution.
const (
	ProvincialCouncil InstitutionKind = "PROVINCIAL_COUNCIL"
	ComarcaCouncil    InstitutionKind = "COMARCA_COUNCIL"
	University        InstitutionKind = "UNIVERSITY"
	School            InstitutionKind = "SCHOOL"
	ProfessionalBody  InstitutionKind = "PROFESSIONAL_BODY"
	Business          InstitutionKind = "BUSINESS"
	OtherInstitution  InstitutionKind = "OTHER"
)

// ClaimState tells how far an entry has been taken over and checked.
type ClaimState string

// The claim states; see the package comment.
const (
	Unclaimed ClaimState = "UNCLAIMED"
	Claimed   ClaimState = "CLAIMED"
	Verified  ClaimState = "VERIFIED"
)

// Profile is what all bodies have in common.
type Profile struct {
	node.Node
	Description     lang.Text // empty when not written
	Sector          Sector
	InstitutionKind InstitutionKind // of an institution, else empty
	// LegalPersonality is nil when not known.
	LegalPersonality *bool
	Invented         bool     // made up for the demonstration network
	Contact          *Contact // nil when nothing is recorded
	Capacities       []lang.Text
	// BoardFrom and BoardUntil are the first and last day of the board's term,
	// nil when not recorded; BoardLapsed says whether the term is over, nil when
	// its end is not recorded.
	BoardFrom, BoardUntil *time.Time
	BoardLapsed           *bool
	ClaimState            ClaimState
	// Revision counts the changes of the profile, for optimistic locking.
	Revision int64
}

// Self gives the common part of any Body.
func (p *Profile) Self() *Profile { return p }

// IsNode and IsOrganization mark bodies for the schema's interfaces.
func (p *Profile) IsNode()         {}
func (p *Profile) IsOrganization() {}

// Body is any organisation: *Association, *PublicService, *Institution or
// *Council.
type Body interface {
	Self() *Profile
	IsNode()
	IsOrganization()
}

// The bodies, as types of the schema.
type (
	// Association is a non-profit organisation.
	Association struct{ Profile }
	// PublicService is an office inside a public body.
	PublicService struct{ Profile }
	// Institution is any other body. Its Kind hides the node's.
	Institution struct {
		Profile
		Kind InstitutionKind
	}
	// Council is the town council of a municipality. The schema shows it as the
	// municipality, which package territory reads.
	Council struct{ Profile }
)

// Contact is the public contact of a body; a nil field is not recorded.
type Contact struct{ Mail, Phone, Website *string }

// OrganizationLink is a link a body gives, with what the last check found.
type OrganizationLink struct {
	ID           id.ID
	Organization id.ID
	Label        lang.Text
	URL          string
	CheckedAt    *time.Time // nil when never
	Dead         *bool      // nil when never checked
}

// BodyKinds are the kinds of node that are bodies.
func BodyKinds() []node.Kind {
	return []node.Kind{node.Municipality, node.Association, node.PublicService, node.Institution}
}

// newBody makes the type that belongs to the node's kind; nil when it is no
// body's.
func newBody(p Profile) Body {
	switch p.Node.Kind {
	case node.Association:
		return &Association{p}
	case node.PublicService:
		return &PublicService{p}
	case node.Institution:
		return &Institution{Profile: p, Kind: p.InstitutionKind}
	case node.Municipality:
		return &Council{p}
	}
	return nil
}
