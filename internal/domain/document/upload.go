package document

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// RequestUpload makes a place for a file, for an hour. Who may: who takes part in
// what it will belong to.
func (s *Service) RequestUpload(ctx context.Context, v *access.Viewer, spec Spec, fileName string, size int64, key string) (*Upload, error) {
	spec = spec.clean()
	call := command.Call{DB: s.db, Viewer: v, Key: key, Mutation: "documentUploadCreate", Input: []any{spec, fileName, size}}
	return command.One(ctx, call, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		if _, err := addable(ctx, tx.Native(), v, spec); err != nil {
			return id.Zero, err
		}
		f := form.Findings{Faults: spec.check()}
		if _, err := checkName(fileName); err != nil {
			f.Faults = append(f.Faults, fault.From(err))
		}
		if size < 1 || size > s.maxSize {
			f.Faults = append(f.Faults, ErrFileSize.At("size").With("max", s.maxSize>>20))
		}
		if err := f.Err(); err != nil {
			return id.Zero, err
		}
		made := id.New()
		_, err := tx.Native().Exec(ctx, `
			insert into document_uploads (id, root, document, level, title, note, file_name, size, person, on_behalf_of, expires_at)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + interval '1 hour')`,
			made, spec.Root, orNone(spec.Document), spec.Level, spec.Title, spec.Note, fileName, size, v.Person, v.For)
		return made, wrap("make a place for a file", err)
	}, func(ctx context.Context, q postgres.Querier, upload id.ID) (*Upload, error) {
		u, err := openUpload(ctx, q, v, upload)
		if err != nil {
			return nil, err
		}
		return &u.Upload, nil
	})
}

// none stands in the column that may not be empty for a document to be made.
var none = id.Named("a document that is not there yet")

func orNone(document id.ID) id.ID {
	if document.IsZero() {
		return none
	}
	return document
}

// place is an upload with what its file will be.
type place struct {
	Upload
	spec     Spec
	fileName string
}

// openUpload finds the viewer's own place that still waits for its file. Every
// other one is ErrUploadEnded, the same for all reasons.
func openUpload(ctx context.Context, q postgres.Querier, v *access.Viewer, upload id.ID) (*place, error) {
	u := &place{Upload: Upload{ID: upload}}
	var title, note lang.Text
	err := q.QueryRow(ctx, `
		select root, document, level, title, note, file_name, size, expires_at from document_uploads
		where id = $1 and person = $2 and done_at is null and expires_at > now()`, upload, v.Person).
		Scan(&u.Root, &u.spec.Document, &u.spec.Level, &title, &note, &u.fileName, &u.Size, &u.ExpiresAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrUploadEnded.New()
	}
	if err != nil {
		return nil, wrap("find a place for a file", err)
	}
	u.spec.Root, u.spec.Title, u.spec.Note = u.Root, title, note
	if u.spec.Document == none {
		u.spec.Document = id.Zero
	}
	return u, nil
}

// sniffed is how much of a file is looked at to know what it is.
const sniffed = 3072

// Fill takes the bytes of a file into its place, and makes the document of it.
// The right to add it is asked for again; a file that is not what was said is
// refused and leaves nothing.
func (s *Service) Fill(ctx context.Context, v *access.Viewer, upload id.ID, body io.Reader) (*Document, error) {
	if !v.SignedIn() {
		return nil, fault.ErrUnauthenticated.New()
	}
	u, err := openUpload(ctx, s.db.Read(), v, upload)
	if err != nil {
		return nil, err
	}
	if _, err := addable(ctx, s.db.Read(), v, u.spec); err != nil {
		return nil, err // before a byte is kept
	}
	k, err := checkName(u.fileName)
	if err != nil {
		return nil, err
	}
	content := &inspected{r: body, sum: sha256.New(), size: u.Size}
	if err := content.look(k); err != nil {
		return nil, err
	}
	name := id.New().String()
	if err := s.blobs.Put(ctx, name, content, u.Size); err != nil {
		if content.wrong() {
			err = ErrFileSize.New().With("max", s.maxSize>>20).Because(err)
		}
		return nil, errors.Join(err, s.discard(ctx, name))
	}
	made, err := s.keep(ctx, v, u, Version{blob: name, FileName: u.fileName, MediaType: k.media, Size: u.Size}, content.sum.Sum(nil))
	if err != nil {
		return nil, errors.Join(err, s.discard(ctx, name))
	}
	return made, nil
}

// keep makes the document of a file that is there, once.
func (s *Service) keep(ctx context.Context, v *access.Viewer, u *place, version Version, sum []byte) (made *Document, err error) {
	err = s.db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		tag, err := tx.Native().Exec(ctx, `update document_uploads set done_at = now() where id = $1 and done_at is null`, u.ID)
		if err != nil {
			return wrap("fill a place", err)
		}
		if tag.RowsAffected() == 0 {
			return ErrUploadEnded.New()
		}
		document, err := add(ctx, tx, v, u.spec, version, sum)
		if err != nil {
			return err
		}
		made, err = documentReader(v)(ctx, tx.Native(), document)
		return err
	})
	return made, err
}

// discard removes bytes that no document has, also when who sent them is gone.
func (s *Service) discard(ctx context.Context, name string) error {
	return s.blobs.Delete(context.WithoutCancel(ctx), name)
}

// inspected is a file on its way: it is hashed, and its beginning looked at.
type inspected struct {
	r    io.Reader
	head []byte
	sum  hash.Hash
	size int64
	read int64
	err  error
}

// look reads the beginning and compares it with the type that the name says.
func (i *inspected) look(k kind) error {
	head := make([]byte, sniffed)
	n, err := io.ReadFull(i.r, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read a file: %w", err)
	}
	i.head = head[:n]
	if !k.is(i.head) {
		return ErrNotAsNamed.New()
	}
	i.r = io.MultiReader(bytes.NewReader(i.head), i.r)
	return nil
}

// Read implements io.Reader.
func (i *inspected) Read(p []byte) (int, error) {
	n, err := i.r.Read(p)
	i.sum.Write(p[:n])
	i.read += int64(n)
	if err != nil {
		i.err = err
	}
	return n, err
}

// wrong tells that the file came whole and had another size than was said.
func (i *inspected) wrong() bool {
	return i.read > i.size || errors.Is(i.err, io.EOF) && i.read != i.size
}
