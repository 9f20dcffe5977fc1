package graph

import (
	"strconv"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

func workshopCreate(from model.WorkshopCreateInput) (out workshop.Input, err error) {
	var in input
	out = workshop.Input{
		Home:  in.node(from.Organization, "organization", organizationKinds...),
		Title: *from.Title, Description: value(from.Description), Visibility: access.Network,
		Places:      in.nodes(from.Places, "places", territoryKinds...),
		About:       in.nodes(from.About.Value(), "about", themeKinds...),
		DerivedFrom: in.nodes(from.DerivedFrom.Value(), "derivedFrom", originKinds...),
	}
	if v := from.Visibility.Value(); v != nil {
		out.Visibility = *v
	}
	return out, in.err()
}

func consultationCreate(from model.PriorConsultationCreateInput) (out workshop.ConsultationInput, err error) {
	var in input
	out = workshop.ConsultationInput{
		Home:  in.node(from.Organization, "organization", organizationKinds...),
		Title: *from.Title, Description: value(from.Description), From: value(from.From), Until: value(from.Until),
		Answers: from.Answers.Value(), Visibility: value(from.Visibility), Findings: texts(from.Findings.Value()),
		Area:  in.nodes(from.Area.Value(), "area", territoryKinds...),
		About: in.nodes(from.About.Value(), "about", themeKinds...),
	}
	return out, in.err()
}

// pen reads who notes.
func (in *input) pen(from *model.WorkshopPenInput) workshop.Pen {
	p := workshop.Pen{Token: value(from.Token)}
	if global := from.Workshop.Value(); global != nil {
		p.Workshop = in.node(*global, "by.workshop", node.Workshop)
	}
	return p
}

func entryAdd(from model.WorkshopEntryAddInput) (p workshop.Pen, out workshop.EntryInput, err error) {
	var in input
	p = in.pen(from.By)
	out = workshop.EntryInput{
		Kind: from.Kind, Text: *from.Text,
		Territory: in.node(from.Territory, "territory", territoryKinds...),
		Project:   in.optional(from.Project.Value(), "project", node.SharedProject),
	}
	if beside := from.Beside.Value(); beside != nil {
		_, out.Beside = in.part(workshop.EntryID, *beside, "beside")
	}
	return p, out, in.err()
}

// penAndEntries reads who notes and the entries that a field names.
func penAndEntries(by *model.WorkshopPenInput, field string, globals ...string) (p workshop.Pen, entries []id.ID, err error) {
	var in input
	p = in.pen(by)
	for i, global := range globals {
		_, entry, err := workshop.EntryID.Part(global)
		if err != nil && field == "id" {
			in.missing(field)
		} else if err != nil {
			in.missing(field, strconv.Itoa(i))
		}
		entries = append(entries, entry)
	}
	return p, entries, in.err()
}

func priorityProject(from model.WorkshopPriorityProjectCreateInput) (of, entry id.ID, out workshop.ProjectInput, err error) {
	var in input
	of, entry = in.part(workshop.EntryID, from.Priority, "priority")
	out = workshop.ProjectInput{
		Lead: in.node(from.Lead, "lead", organizationKinds...), Side: string(from.Side), Title: value(from.Title),
		Visibility: access.Members,
	}
	if v := from.Visibility.Value(); v != nil {
		out.Visibility = *v
	}
	return of, entry, out, in.err()
}
