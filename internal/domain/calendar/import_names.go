package calendar

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// foundNames are the organisations and territories that a list names.
type foundNames struct {
	bodies, places map[string][]id.ID
	associations   map[id.ID]bool
}

func (n foundNames) organisation(name string, home id.ID) (id.ID, *fault.Fault) {
	if strings.TrimSpace(name) == "" {
		return home, nil
	}
	return single(n.bodies[plain(name)])
}

func (n foundNames) territory(name string) (id.ID, *fault.Fault) {
	if strings.TrimSpace(name) == "" {
		return id.Zero, nil
	}
	return single(n.places[plain(name)])
}

func single(found []id.ID) (id.ID, *fault.Fault) {
	switch len(found) {
	case 0:
		return id.Zero, fault.ErrNotFound.New()
	case 1:
		return found[0], nil
	}
	return id.Zero, ErrAmbiguous.New()
}

// plain is a name as it is looked for; a council is looked for by its town's.
func plain(name string) string {
	name = strings.ToLower(strings.Join(strings.Fields(name), " "))
	for _, council := range []string{"ajuntament de ", "ajuntament d'", "ajuntament d’", "ayuntamiento de "} {
		if town, ok := strings.CutPrefix(name, council); ok {
			return town
		}
	}
	return name
}

var namesLookedForSQL = `
select w.name, n.id, n.kind, false from unnest($1::text[]) as w(name) join nodes n
  on n.kind in ('municipality', 'association', 'public_service', 'institution') and n.ended_at is null
  and (lower(n.title_ca) = w.name or lower(n.title_es) = w.name or lower(n.title_en) = w.name)
where ` + access.VisibleSQL("n", 3) + `
union
select w.name, n.id, n.kind, true from unnest($2::text[]) as w(name) join territories t on t.kind in ('municipality', 'district', 'neighbourhood')
join nodes n on n.id = t.node and (lower(n.title_ca) = w.name or lower(n.title_es) = w.name or t.kind = 'municipality' and t.code = w.name)`

// lookUpNames finds what some lines name, as far as the viewer sees it.
func lookUpNames(ctx context.Context, q postgres.Querier, v *access.Viewer, list []ImportRow) (n foundNames, err error) {
	n = foundNames{map[string][]id.ID{}, map[string][]id.ID{}, map[id.ID]bool{}}
	bodies, places := map[string]bool{}, map[string]bool{}
	for _, row := range list {
		bodies[plain(row.Organisation)], places[plain(row.Territory)] = true, true
	}
	rows, err := q.Query(ctx, namesLookedForSQL, append([]any{keysOf(bodies), keysOf(places)}, v.SQLArgs()...)...)
	if err != nil {
		return n, registrationError("look up names", err)
	}
	var name, kind string
	var of id.ID
	var place bool
	_, err = pgx.ForEachRow(rows, []any{&name, &of, &kind, &place}, func() error {
		if place {
			n.places[name] = append(n.places[name], of)
			return nil
		}
		n.bodies[name] = append(n.bodies[name], of)
		n.associations[of] = kind == "association"
		return nil
	})
	return n, registrationError("look up names", err)
}

func keysOf(set map[string]bool) []string {
	keys := make([]string, 0, len(set))
	for k := range set {
		if k != "" {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}
