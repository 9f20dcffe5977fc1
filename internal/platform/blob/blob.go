// Package blob keeps files: in PostgreSQL, in a folder, or in object storage that
// speaks S3. Which of them is a setting; nothing above knows.
//
// A file is written once under a name of ours and never changed. Names are
// letters and digits: nothing that people typed becomes part of a path. Who may
// read a file is decided above.
package blob

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"regexp"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Store keeps files. Its methods may be called at the same time.
type Store interface {
	// Put keeps size bytes of r under a name that nothing has yet. A Put that
	// fails leaves nothing that Open would find.
	Put(ctx context.Context, name string, r io.Reader, size int64) error
	// Open reads a file; fault.ErrNotFound when there is none. Close it.
	Open(ctx context.Context, name string) (io.ReadCloser, error)
	// Delete removes a file; one that is not there is no error.
	Delete(ctx context.Context, name string) error
}

// New makes the store that a setting names: empty for PostgreSQL,
// folder:///var/lib/teixit/files, or s3://key:secret@host:port/bucket with
// ?region= and ?tls=off. The fault tells what is wrong with the setting and
// never repeats the secret.
func New(db *postgres.DB, setting string) (Store, error) {
	if setting == "" {
		return NewDatabase(db), nil
	}
	u, err := url.Parse(setting)
	if err != nil {
		return nil, fmt.Errorf("blob: the setting is no address")
	}
	switch u.Scheme {
	case "folder":
		return NewFolder(u.Path)
	case "s3":
		return newS3(u)
	}
	return nil, fmt.Errorf("blob: %q is neither a folder nor S3", u.Scheme)
}

var plainName = regexp.MustCompile(`^[0-9a-z-]{1,80}$`)

func checkName(name string) error {
	if !plainName.MatchString(name) {
		return fault.ErrInternal.New().Because(fmt.Errorf("blob: %q is no name of a file", name))
	}
	return nil
}

// short is what a file that ends too early, or goes on too long, is refused
// with.
func short(name string, got, want int64) error {
	return fmt.Errorf("blob: %s has %d bytes and should have %d", name, got, want)
}
