package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// Folder keeps files in a folder, which all instances share.
type Folder struct{ root *os.Root }

// NewFolder makes the store in a folder, which is made when it is not there. The
// store never leaves it, also not by links.
func NewFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return &Folder{root}, nil
}

// Put implements Store: written beside, then moved to its name, so that nobody
// ever finds half a file, also after a crash.
func (f *Folder) Put(_ context.Context, name string, r io.Reader, size int64) (err error) {
	if err := checkName(name); err != nil {
		return err
	}
	if _, err := f.root.Stat(name); err == nil {
		return fmt.Errorf("blob: %s is there already", name)
	}
	part := name + ".part"
	file, err := f.root.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("blob: write %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			_ = f.root.Remove(part)
		}
	}()
	n, err := io.Copy(file, io.LimitReader(r, size+1))
	if err == nil && n != size {
		err = short(name, n, size)
	}
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("blob: write %s: %w", name, err)
	}
	if err := f.root.Rename(part, name); err != nil {
		return fmt.Errorf("blob: write %s: %w", name, err)
	}
	return nil
}

// Open implements Store.
func (f *Folder) Open(_ context.Context, name string) (io.ReadCloser, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	file, err := f.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.ErrNotFound.New()
	}
	if err != nil {
		return nil, fmt.Errorf("blob: open %s: %w", name, err)
	}
	return file, nil
}

// Delete implements Store.
func (f *Folder) Delete(_ context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("blob: delete %s: %w", name, err)
	}
	return nil
}
