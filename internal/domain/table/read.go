package table

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func tableColumns(first int) string {
	return node.Columns("n") + ", " + access.LevelSQL("n", first) + `, t.kind, t.state, t.visibility, t.inside, t.description,
	t.quorum_first, t.quorum_second, t.quorum_least, t.second_call_minutes, t.notice_days, t.majority, t.periodicity, t.quiet_days,
	t.file_prefix, coalesce(t.decision_reason, '{}'), t.proposed_by, t.version, now(), ` + today
}

func (t *Table) scanTargets() []any {
	r := &t.Rules
	return append(t.Node.ScanTargets(), &t.ViewerLevel, &t.TableKind, &t.State, &t.Declared, &t.Inside, &t.Description,
		&r.QuorumFirst, &r.QuorumSecond, &r.QuorumLeast, &r.SecondCallMinutes, &r.NoticeDays, &r.Majority, &r.Periodicity, &r.QuietDays,
		&t.FilePrefix, &t.DecisionReason, &t.ProposedBy, &t.Revision, &t.ReadAt, &t.Today)
}

func (t *Table) scan(row pgx.CollectableRow, before ...any) error {
	if err := row.Scan(append(before, t.scanTargets()...)...); err != nil {
		return err
	}
	if t.ViewerLevel < access.Organisers {
		t.Revision = 0 // no number may count what is hidden
	}
	return nil
}

var byIDsSQL = `select ` + tableColumns(2) + ` from working_tables t join nodes n on n.id = t.node
	where t.node = any(` + postgres.Keys + `) and ` + access.VisibleSQL("n", 2)

// ByIDs reads the tables among these that the viewer can see.
func ByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Table, error) {
	return tables(q.Query(ctx, byIDsSQL, with(v, ids)...))
}

func tables(rows pgx.Rows, err error) ([]*Table, error) {
	if err != nil {
		return nil, wrap("read tables", err)
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Table, error) {
		t := &Table{}
		return t, t.scan(row)
	})
	return found, wrap("read tables", err)
}

// with puts the viewer's five parameters behind others.
func with(v *access.Viewer, before ...any) []any { return append(before, v.SQLArgs()...) }

// SubTablesOf reads the tables that are part of others, by title.
func SubTablesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, wholes []id.ID, first int) (map[id.ID][]*Table, error) {
	return related(q.Query(ctx, subTablesSQL, with(v, wholes, first)...))
}

var subTablesSQL = `select w.id, x.* from unnest(` + postgres.Keys + `) with ordinality as w(id, place)
	cross join lateral (
	  select ` + tableColumns(3) + ` from edges e join working_tables t on t.node = e.source join nodes n on n.id = t.node
	  where e.target = w.id and e.kind = 'part_of' and e.valid @> ` + today + ` and ` + access.VisibleSQL("n", 3) + `
	  order by n.title_ca, n.id limit $2) x order by w.place`

// WholesOf reads the table that each is part of.
func WholesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, parts []id.ID) (map[id.ID]*Table, error) {
	found, err := related(q.Query(ctx, wholesSQL, with(v, parts)...))
	whole := make(map[id.ID]*Table, len(found))
	for part, list := range found {
		whole[part] = list[0]
	}
	return whole, err
}

var wholesSQL = `select e.source, ` + tableColumns(2) + `
	from edges e join working_tables t on t.node = e.target join nodes n on n.id = t.node
	where e.source = any(` + postgres.Keys + `) and e.kind = 'part_of' and e.valid @> ` + today + ` and ` + access.VisibleSQL("n", 2)

func related(rows pgx.Rows, err error) (map[id.ID][]*Table, error) {
	if err != nil {
		return nil, wrap("read related tables", err)
	}
	defer rows.Close()
	found := map[id.ID][]*Table{}
	for rows.Next() {
		var of id.ID
		t := &Table{}
		if err := rows.Scan(append([]any{&of}, t.scanTargets()...)...); err != nil {
			return nil, wrap("read related tables", err)
		}
		if t.ViewerLevel < access.Organisers {
			t.Revision = 0
		}
		found[of] = append(found[of], t)
	}
	return found, wrap("read related tables", rows.Err())
}

// SourcesOf reads what tables were proposed from.
func SourcesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, tables []id.ID) (map[id.ID]id.ID, error) {
	return one(ctx, q, `select e.source, e.target from edges e where e.source = any(`+postgres.Keys+`) and e.kind = 'derived_from'`, tables)
}

func one(ctx context.Context, q postgres.Querier, sql string, of []id.ID) (map[id.ID]id.ID, error) {
	rows, err := q.Query(ctx, sql, of)
	if err != nil {
		return nil, wrap("read links of tables", err)
	}
	found := map[id.ID]id.ID{}
	var from, to id.ID
	_, err = pgx.ForEachRow(rows, []any{&from, &to}, func() error {
		found[from] = to
		return nil
	})
	return found, wrap("read links of tables", err)
}
