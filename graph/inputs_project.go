package graph

import (
	"context"
	"strconv"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/ground/figure"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

var (
	programmeKinds = []node.Kind{node.Programme}
	strategyKinds  = []node.Kind{node.Strategy}
	originKinds    = []node.Kind{node.Workshop, node.Event, node.PriorConsultation, node.SharedProject}
)

func projectCreate(from model.SharedProjectCreateInput) (out project.Input, err error) {
	var in input
	out = project.Input{
		Lead: in.node(from.Lead, "lead", organizationKinds...), Side: from.Side,
		Fields: project.Fields{
			Title: *from.Title, Summary: value(from.Summary), Description: value(from.Description),
			Aims: texts(from.Aims.Value()), StartsOn: value(from.StartsOn), EndsOn: value(from.EndsOn),
			Visibility:   access.Members,
			Area:         in.nodes(from.Area.Value(), "area", territoryKinds...),
			Places:       in.nodes(from.Places.Value(), "places", territoryKinds...),
			About:        in.nodes(from.About.Value(), "about", themeKinds...),
			TargetGroups: in.nodes(from.TargetGroups.Value(), "targetGroups", node.TargetGroup),
		},
		DerivedFrom: in.nodes(from.DerivedFrom.Value(), "derivedFrom", originKinds...),
	}
	if v := from.Visibility.Value(); v != nil {
		out.Visibility = *v
	}
	for i, p := range from.Partners.Value() {
		out.Partners = append(out.Partners, project.PartnerInput{
			Organization: in.node(p.Organization, "partners."+strconv.Itoa(i)+".organization", organizationKinds...),
			Side:         p.Side, Part: value(p.Part),
		})
	}
	return out, in.err()
}

func projectUpdate(from model.SharedProjectUpdateInput) (of id.ID, c project.Changes, err error) {
	var in input
	of = in.node(from.ID, "id", node.SharedProject)
	c = project.Changes{
		Title: given(from.Title), Summary: given(from.Summary), Description: given(from.Description),
		StartsOn: given(from.StartsOn), EndsOn: given(from.EndsOn),
		Replicable: given(from.Replicable), Practice: given(from.Practice), Visibility: given(from.Visibility),
	}
	if from.Aims.IsSet() {
		c.Aims = pointer(texts(from.Aims.Value()))
	}
	if from.Area.IsSet() {
		c.Area = pointer(in.nodes(from.Area.Value(), "area", territoryKinds...))
	}
	if from.Places.IsSet() {
		c.Places = pointer(in.nodes(from.Places.Value(), "places", territoryKinds...))
	}
	if from.About.IsSet() {
		c.About = pointer(in.nodes(from.About.Value(), "about", themeKinds...))
	}
	if from.TargetGroups.IsSet() {
		c.TargetGroups = pointer(in.nodes(from.TargetGroups.Value(), "targetGroups", node.TargetGroup))
	}
	return of, c, in.err()
}

func partnerAdd(from model.ProjectPartnerAddInput) (of id.ID, out project.PartnerInput, err error) {
	var in input
	of = in.node(from.Project, "project", node.SharedProject)
	out = project.PartnerInput{
		Organization: in.node(from.Organization, "organization", organizationKinds...), Side: from.Side, Part: value(from.Part),
	}
	return of, out, in.err()
}

func partnerLeave(from model.ProjectPartnerLeaveInput) (of id.ID, out project.Leaving, err error) {
	var in input
	of = in.node(from.Project, "project", node.SharedProject)
	out = project.Leaving{
		Partner: in.node(from.Organization, "organization", organizationKinds...),
		NewLead: in.optional(from.NewLead.Value(), "newLead", organizationKinds...), Note: value(from.Note),
	}
	for i, r := range from.Reassign.Value() {
		at := "reassign." + strconv.Itoa(i)
		root, commitment := in.part(project.CommitmentID, r.Commitment, at+".commitment")
		if root != of {
			in.missing("reassign", strconv.Itoa(i), "commitment")
		}
		out.Reassign = append(out.Reassign, project.Reassignment{
			Commitment: commitment, To: in.optional(r.To.Value(), at+".to", organizationKinds...),
		})
	}
	return of, out, in.err()
}

func commitmentAdd(from model.PartnerCommitmentAddInput) (of id.ID, out project.CommitmentInput, err error) {
	var in input
	of = in.node(from.Project, "project", node.SharedProject)
	out = project.CommitmentInput{
		Partner: in.node(from.Partner, "partner", organizationKinds...), Text: *from.Text, Due: value(from.Due),
	}
	return of, out, in.err()
}

func commitmentChange(from model.PartnerCommitmentChangeInput) (of, part id.ID, c project.CommitmentChanges, err error) {
	var in input
	of, part = in.part(project.CommitmentID, from.ID, "id")
	c = project.CommitmentChanges{Text: given(from.Text), Due: given(from.Due)}
	if s := from.State.Value(); s != nil {
		c.State = s
	}
	return of, part, c, in.err()
}

// newOrPart reads what an input is about: a new part of a project, or one that
// is there. One of the two has to be named.
func newOrPart(project, part *string, t id.Type) (of, which id.ID, err error) {
	var in input
	switch {
	case part != nil:
		of, which = in.part(t, *part, "id")
		if project != nil && in.node(*project, "project", node.SharedProject) != of {
			in.missing("project")
		}
	case project != nil:
		of = in.node(*project, "project", node.SharedProject)
	default:
		in.faults = append(in.faults, fault.ErrRequired.At("project"))
	}
	return of, which, in.err()
}

// newOrPartField is the field that names what such an input is about.
func newOrPartField(part *string) string {
	if part != nil {
		return "id"
	}
	return "project"
}

func activitySet(from model.ProjectActivitySetInput) (of, part id.ID, out project.ActivityInput, err error) {
	of, part, err = newOrPart(from.Project.Value(), from.ID.Value(), project.ActivityID)
	if err != nil {
		return of, part, out, err
	}
	var in input
	out = project.ActivityInput{
		Title: *from.Title, Count: from.Count, From: value(from.From), Until: value(from.Until), Source: value(from.Source),
		Territory: in.optional(from.Territory.Value(), "territory", territoryKinds...),
	}
	out.People, err = people(from)
	if err != nil {
		in.faults = append(in.faults, fault.From(err))
	}
	return of, part, out, in.err()
}

// people reads how many took part, or why that is not known.
func people(from model.ProjectActivitySetInput) (p figure.People, err error) {
	n, state := from.Participants.Value(), from.ParticipantsState.Value()
	switch {
	case n != nil && state != nil && *state != figure.Known, n == nil && state != nil && (*state == figure.Known || *state == figure.Suppressed):
		return p, project.ErrNoNumber.At("participantsState")
	case n != nil:
		p.Total = figure.Of(*n)
	case state != nil:
		p.Total = figure.Missing(*state)
	}
	if s := from.BySex.Value(); s != nil {
		p.BySex = []int{s.Women, s.Men, s.NonBinary, s.NotStated}
	}
	return p, nil
}

func fundingSet(from model.ProjectFundingSetInput) (of id.ID, out []project.FundingInput, err error) {
	var in input
	of = in.node(from.Project, "project", node.SharedProject)
	for i, f := range from.Sources {
		out = append(out, project.FundingInput{
			Source: *f.Source, Cents: f.Euros,
			Body: in.optional(f.Organization.Value(), "sources."+strconv.Itoa(i)+".organization", organizationKinds...),
		})
	}
	return of, out, in.err()
}

func projectFilter(ctx context.Context, q postgres.Querier, from *model.SharedProjectFilter) (f project.Filter, err error) {
	if from == nil {
		return f, nil
	}
	var in input
	f = project.Filter{Text: value(from.Text), States: from.States.Value(), Replicable: from.Replicable.Value()}
	f.Territories = some(in.optional(from.Territory.Value(), "filter.territory", territoryKinds...))
	f.About = some(in.optional(from.About.Value(), "filter.about", append(themeKinds, node.TargetGroup)...))
	f.Partners = some(in.optional(from.Partner.Value(), "filter.partner", organizationKinds...))
	return f, in.visible(ctx, q)
}

// some is a list of the identifier, or none.
func some(v id.ID) []id.ID {
	if v.IsZero() {
		return nil
	}
	return []id.ID{v}
}
