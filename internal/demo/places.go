package demo

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"

	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/node"
)

// Places that the tables name, by their official codes.
const (
	barcelona  = "08019"
	terrassa   = "08279"
	hospitalet = "08101"
	badalona   = "08015"
	sabadell   = "08187"
	mataro     = "08121"
	gramenet   = "08245"
	cornella   = "08073"
	santBoi    = "08200"
	rubi       = "08184"
	manresa    = "08113"
	vilanova   = "08307"
	granollers = "08096"
	vic        = "08298"
	igualada   = "08102"
	vilafranca = "08305"

	trinitatNova  = "53" // in Nou Barris
	trinitatVella = "57"
	baroDeViver   = "58"
	bonPastor     = "59"
	santAndreu    = "09"
)

func town(code string) id.ID { return territory.MunicipalityID(code) }

func towns(codes ...string) []id.ID { return eachOf(codes, town) }

// quarter is a neighbourhood of Barcelona.
func quarter(code string) id.ID { return territory.NeighbourhoodID(barcelona, code) }

func quarters(codes ...string) []id.ID { return eachOf(codes, quarter) }

func district(code string) id.ID { return territory.DistrictID(barcelona, code) }

func province() id.ID { return territory.ProvinceID("08") }

func fields(codes ...string) []id.ID     { return terms(node.Field, codes) }
func challenges(codes ...string) []id.ID { return terms(node.Challenge, codes) }
func goals(codes ...string) []id.ID      { return terms(node.Goal, codes) }
func axes(codes ...string) []id.ID       { return terms(node.Axis, codes) }
func audiences(codes ...string) []id.ID  { return terms(node.Audience, codes) }

func targetGroups(codes ...string) []id.ID {
	return terms(node.TargetGroup, codes)
}

func terms(kind node.Kind, codes []string) []id.ID {
	return eachOf(codes, func(code string) id.ID { return taxonomy.TermID(kind, code) })
}

func eachOf[A, B any](list []A, f func(A) B) []B {
	out := make([]B, len(list))
	for i, v := range list {
		out[i] = f(v)
	}
	return out
}

// spreadCSV says how many associations act in each place.
//
//go:embed data/spread.csv
var spreadCSV []byte

// share is one place with its number of associations.
type share struct {
	kind  node.Kind
	code  string
	name  string // of the place, to make names of associations with
	count int
}

func (s share) place() id.ID {
	switch s.kind {
	case node.Neighbourhood:
		return quarter(s.code)
	case node.District:
		return district(s.code)
	}
	return town(s.code)
}

// council is the municipality the place is or lies in.
func (s share) council() id.ID { return town(s.ine()) }

func (s share) ine() string {
	if s.kind == node.Municipality {
		return s.code
	}
	return barcelona
}

// spread reads the shares. An error is a mistake in the file.
func spread() ([]share, error) {
	r := csv.NewReader(bytes.NewReader(spreadCSV))
	r.FieldsPerRecord = 4
	records, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("spread.csv: %w", err)
	}
	shares := make([]share, 0, len(records))
	for i, f := range records[1:] {
		n, err := strconv.Atoi(f[3])
		if err != nil {
			return nil, fmt.Errorf("spread.csv, row %d: %w", i+2, err)
		}
		shares = append(shares, share{node.Kind(f[0]), f[1], f[2], n})
	}
	return shares, nil
}
