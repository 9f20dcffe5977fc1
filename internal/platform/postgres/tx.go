package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"

	"github.com/teixit/teixit/internal/kernel/id"
)

// Tx is one open transaction: bun and native pgx on the same connection.
type Tx struct {
	bun     bun.Tx
	native  *pgx.Conn
	hot     Querier // native, with whom it was begun for
	follows func(topic id.ID) bool
	touched []Touched
}

// Touched is a topic that has new facts.
type Touched struct {
	Topic id.ID
	// News is what the facts are, as those who wait for them understand it; nil:
	// they have to be read.
	News any
}

// Bun is for models and ordinary writes.
func (tx *Tx) Bun() bun.IDB { return tx.bun }

// Native is for hot statements and level reads; it sees the transaction's rows.
func (tx *Tx) Native() Querier { return tx.hot }

// Touch notes that a topic has new facts, and what they are if that is known; who
// waits for them is told after the commit. What a savepoint takes back must not have
// been noted.
func (tx *Tx) Touch(topic id.ID, news any) { tx.touched = append(tx.touched, Touched{topic, news}) }

// Follows tells whether somebody of this instance waits for facts of the topic.
func (tx *Tx) Follows(topic id.ID) bool { return tx.follows(topic) }

// InTx runs do in one READ COMMITTED transaction of at most the configured time
// (but see Long). It reads personal data as far as the viewer of ctx may (see
// Personal). An error or panic in do rolls back. do must use only tx: the pools do
// not see its rows, and a second connection taken inside can starve the pool.
//
// The error of a commit whose answer was lost is fault.ErrUnavailable: the
// caller may repeat the command with the same idempotency key.
func (db *DB) InTx(ctx context.Context, do func(ctx context.Context, tx *Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, db.timeOf(ctx))
	defer cancel()
	conn, err := db.bun.Conn(ctx)
	if err != nil {
		return Translate(fmt.Errorf("take a connection: %w", err), nil)
	}
	defer conn.Close()
	tx := &Tx{follows: db.follows}
	if tx.native, err = nativeOf(conn); err != nil {
		return err
	}
	tx.hot = tx.native
	if own, ok := authority(ctx); ok {
		own.Conn = tx.native
		tx.hot = own
	}
	err = db.inTx(ctx, conn, tx, do)
	db.committed() // a commit whose answer was lost may have been one
	if err != nil {
		return err
	}
	if len(tx.touched) > 0 {
		db.touched(tx.touched)
	}
	return nil
}

type hurriedKey struct{}

// hurry is how long, in PostgreSQL's words, a hurried transaction waits for a lock.
const hurry = "250ms"

// Hurried returns a context in which InTx waits for no lock longer than a quarter of
// a second: for a transaction that several share, who shall not all wait for what
// one of them needs. The error is then Busy.
func Hurried(ctx context.Context) context.Context {
	return context.WithValue(ctx, hurriedKey{}, true)
}

type plannedKey struct{}

// PlannedOnce returns a context in which InTx has each statement planned once by a
// connection, for whatever values: where planning costs more than running, and no
// value makes another plan better. PostgreSQL would plan it anew five times first.
func PlannedOnce(ctx context.Context) context.Context {
	return context.WithValue(ctx, plannedKey{}, true)
}

// TakeTime lets a hurried transaction wait from now on.
func (tx *Tx) TakeTime(ctx context.Context) error {
	if _, err := tx.hot.Exec(ctx, `set local lock_timeout = 0`); err != nil {
		return fmt.Errorf("take time for locks: %w", err)
	}
	return nil
}

func (db *DB) inTx(ctx context.Context, conn bun.Conn, tx *Tx, do func(ctx context.Context, tx *Tx) error) (err error) {
	// When the context of a transaction ends, database/sql rolls back in a
	// goroutine of its own, in the middle of what native pgx does on the same
	// connection. So the transaction's own context outlives that of its
	// statements; it only bounds the commit.
	own, cancel := context.WithTimeout(context.WithoutCancel(ctx), db.timeOf(ctx)+2*time.Second)
	defer cancel()
	tx.bun, err = conn.BeginTx(own, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return Translate(fmt.Errorf("begin: %w", err), nil)
	}
	defer func() {
		if rollback := tx.bun.Rollback(); err == nil && rollback != nil && !errors.Is(rollback, sql.ErrTxDone) {
			err = Translate(fmt.Errorf("rollback: %w", rollback), nil)
		}
	}()
	if err := do(ctx, tx); err != nil {
		return Translate(err, nil)
	}
	if err := tx.bun.Commit(); err != nil {
		return Translate(fmt.Errorf("commit: %w", err), nil)
	}
	return nil
}

// nativeOf reaches the pgx connection below a bun connection. It stays valid
// as long as the bun connection is held, and only one goroutine uses both.
func nativeOf(conn bun.Conn) (native *pgx.Conn, err error) {
	err = conn.Raw(func(driverConn any) error {
		c, ok := driverConn.(*simpleConn)
		if !ok {
			return fmt.Errorf("postgres: unexpected driver connection %T", driverConn)
		}
		native = c.Conn.Conn()
		return nil
	})
	return native, err
}
