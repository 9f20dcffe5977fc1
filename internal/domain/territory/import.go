package territory

import (
	"context"
	"fmt"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

const (
	provinceCode  = "08"
	provinceName  = "Barcelona"
	barcelonaCode = "08019"
	// importLock makes instances that start together import one after the other.
	importLock = 7_315_948_221
)

// Imported counts what Import added; all zero when everything was there.
type Imported struct{ Places, Populations, Edges int }

// Import brings the embedded places into the database, in one short
// transaction. It adds what is missing and changes nothing that is there, so it
// can run at every start and on several instances at once. Identifiers are the
// same in every database.
func Import(ctx context.Context, db *postgres.DB) (Imported, error) {
	var done Imported
	data, err := load()
	if err != nil {
		return done, err
	}
	b := build(data)
	err = db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		done, err = b.store(ctx, tx)
		return err
	})
	if err != nil {
		return Imported{}, fmt.Errorf("import territories: %w", err)
	}
	return done, nil
}

// batch is everything the data set adds, as nodes, rows and edges.
type batch struct {
	nodes       []node.Node
	places      []placeRow
	populations []Population
	edges       []node.Edge
}

type placeRow struct {
	id, municipality id.ID
	kind             node.Kind
	code             string
	lat, lon         *float64
}

func build(d *dataset) *batch {
	b := &batch{}
	province := ProvinceID(provinceCode)
	b.place(placeRow{id: province, kind: node.Province, code: provinceCode}, provinceName, id.Zero)
	for _, c := range d.comarques {
		self := ComarcaID(c.code)
		b.place(placeRow{id: self, kind: node.Comarca, code: c.code}, c.name, id.Zero)
		b.part(self, province, InProvince, c.since, nil, map[string]any{"extent": c.extent})
	}
	for _, m := range d.municipalities {
		b.municipality(m, province)
	}
	for _, s := range d.stays {
		b.part(MunicipalityID(s.municipality), ComarcaID(s.comarca), InComarca, s.from, s.to, nil)
	}
	b.quarters(d.quarters)
	return b
}

func (b *batch) municipality(m municipalityRow, province id.ID) {
	self := MunicipalityID(m.code)
	b.place(placeRow{id: self, kind: node.Municipality, code: m.code, lat: &m.lat, lon: &m.lon}, m.name, self)
	b.part(self, province, InProvince, nil, nil, nil)
	b.populations = append(b.populations, Population{
		Territory: self, Inhabitants: m.population, Year: populationYear, Source: populationSource,
	})
}

func (b *batch) quarters(rows []quarterRow) {
	city, last := MunicipalityID(barcelonaCode), ""
	for _, q := range rows {
		district := DistrictID(barcelonaCode, q.districtCode)
		if q.districtCode != last {
			b.place(placeRow{id: district, kind: node.District, code: q.districtCode, municipality: city}, q.district, city)
			b.part(district, city, InMunicipality, nil, nil, nil)
			last = q.districtCode
		}
		self := NeighbourhoodID(barcelonaCode, q.code)
		b.place(placeRow{id: self, kind: node.Neighbourhood, code: q.code, municipality: city}, q.name, city)
		b.part(self, district, InDistrict, nil, nil, nil)
	}
}

func (b *batch) place(row placeRow, name string, home id.ID) {
	b.places = append(b.places, row)
	b.nodes = append(b.nodes, node.Node{ID: row.id, Kind: row.kind, Title: lang.Text{CA: name}, Home: home})
}

func (b *batch) part(part, whole id.ID, role string, from, to *time.Time, facts map[string]any) {
	start := "-"
	if from != nil {
		start = from.Format(time.DateOnly)
	}
	b.edges = append(b.edges, node.Edge{
		ID:   id.Named(fmt.Sprintf("part_of:%s:%s:%s", part, whole, start)),
		Kind: node.PartOf, Source: part, Target: whole, Role: role, From: from, To: to, Facts: facts,
	})
}

func (b *batch) store(ctx context.Context, tx *postgres.Tx) (Imported, error) {
	if _, err := tx.Native().Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(importLock)); err != nil {
		return Imported{}, fmt.Errorf("wait for another import: %w", err)
	}
	if err := b.keepMissing(ctx, tx.Native()); err != nil {
		return Imported{}, err
	}
	if err := node.Register(ctx, tx, b.nodes...); err != nil {
		return Imported{}, err
	}
	if err := insertPlaces(ctx, tx.Native(), b.places); err != nil {
		return Imported{}, err
	}
	populations, err := insertPopulations(ctx, tx.Native(), b.populations)
	if err != nil {
		return Imported{}, err
	}
	if err := node.Connect(ctx, tx, b.edges...); err != nil {
		return Imported{}, err
	}
	return Imported{Places: len(b.nodes), Populations: populations, Edges: len(b.edges)}, nil
}

// keepMissing drops from the batch the nodes and edges that are there already.
func (b *batch) keepMissing(ctx context.Context, q postgres.Querier) error {
	ids := make([]id.ID, 0, len(b.nodes)+len(b.edges))
	for _, n := range b.nodes {
		ids = append(ids, n.ID)
	}
	for _, e := range b.edges {
		ids = append(ids, e.ID)
	}
	there, err := existing(ctx, q, ids)
	if err != nil {
		return err
	}
	b.nodes = missing(b.nodes, there, func(n node.Node) id.ID { return n.ID })
	b.places = missing(b.places, there, func(p placeRow) id.ID { return p.id })
	b.edges = missing(b.edges, there, func(e node.Edge) id.ID { return e.ID })
	return nil
}

func missing[T any](all []T, there map[id.ID]bool, key func(T) id.ID) []T {
	kept := all[:0]
	for _, v := range all {
		if !there[key(v)] {
			kept = append(kept, v)
		}
	}
	return kept
}
