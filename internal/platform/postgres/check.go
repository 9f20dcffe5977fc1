package postgres

import (
	"context"
	"errors"
	"fmt"
)

// Check refuses a server on which the hub's promises would not hold: fsync or
// synchronous_commit off, or a role that ignores row-level security
// (a superuser, BYPASSRLS, the tables' owner).
// private says that the server is the hub's own test server, for which only the
// role is checked.
func (db *DB) Check(ctx context.Context, private bool) error {
	var fsync, commit string
	var super, bypass, guarded bool
	err := db.read.QueryRow(ctx, `
		select current_setting('fsync'), current_setting('synchronous_commit'), rolsuper, rolbypassrls,
		  row_security_active('person_names')
		from pg_roles where rolname = current_user`).Scan(&fsync, &commit, &super, &bypass, &guarded)
	if err != nil {
		return Translate(fmt.Errorf("ask the server for its settings: %w", err), nil)
	}
	if super || bypass {
		return errors.New("the hub's database role must be neither superuser nor BYPASSRLS: " +
			"such a role ignores row-level security; give DATABASE_URL an ordinary role")
	}
	if !guarded {
		return errors.New("the hub's database role owns the tables: for their owner there is no row-level " +
			"security; give DATABASE_URL a role of its own and DATABASE_OWNER_URL the owner's")
	}
	if !private && (fsync != "on" || commit == "off") {
		return fmt.Errorf("the database runs with fsync=%s, synchronous_commit=%s: "+
			"an acknowledged registration could be lost; turn both on", fsync, commit)
	}
	return nil
}
