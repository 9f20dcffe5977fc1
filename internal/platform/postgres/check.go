package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// Check refuses a server on which the hub's promises would not hold: fsync or
// synchronous_commit off, or a role that ignores row-level security
// (a superuser, BYPASSRLS, the tables' owner), or tables with policies for
// which row-level security was switched off.
// private says that the server is the hub's own test server, for which only the
// role is checked.
func (db *DB) Check(ctx context.Context, private bool) error {
	var fsync, commit string
	var super, bypass bool
	var unguarded []string
	err := db.read.QueryRow(ctx, `
		select current_setting('fsync'), current_setting('synchronous_commit'), rolsuper, rolbypassrls,
		  array(
		    select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
		    where exists (select from pg_policy p where p.polrelid = c.oid) and not row_security_active(c.oid) order by 1)
		from pg_roles where rolname = current_user`).Scan(&fsync, &commit, &super, &bypass, &unguarded)
	if err != nil {
		return Translate(fmt.Errorf("ask the server for its settings: %w", err), nil)
	}
	if super || bypass {
		return errors.New("the hub's database role must be neither superuser nor BYPASSRLS: " +
			"such a role ignores row-level security; give DATABASE_URL an ordinary role")
	}
	if len(unguarded) > 0 {
		return fmt.Errorf("there is no row-level security for the hub's database role on %s: either the role owns the "+
			"tables (then give DATABASE_URL a role of its own and DATABASE_OWNER_URL the owner's), or somebody "+
			"switched it off there", strings.Join(unguarded, ", "))
	}
	if !private && (fsync != "on" || commit == "off") {
		return fmt.Errorf("the database runs with fsync=%s, synchronous_commit=%s: "+
			"an acknowledged registration could be lost; turn both on", fsync, commit)
	}
	return nil
}
