package territory

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Order is how a list of towns is ordered.
type Order string

// The orders.
const (
	ByName                 Order = "NAME"            // as Catalan dictionaries do
	ByPopulationDescending Order = "POPULATION_DESC" // newest figures, largest first
)

// Filter narrows a list of towns; every condition that is set must
// hold.
type Filter struct {
	// Text is part of the name; accents and capitals do not matter.
	Text string
	// Comarca is where the town was on AsOf.
	Comarca id.ID
	AsOf    *time.Time
	// PopulationMin and PopulationMax bound the newest figure, both included. A
	// town without a figure is in no such list.
	PopulationMin, PopulationMax *int
}

// ErrBadBounds is raised when the least population asked for is above the most.
var ErrBadBounds = fault.Define(fault.Invalid, "BAD_BOUNDS",
	"El mínim no pot ser més gran que el màxim.",
	"El mínimo no puede ser mayor que el máximo.",
	"The least cannot be more than the most.")

// Municipalities reads one page of towns. The cursor of one order is refused by
// another.
func Municipalities(ctx context.Context, q postgres.Querier, v *access.Viewer, f Filter, order Order, want page.Args) (*page.Connection[*Municipality], error) {
	if f.PopulationMin != nil && f.PopulationMax != nil && *f.PopulationMin > *f.PopulationMax {
		return nil, ErrBadBounds.At("filter", "populationMin")
	}
	after, err := listKeys(want.After, order)
	if err != nil {
		return nil, err
	}
	own := append(f.args(), after.text, after.number, after.id, want.Rows())
	towns, err := collect[*Municipality](q.Query(ctx, listSQL[order], args(v, own...)...))
	if err != nil {
		return nil, err
	}
	c := page.NewConnection(towns, want, order.cursor)
	if want.Total {
		c.TotalCount, err = countMunicipalities(ctx, q, v, f)
	}
	return c, err
}

func countMunicipalities(ctx context.Context, q postgres.Querier, v *access.Viewer, f Filter) (*int, error) {
	var n int
	err := q.QueryRow(ctx, countSQL, args(v, f.args()...)...).Scan(&n)
	return &n, wrap("count towns", err)
}

// args are parameters 1 to 5 of the list and its count.
func (f Filter) args() []any {
	return []any{likeText(f.Text), f.AsOf, f.Comarca, f.PopulationMin, f.PopulationMax}
}

// likeText makes a LIKE pattern of what a person typed; empty matches all.
func likeText(text string) string {
	text = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`, "’", "'").Replace(strings.TrimSpace(text))
	return "%" + text + "%"
}

var listConditions = ` where n.kind = 'municipality'
	and ($1 = '%%' or n.plain_title like plain($1))
	and ($3::uuid is null or exists (select from edges e
	  where e.source = n.id and e.target = $3 and e.kind = 'part_of' and e.valid @> ` + dayOf2 + `))
	and ($4::int4 is null or p.inhabitants >= $4) and ($5::int4 is null or p.inhabitants <= $5) and `

var (
	listSQL = map[Order]string{
		ByName: listIn(`($6::text is null or (n.title_ca, n.id) > ($6 collate ca, $8::uuid)) and $7::int4 is null`,
			`n.title_ca, n.id`),
		ByPopulationDescending: listIn(`$6::text is null and ($7::int4 is null or (-coalesce(p.inhabitants, -1), n.id) > (-$7, $8::uuid))`,
			`-coalesce(p.inhabitants, -1), n.id`),
	}
	countSQL = `select count(*) from nodes n ` + joins + listConditions + access.VisibleSQL("n", 6)
)

func listIn(after, order string) string {
	return `select ` + columns + ` from nodes n ` + joins + listConditions + after +
		` and ` + access.VisibleSQL("n", 10) + ` order by ` + order + ` limit $9`
}

// position is where a page begins: after a name or after a number.
type position struct {
	text   *string
	number *int
	id     id.ID
}

func (o Order) cursor(m *Municipality) page.Cursor {
	key := m.Name()
	if o != ByName {
		key = "-1"
		if m.Population != nil {
			key = strconv.Itoa(m.Population.Inhabitants)
		}
	}
	return page.Cursor{string(o), key, m.ID.String()}
}

func listKeys(c page.Cursor, order Order) (position, error) {
	var p position
	keys, err := c.Keys(3)
	if err != nil || keys == nil {
		return p, err
	}
	bad := fault.ErrBadCursor.At("after")
	if keys[0] != string(order) {
		return p, bad
	}
	if p.id, err = id.ParseUUID(keys[2]); err != nil {
		return p, bad.Because(err)
	}
	if order == ByName {
		p.text = &keys[1]
		return p, nil
	}
	n, err := strconv.Atoi(keys[1])
	if err != nil {
		return p, bad.Because(err)
	}
	p.number = &n
	return p, nil
}
