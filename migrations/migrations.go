// Package migrations embeds the SQL that builds the database, up and down. The
// files run in the order of their names, each in a transaction of its own when
// it is called .tx.up.sql.
package migrations

import "embed"

// FS holds the migration files.
//
//go:embed *.sql
var FS embed.FS
