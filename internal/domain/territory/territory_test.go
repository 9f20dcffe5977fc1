package territory

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

var anyone = access.Anonymous(lang.CA)

func imported(t *testing.T) *postgres.DB {
	t.Helper()
	db := pgtest.New(t)
	if _, err := Import(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	return db
}

func TestImportTwiceAddsOnce(t *testing.T) {
	db := pgtest.New(t)
	first, err := Import(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	// 1 province, 14 comarques, 311 towns, 10 districts, 73 neighbourhoods;
	// edges: 14 comarques and 311 towns to the province, 331 stays in comarques
	// (18 towns moved once, one twice), 10 districts, 73 neighbourhoods.
	want := Imported{Places: 409, Populations: 311, Edges: 14 + 311 + 331 + 10 + 73}
	if first != want {
		t.Errorf("first import %+v, want %+v", first, want)
	}
	second, err := Import(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	if second != (Imported{}) {
		t.Errorf("second import added %+v", second)
	}
	var places, edges int
	err = db.Read().QueryRow(t.Context(), `select (select count(*) from territories), (select count(*) from edges where kind = 'part_of')`).Scan(&places, &edges)
	if err != nil || places != want.Places || edges != want.Edges {
		t.Errorf("%d places, %d edges (%v), want %+v", places, edges, err, want)
	}
}

func TestByINECodes(t *testing.T) {
	db := imported(t)
	got, err := MunicipalitiesByINECodes(t.Context(), db.Read(), anyone, []string{"080018", "08279", "08999"})
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]*Municipality{}
	for _, m := range got {
		names[m.Name()] = m
	}
	if len(got) != 2 || names["Abrera"] == nil || names["Terrassa"] == nil {
		t.Fatalf("found %v, want Abrera and Terrassa", names)
	}
	terrassa := names["Terrassa"]
	want := &Population{Territory: terrassa.ID, Inhabitants: 225277, Year: 2023, Source: populationSource}
	if diff := cmp.Diff(want, terrassa.Population); diff != "" {
		t.Error(diff)
	}
	if terrassa.IdescatCode() != "082798" || terrassa.ID != MunicipalityID("08279") || terrassa.Home != terrassa.ID {
		t.Errorf("Terrassa is %+v", terrassa)
	}
	if terrassa.CouncilName().CA != "Ajuntament de Terrassa" || terrassa.Latitude != 41.562363 {
		t.Errorf("Terrassa is %+v", terrassa)
	}
	if _, err := MunicipalitiesByINECodes(t.Context(), db.Read(), anyone, []string{"080019"}); !errors.Is(err, ErrBadINECode) {
		t.Errorf("a wrong control digit gave %v", err)
	}
}

// Sant Feliu Sasserra belonged to Lluçanès for eight weeks of 2023.
func TestComarcaAsOf(t *testing.T) {
	db := imported(t)
	santFeliu, moia, prats := MunicipalityID("08212"), MunicipalityID("08138"), MunicipalityID("08171")
	cases := []struct {
		town id.ID
		day  string
		want string
	}{
		{santFeliu, "1990-01-01", "Bages"},
		{santFeliu, "2023-05-02", "Bages"},
		{santFeliu, "2023-05-03", "Lluçanès"},
		{santFeliu, "2023-06-28", "Lluçanès"},
		{santFeliu, "2023-06-29", "Bages"},
		{santFeliu, "", "Bages"},
		{prats, "2023-05-02", "Osona"},
		{prats, "2023-05-03", "Lluçanès"},
		{prats, "2023-06-29", "Lluçanès"},
		{moia, "2015-04-30", "Bages"},
		{moia, "2015-05-01", "Moianès"},
	}
	for _, c := range cases {
		containers, err := ContainersOf(t.Context(), db.Read(), anyone, []id.ID{c.town, id.Zero}, day(t, c.day))
		if err != nil {
			t.Fatal(err)
		}
		if got := wholes(containers); !slices.Equal(got, []string{"COMARCA " + c.want, "PROVINCE Barcelona"}) {
			t.Errorf("on %q part of %v, want %s", c.day, got, c.want)
		}
	}
}

func TestHistoryKeepsEveryStay(t *testing.T) {
	db := imported(t)
	history, err := HistoryOf(t.Context(), db.Read(), anyone, []id.ID{MunicipalityID("08212")})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"COMARCA Bages", "COMARCA Lluçanès", "COMARCA Bages", "PROVINCE Barcelona"}
	if got := wholes(history); !slices.Equal(got, want) {
		t.Fatalf("history %v, want %v", got, want)
	}
	if stay := history[1]; !stay.From.Equal(*day(t, "2023-05-03")) || !stay.To.Equal(*day(t, "2023-06-29")) {
		t.Errorf("in Lluçanès from %v to %v", stay.From, stay.To)
	}
}

func TestComarquesAsOf(t *testing.T) {
	db := imported(t)
	for on, want := range map[string]int{"": 14, "2023-05-02": 13, "2015-04-30": 12} {
		comarques, err := Comarques(t.Context(), db.Read(), anyone, day(t, on))
		if err != nil {
			t.Fatal(err)
		}
		if len(comarques) != want {
			t.Errorf("%d comarques on %q, want %d", len(comarques), on, want)
		}
	}
}

// La Selva is not a comarca of the province: its edge says how much of it is.
func TestSelvaLiesPartlyInTheProvince(t *testing.T) {
	db := imported(t)
	in, err := ContainersOf(t.Context(), db.Read(), anyone, []id.ID{ComarcaID("34"), ComarcaID("11")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	extents := map[id.ID]Extent{}
	for _, m := range in {
		extents[m.Part] = m.Extent
	}
	if extents[ComarcaID("34")] != ExtentPartly || extents[ComarcaID("11")] != ExtentWhole {
		t.Errorf("extents %v", extents)
	}
}

func TestPartsOf(t *testing.T) {
	db := imported(t)
	osona, lluçanès := ComarcaID("24"), ComarcaID("43")
	count := func(asOf *time.Time) (int, int) {
		pages, err := PartsOf[*Municipality](t.Context(), db.Read(), anyone, []id.ID{osona, lluçanès}, asOf, page.Args{First: 100})
		if err != nil {
			t.Fatal(err)
		}
		return len(pages[osona].Nodes), len(pages[lluçanès].Nodes)
	}
	if o, l := count(nil); o != 39 || l != 8 {
		t.Errorf("today Osona %d, Lluçanès %d", o, l)
	}
	if o, l := count(day(t, "2023-06-01")); o != 39 || l != 9 {
		t.Errorf("in June 2023 Osona %d, Lluçanès %d", o, l)
	}
	if o, l := count(day(t, "2023-05-02")); o != 47 || l != 0 {
		t.Errorf("before Lluçanès: Osona %d, Lluçanès %d", o, l)
	}
}

func TestPartsOfPages(t *testing.T) {
	db := imported(t)
	sants := DistrictID("08019", "03")
	var got []string
	args := page.Args{First: 3}
	for {
		pages, err := PartsOf[*Neighbourhood](t.Context(), db.Read(), anyone, []id.ID{sants}, nil, args)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range pages[sants].Nodes {
			got = append(got, n.Code)
		}
		if !pages[sants].PageInfo().HasNextPage {
			break
		}
		if args.After, err = page.Decode(*pages[sants].PageInfo().EndCursor); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"11", "12", "13", "14", "15", "16", "17", "18"}; !slices.Equal(got, want) {
		t.Errorf("neighbourhoods %v, want %v", got, want)
	}
}

func TestTownParts(t *testing.T) {
	db := imported(t)
	towns := []id.ID{MunicipalityID("08019"), MunicipalityID("08279")}
	districts, err := Districts(t.Context(), db.Read(), anyone, towns)
	if err != nil || len(districts) != 10 || districts[8].Place.Name() != "Sant Andreu" {
		t.Errorf("%d districts, %v", len(districts), err)
	}
	quarters, err := Neighbourhoods(t.Context(), db.Read(), anyone, towns)
	if err != nil || len(quarters) != 73 || quarters[56].Place.Name() != "la Trinitat Vella" {
		t.Errorf("%d neighbourhoods, %v", len(quarters), err)
	}
}

func TestListMunicipalities(t *testing.T) {
	db := imported(t)
	list := func(f Filter, o Order, args page.Args) *page.Connection[*Municipality] {
		t.Helper()
		c, err := Municipalities(t.Context(), db.Read(), anyone, f, o, args)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	five, fifty := 5000, 50000
	cases := map[string]struct {
		filter Filter
		want   int
	}{
		"all":                  {Filter{}, 311},
		"accents":              {Filter{Text: "OdEna"}, 1},
		"typed apostrophe":     {Filter{Text: "l’hospitalet"}, 1},
		"wildcard is text":     {Filter{Text: "%"}, 0},
		"comarca":              {Filter{Comarca: ComarcaID("43")}, 8},
		"comarca on a day":     {Filter{Comarca: ComarcaID("43"), AsOf: day(t, "2023-06-28")}, 9},
		"5,000 or more":        {Filter{PopulationMin: &five}, 131},
		"from 5,000 to 50,000": {Filter{PopulationMin: &five, PopulationMax: &fifty}, 112},
	}
	for name, c := range cases {
		if got := *list(c.filter, ByName, page.Args{First: 1, Total: true}).TotalCount; got != c.want {
			t.Errorf("%s: %d towns, want %d", name, got, c.want)
		}
	}
	largest := list(Filter{}, ByPopulationDescending, page.Args{First: 3}).Nodes
	if got := names(largest); !slices.Equal(got, []string{"Barcelona", "L'Hospitalet de Llobregat", "Badalona"}) {
		t.Errorf("largest %v", got)
	}
	if _, err := Municipalities(t.Context(), db.Read(), anyone, Filter{PopulationMin: &fifty, PopulationMax: &five}, ByName, page.Args{First: 1}); !errors.Is(err, ErrBadBounds) {
		t.Errorf("reversed bounds gave %v", err)
	}
}

// Walking page by page gives every town once, in the order of one big page, and
// names in the order of the Catalan alphabet.
func TestListWalksEveryTownOnce(t *testing.T) {
	db := imported(t)
	for _, order := range []Order{ByName, ByPopulationDescending} {
		var got []string
		args := page.Args{First: 40}
		for {
			c, err := Municipalities(t.Context(), db.Read(), anyone, Filter{}, order, args)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, names(c.Nodes)...)
			if !c.PageInfo().HasNextPage {
				break
			}
			if args.After, err = page.Decode(*c.PageInfo().EndCursor); err != nil {
				t.Fatal(err)
			}
		}
		seen := map[string]bool{}
		for _, name := range got {
			seen[name] = true
		}
		if len(got) != 311 || len(seen) != 311 {
			t.Errorf("%s: %d rows, %d towns", order, len(got), len(seen))
		}
		if order == ByName && slices.Index(got, "Òdena") > slices.Index(got, "Olost") {
			t.Errorf("Òdena sorts behind Olost: accents decide the order")
		}
	}
}

func TestCursorOfAnotherOrderIsRefused(t *testing.T) {
	db := imported(t)
	c, err := Municipalities(t.Context(), db.Read(), anyone, Filter{}, ByName, page.Args{First: 1})
	if err != nil {
		t.Fatal(err)
	}
	after, _ := page.Decode(*c.PageInfo().EndCursor)
	for _, cursor := range []page.Cursor{after, {"POPULATION_DESC", "many", MunicipalityID("08001").String()}, {"POPULATION_DESC", "1", "x"}, {"x"}} {
		_, err := Municipalities(t.Context(), db.Read(), anyone, Filter{}, ByPopulationDescending, page.Args{First: 1, After: cursor})
		if !errors.Is(err, fault.ErrBadCursor) {
			t.Errorf("cursor %v gave %v", cursor, err)
		}
	}
}

// What a reader may not see is neither found nor counted.
func TestHiddenTownDoesNotExist(t *testing.T) {
	db := imported(t)
	hidden := MunicipalityID("08093")
	set := func(level access.Level) {
		t.Helper()
		err := db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Native().Exec(ctx, `update nodes set visibility = $2 where id = $1`, hidden, level)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	set(access.Home)
	defer set(access.Public)
	towns, err := MunicipalitiesByIDs(t.Context(), db.Read(), anyone, []id.ID{hidden})
	if err != nil || len(towns) != 0 {
		t.Errorf("read %d, %v", len(towns), err)
	}
	list, err := Municipalities(t.Context(), db.Read(), anyone, Filter{Text: "Gisclareny"}, ByName, page.Args{First: 1, Total: true})
	if err != nil || len(list.Nodes) != 0 || *list.TotalCount != 0 {
		t.Errorf("listed %d of %v, %v", len(list.Nodes), list.TotalCount, err)
	}
	parts, err := PartsOf[*Municipality](t.Context(), db.Read(), anyone, []id.ID{ComarcaID("14")}, nil, page.Args{First: 100})
	if err != nil || len(parts[ComarcaID("14")].Nodes) != 29 {
		t.Errorf("%d towns of Berguedà, %v", len(parts[ComarcaID("14")].Nodes), err)
	}
	own := &access.Viewer{Person: id.New(), Home: []id.ID{hidden}}
	if towns, err = MunicipalitiesByIDs(t.Context(), db.Read(), own, []id.ID{hidden}); err != nil || len(towns) != 1 {
		t.Errorf("its own people read %d, %v", len(towns), err)
	}
}

func day(t *testing.T, s string) *time.Time {
	t.Helper()
	if s == "" {
		return nil
	}
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

func wholes(ms []Membership) []string {
	var out []string
	for _, m := range ms {
		out = append(out, m.Role+" "+m.Whole.Self().Name())
	}
	return out
}

func names(towns []*Municipality) []string {
	var out []string
	for _, m := range towns {
		out = append(out, m.Name())
	}
	return out
}
