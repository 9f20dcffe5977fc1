package graph

import (
	"context"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/node"
)

func workshopLinks() linkTable {
	return linkTable{
		"Event.derivedFrom":              of(derived(node.Out)),
		"Event.ledTo":                    of(derived(node.In)),
		"SharedProject.fromPriorities":   of(parts(workshop.PrioritiesOf)),
		"Workshop.organization":          by(func(w *workshop.Workshop) id.ID { return w.Home }, organizationsByIDs),
		"Workshop.about":                 of(aboutOf),
		"Workshop.board":                 of(parts(workshop.BoardsOf)),
		"Workshop.groups":                of(parts(workshop.GroupsOf)),
		"Workshop.derivedFrom":           of(derived(node.Out)),
		"Workshop.ledTo":                 of(derived(node.In)),
		"WorkshopPlace.territory":        by(func(p *workshop.Place) id.ID { return p.Territory }, territories),
		"WorkshopPriority.territories":   many((*workshop.Entry).Territories, territories),
		"WorkshopPriority.authors":       many((*workshop.Entry).Authors, groupsByIDs),
		"WorkshopPriority.projects":      many(func(e *workshop.Entry) []id.ID { return e.Projects }, projectsByIDs),
		"WorkshopPriority.workshop":      by(func(e *workshop.Entry) id.ID { return e.Workshop }, workshopsByIDs),
		"WorkshopNote.territory":         by(func(e *workshop.Entry) id.ID { return e.Territory }, territories),
		"WorkshopNote.author":            by(func(e *workshop.Entry) id.ID { return e.Author }, groupsByIDs),
		"WorkshopNote.project":           by(func(e *workshop.Entry) id.ID { return e.Project }, projectsByIDs),
		"WorkshopChange.group":           by(func(c *model.WorkshopChange) id.ID { return c.GroupID }, groupsByIDs),
		"PriorConsultation.organization": by(func(c *workshop.Consultation) id.ID { return c.Home }, organizationsByIDs),
		"PriorConsultation.findings":     of(parts(workshop.FindingsOf)),
		"PriorConsultation.about":        of(aboutOf),
		"PriorConsultation.ledTo":        of(derived(node.In)),
	}
}

// many declares a link to the things that each parent names, in its order.
func many[P link.Linked, V any](keys func(P) []id.ID, read byParent[V]) loader {
	return from(func(ctx context.Context, l level, parents []link.Linked) ([]any, error) {
		var all []id.ID
		seen := map[id.ID]bool{id.Zero: true}
		for _, p := range parents {
			for _, k := range keys(p.(P)) {
				if !seen[k] {
					seen[k] = true
					all = append(all, k)
				}
			}
		}
		var found map[id.ID]V
		if len(all) > 0 {
			var err error
			if found, err = read(ctx, l, all); err != nil {
				return nil, err
			}
		}
		values := make([]any, len(parents))
		for i, p := range parents {
			list := []V{}
			for _, k := range keys(p.(P)) {
				if v, ok := found[k]; ok {
					list = append(list, v)
				}
			}
			values[i] = list
		}
		return values, nil
	})
}

func groupsByIDs(ctx context.Context, l level, ids []id.ID) (map[id.ID]*workshop.Group, error) {
	return workshop.GroupsByIDs(ctx, l.q, l.viewer, ids)
}

func workshopsByIDs(ctx context.Context, l level, ids []id.ID) (map[id.ID]*workshop.Workshop, error) {
	return byID(workshop.ByIDs(ctx, l.q, l.viewer, ids))
}

func consultationsByIDs(ctx context.Context, l level, ids []id.ID) (map[id.ID]*workshop.Consultation, error) {
	return byID(workshop.ConsultationsByIDs(ctx, l.q, l.viewer, ids))
}
