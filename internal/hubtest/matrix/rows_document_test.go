package matrix_test

import (
	"context"

	"github.com/teixit/teixit/internal/domain/document"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/blob"
	"github.com/teixit/teixit/internal/platform/node"
)

func documentPart() part {
	return part{plant: plantDocument, queries: askDocument, changes: changeDocument, columns: map[string]string{
		"document_uploads.document": "what a file becomes, which is not there yet",
	}}
}

// plantDocument adds documents to things of the own town at each level, and to
// hidden ones of another; collections; and a place for a file.
func plantDocument(w *world) {
	s := document.New(w.hub.DB, blob.NewDatabase(w.hub.DB), 1<<20)
	w.collection(s, "open collection", officer, hubtest.Terrassa, access.Public, nil)
	w.collection(s, "hidden collection", otherOfficer, hubtest.Barcelona, access.Members, roles{otherOfficer})
	add := func(name, by, to string, level access.Level, readers roles) {
		p := w.plant("the document "+name, nil, places{"*": readers})
		text := lang.Text{CA: "Document " + w.book.mark(p)}
		spec := document.Spec{Root: w.node(to), Level: level, Title: text, Note: text}
		for range 2 { // versions
			made, err := s.AddLink(context.Background(), w.viewer(by), spec, "https://example.org/"+w.book.mark(p), "")
			w.ok(err)
			w.thing("document "+name, document.ID.GlobalPart(w.node(to), made.ID), made.ID, p)
			spec.Document = made.ID
		}
	}
	add("for all", officer, "open project", access.Public, everybody())
	add("for members", officer, "open project", access.Members, projectPeople())
	add("for organisers", officer, "open project", access.Organisers, projectOrganisers())
	add("of the hidden project", otherOfficer, "hidden project", access.Members, hiddenPeople())
	add("of the event", officer, "open", access.Organisers, projectOrganisers())
	add("of the draft", officer, "draft", access.Public, roles{officer})
	add("of the hidden workshop", otherOfficer, "hidden workshop", access.Public, hiddenPeople())
	add("of the hidden collection", otherOfficer, "hidden collection", access.Public, roles{otherOfficer})
	add("of the collection", officer, "open collection", access.Organisers, roles{officer})

	p := w.plant("a file that is to come", nil, places{"*": {officer}})
	text := lang.Text{CA: "Fitxer " + w.book.mark(p)}
	upload, err := s.RequestUpload(context.Background(), w.viewer(officer), document.Spec{Root: w.node("open project"), Title: text, Note: text}, w.book.mark(p)+".pdf", 10, "")
	w.ok(err)
	w.book.object(p, upload.ID)
}

func (w *world) collection(s *document.Service, name, by string, home id.ID, level access.Level, readers roles) {
	w.Helper()
	text := lang.Text{CA: "Recull obert inventat"}
	var p *planted
	if readers != nil {
		p = w.plant("the "+name, nil, places{"*": readers})
		text.CA = "Recull " + w.book.mark(p)
	}
	made, err := s.CreateCollection(context.Background(), w.viewer(by), document.CollectionInput{
		Home: home, Title: text, Description: text, Visibility: level, About: []id.ID{w.node("field")},
	}, "")
	w.ok(err)
	w.nodes[name] = made.ID
	w.thing(name, node.DocumentCollection.Global(made.ID), made.ID, p)
}

func askDocument(w *world) map[string][]ask {
	of := func(name string, seen roles, deep bool) ask {
		return ask{args: in{"id": w.global("document " + name)}, seen: seen, deep: deep}
	}
	return map[string][]ask{
		"document": {
			of("for all", everybody(), true), of("for members", projectPeople(), false), of("for organisers", projectOrganisers(), false),
			of("of the hidden project", hiddenPeople(), false), of("of the event", projectOrganisers(), false), of("of the draft", roles{officer}, false),
			of("of the hidden workshop", hiddenPeople(), false), of("of the hidden collection", roles{otherOfficer}, false),
			of("of the collection", roles{officer}, false),
		},
		"documentCollections": {{args: in{}, seen: everybody(), deep: true}},
	}
}

func changeDocument(w *world) map[string]change {
	text, notSeen := in{"ca": "Qualsevol"}, []string{"DENIED", "NOT_FOUND"}
	members := but(projectPeople(), program)
	row := func(input func(of string) in, may roles) change {
		return change{input: input("open project"), hidden: []in{input("hidden project")}, may: may, refused: notSeen}
	}
	return map[string]change{
		"documentUploadCreate": row(func(of string) in {
			return in{"about": w.global(of), "title": text, "fileName": "x.pdf", "size": 10}
		}, members),
		"documentLinkAdd": row(func(of string) in {
			return in{"about": w.global(of), "title": text, "url": "https://example.org"}
		}, members),
		"documentWithdraw": {
			input:  in{"id": w.global("document for all")},
			hidden: []in{{"id": w.global("document for organisers")}, {"id": w.global("document of the hidden project")}},
			may:    projectOrganisers(), by: roles{officer}, late: true,
		},
		"documentCollectionCreate": {input: in{"organization": w.global("terrassa"), "title": text}, may: roles{officer}},
	}
}
