package blob

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// chunk is how much of a file one row holds: a transaction with one of them
// lasts milliseconds, however long the file is.
const chunk = 256 << 10

// Database keeps files in rows of PostgreSQL, for hubs that have nothing else.
// They are in its backups.
type Database struct{ db *postgres.DB }

// NewDatabase makes the store on a migrated database.
func NewDatabase(db *postgres.DB) *Database { return &Database{db} }

// Put implements Store. The last row, of no bytes, is the end: without it a file
// that was broken off is none.
func (d *Database) Put(ctx context.Context, name string, r io.Reader, size int64) error {
	if err := checkName(name); err != nil {
		return err
	}
	var written int64
	buffer := make([]byte, chunk)
	for n := 0; ; n++ {
		read, err := io.ReadFull(r, buffer)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("blob: read %s: %w", name, err)
		}
		written += int64(read)
		if written > size || read == 0 && written < size {
			return short(name, written, size)
		}
		if err := d.add(ctx, name, n, buffer[:read]); err != nil || read == 0 {
			return err
		}
	}
}

func (d *Database) add(ctx context.Context, name string, n int, bytes []byte) error {
	return d.db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `insert into blob_chunks (blob, n, bytes) values ($1, $2, $3)`, name, n, bytes)
		if err != nil {
			return fmt.Errorf("blob: write %s: %w", name, err)
		}
		return nil
	})
}

// Open implements Store.
func (d *Database) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	var whole bool
	err := d.db.Read().QueryRow(ctx, `select exists (select from blob_chunks where blob = $1 and length(bytes) = 0)`, name).Scan(&whole)
	if err != nil {
		return nil, postgres.Translate(fmt.Errorf("blob: open %s: %w", name, err), nil)
	}
	if !whole {
		return nil, fault.ErrNotFound.New()
	}
	return &chunks{ctx: ctx, db: d.db, name: name}, nil
}

// Delete implements Store.
func (d *Database) Delete(ctx context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	return d.db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `delete from blob_chunks where blob = $1`, name)
		if err != nil {
			return fmt.Errorf("blob: delete %s: %w", name, err)
		}
		return nil
	})
}

// chunks reads a file row by row, and holds no connection in between: a slow
// reader holds up nobody.
type chunks struct {
	ctx  context.Context
	db   *postgres.DB
	name string
	n    int
	left []byte
	done bool
}

// Read implements io.Reader.
func (c *chunks) Read(p []byte) (int, error) {
	for len(c.left) == 0 {
		if c.done {
			return 0, io.EOF
		}
		err := c.db.Read().QueryRow(c.ctx, `select bytes from blob_chunks where blob = $1 and n = $2`, c.name, c.n).Scan(&c.left)
		if errors.Is(err, pgx.ErrNoRows) {
			return 0, io.ErrUnexpectedEOF // it was deleted meanwhile
		}
		if err != nil {
			return 0, fmt.Errorf("blob: read %s: %w", c.name, err)
		}
		c.n++
		c.done = len(c.left) == 0
	}
	n := copy(p, c.left)
	c.left = c.left[n:]
	return n, nil
}

// Close implements io.Closer.
func (c *chunks) Close() error { return nil }
