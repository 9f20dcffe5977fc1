package graph

import (
	"context"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func projectLinks() linkTable {
	home := func(n interface{ Subject() access.Subject }) id.ID { return n.Subject().Home }
	partnerIn, inTerritories, inGroups := of(projectsOf(project.OfPartners)), of(projectsOf(project.InTerritories)), of(projectsOf(project.InGroups))
	return linkTable{
		"Association.partnerIn":       partnerIn,
		"PublicService.partnerIn":     partnerIn,
		"Institution.partnerIn":       partnerIn,
		"Municipality.partnerIn":      partnerIn,
		"Municipality.projects":       inTerritories,
		"District.projects":           inTerritories,
		"Neighbourhood.projects":      inTerritories,
		"SharedProject.area":          of(projectPlaces("AREA")),
		"SharedProject.places":        of(projectPlaces("PLACE")),
		"SharedProject.about":         of(aboutOf),
		"SharedProject.targetGroups":  of(targetGroupsOf),
		"SharedProject.partners":      of(partnersOf),
		"SharedProject.commitments":   of(parts(project.CommitmentsOf)),
		"SharedProject.milestones":    of(parts(project.MilestonesOf)),
		"SharedProject.done":          of(parts(project.ActivitiesOf)),
		"SharedProject.funding":       of(parts(project.FundingOf)),
		"SharedProject.notes":         of(notesOf),
		"SharedProject.programmes":    of(programmesOf),
		"SharedProject.strategies":    of(strategiesOf),
		"SharedProject.derivedFrom":   of(derived(node.Out)),
		"SharedProject.ledTo":         of(derived(node.In)),
		"PartnerCommitment.partner":   by(func(c *project.Commitment) id.ID { return c.Partner }, organizationsByIDs),
		"PartnerCommitment.moves":     by(func(c *project.Commitment) id.ID { return c.ID }, movesOf),
		"CommitmentMove.from":         by(func(m *project.Move) id.ID { return m.From }, organizationsByIDs),
		"CommitmentMove.to":           by(func(m *project.Move) id.ID { return m.To }, organizationsByIDs),
		"ProjectActivity.territory":   by(func(a *project.Activity) id.ID { return a.Territory }, territories),
		"ProjectFunding.organization": by(func(f *project.Funding) id.ID { return f.Body }, organizationsByIDs),
		"ProjectNote.onBehalfOf":      by(func(n *project.Note) id.ID { return n.OnBehalfOf }, organizationsByIDs),
		"ProjectChange.organization":  by(func(c *model.ProjectChange) id.ID { return c.BodyID }, organizationsByIDs),
		"ProjectChange.note":          by(func(c *model.ProjectChange) id.ID { return c.NoteID }, notesByIDs),
		"Programme.organization":      by(func(g *project.Programme) id.ID { return home(g) }, organizationsByIDs),
		"Programme.projects":          inGroups,
		"Strategy.organization":       by(func(g *project.Strategy) id.ID { return home(g) }, organizationsByIDs),
		"Strategy.projects":           inGroups,
		"Strategy.signatories":        of(signatoriesOf),
	}
}

// projectColumns are the full ones only when a field outside the card is asked
// for.
func (l level) projectColumns() project.Columns {
	if l.asksBelow("description", "aims", "practice", "dropReason") {
		return project.Full
	}
	return project.Card
}

type projectRead = func(context.Context, postgres.Querier, *access.Viewer, []id.ID, project.Columns, page.Args) (map[id.ID]*projectPage, error)

func projectsOf(read projectRead) byParent[*projectPage] {
	return func(ctx context.Context, l level, parents []id.ID) (map[id.ID]*projectPage, error) {
		args, err := l.page()
		if err != nil {
			return nil, err
		}
		return read(ctx, l.q, l.viewer, parents, l.projectColumns(), args)
	}
}

func projectsByIDs(ctx context.Context, l level, ids []id.ID) (map[id.ID]*project.Project, error) {
	return byID(project.ByIDs(ctx, l.q, l.viewer, ids, l.projectColumns()))
}

// parts is a link to the parts of things.
func parts[V any](read func(context.Context, postgres.Querier, *access.Viewer, []id.ID) (map[id.ID]V, error)) byParent[V] {
	return func(ctx context.Context, l level, of []id.ID) (map[id.ID]V, error) {
		return read(ctx, l.q, l.viewer, of)
	}
}

func projectPlaces(role string) byParent[[]territory.Territory] {
	return func(ctx context.Context, l level, of []id.ID) (map[id.ID][]territory.Territory, error) {
		links, err := node.LinksOf(ctx, l.q, l.viewer, of, node.HeldAt, role, node.Out, calendar.Today(now()), 110)
		return placesAt(ctx, l, links, err)
	}
}

func targetGroupsOf(ctx context.Context, l level, of []id.ID) (map[id.ID][]*taxonomy.TargetGroup, error) {
	links, err := node.LinksOf(ctx, l.q, l.viewer, of, node.Targets, "", node.Out, calendar.Today(now()), 60)
	if err != nil || len(links) == 0 {
		return nil, err
	}
	terms, err := taxonomy.ByIDs(ctx, l.q, l.viewer, nodesOf(links))
	found := map[id.ID]*taxonomy.TargetGroup{}
	for _, t := range terms {
		if g, ok := t.(*taxonomy.TargetGroup); ok {
			found[g.ID] = g
		}
	}
	return arrange(links, found), err
}

func partnersOf(ctx context.Context, l level, of []id.ID) (map[id.ID][]*model.ProjectPartner, error) {
	past, _ := l.args["past"].(bool)
	partners, err := project.PartnersOf(ctx, l.q, l.viewer, of, past)
	if err != nil {
		return nil, err
	}
	var links []node.Linked
	for _, list := range partners {
		for _, p := range list {
			links = append(links, node.Linked{Node: p.Organization})
		}
	}
	bodies, err := organizationsByIDs(ctx, l, nodesOf(links))
	if err != nil {
		return nil, err
	}
	out := map[id.ID][]*model.ProjectPartner{}
	for of, list := range partners {
		for _, p := range list {
			if body, ok := bodies[p.Organization.ID]; ok {
				out[of] = append(out[of], &model.ProjectPartner{
					Organization: body, Lead: p.Lead, Side: p.Side, Part: &p.Part, From: p.From, Until: p.Until,
				})
			}
		}
	}
	return out, nil
}

func notesOf(ctx context.Context, l level, of []id.ID) (map[id.ID][]*project.Note, error) {
	first, err := l.first()
	if err != nil {
		return nil, err
	}
	return project.NotesOf(ctx, l.q, l.viewer, of, first)
}

func notesByIDs(ctx context.Context, l level, ids []id.ID) (map[id.ID]*project.Note, error) {
	return project.NotesByIDs(ctx, l.q, l.viewer, ids)
}

func movesOf(ctx context.Context, l level, commitments []id.ID) (map[id.ID][]*project.Move, error) {
	return project.MovesOf(ctx, l.q, commitments)
}

func programmesOf(ctx context.Context, l level, of []id.ID) (map[id.ID][]*project.Programme, error) {
	return groupsOf(ctx, l, of, false, asProgramme)
}

func strategiesOf(ctx context.Context, l level, of []id.ID) (map[id.ID][]*project.Strategy, error) {
	return groupsOf(ctx, l, of, true, asStrategy)
}

func groupsOf[T any](ctx context.Context, l level, of []id.ID, strategies bool, show func(*project.Group) T) (map[id.ID][]T, error) {
	groups, err := project.GroupsOf(ctx, l.q, l.viewer, of, strategies)
	out := make(map[id.ID][]T, len(groups))
	for of, list := range groups {
		for _, g := range list {
			out[of] = append(out[of], show(g))
		}
	}
	return out, err
}

func signatoriesOf(ctx context.Context, l level, strategies []id.ID) (map[id.ID][]*model.StrategySignature, error) {
	links, err := node.LinksOf(ctx, l.q, l.viewer, strategies, node.Signed, "", node.In, calendar.Today(now()), 500)
	if err != nil {
		return nil, err
	}
	bodies, err := organizationsByIDs(ctx, l, nodesOf(links))
	if err != nil {
		return nil, err
	}
	out := map[id.ID][]*model.StrategySignature{}
	for _, s := range links {
		if body, ok := bodies[s.Node.ID]; ok {
			out[s.Parent] = append(out[s.Parent], &model.StrategySignature{Organization: body, On: s.From})
		}
	}
	return out, nil
}

// derived reads what things came from (Out), or what came of them (In).
func derived(dir node.Direction) byParent[[]model.Node] {
	return func(ctx context.Context, l level, of []id.ID) (map[id.ID][]model.Node, error) {
		links, err := node.LinksOf(ctx, l.q, l.viewer, of, node.DerivedFrom, "", dir, calendar.Today(now()), 100)
		if err != nil || len(links) == 0 {
			return nil, err
		}
		found, err := anyNodes(ctx, l, nodesOf(links))
		return arrange(links, found), err
	}
}
