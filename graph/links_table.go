package graph

import (
	"context"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func tableLinks() linkTable {
	session := func(s *table.Session) id.ID { return s.ID }
	return linkTable{
		"Municipality.workingTables":  of(tablesOfOrganizations),
		"Association.workingTables":   of(tablesOfOrganizations),
		"PublicService.workingTables": of(tablesOfOrganizations),
		"Institution.workingTables":   of(tablesOfOrganizations),

		"WorkingTable.convenor":     by(func(t *table.Table) id.ID { return t.Home }, organizationsByIDs),
		"WorkingTable.territories":  of(tablePlaces),
		"WorkingTable.about":        of(tableThemes),
		"WorkingTable.partOf":       of(plain(table.WholesOf)),
		"WorkingTable.subTables":    of(subTables),
		"WorkingTable.proposedFrom": of(tableSources),
		"WorkingTable.members":      of(tableMembers),
		"WorkingTable.seats":        of(plain(table.SeatsOf)),
		"WorkingTable.officers":     of(plain(table.OfficersOf)),
		"WorkingTable.joinRequests": of(plain(table.JoinRequestsOf)),
		"WorkingTable.sessions":     of(sessionsOfTables),
		"WorkingTable.openPolls":    of(plain(table.OpenPollsOf)),

		"TableMember.organization":      by(func(m *table.Member) id.ID { return m.Organization }, organizationsByIDs),
		"TableJoinRequest.organization": by(func(r *table.JoinRequest) id.ID { return r.Organization }, organizationsByIDs),
		"TableSeat.organization":        by(func(s *table.Seat) id.ID { return s.Organization }, organizationsByIDs),
		"TableAttendance.organization":  by(func(a *table.Attendance) id.ID { return a.Organization }, organizationsByIDs),
		"TableNamedVote.organization":   by(func(v *table.Vote) id.ID { return v.Organization }, organizationsByIDs),

		"TablePoll.session":        by(func(p *table.Poll) id.ID { return p.Session }, sessionsByIDs),
		"TableSession.table":       by(func(s *table.Session) id.ID { return s.Table }, tablesByIDs),
		"TableSession.agenda":      by(session, plain(table.ItemsOf)),
		"TableSession.papers":      by(session, plain(table.PapersOf)),
		"TableSession.attendance":  by(session, plain(table.AttendanceOf)),
		"TableSession.resolutions": by(session, plain(table.ResolutionsOfSessions)),
		"TableSession.minutes":     by(session, minutesOfSessions),
		"TableSession.approvedIn":  by(func(s *table.Session) id.ID { return s.ApprovedIn }, sessionsByIDs),
		"TableSession.minutesUrl":  by(session, minutesURLs),
		"Minutes.versions":         by(func(m *table.Minutes) id.ID { return m.Session }, plain(table.VersionsOf)),
		"AgendaItem.resolution":    by(func(i *table.Item) id.ID { return i.Resolution }, resolutionsByIDs),
		"AgendaItem.minutesOf":     by(func(i *table.Item) id.ID { return i.MinutesOf }, sessionsByIDs),

		"TableResolution.table":           by(func(r *table.Resolution) id.ID { return r.Table }, tablesByIDs),
		"TableResolution.session":         by(func(r *table.Resolution) id.ID { return r.Session }, sessionsByIDs),
		"TableResolution.responsible":     by(func(r *table.Resolution) id.ID { return r.Responsible }, organizationsByIDs),
		"TableResolution.person":          by(resolutionID, plain(table.ResponsiblePeopleOf)),
		"TableResolution.linked":          by(func(r *table.Resolution) id.ID { return r.Linked }, anyNodes),
		"TableResolution.notes":           by(resolutionID, plain(table.NotesOf)),
		"TableResolution.vote":            from(tableVotes),
		"TableResolution.viewerCanFollow": from(canFollow),

		"TableSessionBoard.currentItem": by(func(b *model.TableSessionBoard) id.ID { return b.Current }, plain(table.ItemsByIDs)),
	}
}

func resolutionID(r *table.Resolution) id.ID { return r.ID }

// plain is a level read that takes no arguments of the field.
func plain[V any](read func(context.Context, postgres.Querier, *access.Viewer, []id.ID) (map[id.ID]V, error)) byParent[V] {
	return func(ctx context.Context, l level, parents []id.ID) (map[id.ID]V, error) {
		return read(ctx, l.q, l.viewer, parents)
	}
}

func tablesByIDs(ctx context.Context, l level, ids []id.ID) (map[id.ID]*table.Table, error) {
	return byID(table.ByIDs(ctx, l.q, l.viewer, ids))
}

func sessionsByIDs(ctx context.Context, l level, ids []id.ID) (map[id.ID]*table.Session, error) {
	list, err := table.SessionsByIDs(ctx, l.q, l.viewer, ids)
	found := make(map[id.ID]*table.Session, len(list))
	for _, s := range list {
		found[s.ID] = s
	}
	return found, err
}

func resolutionsByIDs(ctx context.Context, l level, ids []id.ID) (map[id.ID]*table.Resolution, error) {
	list, err := table.ResolutionsByIDs(ctx, l.q, l.viewer, ids)
	found := make(map[id.ID]*table.Resolution, len(list))
	for _, r := range list {
		found[r.ID] = r
	}
	return found, err
}

func tablesOfOrganizations(ctx context.Context, l level, bodies []id.ID) (map[id.ID]*page.Connection[*table.Table], error) {
	args, err := l.page()
	if err != nil {
		return nil, err
	}
	return table.OfOrganizations(ctx, l.q, l.viewer, bodies, args)
}

// maxTableLinks bounds the places and themes of a table.
const maxTableLinks = 200

func tablePlaces(ctx context.Context, l level, tables []id.ID) (map[id.ID][]territory.Territory, error) {
	links, err := node.LinksOf(ctx, l.q, l.viewer, tables, node.ActsIn, "", node.Out, table.Today(now()), maxTableLinks)
	return placesAt(ctx, l, links, err)
}

func tableThemes(ctx context.Context, l level, tables []id.ID) (map[id.ID][]taxonomy.Term, error) {
	return aboutOf(ctx, l, tables)
}

func subTables(ctx context.Context, l level, wholes []id.ID) (map[id.ID][]*table.Table, error) {
	first, err := l.first()
	if err != nil {
		return nil, err
	}
	return table.SubTablesOf(ctx, l.q, l.viewer, wholes, first)
}

func tableSources(ctx context.Context, l level, tables []id.ID) (map[id.ID]model.Node, error) {
	sources, err := table.SourcesOf(ctx, l.q, l.viewer, tables)
	if err != nil || len(sources) == 0 {
		return nil, err
	}
	ids := make([]id.ID, 0, len(sources))
	for _, source := range sources {
		ids = append(ids, source)
	}
	nodes, err := anyNodes(ctx, l, ids)
	out := make(map[id.ID]model.Node, len(sources))
	for t, source := range sources {
		if n, ok := nodes[source]; ok {
			out[t] = n
		}
	}
	return out, err
}

func tableMembers(ctx context.Context, l level, tables []id.ID) (map[id.ID][]*table.Member, error) {
	day, err := l.asOf()
	if err != nil {
		return nil, err
	}
	return table.MembersOf(ctx, l.q, l.viewer, tables, day)
}

func sessionsOfTables(ctx context.Context, l level, tables []id.ID) (map[id.ID]*page.Connection[*table.Session], error) {
	args, err := l.page()
	if err != nil {
		return nil, err
	}
	return table.SessionsOf(ctx, l.q, l.viewer, tables, args)
}

func minutesOfSessions(ctx context.Context, l level, sessions []id.ID) (map[id.ID]*table.Minutes, error) {
	var version *int
	if n, ok := l.int("version"); ok {
		version = &n
	}
	return table.MinutesOf(ctx, l.q, l.viewer, sessions, version)
}

// minutesURLs are the addresses of the minutes that the reader may read.
func minutesURLs(ctx context.Context, l level, sessions []id.ID) (map[id.ID]*string, error) {
	found, err := table.ReadableMinutes(ctx, l.q, l.viewer, sessions)
	out := make(map[id.ID]*string, len(found))
	for session, of := range found {
		out[session] = pointer(paperPath(table.SessionType.GlobalPart(of, session), "minutes"))
	}
	return out, err
}

func paperPath(session, what string) string { return "/papers/" + session + "/" + what + ".html" }

func callURL(s *table.Session) *string {
	if s.CalledAt == nil && !s.Recorded {
		return nil
	}
	return pointer(paperPath(s.GlobalID(), "call"))
}

// tableVotes shows the results of votes, with who voted how where that is known.
func tableVotes(ctx context.Context, l level, parents []link.Linked) ([]any, error) {
	var named []id.ID
	for _, p := range parents {
		if r := p.(*table.Resolution); r.NamedVote {
			named = append(named, r.ID)
		}
	}
	votes := map[id.ID][]*table.Vote{}
	if len(named) > 0 && l.asks("named") {
		var err error
		if votes, err = table.VotesOf(ctx, l.q, l.viewer, named); err != nil {
			return nil, err
		}
	}
	out := make([]any, len(parents))
	for i, p := range parents {
		if r := p.(*table.Resolution); r.ByVote {
			out[i] = &model.TableVote{InFavour: r.Tally.For, Against: r.Tally.Against, Abstentions: r.Tally.Abstentions, Named: nonNull(votes[r.ID])}
		}
	}
	return out, nil
}

// nonNull keeps an empty list from being null.
func nonNull[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// canFollow answers for all resolutions at once.
func canFollow(ctx context.Context, l level, parents []link.Linked) ([]any, error) {
	ids := make([]id.ID, len(parents))
	for i, p := range parents {
		ids[i] = p.(*table.Resolution).ID
	}
	mine, err := table.InChargeOf(ctx, l.q, l.viewer, ids)
	if err != nil {
		return nil, err
	}
	out := make([]any, len(parents))
	for i, p := range parents {
		r := p.(*table.Resolution)
		out[i] = permission(ctx, r.MayFollow(l.viewer, mine[r.ID]))
	}
	return out, nil
}
