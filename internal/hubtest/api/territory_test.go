package api_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/platform/node"
)

func TestTerritory(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	t.Run("towns", func(t *testing.T) { townsByCode(w.talk(t), w.council) })
	t.Run("as of", func(t *testing.T) { sasserra(w.talk(t)) })
	t.Run("filters", func(t *testing.T) { townFilters(w.talk(t)) })
	t.Run("every town", func(t *testing.T) { everyTown(t, w) })
	t.Run("parts of Barcelona", func(t *testing.T) { partsOfBarcelona(t, w) })
	t.Run("taxonomies", func(t *testing.T) { taxonomies(w.talk(t)) })
}

const town = `query($by: MunicipalityRef!) { municipality(by: $by) {
	__typename id title name ineCode idescatCode latitude longitude population { inhabitants year source }
	comarca { title } identifiers { scheme value } contact { mail } districts { nodes { title } }
	organizations { totalCount nodes { __typename title name } } events { totalCount nodes { title } } units { title } } }`

func townsByCode(c *conversation, terrassa string) {
	c.ask(anonymous, "Terrassa by 5 digits", town, in{"by": in{"ineCode": "08279"}})
	short := `query($by: MunicipalityRef!) { municipality(by: $by) { id title name } }`
	c.ask(anonymous, "by 6 digits", short, in{"by": in{"ineCode": "082798"}})
	c.ask(anonymous, "by identifier", short, in{"by": in{"id": terrassa}})
	c.ask(anonymous, "with a wrong control digit", short, in{"by": in{"ineCode": "082791"}})
	c.ask(anonymous, "with another province's code", short, in{"by": in{"ineCode": "17079"}})
	c.ask(anonymous, "with no code at all", short, in{"by": in{"ineCode": "Terrassa"}})
	c.ask(anonymous, "by two ways at once", short, in{"by": in{"ineCode": "08279", "id": terrassa}})
	c.ask(anonymous, "by a comarca's identifier", short, in{"by": in{"id": node.Comarca.Global(territory.ComarcaID("07"))}})
	c.ask(anonymous, "as a node and as an organisation", `query($id: ID!) {
		node(id: $id) { __typename id ... on Territory { title } ... on Organization { name } }
		nodes(ids: [$id, "mun_01m7zv5hnje8wrd7mvpjrgt59z", "nonsense", $id]) { id }
		organization(by: {identifier: {scheme: INE, value: "082798"}}) { __typename title name } }`, in{"id": terrassa})
	c.ask(anonymous.speaking("es"), "an article in Spanish", short, in{"by": in{"ineCode": "08101"}})
}

// Sant Feliu Sasserra was in Lluçanès from 3 May to 28 June 2023.
func sasserra(c *conversation) {
	c.ask(anonymous, "Sant Feliu Sasserra on the days before, on and after each change", `{
		municipality(by: {ineCode: "08212"}) { title
			before: comarca(asOf: "2023-05-02") { title } first: comarca(asOf: "2023-05-03") { title }
			last: comarca(asOf: "2023-06-28") { title } after: comarca(asOf: "2023-06-29") { title }
			longAgo: comarca(asOf: "1990-01-01") { title } today: comarca { title } } }`, nil)
	comarca := in{"id": node.Comarca.Global(territory.ComarcaID("43"))}
	c.ask(anonymous, "and from the other side", `query($id: ID!) { node(id: $id) { ... on Comarca { title
		last: municipalities(asOf: "2023-06-28") { totalCount nodes { title } }
		after: municipalities(asOf: "2023-06-29") { totalCount nodes { title } }
		before: municipalities(asOf: "2023-05-02") { totalCount nodes { title } } } } }`, comarca)
	c.ask(anonymous, "on a day that does not exist", `{ municipality(by: {ineCode: "08212"}) { comarca(asOf: "2023-02-29") { title } } }`, nil)
	c.ask(anonymous, "the comarques", `{ comarques { title municipalities(first: 2) { totalCount nodes { title } pageInfo { hasNextPage } } } }`, nil)
}

func townFilters(c *conversation) {
	list := `query($first: Int, $filter: MunicipalityFilter, $orderBy: MunicipalityOrder) {
		municipalities(first: $first, filter: $filter, orderBy: $orderBy) { totalCount
			nodes { title population { inhabitants } comarca { title } } pageInfo { hasNextPage hasPreviousPage } } }`
	bages := node.Comarca.Global(territory.ComarcaID("07"))
	c.ask(anonymous, "the largest", list, in{"first": 5, "orderBy": "POPULATION_DESC"})
	c.ask(anonymous, "part of a name, without accents and capitals", list, in{"filter": in{"text": "LLOBREGAT"}})
	c.ask(anonymous, "an accent that is not written", list, in{"filter": in{"text": "olerdola"}})
	c.ask(anonymous, "signs that mean something to the database", list, in{"filter": in{"text": `%_\`}})
	c.ask(anonymous, "of a comarca, with bounds", list, in{"filter": in{"comarca": bages, "populationMin": 1000, "populationMax": 3000}})
	c.ask(anonymous, "bounds that exclude each other", list, in{"filter": in{"populationMin": 10, "populationMax": 9}})
	c.ask(anonymous, "a comarca that is a town", list, in{"filter": in{"comarca": node.Municipality.Global(hubtest.Terrassa)}})
	c.ask(anonymous, "a comarca that does not exist", list, in{"filter": in{"comarca": "com_01m7zv5hnje8wrd7mvpjrgt59z"}})
}

// everyTown walks all towns in pages of a size that does not divide them, and
// compares them with the file they come from.
func everyTown(t *testing.T, w *world) {
	c := w.talk(t)
	for _, order := range []string{"NAME", "POPULATION_DESC"} {
		var got [][]string
		after, more := "", true
		for more {
			a := w.hub.Must(t, "", `query($after: String, $by: MunicipalityOrder) { municipalities(first: 90, after: $after, orderBy: $by) {
				totalCount edges { cursor node { ineCode title comarca { title } population { inhabitants } latitude longitude } }
				pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`, in{"after": after, "by": order})
			page := a["municipalities"].(map[string]any)
			if n := at(t, page, "totalCount"); n != "311" {
				t.Fatalf("totalCount is %s", n)
			}
			edges := page["edges"].([]any)
			if first := at(t, edges, "0.cursor"); first != at(t, page, "pageInfo.startCursor") {
				t.Errorf("startCursor is not that of the first")
			}
			if previous := at(t, page, "pageInfo.hasPreviousPage"); previous != strconv.FormatBool(after != "") {
				t.Errorf("hasPreviousPage is %s", previous)
			}
			for _, e := range edges {
				number := func(path string) string {
					return strings.TrimRight(strings.TrimRight(fmtFloat(t, at(t, e, path)), "0"), ".")
				}
				got = append(got, []string{
					at(t, e, "node.ineCode"), at(t, e, "node.title"), at(t, e, "node.comarca.title"),
					number("node.population.inhabitants"), number("node.latitude"), number("node.longitude"),
				})
			}
			after, more = at(t, page, "pageInfo.endCursor"), page["pageInfo"].(map[string]any)["hasNextPage"].(bool)
		}
		var names []string
		for i, row := range got {
			names = append(names, row[1])
			if order == "POPULATION_DESC" && i > 0 && inhabitants(t, row) > inhabitants(t, got[i-1]) {
				t.Errorf("%v comes after %v", row, got[i-1])
			}
		}
		if order == "NAME" {
			c.note("anonymous: the towns by name, in the order of the Catalan alphabet", []byte(`"`+strings.Join(names, "\n")+`"`))
		}
		want := rows(t, "municipalities.csv")
		for _, row := range want {
			for i := 3; i < 6; i++ {
				row[i] = strings.TrimRight(strings.TrimRight(fmtFloat(t, row[i]), "0"), ".")
			}
		}
		byCode := func(a, b []string) int { return strings.Compare(a[0], b[0]) }
		slices.SortFunc(want, byCode)
		slices.SortFunc(got, byCode)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the towns are not those of the file (-file +hub):\n%s", diff)
		}
	}
}

func fmtFloat(t *testing.T, s string) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return strconv.FormatFloat(f, 'f', 6, 64)
}

func inhabitants(t *testing.T, row []string) int {
	n, err := strconv.Atoi(row[3])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// partsOfBarcelona compares districts and neighbourhoods with their file.
func partsOfBarcelona(t *testing.T, w *world) {
	a := w.hub.Must(t, "", `{ municipality(by: {ineCode: "08019"}) { title districts { nodes { id code title municipality { title }
		neighbourhoods(first: 50) { nodes { code title district { code } } pageInfo { hasNextPage } } } pageInfo { hasNextPage } } } }`, nil)
	var got [][]string
	districts := a["municipality"].(map[string]any)["districts"].(map[string]any)["nodes"].([]any)
	for _, d := range districts {
		if of := at(t, d, "municipality.title"); of != "Barcelona" {
			t.Errorf("%v is part of %s", d, of)
		}
		for _, n := range d.(map[string]any)["neighbourhoods"].(map[string]any)["nodes"].([]any) {
			got = append(got, []string{at(t, n, "district.code"), at(t, d, "title"), at(t, n, "code"), at(t, n, "title")})
		}
	}
	if len(districts) != 10 || len(got) != 73 {
		t.Errorf("%d districts and %d neighbourhoods", len(districts), len(got))
	}
	if diff := cmp.Diff(rows(t, "barcelona.csv"), got); diff != "" {
		t.Errorf("not as in the file (-file +hub):\n%s", diff)
	}
	c := w.talk(t)
	c.ask(anonymous, "a page of the districts", `{ municipality(by: {ineCode: "08019"}) { districts(first: 2) {
		edges { cursor node { id title } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`, nil)
	c.ask(anonymous, "a neighbourhood as a node", `query($id: ID!) { node(id: $id) { __typename id ... on Neighbourhood { title code district { title municipality { title } } } } }`,
		in{"id": neighbourhood("53")})
}

func taxonomies(c *conversation) {
	for _, kind := range []string{"FIELD", "GOAL", "CHALLENGE", "AXIS", "AUDIENCE", "TARGET_GROUP"} {
		c.ask(anonymous.speaking("ca"), kind, `query($kind: TaxonomyKind!) { taxonomy(kind: $kind) { __typename id code title } }`, in{"kind": kind})
	}
	c.ask(anonymous.speaking("es"), "audiences", `{ taxonomy(kind: AUDIENCE) { title } }`, nil)
	c.ask(anonymous, "audiences", `{ taxonomy(kind: AUDIENCE) { title } }`, nil)
}
