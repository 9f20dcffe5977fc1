package table

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

// Changes are what an organiser changes; nil leaves things as they are.
type Changes struct {
	Title, Description *lang.Text
	Visibility, Inside *access.Level
	Rules              *Rules
	FilePrefix         *string
	Territories, About *[]id.ID
}

// Update changes a table and its rules. Who may: its organisers. Sessions that
// are open or over keep the quorum they were opened with.
func (s *Service) Update(ctx context.Context, v *access.Viewer, table id.ID, expected *int64, in Changes, key string) error {
	in.Title, in.Description = trimmed(in.Title), trimmed(in.Description)
	c := request{key, "workingTableUpdate", table, struct {
		Expected *int64
		Changes  Changes
	}{expected, in}, access.MayOrganise}
	_, err := s.run(ctx, v, c, func(ctx context.Context, w *work) (id.ID, error) {
		if err := checkRevision(expected, w.table.Revision); err != nil {
			return id.Zero, err
		}
		if w.table.State == Ended || w.table.State == Rejected {
			return id.Zero, w.table.not()
		}
		return table, w.update(ctx, in)
	})
	return err
}

func (w *work) update(ctx context.Context, in Changes) error {
	t := w.table
	now := Spec{
		Convenor: t.Home, Kind: t.TableKind, Title: t.Title, Description: t.Description, Visibility: t.Declared, Inside: t.Inside,
		Rules: t.Rules, FilePrefix: t.FilePrefix,
	}
	fields := in.apply(&now)
	if len(fields) == 0 {
		return nil
	}
	if err := now.check(ctx, w.q, w.viewer); err != nil {
		return err
	}
	level := t.Visibility
	data := Fact{Fields: fields}
	if in.Visibility != nil && t.State == Active && *in.Visibility != t.Visibility {
		if err := node.SetVisibility(ctx, w.tx, t.ID, *in.Visibility); err != nil {
			return err
		}
		level, data.Visibility = min(level, *in.Visibility), in.Visibility
	}
	if in.Title != nil {
		if err := node.SetTitle(ctx, w.tx, t.ID, now.Title); err != nil {
			return err
		}
	}
	if err := w.relate(ctx, in); err != nil {
		return err
	}
	w.changed = true
	w.tell(FactUpdated, level, data)
	r := now.Rules
	_, err := w.q.Exec(ctx, `
		update working_tables set visibility = $2, inside = $3, description = $4, quorum_first = $5, quorum_second = $6, quorum_least = $7,
		  second_call_minutes = $8, notice_days = $9, majority = $10, periodicity = $11, quiet_days = $12, file_prefix = $13 where node = $1`,
		t.ID, now.Visibility, now.Inside, now.Description, r.QuorumFirst, r.QuorumSecond, r.QuorumLeast, r.SecondCallMinutes,
		r.NoticeDays, r.Majority, r.Periodicity, r.QuietDays, now.FilePrefix)
	return wrap("change a table", err)
}

// apply puts what is given into the spec and names it.
func (in Changes) apply(now *Spec) (fields []string) {
	set := func(name string, given bool, do func()) {
		if given {
			fields = append(fields, name)
			do()
		}
	}
	set("title", in.Title != nil, func() { now.Title = *in.Title })
	set("description", in.Description != nil, func() { now.Description = *in.Description })
	set("visibility", in.Visibility != nil, func() { now.Visibility = *in.Visibility; now.Inside = max(now.Inside, now.Visibility) })
	set("inside", in.Inside != nil, func() { now.Inside = *in.Inside })
	set("rules", in.Rules != nil, func() { now.Rules = *in.Rules })
	set("filePrefix", in.FilePrefix != nil, func() { now.FilePrefix = *in.FilePrefix })
	set("territories", in.Territories != nil, func() { now.Territories = *in.Territories })
	set("about", in.About != nil, func() { now.About = *in.About })
	return fields
}

// relate ends and begins the edges that Changes speak of.
func (w *work) relate(ctx context.Context, in Changes) error {
	for _, l := range []struct {
		kind node.EdgeKind
		to   *[]id.ID
	}{{node.ActsIn, in.Territories}, {node.About, in.About}} {
		if l.to == nil {
			continue
		}
		_, err := w.q.Exec(ctx, `
			with gone as (delete from edges where source = $1 and kind = $2 and valid @> $4::date and not target = any($3)
			  and coalesce(lower(valid), $4::date) = $4::date and not lower_inf(valid))
			update edges set valid = daterange(lower(valid), $4::date)
			where source = $1 and kind = $2 and valid @> $4::date and not target = any($3) and (lower_inf(valid) or lower(valid) < $4::date)`,
			w.table.ID, l.kind, *l.to, w.table.Today)
		if err != nil {
			return wrap("end relations", err)
		}
		var there []id.ID
		err = w.q.QueryRow(ctx, `select coalesce(array_agg(target), '{}') from edges where source = $1 and kind = $2 and valid @> $3::date`,
			w.table.ID, l.kind, w.table.Today).Scan(&there)
		if err != nil {
			return wrap("read relations", err)
		}
		var edges []node.Edge
		for _, to := range *l.to {
			if !contains(there, to) {
				edges = append(edges, node.Edge{
					Kind: l.kind, Source: w.table.ID, Target: to, From: &w.table.Today, RecordedBy: w.viewer.Person, RecordedIn: w.table.ID,
				})
				there = append(there, to)
			}
		}
		if err := node.Connect(ctx, w.tx, edges...); err != nil {
			return err
		}
	}
	return nil
}

func contains(list []id.ID, v id.ID) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}
