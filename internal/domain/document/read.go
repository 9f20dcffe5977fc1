package document

import (
	"context"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/listing"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

const columns = `d.id, d.root, d.level, d.title, d.created_by, v.version, v.note, coalesce(v.file_name, ''), coalesce(v.media_type, ''),
	coalesce(v.size, 0), coalesce(v.url, ''), v.checked_at, v.status, v.added_at, coalesce(v.blob, '')`

// readable are the documents that the viewer of $2 … may read: what they belong
// to is visible, and seen at the document's level.
var readable = access.VisibleSQL("n", 2) + ` and d.withdrawn_at is null and ` + access.LevelSQL("n", 2) + ` >= d.level`

// newest joins the newest version.
const newest = `cross join lateral (select * from document_versions x where x.document = d.id order by x.version desc limit 1) v`

func scan(row pgx.CollectableRow) (*Document, error) {
	d := &Document{}
	err := row.Scan(&d.ID, &d.Root, &d.Level, &d.Title, &d.CreatedBy, &d.Number, &d.Note, &d.FileName, &d.MediaType,
		&d.Size, &d.URL, &d.CheckedAt, &d.Status, &d.AddedAt, &d.blob)
	d.place()
	return d, err
}

func read(ctx context.Context, q postgres.Querier, sql string, args ...any) ([]*Document, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	list, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	return list, nil
}

var byIDsSQL = `select ` + columns + ` from documents d join nodes n on n.id = d.root ` + newest + ` where d.id = any(` + postgres.Keys + `) and ` + readable

// ByIDs reads those of the documents that the viewer may read, in their newest
// version.
func ByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Document, error) {
	return read(ctx, q, byIDsSQL, append([]any{ids}, v.SQLArgs()...)...)
}

var ofSQL = `select ` + columns + ` from documents d join nodes n on n.id = d.root ` + newest + `
	where d.root = any(` + postgres.Keys + `) and ` + readable + ` order by d.root, d.created_at, d.id`

// Of reads the documents that belong to the things, as far as the viewer may
// read them, in the order in which they were added. A thing has at most 500.
func Of(ctx context.Context, q postgres.Querier, v *access.Viewer, roots []id.ID) (map[id.ID][]*Document, error) {
	list, err := read(ctx, q, ofSQL, append([]any{roots}, v.SQLArgs()...)...)
	out := map[id.ID][]*Document{}
	for _, d := range list {
		out[d.Root] = append(out[d.Root], d)
	}
	return out, err
}

var versionsSQL = `select ` + columns + ` from documents d join nodes n on n.id = d.root join document_versions v on v.document = d.id
	where d.id = any(` + postgres.Keys + `) and ` + readable + ` order by d.id, v.version desc`

// VersionsOf reads all versions of the documents, newest first.
func VersionsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, documents []id.ID) (map[id.ID][]*Document, error) {
	list, err := read(ctx, q, versionsSQL, append([]any{documents}, v.SQLArgs()...)...)
	out := map[id.ID][]*Document{}
	for _, d := range list {
		out[d.ID] = append(out[d.ID], d)
	}
	return out, err
}

// Open opens the file of a version for a viewer who may read it now. Whatever
// else it is (a link, withdrawn, not theirs to see, nothing) is NOT_FOUND. Close
// what it gives.
func (s *Service) Open(ctx context.Context, v *access.Viewer, root, document id.ID, version int) (*Document, io.ReadCloser, error) {
	found, err := VersionsOf(ctx, s.db.Read(), v, []id.ID{document})
	if err != nil {
		return nil, nil, err
	}
	for _, d := range found[document] {
		if d.Number == version && d.Root == root && d.blob != "" {
			content, err := s.blobs.Open(ctx, d.blob)
			return d, content, err
		}
	}
	return nil, nil, fault.ErrNotFound.New()
}

var collectionsSQL = `
select ` + node.Columns("n") + `, ` + access.LevelSQL("n", 2) + `, c.description
from unnest(` + postgres.Keys + `) with ordinality as p(id, place) join nodes n on n.id = p.id join document_collections c on c.node = n.id
where ` + access.VisibleSQL("n", 2) + ` order by p.place`

func scanCollection(row pgx.CollectableRow) (*Collection, error) {
	c := &Collection{}
	return c, row.Scan(append(c.ScanTargets(), &c.ViewerLevel, &c.Description)...)
}

// CollectionsByIDs reads those of the collections that the viewer can see.
func CollectionsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Collection, error) {
	rows, err := q.Query(ctx, collectionsSQL, append([]any{ids}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read collections: %w", err)
	}
	list, err := pgx.CollectRows(rows, scanCollection)
	if err != nil {
		return nil, fmt.Errorf("read collections: %w", err)
	}
	return list, nil
}

var collectionListSQL = `
select l.* from (
  select ` + node.Columns("n") + `, ` + access.LevelSQL("n", 4) + `, c.description, count(*) over ()
  from nodes n join document_collections c on c.node = n.id where ` + access.VisibleSQL("n", 4) + `) l
where $2::text is null or (l.title_ca, l.id) > ($2::text collate ca, $3::uuid)
order by l.title_ca, l.id limit $1`

// ListCollections reads one page of the collections that the viewer can see, by
// title.
func ListCollections(ctx context.Context, q postgres.Querier, v *access.Viewer, args page.Args) (*page.Connection[*Collection], error) {
	title, last, err := listing.After(args.After)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, collectionListSQL, append([]any{args.Rows(), title, last}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("list collections: %w", err)
	}
	total := 0
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Collection, error) {
		c := &Collection{}
		return c, row.Scan(append(c.ScanTargets(), &c.ViewerLevel, &c.Description, &total)...)
	})
	if err != nil {
		return nil, fmt.Errorf("list collections: %w", err)
	}
	found := page.NewConnection(list, args, func(c *Collection) page.Cursor { return page.Cursor{c.Title.CA, c.ID.String()} })
	if args.Total {
		found.TotalCount = &total
	}
	return found, nil
}
