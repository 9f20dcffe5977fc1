package attendance

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/figure"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Who reads them: the organisers at any time; everybody who sees the event when it
// is closed, so that no two readings tell what one person changed, and never of a
// sensitive one. What one person said of themselves is read by the hub alone.
var figuresSQL = `
select e.node, coalesce(e.starts_at at time zone 'Europe/Madrid', e.created_at)::date, d.role, coalesce(x.sex, 'NOT_STATED'),
  coalesce(t.id::text, ''), coalesce(t.title_ca, ''), coalesce(t.title_es, ''), coalesce(t.title_en, ''), count(d.id)::int
from events e join nodes n on n.id = e.node
left join registration_delegates d on d.event = e.node and d.state = 'ATTENDED'
left join delegate_traits x on x.delegate = d.id left join nodes t on t.id = d.territory
where e.node = any(` + postgres.Keys + `) and ` + access.VisibleSQL("n", 2) + `
  and (` + access.LevelSQL("n", 2) + ` = 4 or e.state = 'CLOSED' and not e.sensitive)
group by e.node, d.role, x.sex, t.id, t.title_ca, t.title_es, t.title_en
order by e.node, t.title_ca`

// roles are the categories of the axis of roles.
func roles() []figure.Category {
	return []figure.Category{
		{Code: "PUBLIC", Label: lang.Text{CA: "Sector públic", ES: "Sector público", EN: "Public sector"}},
		{Code: "PROFESSIONAL", Label: lang.Text{CA: "Professionals", ES: "Profesionales", EN: "Professionals"}},
		{Code: "ASSOCIATION", Label: lang.Text{CA: "Associacions", ES: "Asociaciones", EN: "Associations"}},
	}
}

// tally counts who came to one event, along the three axes.
type tally struct {
	day        time.Time
	total      int
	bySex      map[string]int
	byRole     map[string]int
	byPlace    map[string]int
	placeOrder []figure.Category
}

// FiguresOf reads how many came to the events, by sex, role and territory, as far
// as it may be shown.
func FiguresOf(ctx context.Context, q postgres.Querier, v *access.Viewer, events []id.ID) (map[id.ID]*figure.Figure, error) {
	rows, err := postgres.Hub(q).Query(ctx, figuresSQL, append([]any{events}, v.SQLArgs()...)...)
	if err != nil {
		return nil, readError("count who came", err)
	}
	of := map[id.ID]*tally{}
	var event id.ID
	var day time.Time
	var role *string
	var sex, place string
	var title lang.Text
	var n int
	_, err = pgx.ForEachRow(rows, []any{&event, &day, &role, &sex, &place, &title.CA, &title.ES, &title.EN, &n}, func() error {
		t := of[event]
		if t == nil {
			t = &tally{day: day, bySex: map[string]int{}, byRole: map[string]int{}, byPlace: map[string]int{}}
			of[event] = t
		}
		if role != nil {
			t.add(*role, sex, place, title, n)
		}
		return nil
	})
	if err != nil {
		return nil, readError("count who came", err)
	}
	figures := make(map[id.ID]*figure.Figure, len(of))
	for event, t := range of {
		figures[event] = t.figure()
	}
	return figures, nil
}

func (t *tally) add(role, sex, place string, title lang.Text, n int) {
	t.total += n
	t.bySex[sex] += n
	t.byRole[role] += n
	if _, known := t.byPlace[place]; !known {
		if place == "" {
			title = lang.Text{CA: "No consta", ES: "No consta", EN: "Not stated"}
		}
		t.placeOrder = append(t.placeOrder, figure.Category{Code: place, Label: title})
	}
	t.byPlace[place] += n
}

// figure shows the counts. The axes share nothing but the total: where one of them
// has to hide it, all do, and what would give it away.
func (t *tally) figure() *figure.Figure {
	f := &figure.Figure{
		Definition: figure.Definition{
			Code:  "EVENT_PARTICIPANTS",
			Label: lang.Text{CA: "Persones assistents", ES: "Personas asistentes", EN: "People who came"},
			Unit:  lang.Text{CA: "persones", ES: "personas", EN: "people"},
		},
		Period: figure.Period{From: t.day, Until: t.day},
		Source: lang.Text{CA: "Registre d'entrada de l'acte", ES: "Registro de entrada del acto", EN: "The event's check-in"},
		Total:  figure.Of(t.total),
	}
	sexes := []int{t.bySex[figure.Woman], t.bySex[figure.Man], t.bySex[figure.NonBinary], t.bySex[figure.NotStated]}
	split := figure.Sex([]figure.People{{Total: figure.Of(t.total), BySex: sexes}}, figure.Threshold)
	f.Breakdowns = append(f.Breakdowns, split.Rows[0].Breakdowns()...)
	totals := []figure.Count{split.Rows[0].Total}
	for _, axis := range []struct {
		figure.Axis
		counts map[string]int
	}{
		{figure.Axis{Code: "ROLE", Label: lang.Text{CA: "Perfil", ES: "Perfil", EN: "Role"}, Categories: roles()}, t.byRole},
		{figure.Axis{Code: "TERRITORY", Label: lang.Text{CA: "Territori", ES: "Territorio", EN: "Territory"}, Categories: t.placeOrder}, t.byPlace},
	} {
		if len(axis.Categories) == 0 {
			continue
		}
		b, total := shown(axis.Axis, axis.counts)
		f.Breakdowns, totals = append(f.Breakdowns, b), append(totals, total)
	}
	for _, total := range totals {
		if total.State() == figure.Suppressed {
			hideAll(f)
			break
		}
	}
	return f
}

func shown(axis figure.Axis, counts map[string]int) (figure.Breakdown, figure.Count) {
	row := make([]int, len(axis.Categories))
	for i, c := range axis.Categories {
		row[i] = counts[c.Code]
	}
	cells, total := figure.Protect(figure.NewTable([][]int{row}), figure.Threshold).Row(0)
	b := figure.Breakdown{Axis: axis}
	for i, c := range axis.Categories {
		b.Cells = append(b.Cells, figure.Cell{Categories: []figure.Category{c}, Count: cells[i]})
	}
	return b, total
}

func hideAll(f *figure.Figure) {
	f.Total = figure.Missing(figure.Suppressed)
	for i := range f.Breakdowns {
		for j := range f.Breakdowns[i].Cells {
			f.Breakdowns[i].Cells[j].Count = figure.Missing(figure.Suppressed)
		}
	}
}
