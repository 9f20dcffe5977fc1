package local

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// Role is one of the database roles the launcher makes.
type Role string

// The roles, from the mightiest down.
const (
	Admin Role = "postgres"     // superuser: the launcher and tests
	Owner Role = "teixit_owner" // owns the database: migrations
	App   Role = "teixit_app"   // serves: no owner, no superuser, bound by row-level security
)

// Database is the hub's database on a private server.
const Database = "teixit"

// mode says what begin may do.
type mode int

const (
	launchOrJoin mode = iota
	launchOnly
	joinOnly
)

// Server is a running private PostgreSQL, launched or joined. It is safe for
// concurrent use.
type Server struct {
	cfg Config
	log *slog.Logger

	turn sync.Mutex // held by Stop and Restart, also for long

	mu      sync.Mutex // guards current
	current incarnation
}

// incarnation is one life of the server, from start to death.
type incarnation struct {
	folder    folder
	passwords passwords
	socketDir string
	port      int
	tcp       bool
	version   string
	child     *postmaster // nil: joined
	watch     *watch      // nil: launched
	done      chan struct{}
}

// URL is a connection string for a role and a database, over the socket.
func (s *Server) URL(role Role, database string) string {
	c := s.now()
	u := url.URL{
		Scheme: "postgres",
		User:   url.UserPassword(string(role), c.passwords[role]),
		Path:   "/" + database,
		RawQuery: url.Values{
			"host": {c.socketDir}, "port": {strconv.Itoa(c.port)},
		}.Encode(),
	}
	return u.String()
}

// OwnerURL is for migrations.
func (s *Server) OwnerURL() string { return s.URL(Owner, Database) }

// AppURL is for serving.
func (s *Server) AppURL() string { return s.URL(App, Database) }

// AdminURL is the superuser's, on the maintenance database.
func (s *Server) AdminURL() string { return s.URL(Admin, "postgres") }

// Addr is the TCP address (127.0.0.1:port), empty when the server has none.
// [Readdress] makes an URL use it.
func (s *Server) Addr() string {
	c := s.now()
	if !c.tcp {
		return ""
	}
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port))
}

// Readdress returns the connection string for a TCP address instead of the
// socket: the server's own or that of a proxy before it.
func Readdress(connection, address string) (string, error) {
	u, err := url.Parse(connection)
	if err != nil {
		return "", errors.New("not a connection URL") // the cause would show the password
	}
	u.Host = address
	u.RawQuery = "sslmode=disable"
	return u.String(), nil
}

// Launched tells whether this process runs the server; false when it joined one.
func (s *Server) Launched() bool { return s.now().child != nil }

// Version is PostgreSQL's, such as "15.18".
func (s *Server) Version() string { return s.now().version }

// Done is closed when the server of now is gone: it died, or was stopped. After
// Restart there is a new channel.
func (s *Server) Done() <-chan struct{} { return s.now().done }

func (s *Server) now() incarnation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current
}

// Stop ends a launched server and lets go of a joined one. It waits for open
// transactions to be rolled back and a checkpoint to be written until ctx ends,
// then stops at once, which the next start recovers from, and says so in its
// error. Stopping twice is nothing. After Stop nothing but Restart starts it.
func (s *Server) Stop(ctx context.Context) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	c := s.now()
	if c.watch != nil {
		c.watch.stop()
		return nil
	}
	err := c.child.stop(ctx)
	c.folder.dropSocketFolder(c.socketDir)
	return err
}

// Restart brings the server back after Done, with the same URLs; whoever of
// several hubs is first launches it, the others join. It does nothing while the
// server lives.
func (s *Server) Restart(ctx context.Context) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	c := s.now()
	select {
	case <-c.done:
	default:
		return nil
	}
	if c.child != nil {
		c.child.closeLog()
	}
	if c.tcp {
		s.cfg.Port = c.port
	}
	return s.begin(ctx, launchOrJoin)
}

// begin starts a new incarnation; the folder's lock makes processes that begin
// at the same time take turns, so that the second one finds the first one's
// server ready.
func (s *Server) begin(ctx context.Context, m mode) error {
	since := time.Now()
	who, err := accountFor(s.cfg.User)
	if err != nil {
		return err
	}
	f := folder{dir: s.cfg.Dir, account: who}
	if err := f.make(); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	unlock, err := f.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	next, err := s.joinOrLaunch(ctx, f, m)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.current = next
	s.mu.Unlock()
	s.log.Info("postgres ready", "version", next.version, "launched", next.child != nil,
		"folder", f.dir, "took", time.Since(since).Round(time.Millisecond))
	return nil
}

func (s *Server) joinOrLaunch(ctx context.Context, f folder, m mode) (incarnation, error) {
	live, err := join(ctx, f)
	switch {
	case err == nil && m == launchOnly:
		live.watch.stop()
		return incarnation{}, fmt.Errorf("%w: %s", ErrRunning, f.dir)
	case err == nil:
		return live, nil
	case !errors.Is(err, ErrNotRunning) || m == joinOnly:
		return incarnation{}, err
	}
	return launch(ctx, f, s.cfg, s.log)
}
