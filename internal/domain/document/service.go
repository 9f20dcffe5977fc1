package document

import (
	"context"
	"fmt"
	"slices"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/blob"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Service runs the commands on documents. They take an idempotency key, as
// everywhere.
type Service struct {
	db      *postgres.DB
	blobs   blob.Store
	maxSize int64
}

// New makes the service; files have at most maxSize bytes.
func New(db *postgres.DB, blobs blob.Store, maxSize int64) *Service {
	return &Service{db: db, blobs: blobs, maxSize: maxSize}
}

// maxDocuments bounds what belongs to one thing.
const maxDocuments = 500

// Spec is what a document, or a version of one, is said to be.
type Spec struct {
	Root     id.ID
	Document id.ID        // Zero: a new one
	Level    access.Level // of a new one
	Title    lang.Text    // needed for a new one; 200
	Note     lang.Text    // what is new; 500
}

func (s Spec) clean() Spec {
	s.Title, s.Note = form.Trim(s.Title), form.Trim(s.Note)
	return s
}

func (s Spec) check() fault.List {
	var f form.Findings
	if s.Document.IsZero() {
		f.Title(s.Title, "title")
		f.Number(int(s.Level), int(access.Public), int(access.Organisers), "level")
	}
	f.Text(s.Note, 500, "note")
	return f.Faults
}

// thing is what documents belong to, as who takes part in it sees it.
type thing struct {
	id.ID
	Home       id.ID
	Visibility access.Level
	level      access.Level // of the viewer
}

// root finds the thing of a spec for who takes part in it.
func root(ctx context.Context, q postgres.Querier, v *access.Viewer, root id.ID) (thing, error) {
	nodes, err := node.ByIDs(ctx, q, v, []id.ID{root})
	if err != nil {
		return thing{}, err
	}
	if len(nodes) == 0 || !slices.Contains(Roots(), nodes[0].Kind) {
		return thing{}, fault.ErrNotFound.At("about")
	}
	n := nodes[0]
	return thing{n.ID, n.Home, n.Visibility, v.On(n.Subject())}, access.At(access.MayTakePart(v, n.Subject()), "about")
}

// addable checks that the viewer may add what the spec says.
func addable(ctx context.Context, q postgres.Querier, v *access.Viewer, s Spec) (thing, error) {
	t, err := root(ctx, q, v, s.Root)
	if err != nil {
		return t, err
	}
	if s.Level > t.level {
		return t, fault.ErrDenied.At("level") // nobody hides something from themselves
	}
	if s.Document.IsZero() {
		var n int
		if err := q.QueryRow(ctx, `select count(*) from documents where root = $1 and withdrawn_at is null`, s.Root).Scan(&n); err != nil {
			return t, fmt.Errorf("count documents: %w", err)
		}
		if n >= maxDocuments {
			return t, ErrTooManyDocuments.New().With("max", maxDocuments)
		}
		return t, nil
	}
	found, err := ByIDs(ctx, q, v, []id.ID{s.Document})
	if err == nil && (len(found) == 0 || found[0].Root != s.Root) {
		err = fault.ErrNotFound.At("replaces")
	}
	return t, err
}

// AddLink adds a link as a document, or as a new version of one.
func (s *Service) AddLink(ctx context.Context, v *access.Viewer, spec Spec, url, key string) (*Document, error) {
	spec = spec.clean()
	call := command.Call{DB: s.db, Viewer: v, Key: key, Mutation: "documentLinkAdd", Input: []any{spec, url}}
	return command.One(ctx, call, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		f := form.Findings{Faults: spec.check()}
		if url == "" {
			f.Add(fault.ErrRequired, "url")
		}
		f.URL(url, "url")
		if _, err := addable(ctx, tx.Native(), v, spec); err != nil {
			return id.Zero, err
		}
		if err := f.Err(); err != nil {
			return id.Zero, err
		}
		return add(ctx, tx, v, spec, Version{URL: url}, nil)
	}, documentReader(v))
}

func documentReader(v *access.Viewer) func(context.Context, postgres.Querier, id.ID) (*Document, error) {
	return command.Found(v, ByIDs)
}

// add stores a version under the lock of what it belongs to, and announces it.
func add(ctx context.Context, tx *postgres.Tx, v *access.Viewer, spec Spec, version Version, sum []byte) (id.ID, error) {
	if err := journal.Lock(ctx, tx, spec.Root); err != nil {
		return id.Zero, err
	}
	t, err := addable(ctx, tx.Native(), v, spec)
	if err != nil {
		return id.Zero, err
	}
	kind := FactVersionAdded
	level := spec.Level
	if spec.Document.IsZero() {
		kind, spec.Document = FactAdded, id.New()
		_, err = tx.Native().Exec(ctx, `insert into documents (id, root, level, title, created_by) values ($1, $2, $3, $4, $5)`,
			spec.Document, spec.Root, spec.Level, spec.Title, v.Person)
	} else {
		err = tx.Native().QueryRow(ctx, `
			update documents set title = case when $2::jsonb = '{}' then title else $2 end where id = $1 returning level`,
			spec.Document, spec.Title).Scan(&level)
	}
	if err != nil {
		return id.Zero, wrap("store document", err)
	}
	err = tx.Native().QueryRow(ctx, `
		insert into document_versions (document, version, note, blob, file_name, media_type, size, sha256, url, added_by)
		values ($1, (select count(*) + 1 from document_versions where document = $1), $2,
		  nullif($3, ''), nullif($4, ''), nullif($5, ''), nullif($6::bigint, 0), $7, nullif($8, ''), $9) returning version`,
		spec.Document, spec.Note, version.blob, version.FileName, version.MediaType, version.Size, sum, version.URL, v.Person).Scan(&version.Number)
	if err != nil {
		return id.Zero, wrap("store version", err)
	}
	return spec.Document, journal.Append(ctx, tx, spec.Root, v, journal.Fact{
		Kind: kind, Level: max(t.Visibility, level), Data: Fact{Document: spec.Document, Version: version.Number}, About: []id.ID{t.Home},
	})
}

// Withdraw takes a document back with all its versions. Who may: who added it,
// and the organisers of what it belongs to. Its bytes stay until they are purged.
func (s *Service) Withdraw(ctx context.Context, v *access.Viewer, of, document id.ID, key string) error {
	call := command.Call{DB: s.db, Viewer: v, Key: key, Mutation: "documentWithdraw", Input: document}
	return call.Run(ctx, func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		return nil, withdraw(ctx, tx, v, of, document)
	}, func(context.Context, *postgres.Tx, []id.ID) error { return nil })
}

func withdraw(ctx context.Context, tx *postgres.Tx, v *access.Viewer, of, document id.ID) error {
	if _, err := documentReader(v)(ctx, tx.Native(), document); err != nil {
		return err
	}
	if err := journal.Lock(ctx, tx, of); err != nil {
		return err
	}
	d, err := documentReader(v)(ctx, tx.Native(), document)
	if err != nil {
		return err
	}
	nodes, err := node.ByIDs(ctx, tx.Native(), v, []id.ID{of})
	switch {
	case err != nil:
		return err
	case len(nodes) == 0 || d.Root != of:
		return fault.ErrNotFound.At("id")
	}
	if may := access.MayOrganise(v, nodes[0].Subject()); may != nil && d.CreatedBy != v.Person {
		return access.At(may, "id")
	}
	if _, err := tx.Native().Exec(ctx, `update documents set withdrawn_at = now() where id = $1`, document); err != nil {
		return wrap("withdraw document", err)
	}
	return journal.Append(ctx, tx, of, v, journal.Fact{
		Kind: FactWithdrawn, Level: max(nodes[0].Visibility, d.Level), Data: Fact{Document: document}, About: []id.ID{nodes[0].Home},
	})
}

// CollectionInput is what a collection is made from.
type CollectionInput struct {
	Home        id.ID
	Title       lang.Text
	Description lang.Text // 20,000
	Visibility  access.Level
	About       []id.ID
}

// CreateCollection makes a collection. Who may: who answers for its home.
func (s *Service) CreateCollection(ctx context.Context, v *access.Viewer, in CollectionInput, key string) (*Collection, error) {
	in.Title, in.Description = form.Trim(in.Title), form.Trim(in.Description)
	call := command.Call{DB: s.db, Viewer: v, Key: key, Mutation: "documentCollectionCreate", Input: in}
	return command.One(ctx, call, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		about := relation.List{Name: "about", Edge: node.About, Kinds: relation.Themes(), Max: 50, IDs: in.About}
		var f form.Findings
		f.Title(in.Title, "title")
		f.Text(in.Description, 20_000, "description")
		if err := relation.MayBegin(ctx, tx.Native(), v, in.Home, "organization", []relation.List{about}, f.Faults); err != nil {
			return id.Zero, err
		}
		made := id.New()
		return made, createCollection(ctx, tx, v, made, in, about)
	}, func(ctx context.Context, q postgres.Querier, made id.ID) (*Collection, error) {
		found, err := CollectionsByIDs(ctx, q, v, []id.ID{made})
		if err != nil || len(found) == 0 {
			return nil, err
		}
		return found[0], nil
	})
}

func createCollection(ctx context.Context, tx *postgres.Tx, v *access.Viewer, collection id.ID, in CollectionInput, about relation.List) error {
	n := node.Node{ID: collection, Kind: node.DocumentCollection, Title: in.Title, Home: in.Home, Visibility: in.Visibility}
	if err := node.Register(ctx, tx, n); err != nil {
		return err
	}
	if err := journal.Lock(ctx, tx, collection); err != nil {
		return err
	}
	_, err := tx.Native().Exec(ctx, `insert into document_collections (node, description, created_by) values ($1, $2, $3)`, collection, in.Description, v.Person)
	if err != nil {
		return wrap("insert collection", err)
	}
	if err := relation.Connect(ctx, tx, collection, v.Person, []relation.List{about}); err != nil {
		return err
	}
	return journal.Append(ctx, tx, collection, v, journal.Fact{
		Kind: FactCollectionCreated, Level: in.Visibility, Data: Fact{}, About: append([]id.ID{in.Home}, in.About...),
	})
}

func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return postgres.Translate(fmt.Errorf("%s: %w", doing, err), nil)
}
