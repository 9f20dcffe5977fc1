package postgres

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
)

// How soon a silent server is given up: within pulseEvery + its patience +
// pulseAgain of the moment from which packets are dropped. Who asks the hub is
// promised a refusal within two seconds.
const (
	pulseEvery = 300 * time.Millisecond
	pulseLimit = time.Second            // the patience, if nobody says otherwise
	pulseAgain = 400 * time.Millisecond // second opinion, over a new connection
	pulseAway  = 100 * time.Millisecond // between two looks for a server that is away
	pulseBack  = 2 * time.Second        // for such a look: nobody waits for it, and networks may be slow
)

// pulse notices that the server cannot be reached. A statement may take its
// time, and a network that drops packets looks just like a slow statement: for
// minutes, as TCP sees it. So one connection of its own asks for a sign of life
// all the time. When none comes, and no other connection has heard anything
// either, the server counts as away: all connections are closed, which ends
// whatever waits on them, and none is opened until the server answers again.
type pulse struct {
	patience time.Duration
	config   *pgx.ConnConfig
	away     atomic.Bool
	heard    atomic.Int64 // when anything last came from the server, as nanoseconds since born
	born     time.Time

	mu    sync.Mutex
	conns map[*watchedConn]struct{}

	stop    context.CancelFunc
	running sync.WaitGroup
}

func newPulse(patience time.Duration) *pulse {
	if patience == 0 {
		patience = pulseLimit
	}
	return &pulse{patience: patience, born: time.Now(), conns: map[*watchedConn]struct{}{}}
}

// errAway is a net error without a network: Translate knows it as a lost connection.
var errAway = &net.OpError{Op: "dial", Err: errors.New("the database does not answer")}

// dial makes the connections of the pools known to the pulse, those for cancel
// requests too. While the server is away it makes none: everybody would wait for
// the time of a connect.
func (p *pulse) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if p.away.Load() {
		return nil, errAway
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	w := &watchedConn{Conn: conn, pulse: p}
	p.mu.Lock()
	p.conns[w] = struct{}{}
	p.mu.Unlock()
	if p.away.Load() { // meanwhile
		return nil, errors.Join(errAway, w.Close())
	}
	return w, nil
}

// start begins to feel the pulse of the server that cfg names.
func (p *pulse) start(cfg *pgx.ConnConfig) {
	p.config = cfg.Copy()
	p.config.Tracer = nil
	p.config.DialFunc = (&net.Dialer{}).DialContext
	p.config.RuntimeParams["application_name"] = "teixit pulse"
	// What is late is closed; a cancel request would need another connection.
	p.config.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.DeadlineContextWatcherHandler{Conn: conn.Conn()}
	}
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	p.running.Go(func() { p.run(ctx) })
}

// end stops it; calling it before start is nothing.
func (p *pulse) end() {
	if p.stop != nil {
		p.stop()
		p.running.Wait()
	}
}

func (p *pulse) run(ctx context.Context) {
	var conn *pgx.Conn
	for {
		var err error
		if conn, err = p.look(ctx, conn); ctx.Err() != nil {
			hangUp(conn)
			return
		}
		pause := pulseEvery
		if p.judge(err) {
			pause = pulseAway
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// look asks for a sign of life: of a server that is away patiently, of another
// twice, for it may have been that connection alone.
func (p *pulse) look(ctx context.Context, conn *pgx.Conn) (*pgx.Conn, error) {
	if p.away.Load() {
		return p.feel(ctx, conn, pulseBack)
	}
	conn, err := p.feel(ctx, conn, p.patience)
	if err != nil && ctx.Err() == nil {
		return p.feel(ctx, nil, pulseAgain)
	}
	return conn, err
}

// feel asks once, over conn or a new connection. With an error there is no
// connection any more.
func (p *pulse) feel(ctx context.Context, conn *pgx.Conn, limit time.Duration) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if conn == nil {
		var err error
		if conn, err = pgx.ConnectConfig(ctx, p.config); err != nil {
			return nil, err
		}
	}
	if err := conn.Ping(ctx); err != nil {
		hangUp(conn)
		return nil, err
	}
	return conn, nil
}

func hangUp(conn *pgx.Conn) {
	if conn == nil {
		return
	}
	over, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	_ = conn.Close(over)
}

// judge reports whether the server is away, and does what follows from it.
func (p *pulse) judge(err error) (away bool) {
	if away = err != nil && !p.alive(err); !away {
		p.away.Store(false)
		return false
	}
	p.away.Store(true)
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Conn.Close()
	}
	clear(p.conns)
	return true
}

// alive reports whether the server lives although asking it failed: it has
// refused this connection for a reason of its own, or others hear from it.
func (p *pulse) alive(err error) bool {
	var refusal *pgconn.PgError
	if errors.As(err, &refusal) {
		return refusal.Code != "57P01" && refusal.Code != "57P02" && refusal.Code != "57P03" // ending or starting
	}
	var network net.Error
	if !errors.As(err, &network) || !network.Timeout() {
		return false // nobody listens
	}
	return time.Since(p.born)-time.Duration(p.heard.Load()) < p.patience
}

// watchedConn is a connection to the server that notes when it hears something.
type watchedConn struct {
	net.Conn
	pulse *pulse
}

// Read implements net.Conn.
func (w *watchedConn) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if n > 0 {
		w.pulse.heard.Store(int64(time.Since(w.pulse.born)))
	}
	return n, err
}

// Close implements net.Conn.
func (w *watchedConn) Close() error {
	w.pulse.mu.Lock()
	delete(w.pulse.conns, w)
	w.pulse.mu.Unlock()
	return w.Conn.Close()
}
