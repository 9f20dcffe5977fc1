// Package document keeps documents: files and links that belong to something (a
// project, a workshop, a strategy, an event, a collection) and are seen by who
// sees that at the document's level.
//
// A document has versions, which never change: a new one is announced and the
// old ones stay readable. A file comes in two steps: a command makes a place for
// it (what it belongs to, its title, name and size), then its bytes are sent to
// that place, once and within the hour, by who asked for it. Only then the
// document exists, in the transaction that announces it.
//
// What always holds
//   - Name, type and size are checked, the type by what the bytes are and not by
//     what they are called.
//   - A version is a file or a link.
//   - Who downloads is asked for their right at that moment: an address alone
//     gives nothing.
//   - Links are looked at now and then; a dead one is shown as dead.
//
// Who may: who takes part in the thing adds documents and versions (members and
// organisers); who added a document and the organisers withdraw it.
package document

import (
	"strconv"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

// Prefixes in public identifiers.
const (
	ID       id.Type = "doc"
	UploadID id.Type = "upl"
)

// Roots are the kinds of things that documents belong to.
func Roots() []node.Kind {
	return []node.Kind{
		node.SharedProject, node.Programme, node.Strategy, node.Workshop, node.PriorConsultation, node.Event, node.DocumentCollection,
	}
}

// Document is one document with one of its versions, mostly the newest.
type Document struct {
	link.Slots
	ID        id.ID
	Root      id.ID
	Level     access.Level // of sight on the root that sees it
	Title     lang.Text
	CreatedBy id.ID
	Version
}

// Version is one version of a document: a file, or a link.
type Version struct {
	Number    int
	Note      lang.Text
	FileName  string // empty for a link
	MediaType string
	Size      int64
	URL       string // empty for a file
	CheckedAt *time.Time
	Status    *int // of a link, when it was last looked at; 0: no answer
	AddedAt   time.Time

	blob string
	path string
}

// GlobalID is its public identifier, the same for all versions.
func (d *Document) GlobalID() string { return ID.GlobalPart(d.Root, d.ID) }

// place gives the version the address of its file.
func (d *Document) place() {
	if d.URL == "" {
		d.path = Path + d.GlobalID() + "/" + strconv.Itoa(d.Number)
	}
}

// Path is below what files are found; Uploads is where bytes are sent.
const (
	Path    = "/files/"
	Uploads = "/files/uploads/"
)

// Address is where the version is: below the hub's own address for a file.
func (v Version) Address() string {
	if v.URL != "" {
		return v.URL
	}
	return v.path
}

// ShownFileName is the name of the file; nil for a link.
func (v Version) ShownFileName() *string { return shown(v.FileName) }

// ShownMediaType is what kind of file it is; nil for a link.
func (v Version) ShownMediaType() *string { return shown(v.MediaType) }

// ShownSize is how many bytes the file has; nil for a link.
func (v Version) ShownSize() *int64 { return shown(v.Size) }

func shown[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}

// External tells a link.
func (v Version) External() bool { return v.URL != "" }

// Dead tells that a link did not lead anywhere when it was last looked at. Who
// has to sign in there may still find something: refusals are no death.
func (v Version) Dead() bool {
	return v.Status != nil && (*v.Status == 0 || *v.Status == 404 || *v.Status == 410 || *v.Status >= 500)
}

// Upload is a place for one file.
type Upload struct {
	ID        id.ID
	Root      id.ID
	ExpiresAt time.Time
	Size      int64
}

// GlobalID is its public identifier.
func (u *Upload) GlobalID() string { return UploadID.GlobalPart(u.Root, u.ID) }

// Address is where the bytes are sent, by PUT.
func (u *Upload) Address() string { return Uploads + u.GlobalID() }

// Collection is a node that documents belong to and nothing else.
type Collection struct {
	node.Node
	Description lang.Text
	ViewerLevel access.Level
}

// Kinds of facts about what documents belong to; their data is a Fact.
const (
	FactAdded             = "DOCUMENT_ADDED"
	FactVersionAdded      = "DOCUMENT_VERSION_ADDED"
	FactWithdrawn         = "DOCUMENT_WITHDRAWN"
	FactCollectionCreated = "COLLECTION_CREATED"
)

// Fact says which document, and which version.
type Fact struct {
	Document id.ID `json:"document,omitzero"`
	Version  int   `json:"version,omitempty"`
}
