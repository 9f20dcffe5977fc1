package table

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// record is all that call and minutes say of a session, as one viewer sees it.
// It names organisations and no people.
type record struct {
	table       *Table
	session     *Session
	items       []*Item
	papers      []*Paper
	attendance  []*Attendance
	resolutions []*Resolution
	votes       map[id.ID][]*Vote
	names       map[id.ID]lang.Text // of organisations
}

func (s *Service) record(ctx context.Context, q postgres.Querier, v *access.Viewer, t *Table, of *Session) (*record, error) {
	r, one := &record{table: t, session: of}, []id.ID{of.ID}
	items, err := ItemsOf(ctx, q, v, one)
	if err != nil {
		return nil, err
	}
	papers, err := PapersOf(ctx, q, v, one)
	if err != nil {
		return nil, err
	}
	attendance, err := AttendanceOf(ctx, q, v, one)
	if err != nil {
		return nil, err
	}
	adopted, err := ResolutionsOfSessions(ctx, q, v, one)
	if err != nil {
		return nil, err
	}
	r.items, r.papers, r.attendance, r.resolutions = items[of.ID], papers[of.ID], attendance[of.ID], adopted[of.ID]
	var named []id.ID
	for _, x := range r.resolutions {
		named = append(named, x.ID)
	}
	if r.votes, err = VotesOf(ctx, q, v, named); err != nil {
		return nil, err
	}
	r.names, err = s.namesOf(ctx, q, v, r.organisations())
	return r, err
}

func (r *record) organisations() []id.ID {
	ids := []id.ID{r.table.Home}
	for _, a := range r.attendance {
		ids = append(ids, a.Organization)
	}
	for _, x := range r.resolutions {
		ids = append(ids, x.Responsible)
	}
	return ids
}

func (s *Service) namesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) (map[id.ID]lang.Text, error) {
	nodes, err := node.ByIDs(ctx, q, v, ids)
	names := make(map[id.ID]lang.Text, len(nodes))
	for _, n := range nodes {
		if names[n.ID] = n.Title; n.Kind == node.Municipality {
			names[n.ID] = s.council(n.Title.In(lang.CA))
		}
	}
	return names, err
}
