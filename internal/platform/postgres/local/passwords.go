package local

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// passwords maps the roles to what they sign in with.
type passwords map[Role]string

// loadPasswords reads the folder's passwords, or makes them when the folder has
// no data yet. With data but without passwords nobody can sign in: that is an
// error, never a reason to make new ones.
func (f folder) loadPasswords(haveData bool) (passwords, error) {
	text, err := os.ReadFile(f.passwords())
	if errors.Is(err, fs.ErrNotExist) && !haveData {
		return f.makePasswords()
	}
	if err != nil {
		return nil, fmt.Errorf("the passwords of the database roles: %w", err)
	}
	var p passwords
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, fmt.Errorf("%s: %w", f.passwords(), err)
	}
	for _, role := range []Role{Admin, Owner, App} {
		if p[role] == "" {
			return nil, fmt.Errorf("%s: no password for %s", f.passwords(), role)
		}
	}
	return p, nil
}

// makePasswords writes the file whole and to the disk before initdb runs: a
// data folder must never outlive its passwords.
func (f folder) makePasswords() (passwords, error) {
	p := passwords{Admin: rand.Text(), Owner: rand.Text(), App: rand.Text()}
	text, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return nil, err
	}
	if err := writeFile(f.passwords(), text); err != nil {
		return nil, err
	}
	return p, syncFolder(f.dir)
}

// writeFile replaces a private file in one step.
func writeFile(path string, text []byte) error {
	next := path + ".new"
	file, err := os.OpenFile(next, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(next, path)
}

// syncFolder makes new names in a folder survive a power cut.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
