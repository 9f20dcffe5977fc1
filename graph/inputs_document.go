package graph

import (
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/document"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

func documentSpec(about string, replaces *string, title lang.Text, level *access.Level, note lang.Text) (out document.Spec, err error) {
	var in input
	out = document.Spec{
		Root: in.node(about, "about", document.Roots()...), Title: title, Note: note, Level: access.Members,
	}
	if level != nil {
		out.Level = *level
	}
	if replaces != nil {
		root, old := in.part(document.ID, *replaces, "replaces")
		if root != out.Root {
			in.missing("replaces")
		}
		out.Document, out.Level = old, access.Public // the document's own counts
	}
	return out, in.err()
}

func collectionCreate(from model.DocumentCollectionCreateInput) (out document.CollectionInput, err error) {
	var in input
	out = document.CollectionInput{
		Home:  in.node(from.Organization, "organization", organizationKinds...),
		Title: *from.Title, Description: value(from.Description), Visibility: value(from.Visibility),
		About: in.nodes(from.About.Value(), "about", themeKinds...),
	}
	return out, in.err()
}
