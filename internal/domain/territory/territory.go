// Package territory knows places: the province of Barcelona, its comarques and
// 311 municipalities, and the districts and neighbourhoods of the city of
// Barcelona.
//
// A municipality is one node with two faces. As a place it is called by its
// name; when it acts as a body it is shown as its town council (CouncilName).
// The body's contact, identifiers and people belong to package directory, under
// the same identifier.
//
// What is part of what is a dated edge, so a place can be asked for as of a
// day. These always hold:
//
//   - on any day a municipality is in at most one comarca and one province (an
//     exclusion constraint of the database);
//   - a comarca may lie in the province only partly: then its edge says so
//     (ExtentPartly) and the municipality's own edge to the province is the truth;
//   - a population has a year and a source; without them it does not exist;
//   - an open first day means "since before our data begin", never "since ever".
//
// Places are reference data: they come from the embedded files by Import and no
// user changes them. All reads go through the viewer although places are public
// today: there is one rule for reading.
package territory

import (
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/node"
)

// Roles of the part_of edges between places: the kind of the whole.
const (
	InComarca      = "COMARCA"
	InProvince     = "PROVINCE"
	InMunicipality = "MUNICIPALITY"
	InDistrict     = "DISTRICT"
)

// Extent is how much of a comarca lies in the province; it is the fact "extent"
// of their edge.
type Extent string

// The extents.
const (
	ExtentWhole  Extent = "whole"  // all towns
	ExtentMost   Extent = "most"   // some towns are in another province
	ExtentPartly Extent = "partly" // most towns are in another province
)

// Place is what all territories have in common.
type Place struct {
	node.Node
	// Code is the INE's five digits for a municipality, two digits for a comarca
	// or province, and the city's own two digits for a district or neighbourhood.
	Code string
	// Town is the municipality of a district or neighbourhood, Zero otherwise.
	Town id.ID
}

// Self gives the common part of any Territory.
func (p *Place) Self() *Place { return p }

// Name is the official name, in Catalan.
func (p *Place) Name() string { return p.Title.CA }

// IsNode and IsTerritory mark places for the schema's interfaces.
func (p *Place) IsNode()      {}
func (p *Place) IsTerritory() {}

// Territory is any place: *Municipality, *Comarca, *Province, *District or
// *Neighbourhood.
type Territory interface {
	Self() *Place
	IsNode()
	IsTerritory()
}

// Municipality is a town: a place, and a body under the same identifier.
type Municipality struct {
	Place
	Latitude, Longitude float64 // degrees; good for maps, not for addresses
	// Population is the newest figure, nil when there is none.
	Population *Population
}

// INECode is the five-digit code.
func (m *Municipality) INECode() string { return m.Code }

// IdescatCode is the code with its control digit, as Catalan administrations
// write it.
func (m *Municipality) IdescatCode() string {
	return m.Code + string(ControlDigit(m.Code))
}

// CouncilName is how the municipality is shown when it acts.
func (m *Municipality) CouncilName() lang.Text { return CouncilName(m.Name()) }

// IsOrganization marks the town council for the schema's interface.
func (m *Municipality) IsOrganization() {}

// Comarca is a county.
type Comarca struct{ Place }

// Province is a province.
type Province struct{ Place }

// District is a district of a city.
type District struct{ Place }

// Neighbourhood is a neighbourhood of a city.
type Neighbourhood struct{ Place }

// Population is how many people were registered in a place in one year.
type Population struct {
	Territory   id.ID
	Inhabitants int
	Year        int
	Source      string
}

// Membership is one stretch of time in which a place is part of a larger one.
type Membership struct {
	Part  id.ID     // the smaller place
	Whole Territory // the larger one
	Role  string    // InComarca, InProvince, InMunicipality, InDistrict
	// From is the first day, nil when it began before our data; To the first day
	// on which it no longer held, nil while it holds.
	From, To *time.Time
	// Extent is set where Part is a comarca.
	Extent Extent
}

// MunicipalityID is the identifier of the municipality with this five-digit
// code; it exists without asking the database.
func MunicipalityID(ineCode string) id.ID { return id.Named("municipality:" + ineCode) }

// ComarcaID is the identifier of the comarca with this official code.
func ComarcaID(code string) id.ID { return id.Named("comarca:" + code) }

// ProvinceID is the identifier of the province with this code ("08").
func ProvinceID(code string) id.ID { return id.Named("province:" + code) }

// DistrictID is the identifier of a city's district.
func DistrictID(ineCode, code string) id.ID { return id.Named("district:" + ineCode + ":" + code) }

// NeighbourhoodID is the identifier of a city's neighbourhood.
func NeighbourhoodID(ineCode, code string) id.ID {
	return id.Named("neighbourhood:" + ineCode + ":" + code)
}
