package directory

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

func TestAssociationCreate(t *testing.T) {
	w := newTown(t)
	yes := true
	made, err := w.service.AssociationCreate(t.Context(), w.stranger, "", Spec{
		Title: lang.Text{CA: " Veïns del Nord "}, Description: lang.Text{ES: "Vecinos"}, LegalPersonality: &yes,
		ActsIn: []id.ID{w.nord}, Fields: []id.ID{w.care}, Mail: "hola@nord.example", Website: "https://nord.example",
		Capacities: []lang.Text{{CA: "Sala d'actes"}}, BoardFrom: day(t, "2020-01-01"), BoardUntil: day(t, "2023-12-31"),
		Identifiers: []ExternalIdentifier{{Scheme: TaxID, Value: "g-08.000.002"}}[:0],
		Links:       []NewLink{{URL: "https://nord.example/estatuts"}},
		Invented:    true, // only the demonstration may say so
	})
	if err != nil {
		t.Fatal(err)
	}
	a := w.read(anyone, made).(*Association)
	if a.Title.CA != "Veïns del Nord" || a.Sector != SectorSocial || a.Invented || a.ClaimState != Unclaimed || a.Home != made {
		t.Errorf("read %+v", a)
	}
	if a.Contact == nil || *a.Contact.Mail != "hola@nord.example" || a.Contact.Phone != nil {
		t.Errorf("contact %+v", a.Contact)
	}
	if a.BoardLapsed == nil || !*a.BoardLapsed || !a.BoardUntil.Equal(*day(t, "2023-12-31")) {
		t.Errorf("board until %v, lapsed %v", a.BoardUntil, a.BoardLapsed)
	}
	if diff := cmp.Diff([]lang.Text{{CA: "Sala d'actes"}}, a.Capacities); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{FactOrganizationAdded}, w.facts(made)); diff != "" {
		t.Error(diff)
	}
	if n := w.count(`select count(*) from journal_about where node = $1 and about = any($2)`, made, []id.ID{made, w.nord, w.care}); n != 3 {
		t.Errorf("the fact is in %d feeds, want its own, the place's and the field's", n)
	}
	links, err := LinksOf(t.Context(), w.db.Read(), []id.ID{made})
	if err != nil || len(links) != 1 || links[0].Dead != nil {
		t.Errorf("links %+v, %v", links, err)
	}
}

// Everything wrong is told at once, each at its field.
func TestAssociationCreateTellsAllFaults(t *testing.T) {
	w := newTown(t)
	_, err := w.service.AssociationCreate(t.Context(), w.stranger, "", Spec{
		Title: lang.Text{CA: strings.Repeat("x", MaxTitle+1)}, Mail: "no", Website: "javascript:alert(1)",
		BoardFrom: day(t, "2024-01-02"), BoardUntil: day(t, "2024-01-01"), Description: lang.Text{EN: "a\x00b"},
		Identifiers: []ExternalIdentifier{{Scheme: MunicipalRegister, Value: "7"}},
	})
	got := map[string]string{}
	for _, f := range fault.All(err) {
		got[strings.Join(f.Path, ".")] = f.Code.Name
	}
	want := map[string]string{
		"actsIn": "NO_PLACE", "title.ca": "TOO_LONG", "description.en": "BAD_TEXT", "mail": "BAD_MAIL",
		"website": "BAD_URL", "boardUntil": "DATES_REVERSED", "identifiers.0.value": "BAD_REGISTER_NUMBER",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAssociationCreateRefusesWrongReferences(t *testing.T) {
	w := newTown(t)
	for want, spec := range map[string]Spec{
		"NOT_FOUND at actsIn.0": {ActsIn: []id.ID{w.care, w.nord}},
		"NOT_FOUND at actsIn.1": {ActsIn: []id.ID{w.nord, w.province}},
		"NOT_FOUND at actsIn.2": {ActsIn: []id.ID{w.nord, w.terrassa, id.New()}},
		"NOT_FOUND at fields.0": {ActsIn: []id.ID{w.nord}, Fields: []id.ID{w.nord}},
		"REPEATED at actsIn.1":  {ActsIn: []id.ID{w.nord, w.nord}},
	} {
		spec.Title = lang.Text{CA: "X"}
		if _, err := w.service.AssociationCreate(t.Context(), w.stranger, "", spec); err == nil || fault.From(err).Error() != want {
			t.Errorf("%v instead of %s", err, want)
		}
	}
	_, err := w.service.AssociationCreate(t.Context(), anyone, "", Spec{Title: lang.Text{CA: "X"}, ActsIn: []id.ID{w.nord}})
	if !errors.Is(err, fault.ErrUnauthenticated) {
		t.Errorf("an anonymous viewer: %v", err)
	}
}

func TestSameKeyIsOneAssociation(t *testing.T) {
	w := newTown(t)
	spec := Spec{Title: lang.Text{CA: "Una"}, ActsIn: []id.ID{w.terrassa}}
	first, err := w.service.AssociationCreate(t.Context(), w.stranger, "k", spec)
	if err != nil {
		t.Fatal(err)
	}
	again, err := w.service.AssociationCreate(t.Context(), w.stranger, "k", spec)
	if err != nil || again != first {
		t.Errorf("again %v, %v; want %v", again, err, first)
	}
	spec.Title.CA = "Altra"
	if _, err := w.service.AssociationCreate(t.Context(), w.stranger, "k", spec); err == nil {
		t.Error("the key of another request was accepted")
	}
	if n := w.count(`select count(*) from organizations`); n != 1 {
		t.Errorf("%d organisations", n)
	}
}

func TestIdentifierBelongsToOneBody(t *testing.T) {
	w := newTown(t)
	spec := Spec{
		Title: lang.Text{CA: "Una"}, ActsIn: []id.ID{w.terrassa},
		Identifiers: []ExternalIdentifier{{Scheme: TaxID, Value: "P0827900B"}},
	}
	first, err := w.service.AssociationCreate(t.Context(), w.stranger, "", spec)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.service.AssociationCreate(t.Context(), w.stranger, "", spec); !errors.Is(err, ErrIdentifierTaken) {
		t.Errorf("taken number: %v", err)
	}
	if n := w.count(`select count(*) from organizations`); n != 1 {
		t.Errorf("the refused one left a row: %d", n)
	}
	found, err := OrganizationByIdentifier(t.Context(), w.db.Read(), anyone, TaxID, "p-0827900-b")
	if err != nil || found == nil || found.Self().ID != first {
		t.Errorf("found %v, %v", found, err)
	}
	town, err := OrganizationByIdentifier(t.Context(), w.db.Read(), anyone, INE, "08279")
	if err != nil || town == nil || town.Self().ID != w.terrassa {
		t.Errorf("found town %v, %v", town, err)
	}
	codes, err := IdentifiersOf(t.Context(), w.db.Read(), []id.ID{first, w.terrassa})
	if err != nil || len(codes) != 2 {
		t.Errorf("codes %v, %v", codes, err)
	}
}

func TestUpdate(t *testing.T) {
	w := newTown(t)
	made := w.association("Una", w.terrassa)
	rep := w.person("Rita", made, Representative)
	one := int64(1)
	ch := Change{
		Title: &lang.Text{CA: "Dues"}, Phone: ptr("937000000"), LegalPersonality: ptr(ptr(false)),
		Fields: &[]id.ID{w.care}, Links: &[]NewLink{{URL: "https://a.example"}, {URL: "https://b.example"}}, ExpectedRevision: &one,
	}
	if err := w.service.Update(t.Context(), rep, "", made, ch); err != nil {
		t.Fatal(err)
	}
	a := w.read(anyone, made).(*Association)
	if a.Title.CA != "Dues" || a.Sector != SectorSocial || *a.Contact.Phone != "937000000" || *a.LegalPersonality || a.Revision != 2 {
		t.Errorf("read %+v", a)
	}
	err := w.service.Update(t.Context(), rep, "", made, ch)
	if !errors.Is(err, ErrRevision) || fault.From(err).Details != int64(2) {
		t.Errorf("the second change from revision 1: %v", err)
	}
	if err := w.service.Update(t.Context(), w.officer, "", made, Change{Phone: ptr("1")}); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("the town's officer: %v", err)
	}
	fields, err := FieldsOf(t.Context(), w.db.Read(), anyone, []id.ID{made}, nil, 10)
	if err != nil || len(fields) != 1 || fields[0].Other != w.care {
		t.Errorf("fields %+v, %v", fields, err)
	}
}

// A link that stays keeps what its last check found.
func TestReplacedLinksKeepTheirChecks(t *testing.T) {
	w := newTown(t)
	made := w.association("Una", w.terrassa)
	rep := w.person("Rita", made, Representative)
	set := func(urls ...string) []OrganizationLink {
		t.Helper()
		var links []NewLink
		for _, u := range urls {
			links = append(links, NewLink{URL: u})
		}
		if err := w.service.Update(t.Context(), rep, "", made, Change{Links: &links}); err != nil {
			t.Fatal(err)
		}
		found, err := LinksOf(t.Context(), w.db.Read(), []id.ID{made})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	before := set("https://a.example", "https://b.example")
	checks := []CheckedLink{{ID: before[0].ID, Status: 200}, {ID: before[1].ID, Status: 404}}
	if err := RecordLinkChecks(t.Context(), w.db.Read(), checks); err != nil {
		t.Fatal(err)
	}
	after := set("https://b.example", "https://c.example")
	if len(after) != 2 || after[0].URL != "https://b.example" || after[0].Dead == nil || !*after[0].Dead || after[1].Dead != nil {
		t.Errorf("links %+v", after)
	}
}

// A town council has a profile from the first change on; its name is the place's.
func TestUpdateOfATownCouncil(t *testing.T) {
	w := newTown(t)
	before := w.read(anyone, w.terrassa).(*Council)
	if before.Contact != nil || before.Sector != SectorPublic || before.ClaimState != Verified {
		t.Errorf("before %+v", before)
	}
	if err := w.service.Update(t.Context(), w.officer, "", w.terrassa, Change{Mail: ptr("ajuntament@terrassa.example")}); err != nil {
		t.Fatal(err)
	}
	after := w.read(anyone, w.terrassa).(*Council)
	if *after.Contact.Mail != "ajuntament@terrassa.example" || !*after.LegalPersonality {
		t.Errorf("after %+v", after)
	}
	err := w.service.Update(t.Context(), w.officer, "", w.terrassa, Change{Title: &lang.Text{CA: "Egara"}})
	if !errors.Is(err, ErrPlaceName) {
		t.Errorf("renaming the town: %v", err)
	}
}

func TestSetActsInKeepsHistory(t *testing.T) {
	w := newTown(t)
	made := w.association("Una", w.terrassa)
	rep := w.person("Rita", made, Representative)
	if err := w.service.SetActsIn(t.Context(), rep, "", made, []id.ID{w.sabadell}, day(t, "2024-07-01")); err != nil {
		t.Fatal(err)
	}
	for on, want := range map[string]id.ID{"2024-06-30": w.terrassa, "2024-07-01": w.sabadell} {
		places, err := PlacesOf(t.Context(), w.db.Read(), anyone, []id.ID{made}, day(t, on), 10)
		if err != nil || len(places) != 1 || places[0].Other != want {
			t.Errorf("on %s acts in %+v, %v", on, places, err)
		}
	}
	if err := w.service.SetActsIn(t.Context(), rep, "", made, nil, nil); !errors.Is(err, ErrNoPlace) {
		t.Errorf("no place: %v", err)
	}
	if err := w.service.SetActsIn(t.Context(), w.stranger, "", made, []id.ID{w.nord}, nil); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("a stranger: %v", err)
	}
}

func TestUnitsChangeWithTime(t *testing.T) {
	w := newTown(t)
	office := func(name string, whole id.ID) id.ID {
		t.Helper()
		made, err := w.service.PublicServiceCreate(t.Context(), w.officer, "", Spec{
			Title: lang.Text{CA: name}, PartOf: whole, PartFrom: day(t, "2019-01-01"),
		})
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	area := office("Drets Socials", w.terrassa)
	other := office("Ciutadania", w.terrassa)
	service := office("Igualtat", area)
	if err := w.service.MoveUnit(t.Context(), w.officer, "", service, other, day(t, "2023-07-01")); err != nil {
		t.Fatal(err)
	}
	for on, want := range map[string]id.ID{"2023-06-30": area, "2023-07-01": other} {
		wholes, err := WholesOf(t.Context(), w.db.Read(), anyone, []id.ID{service}, day(t, on))
		if err != nil || len(wholes) != 1 || wholes[0].Body.Self().ID != want {
			t.Errorf("on %s part of %+v, %v", on, wholes, err)
		}
	}
	units, err := UnitsOf(t.Context(), w.db.Read(), anyone, []id.ID{w.terrassa, area}, nil, 10)
	if err != nil || len(units) != 2 || units[0].Service.Title.CA != "Ciutadania" {
		t.Errorf("units %+v, %v", units, err)
	}
	if err := w.service.MoveUnit(t.Context(), w.officer, "", other, service, nil); !errors.Is(err, ErrCircle) {
		t.Errorf("a circle: %v", err)
	}
	if err := w.service.MoveUnit(t.Context(), w.officer, "", service, w.sabadell, nil); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("into another town: %v", err)
	}
	// Who answers for the town answers for its offices.
	if err := w.service.Update(t.Context(), w.officer, "", service, Change{Phone: ptr("937")}); err != nil {
		t.Errorf("changing an office two steps below: %v", err)
	}
	if err := w.service.Update(t.Context(), w.stranger, "", service, Change{Phone: ptr("1")}); !errors.Is(err, fault.ErrDenied) {
		t.Errorf("a stranger changes an office: %v", err)
	}
	_, err = w.service.PublicServiceCreate(t.Context(), w.stranger, "", Spec{Title: lang.Text{CA: "X"}, PartOf: w.terrassa})
	if !errors.Is(err, fault.ErrDenied) {
		t.Errorf("a stranger's office: %v", err)
	}
}

func TestListOrganizations(t *testing.T) {
	w := newTown(t)
	una := w.association("Àgora", w.nord)
	w.association("Zenit", w.sabadell)
	w.many(3)
	cases := map[string]struct {
		filter Filter
		want   []string
	}{
		"all":               {Filter{}, []string{"Àgora", "Entitat 000", "Entitat 001", "Entitat 002", "Sabadell", "Terrassa", "Zenit"}},
		"text":              {Filter{Text: "AGORA"}, []string{"Àgora"}},
		"wildcard is text":  {Filter{Text: "_"}, nil},
		"a town":            {Filter{Text: "terrassa"}, []string{"Terrassa"}},
		"its council":       {Filter{Text: "Ajuntament de Terrassa"}, []string{"Terrassa"}},
		"in English":        {Filter{Text: "terrassa town council"}, []string{"Terrassa"}},
		"being typed":       {Filter{Text: "ayuntamiento de sab"}, []string{"Sabadell"}},
		"all councils":      {Filter{Text: "Ajuntament"}, []string{"Sabadell", "Terrassa"}},
		"of what is none":   {Filter{Text: "Ajuntament de Zenit"}, nil},
		"kinds":             {Filter{Kinds: []node.Kind{node.Municipality}}, []string{"Sabadell", "Terrassa"}},
		"sector":            {Filter{Sector: SectorPublic}, []string{"Sabadell", "Terrassa"}},
		"field":             {Filter{Field: w.equality}, []string{"Entitat 000", "Entitat 001", "Entitat 002"}},
		"acts in a part":    {Filter{ActsIn: w.terrassa}, []string{"Àgora", "Entitat 000", "Entitat 001", "Entitat 002"}},
		"acts in the whole": {Filter{ActsIn: w.province, Text: "e"}, []string{"Entitat 000", "Entitat 001", "Entitat 002", "Zenit"}},
		"acts in a quarter": {Filter{ActsIn: w.nord}, []string{"Àgora"}},
	}
	for name, c := range cases {
		got, err := Organizations(t.Context(), w.db.Read(), anyone, c.filter, page.Args{First: 100, Total: true})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, titles(got.Nodes)); diff != "" || *got.TotalCount != len(c.want) {
			t.Errorf("%s: %d, %s", name, *got.TotalCount, diff)
		}
	}
	for _, set := range []Columns{Line, Full} {
		both, err := ActingIn(t.Context(), w.db.Read(), anyone, []id.ID{w.terrassa, w.nord, w.province}, page.Args{First: 1}, set)
		if err != nil {
			t.Fatal(err)
		}
		for _, place := range []id.ID{w.terrassa, w.nord, w.province} {
			if got := both[place]; len(got.Nodes) != 1 || got.Nodes[0].Self().ID != una || got.PageInfo().HasNextPage != (place != w.nord) {
				t.Errorf("acting in %v: %v", place, titles(got.Nodes))
			}
		}
	}
}

// TestCouncilText: what is left of the name of a council is where the name of its
// town begins, with the article that the preposition has swallowed.
func TestCouncilText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"ajuntament": "%", "AJUNT": "%", "Ajuntament de ": "%", "ajuntament d'": "%", "Ayuntamiento de Terrassa": "terrassa%",
		"Ajuntament d’Igualada": "igualada%", "ajuntament del Prat": "el prat%", "ajuntament dels Hostalets": "els hostalets%",
		"ajuntament de l'Hospitalet": "l'hospitalet%", "ajuntament de la Llagosta": "la llagosta%", "ajuntament de 100%": `100\%%`,
		"Igualada Town Council": "%igualada%", "town council": "%",
		"": "", "aju": "", "terrassa": "", "ajuntaments": "", "consell d'ajuntaments": "", "my town councils": "",
	} {
		got := ""
		if p := councilText(text); p != nil {
			got = *p
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// Walking in small pages gives every body once, also those whose only name is
// not Catalan.
func TestListWalks(t *testing.T) {
	w := newTown(t)
	w.many(30)
	_, err := w.service.AssociationCreate(t.Context(), w.stranger, "", Spec{Title: lang.Text{EN: "Neighbours"}, ActsIn: []id.ID{w.terrassa}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	args := page.Args{First: 7}
	for {
		c, err := Organizations(t.Context(), w.db.Read(), anyone, Filter{}, args)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, titles(c.Nodes)...)
		if !c.PageInfo().HasNextPage {
			break
		}
		if args.After, err = page.Decode(*c.PageInfo().EndCursor); err != nil {
			t.Fatal(err)
		}
	}
	if len(got) != 33 || !slices.IsSorted(got) || !slices.Contains(got, "Neighbours") {
		t.Errorf("%d: %v", len(got), got)
	}
}

func TestHiddenBodyDoesNotExist(t *testing.T) {
	w := newTown(t)
	made := w.association("Amagada", w.terrassa)
	if _, err := w.db.Read().Exec(t.Context(), `update nodes set visibility = 2 where id = $1`, made); err != nil {
		t.Fatal(err)
	}
	for _, v := range []*access.Viewer{anyone, w.stranger} {
		list, err := Organizations(t.Context(), w.db.Read(), v, Filter{Text: "amagada"}, page.Args{First: 1, Total: true})
		if err != nil || *list.TotalCount != 0 || len(list.Nodes) != 0 {
			t.Errorf("listed, %v", err)
		}
		acting, err := ActingIn(t.Context(), w.db.Read(), v, []id.ID{w.terrassa}, page.Args{First: 1}, Full)
		if err != nil || len(acting[w.terrassa].Nodes) != 0 {
			t.Errorf("acting, %v", err)
		}
	}
	if err := w.service.Update(t.Context(), w.stranger, "", made, Change{Phone: ptr("1")}); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a change of what one cannot see: %v", err)
	}
	rep := &access.Viewer{Person: id.New(), Home: []id.ID{made}}
	w.read(rep, made)
}

func TestFourHundredAssociationsLoadQuickly(t *testing.T) {
	w := newTown(t)
	start := time.Now()
	made := w.many(400)
	t.Logf("400 associations in %v", time.Since(start))
	if len(made) != 400 || w.count(`select count(*) from organizations`) != 400 {
		t.Errorf("%d made", len(made))
	}
}

func TestCreateManyNamesTheRow(t *testing.T) {
	w := newTown(t)
	err := w.db.InTx(t.Context(), func(ctx ctx, tx tx) error {
		_, err := CreateMany(ctx, tx, nil, []Spec{
			{Kind: node.Institution, Title: lang.Text{CA: "Diputació"}, InstitutionKind: ProvincialCouncil},
			{Kind: node.Association, Title: lang.Text{CA: "Sense lloc"}},
		})
		return err
	})
	if all := fault.All(err); len(all) != 1 || !slices.Equal(all[0].Path, []string{"1", "actsIn"}) {
		t.Errorf("faults %v", err)
	}
	if n := w.count(`select count(*) from organizations`); n != 0 {
		t.Errorf("%d rows of a refused list", n)
	}
}

func titles(bodies []Body) []string {
	var out []string
	for _, b := range bodies {
		out = append(out, b.Self().Title.In(lang.CA))
	}
	return out
}

func ptr[T any](v T) *T { return &v }
