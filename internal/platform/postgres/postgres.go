// Package postgres opens the database and is the only room that knows drivers.
//
// There are two pools. The read pool runs prepared statements for level reads;
// the write pool serves InTx, where bun and native pgx share one connection and
// so one transaction. bun inlines its arguments into the text, therefore it
// speaks the simple protocol: caching a plan per text would fill the server.
//
// A lost connection becomes fault.ErrUnavailable; the true cause stays inside. A
// server that does not answer any more, although nobody says so, is noticed
// within two seconds (see pulse): then everything fails at once with that fault
// until it is back.
package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/teixit/teixit/internal/kernel/id"
)

// Querier is what a level read needs: the read pool, a snapshot or an open
// transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// Config says which server to use and how much of it.
type Config struct {
	URL        string        // connection of the application role
	ReadConns  int           // connections for reads; default 8
	WriteConns int           // connections for transactions; default 16
	TxTimeout  time.Duration // longest transaction; default 5 s
	// Patience is how long the server may say nothing before it is given up;
	// default 1 s. With more, connecting and statements may take as long too: for
	// tests on a machine that has other things to do.
	Patience time.Duration
}

// DB is the database as the rest of the hub sees it.
type DB struct {
	read, write *pgxpool.Pool
	sql         *sql.DB
	bun         *bun.DB
	txTimeout   time.Duration
	pulse       *pulse
	connections atomic.Int64 // that were made for writing
	touched     func(topics []Touched)
	follows     func(topic id.ID) bool
	committed   func()
}

// Open connects both pools and checks that the server answers.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	beat := newPulse(cfg.Patience)
	db := &DB{
		txTimeout: cfg.TxTimeout, pulse: beat,
		touched: func([]Touched) {}, follows: func(id.ID) bool { return false }, committed: func() {},
	}
	var err error
	db.read, err = openPool(ctx, cfg.URL, or(cfg.ReadConns, 8), beat, nil)
	if err != nil {
		return nil, fmt.Errorf("open read pool: %w", err)
	}
	db.write, err = openPool(ctx, cfg.URL, or(cfg.WriteConns, 16), beat, &db.connections)
	if err != nil {
		db.read.Close()
		return nil, fmt.Errorf("open write pool: %w", err)
	}
	if db.txTimeout == 0 {
		db.txTimeout = 5 * time.Second
	}
	db.sql = sql.OpenDB(simpleConnector{stdlib.GetPoolConnector(db.write)})
	db.sql.SetMaxIdleConns(0) // the pgx pool keeps the idle ones
	db.bun = bun.NewDB(db.sql, pgdialect.New())
	if err := db.Ping(ctx); err != nil {
		db.Close()
		return nil, err
	}
	db.pulse.start(db.read.Config().ConnConfig)
	return db, nil
}

// Close releases every connection; calls in flight end first.
func (db *DB) Close() {
	db.pulse.end()
	_ = db.sql.Close()
	db.write.Close()
	db.read.Close()
}

// Ping asks the server for an answer; readiness uses it. While the server is
// known to be away it fails at once.
func (db *DB) Ping(ctx context.Context) error {
	if db.pulse.away.Load() {
		return Translate(errAway, nil)
	}
	if err := db.read.Ping(ctx); err != nil {
		return Translate(fmt.Errorf("ping: %w", err), nil)
	}
	return nil
}

// Read is the pool for level reads outside transactions.
func (db *DB) Read() Querier { return db.read }

// Native is the raw read pool, for what needs a connection of its own (LISTEN).
func (db *DB) Native() *pgxpool.Pool { return db.read }

// OnTouched sets who is told, after each commit, which topics have new facts, and
// who says whether anybody waits for those of one: only then need they be told what
// the facts are. It is set once, before the first transaction.
func (db *DB) OnTouched(tell func(topics []Touched), follows func(topic id.ID) bool) {
	db.touched, db.follows = tell, follows
}

// Connections counts the connections that were made for writing: behind a new one
// may be another server.
func (db *DB) Connections() int64 { return db.connections.Load() }

// OnCommitted sets who is told after each transaction, whatever it wrote and
// before its caller knows how it went. It is set once, before the first
// transaction.
func (db *DB) OnCommitted(tell func()) { db.committed = tell }

// openPool counts in made, unless it is nil, how many connections were made.
func openPool(ctx context.Context, url string, conns int, beat *pulse, made *atomic.Int64) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database address: %w", err)
	}
	cfg.MaxConns = int32(conns)
	cfg.MaxConnIdleTime = 5 * time.Minute
	cfg.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		if made != nil {
			made.Add(1)
		}
		registerTypes(conn.TypeMap())
		return nil
	}
	cc := cfg.ConnConfig
	cc.DialFunc = beat.dial
	cc.Tracer = statementCounter{}
	if cc.ConnectTimeout == 0 {
		cc.ConnectTimeout = max(2*time.Second, beat.patience)
	}
	params := cc.RuntimeParams
	setDefault(params, "application_name", "teixit")
	setDefault(params, "timezone", "UTC")
	// What is asked often is in memory, and no disk of today has a head to move: an
	// index that is in a list's order is worth walking.
	setDefault(params, "random_page_cost", "1.1")
	setDefault(params, "statement_timeout", milliseconds(max(10*time.Second, beat.patience)))
	setDefault(params, "idle_in_transaction_session_timeout", "10000")
	// By default pgx drops the connection when a context ends; a cancel request
	// keeps it, so that a wave of impatient clients does not empty the pool.
	cc.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{
			Conn:               conn,
			CancelRequestDelay: 0,
			DeadlineDelay:      time.Second,
		}
	}
	return pgxpool.NewWithConfig(ctx, cfg)
}

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

func setDefault(params map[string]string, key, value string) {
	if _, ok := params[key]; !ok {
		params[key] = value
	}
}

func or(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}
