package network

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Town is how much happens in a municipality.
type Town struct {
	link.Slots
	Node                     id.ID
	IneCode                  string
	Events, Tables, Projects int
}

// Filter narrows what is counted.
type Filter struct {
	Text        string   // words that all stand in the title
	EventKinds  []string // of events only; none: all
	About       []id.ID  // one of these terms; none: everything
	From, Until *time.Time
}

// What a filter may hold.
const (
	maxTerms = 20
	maxText  = 200
	maxWords = 8
)

func (f Filter) check() error {
	var c form.Findings
	c.String(f.Text, maxText, "filter", "text")
	if len(f.About) > maxTerms {
		c.Max(form.ErrTooMany, maxTerms, "filter", "about")
	}
	return c.Faults.Err()
}

// Happenings counts, in one statement, what the viewer may see in each town where
// there is any of it.
func Happenings(ctx context.Context, q postgres.Querier, v *access.Viewer, f Filter) ([]*Town, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	about := f.About
	if about == nil {
		about = []id.ID{}
	}
	args := append([]any{about, f.From, f.Until}, v.SQLArgs()...)
	rows, err := q.Query(ctx, happeningsSQL, append(args, words(f.Text), kindsOf(f.EventKinds))...)
	if err != nil {
		return nil, wrap("count what happens", err)
	}
	towns, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Town, error) {
		t := &Town{}
		return t, row.Scan(&t.Node, &t.IneCode, &t.Events, &t.Tables, &t.Projects)
	})
	return towns, wrap("count what happens", err)
}

// words are those of a search, at most eight.
func words(text string) []string {
	all := append([]string{}, strings.Fields(text)...)
	return all[:min(len(all), maxWords)]
}

func kindsOf(kinds []string) []string {
	return append([]string{}, kinds...)
}

// titledSQL: all the words stand in the title, in any language.
const titledSQL = `(cardinality($9::text[]) = 0 or not exists (select from unnest($9::text[]) w where position(plain(w) in n.plain_title) = 0))`

// What happens is gathered first and its places after, so that each thing is asked
// once whether it may be seen. Quarters stand for their town; a place that may not
// be seen, and a relation to a term that may not be, count for nothing.
var happeningsSQL = `
with about as (
  select a.source from edges a join nodes t on t.id = a.target
  where a.kind = 'about' and a.target = any($1) and a.valid @> ` + relation.TodaySQL + ` and ` + access.VisibleSQL("t", 4) + `
), things as (
  select n.id, n.kind from nodes n join events e on e.node = n.id
  where e.state in ('DRAFT', 'PUBLISHED', 'HELD', 'CLOSED')
    and case when $2::date is null then e.state in ('DRAFT', 'PUBLISHED') and e.over_by > now()
        else e.begins >= $2::date::timestamp at time zone 'Europe/Madrid' end
    and ($3::date is null or e.begins < ($3::date + 1)::timestamp at time zone 'Europe/Madrid')
    and (cardinality($10::text[]) = 0 or e.kind = any($10))
    and ` + titledSQL + ` and ` + access.VisibleSQL("n", 4) + `
  union all
  select n.id, n.kind from nodes n join working_tables w on w.node = n.id
  where w.state in ('PROPOSED', 'ACTIVE') and ` + titledSQL + ` and ` + access.VisibleSQL("n", 4) + `
  union all
  select n.id, n.kind from nodes n join shared_projects s on s.node = n.id
  where s.state <> 'DROPPED' and ($2::date is not null or s.state <> 'FINISHED')
    and (s.ends_on is null or s.ends_on >= coalesce($2::date, ` + relation.TodaySQL + `))
    and ($3::date is null or s.starts_on is null or s.starts_on <= $3::date)
    and ` + titledSQL + ` and ` + access.VisibleSQL("n", 4) + `
), held as (
  select distinct x.id, x.kind, coalesce(t.municipality, t.node) as town
  from things x join edges h on h.source = x.id and h.kind in ('held_at', 'acts_in') and h.valid @> ` + relation.TodaySQL + `
  join territories t on t.node = h.target and t.kind in ('municipality', 'district', 'neighbourhood')
  join nodes p on p.id = t.node and ` + access.VisibleSQL("p", 4) + `
  where cardinality($1::uuid[]) = 0 or x.id in (select source from about)
)
select town.node, town.code,
  count(*) filter (where held.kind = 'event'), count(*) filter (where held.kind = 'working_table'),
  count(*) filter (where held.kind = 'shared_project')
from held join territories town on town.node = held.town join nodes m on m.id = town.node and ` + access.VisibleSQL("m", 4) + `
group by town.node, town.code order by town.code`
