package territory

import (
	"embed"
	"encoding/csv"
	"fmt"
	"path"
	"slices"
	"strconv"
	"time"
)

//go:embed data/*.csv
var files embed.FS

// populationYear and populationSource describe the column population_2023.
const (
	populationYear   = 2023
	populationSource = "INE, padró municipal d'habitants, 1-1-2023"
)

// dataset is what the embedded files say, checked and joined.
type dataset struct {
	municipalities []municipalityRow
	comarques      []comarcaRow
	quarters       []quarterRow // Barcelona's neighbourhoods, ordered by district
	stays          []stay
}

type municipalityRow struct {
	code, name string
	population int
	lat, lon   float64
}

type comarcaRow struct {
	code, name, extent string
	since              *time.Time
}

type quarterRow struct{ districtCode, district, code, name string }

// stay is one stretch of time a town spent in a comarca.
type stay struct {
	municipality string // INE code
	comarca      string // official code
	from, to     *time.Time
}

// load reads the embedded files. An error is a mistake in the files and names
// the file and line.
func load() (*dataset, error) {
	d := &dataset{}
	var err error
	if d.comarques, err = readAll("comarques.csv", 4, comarcaFrom); err != nil {
		return nil, err
	}
	if d.quarters, err = readAll("barcelona.csv", 4, quarterFrom); err != nil {
		return nil, err
	}
	if d.municipalities, err = readAll("municipalities.csv", 6, municipalityFrom); err != nil {
		return nil, err
	}
	d.stays, err = d.readStays()
	return d, err
}

// readStays joins today's comarca of each town with the list of changes: a town
// with changes has exactly the stays listed, any other has one without dates.
func (d *dataset) readStays() ([]stay, error) {
	byName := make(map[string]string, len(d.comarques))
	for _, c := range d.comarques {
		byName[c.name] = c.code
	}
	changed, err := readAll("comarca-changes.csv", 4, stayFrom)
	if err != nil {
		return nil, err
	}
	today, err := readAll("municipalities.csv", 6, func(f []string) (stay, error) {
		return stay{municipality: f[0], comarca: f[2]}, nil
	})
	if err != nil {
		return nil, err
	}
	all := slices.Clone(changed)
	for _, s := range today {
		if !slices.ContainsFunc(changed, func(c stay) bool { return c.municipality == s.municipality }) {
			all = append(all, s)
		}
	}
	for i := range all {
		code, ok := byName[all[i].comarca]
		if !ok {
			return nil, fmt.Errorf("territory data: %s is in an unknown comarca %q", all[i].municipality, all[i].comarca)
		}
		all[i].comarca = code
	}
	return all, nil
}

func municipalityFrom(f []string) (municipalityRow, error) {
	var errs [4]error
	m := municipalityRow{name: f[1]}
	m.code, errs[0] = ParseINECode(f[0])
	m.population, errs[1] = strconv.Atoi(f[3])
	m.lat, errs[2] = strconv.ParseFloat(f[4], 64)
	m.lon, errs[3] = strconv.ParseFloat(f[5], 64)
	return m, firstOf(errs[:]...)
}

func comarcaFrom(f []string) (comarcaRow, error) {
	since, err := dayFrom(f[2])
	if err == nil && !slices.Contains([]string{"whole", "most", "partly"}, f[3]) {
		err = fmt.Errorf("unknown extent %q", f[3])
	}
	return comarcaRow{code: f[0], name: f[1], since: since, extent: f[3]}, err
}

func quarterFrom(f []string) (quarterRow, error) {
	return quarterRow{districtCode: f[0], district: f[1], code: f[2], name: f[3]}, nil
}

func stayFrom(f []string) (stay, error) {
	from, errFrom := dayFrom(f[2])
	to, errTo := dayFrom(f[3])
	return stay{municipality: f[0], comarca: f[1], from: from, to: to}, firstOf(errFrom, errTo)
}

func dayFrom(s string) (*time.Time, error) {
	if s == "" {
		return nil, nil
	}
	day, err := time.Parse(time.DateOnly, s)
	return &day, err
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// readAll reads one embedded file with a header line and exactly n columns.
func readAll[T any](name string, n int, row func([]string) (T, error)) ([]T, error) {
	f, err := files.Open(path.Join("data", name))
	if err != nil {
		return nil, fmt.Errorf("territory data: %w", err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = n
	records, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("territory data: %s: %w", name, err)
	}
	out := make([]T, 0, len(records))
	for i, record := range records[1:] {
		v, err := row(record)
		if err != nil {
			return nil, fmt.Errorf("territory data: %s, row %d: %w", name, i+2, err)
		}
		out = append(out, v)
	}
	return out, nil
}
