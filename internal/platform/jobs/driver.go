package jobs

import (
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/teixit/teixit/internal/platform/postgres"
)

// silent is River's driver without LISTEN and NOTIFY. A NOTIFY takes a global
// lock at every commit that puts a job in; and River's listener breaks off its
// waiting whenever it has something to say, which on the hub's pool (a cancel
// request, then a second of grace) costs a second each time. Queues are looked
// into often enough instead.
type silent struct{ *riverpgxv5.Driver }

// SupportsListenNotify says no, so nothing is sent.
func (silent) SupportsListenNotify() bool { return false }

// SupportsListener says no, so nobody listens.
func (silent) SupportsListener() bool { return false }

func driver(db *postgres.DB) riverdriver.Driver[pgx.Tx] { return silent{riverpgxv5.New(db.Native())} }
