package taxonomy

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Level reads: one prepared statement each; the answer leaves out what does not
// exist or may not be seen.

var columns = node.Columns("n") + `, t.code, t.position, t.note, t.retired_at`

const from = ` from nodes n join taxonomy_terms t on t.node = n.id where `

const inOrder = ` order by t.position, n.title_ca, n.id`

var (
	byIDsSQL   = `select ` + columns + from + `n.id = any(` + postgres.Keys + `) and ` + access.VisibleSQL("n", 2)
	byCodesSQL = `select ` + columns + from + `t.kind = $1 and t.code = any($2) and ` + access.VisibleSQL("n", 3) + inOrder
	listSQL    = `select ` + columns + from + `t.kind = $1 and t.retired_at is null and ` + access.VisibleSQL("n", 2) +
		inOrder + fmt.Sprintf(" limit %d", MaxTerms)
	carriedSQL = `select e.source, ` + columns + ` from edges e join nodes n on n.id = e.target
		join taxonomy_terms t on t.node = n.id
		where e.source = any(` + postgres.Keys + `) and e.kind = any('{about,audience_of,targets}') and t.kind = $2
		  and e.valid @> (now() at time zone 'Europe/Madrid')::date and ` + access.VisibleSQL("n", 3) +
		` order by e.source, t.position, n.title_ca, n.id`
)

// ByIDs reads terms of any kind, retired ones too, in no promised order.
func ByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]Term, error) {
	return collect(q.Query(ctx, byIDsSQL, args(v, ids)...))
}

// ByCodes reads terms of one kind by their codes, retired ones too, in the
// order of the vocabulary.
func ByCodes(ctx context.Context, q postgres.Querier, v *access.Viewer, kind node.Kind, codes []string) ([]Term, error) {
	return collect(q.Query(ctx, byCodesSQL, args(v, string(kind), codes)...))
}

// List reads the terms of one kind that are in use, in their order; there are
// at most MaxTerms.
func List(ctx context.Context, q postgres.Querier, v *access.Viewer, kind node.Kind) ([]Term, error) {
	return collect(q.Query(ctx, listSQL, args(v, string(kind))...))
}

// Carried is a term carried by a thing today.
type Carried struct {
	By   id.ID
	Term Term
}

// CarriedBy reads the terms of one kind that each of the things carries today,
// retired ones too, in the order of the vocabulary within each.
func CarriedBy(ctx context.Context, q postgres.Querier, v *access.Viewer, things []id.ID, kind node.Kind) ([]Carried, error) {
	rows, err := q.Query(ctx, carriedSQL, args(v, things, string(kind))...)
	if err != nil {
		return nil, wrap("read carried terms", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c Carried, err error) {
		c.Term, err = scan(row, &c.By)
		return c, err
	})
	return found, wrap("read carried terms", err)
}

func collect(rows pgx.Rows, err error) ([]Term, error) {
	if err != nil {
		return nil, wrap("read terms", err)
	}
	terms, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Term, error) { return scan(row) })
	return terms, wrap("read terms", err)
}

func scan(row pgx.CollectableRow, before ...any) (Term, error) {
	var e Entry
	targets := append(before, e.ScanTargets()...)
	if err := row.Scan(append(targets, &e.Code, &e.Position, &e.Note, &e.RetiredAt)...); err != nil {
		return nil, err
	}
	t := newTerm(e)
	if t == nil {
		return nil, fmt.Errorf("taxonomy: %s is a %s", e.ID, e.Kind)
	}
	return t, nil
}

// insertTerms adds rows beside their nodes.
func insertTerms(ctx context.Context, q postgres.Querier, terms []Entry) error {
	n := len(terms)
	ids, kinds, codes := make([]id.ID, n), make([]string, n), make([]string, n)
	positions, notes := make([]int32, n), make([]lang.Text, n)
	for i, t := range terms {
		ids[i], kinds[i], codes[i], positions[i], notes[i] = t.ID, string(t.Kind), t.Code, int32(t.Position), t.Note
	}
	_, err := q.Exec(ctx, `
		insert into taxonomy_terms (node, kind, code, position, note)
		select * from unnest($1::uuid[], $2::text[], $3::text[], $4::int4[], $5::jsonb[])`,
		ids, kinds, codes, positions, notes)
	return postgres.Translate(wrap("add terms", err), map[string]fault.Code{"taxonomy_terms_code": ErrCodeTaken})
}

func args(v *access.Viewer, own ...any) []any { return append(own, v.SQLArgs()...) }

func wrap(doing string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
