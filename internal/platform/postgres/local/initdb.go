package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// initdb makes the data folder. It works in a workshop beside it and moves the
// result at the end: a killed initdb leaves nothing that looks whole, and one
// that outlives its hub does not write into the next attempt.
//
// Collation is C: bytes, the same on every machine and untouched by upgrades of
// the C library, which silently break indexes; titles are sorted by ICU where
// it matters. The character type is UTF-8, or words with accents would be cut.
func (f folder) initdb(ctx context.Context, b binaries, p passwords, volatile bool) (err error) {
	shop, err := f.workshop()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(shop)) }()
	fresh := filepath.Join(shop, "data")
	pwfile, err := f.passwordFile(shop, p[Admin])
	if err != nil {
		return err
	}
	args := []string{
		"-D", fresh, "-U", string(Admin), "--pwfile", pwfile, "--auth", "scram-sha-256",
		"--encoding", "UTF8", "--locale", "C", "--lc-ctype", "C.UTF-8",
		"--data-checksums", "--no-instructions",
	}
	if volatile {
		args = append(args, "--no-sync")
	}
	if out, err := f.account.command(ctx, b.initdb(), args...).CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	if err := os.Rename(fresh, f.data()); err != nil {
		return err
	}
	return syncFolder(f.dir)
}

// workshop makes an empty folder for initdb and clears away older ones.
func (f folder) workshop() (string, error) {
	const prefix = "initdb-"
	old, err := os.ReadDir(f.dir)
	if err != nil {
		return "", err
	}
	for _, entry := range old {
		if strings.HasPrefix(entry.Name(), prefix) {
			_ = os.RemoveAll(filepath.Join(f.dir, entry.Name())) // fails while an orphan still writes; in nobody's way
		}
	}
	dir, err := os.MkdirTemp(f.dir, prefix)
	if err != nil {
		return "", err
	}
	return dir, f.account.give(dir)
}

// passwordFile writes the superuser's password where initdb can read it; a pipe
// will not do, another user may not reopen ours.
func (f folder) passwordFile(dir, password string) (string, error) {
	path := filepath.Join(dir, "password")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	_, err = file.WriteString(password + "\n")
	return path, errors.Join(err, file.Close(), f.account.give(path))
}
