package project

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Filter narrows a list of projects; an empty field does not. Several values in
// one field mean any of them, several fields mean all of them.
type Filter struct {
	// Text holds words that must all stand in the title, in any language,
	// without regard to accents and case. At most 8 words count.
	Text string
	// Territories finds what is for one of them or a part of one, or names it.
	Territories []id.ID
	About       []id.ID
	Partners    []id.ID // leading or collaborating today
	States      []State
	Replicable  *bool
}

const (
	maxWords    = 8
	viewerFirst = 1 // the viewer's five parameters come first in a list
)

// query collects conditions and their arguments. Each combination of filters is
// one text and so one prepared statement.
type query struct {
	where []string
	args  []any
	// planned says to plan for these very arguments: only then does the planner
	// know that a word is rare enough for the trigram index.
	planned bool
}

func (q *query) params() []any {
	if q.planned {
		return append([]any{pgx.QueryExecModeCacheDescribe}, q.args...)
	}
	return q.args
}

// and adds a condition; each %s in it is replaced by the next argument's name.
func (q *query) and(condition string, args ...any) {
	names := make([]any, len(args))
	for i, a := range args {
		q.args = append(q.args, a)
		names[i] = fmt.Sprintf("$%d", len(q.args))
	}
	q.where = append(q.where, fmt.Sprintf(condition, names...))
}

func (f Filter) query(v *access.Viewer) *query {
	q := &query{args: v.SQLArgs(), where: []string{access.VisibleSQL("n", viewerFirst)}}
	escape := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
	words := strings.Fields(f.Text)
	for _, word := range words[:min(len(words), maxWords)] {
		q.planned = true
		q.and(`n.plain_title like plain(%s)`, "%"+escape.Replace(word)+"%")
	}
	if len(f.Territories) > 0 {
		q.and(`s.node = any(array(select h.source from edges h join (`+relation.WithinSQL+`) w on w.id = h.target
			where h.kind = 'held_at' and h.valid @> `+relation.TodaySQL+`))`, f.Territories)
	}
	if len(f.About) > 0 {
		q.and(`s.node = any(array(select a.source from edges a join nodes t on t.id = a.target
			where a.kind in ('about', 'targets') and a.target = any(%s) and a.valid @> `+relation.TodaySQL+`
			and `+access.VisibleSQL("t", viewerFirst)+`))`, f.About)
	}
	if len(f.Partners) > 0 {
		q.and(`s.node = any(array(select g.target from edges g join nodes o on o.id = g.source
			where g.kind in ('leads', 'collaborates_in') and g.source = any(%s) and g.valid @> `+relation.TodaySQL+`
			and `+access.VisibleSQL("o", viewerFirst)+`))`, f.Partners)
	}
	if len(f.States) > 0 {
		states := make([]string, len(f.States))
		for i, s := range f.States {
			states[i] = string(s)
		}
		q.and(`s.state = any(%s)`, states)
	}
	if f.Replicable != nil {
		q.and(`s.replicable = %s`, *f.Replicable)
	}
	return q
}

func (f Filter) check() error {
	var c form.Findings
	c.String(f.Text, 200, "filter", "text")
	return c.Err()
}

// List reads one page of the projects that the viewer can see, by title. The
// total is counted only when args ask for it.
func List(ctx context.Context, q postgres.Querier, v *access.Viewer, f Filter, args page.Args, set Columns) (*page.Connection[*Project], error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	list := f.query(v)
	const from = `from shared_projects s join nodes n on n.id = s.node where `
	var total *int
	if args.Total {
		total = new(int)
		if err := q.QueryRow(ctx, `select count(*) `+from+strings.Join(list.where, " and "), list.params()...).Scan(total); err != nil {
			return nil, fmt.Errorf("count projects: %w", err)
		}
	}
	after, err := cursorKey(args.After)
	if err != nil {
		return nil, err
	}
	if after != nil {
		list.and(`(n.title_ca, n.id) > (%s::text collate ca, %s::uuid)`, after.title, after.node)
	}
	list.args = append(list.args, args.First+1)
	sql := fmt.Sprintf(`select %s %s %s order by n.title_ca, n.id limit $%d`,
		set.columns(viewerFirst), from, strings.Join(list.where, " and "), len(list.args))
	rows, err := q.Query(ctx, sql, list.params()...)
	if err != nil {
		return nil, fmt.Errorf("list projects: %w", err)
	}
	projects, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Project, error) {
		p := &Project{}
		return p, p.scan(row, set)
	})
	if err != nil {
		return nil, fmt.Errorf("list projects: %w", err)
	}
	found := page.NewConnection(projects, args, cursorOf)
	found.TotalCount = total
	return found, nil
}

type key struct {
	title string
	node  id.ID
}

func cursorOf(p *Project) page.Cursor { return page.Cursor{p.Title.CA, p.ID.String()} }

// cursorKey checks what came back from a client before the database reads it.
func cursorKey(c page.Cursor) (*key, error) {
	keys, err := c.Keys(2)
	if keys == nil {
		return nil, err
	}
	node, err := id.ParseUUID(keys[1])
	if err != nil || !form.Storable(keys[0]) {
		return nil, fault.ErrBadCursor.At("after")
	}
	return &key{keys[0], node}, nil
}
