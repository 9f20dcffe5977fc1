package graph

import (
	"context"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
)

// eventImportLinks are those of lists of participants.
func eventImportLinks() linkTable {
	return linkTable{
		"Event.participantImports":     of(importsOf),
		"ParticipantImport.problems":   by(func(i *calendar.Import) id.ID { return i.ID }, importProblemsOf),
		"ParticipantImport.askedBy":    by(func(i *calendar.Import) id.ID { return i.By }, peopleByIDs),
		"ParticipantImport.onBehalfOf": by(func(i *calendar.Import) id.ID { return i.For }, organizationsByIDs),
	}
}

func importsOf(ctx context.Context, l level, events []id.ID) (map[id.ID]*page.Connection[*calendar.Import], error) {
	args, err := l.page()
	if err != nil {
		return nil, err
	}
	return calendar.ImportsOfEvents(ctx, l.q, l.viewer, events, args)
}

func importProblemsOf(ctx context.Context, l level, imports []id.ID) (map[id.ID]*page.Connection[calendar.Problem], error) {
	args, err := l.page()
	if err != nil {
		return nil, err
	}
	return calendar.ProblemsOfImports(ctx, l.q, imports, args)
}
