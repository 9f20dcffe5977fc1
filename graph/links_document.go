package graph

import (
	"github.com/teixit/teixit/internal/domain/document"
	"github.com/teixit/teixit/internal/kernel/id"
)

func documentLinks() linkTable {
	documents := of(parts(document.Of))
	return linkTable{
		"SharedProject.documents":         documents,
		"Programme.documents":             documents,
		"Strategy.documents":              documents,
		"Workshop.documents":              documents,
		"PriorConsultation.documents":     documents,
		"Event.files":                     documents,
		"DocumentCollection.documents":    documents,
		"DocumentCollection.about":        of(aboutOf),
		"DocumentCollection.organization": by(func(c *document.Collection) id.ID { return c.Home }, organizationsByIDs),
		"Document.versions":               by(func(d *document.Document) id.ID { return d.ID }, parts(document.VersionsOf)),
	}
}
