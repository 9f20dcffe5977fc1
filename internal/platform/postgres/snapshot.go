package postgres

import (
	"context"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Snapshot runs read on one REPEATABLE READ READ ONLY connection: everything
// read through q is of the same instant, that of the first statement. Without a
// statement there is no connection either. q may be used by several goroutines;
// a mutex lets one at a time through.
func (db *DB) Snapshot(ctx context.Context, read func(ctx context.Context, q Querier) error) error {
	o := &oneAtATime{pool: db.read}
	defer o.abandon(ctx)
	err := read(ctx, o)
	if err == nil {
		err = o.end(ctx)
	}
	if err != nil {
		return Translate(fmt.Errorf("snapshot: %w", err), nil)
	}
	return nil
}

// oneAtATime guards a connection that several goroutines want to read from. The
// lock is held until the rows are read or closed.
type oneAtATime struct {
	pool *pgxpool.Pool
	mu   sync.Mutex
	tx   pgx.Tx // nil before the first statement
}

// begin locks, and begins with the first statement. Without an error the lock is
// held.
func (o *oneAtATime) begin(ctx context.Context) error {
	o.mu.Lock()
	if o.tx != nil {
		return nil
	}
	tx, err := o.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		o.mu.Unlock()
		return err
	}
	o.tx = tx
	return nil
}

func (o *oneAtATime) end(ctx context.Context) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.tx == nil {
		return nil
	}
	return o.tx.Commit(ctx)
}

// abandon gives the connection back, whatever became of it.
func (o *oneAtATime) abandon(ctx context.Context) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.tx != nil {
		_ = o.tx.Rollback(ctx) // nothing to do after a commit
	}
}

func (o *oneAtATime) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	if err := o.begin(ctx); err != nil {
		return nil, err
	}
	rows, err := o.tx.Query(ctx, sql, args...)
	if err != nil {
		o.mu.Unlock()
		return rows, err
	}
	return &guardedRows{Rows: rows, release: sync.OnceFunc(o.mu.Unlock)}, nil
}

func (o *oneAtATime) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	rows, err := o.Query(ctx, sql, args...)
	return &guardedRow{rows: rows, err: err}
}

func (o *oneAtATime) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	if err := o.begin(ctx); err != nil {
		return pgconn.CommandTag{}, err
	}
	defer o.mu.Unlock()
	return o.tx.Exec(ctx, sql, args...)
}

func (o *oneAtATime) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	if err := o.begin(ctx); err != nil {
		return noBatch{err}
	}
	return &guardedBatch{BatchResults: o.tx.SendBatch(ctx, b), release: sync.OnceFunc(o.mu.Unlock)}
}

// noBatch answers for a batch that was not sent.
type noBatch struct{ err error }

func (b noBatch) Exec() (pgconn.CommandTag, error) { return pgconn.CommandTag{}, b.err }
func (b noBatch) Query() (pgx.Rows, error)         { return nil, b.err }
func (b noBatch) QueryRow() pgx.Row                { return &guardedRow{err: b.err} }
func (b noBatch) Tx() pgx.Tx                       { return nil }
func (b noBatch) Close() error                     { return b.err }

type guardedRows struct {
	pgx.Rows
	release func()
}

func (r *guardedRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.release()
	return false
}

func (r *guardedRows) Close() {
	r.Rows.Close()
	r.release()
}

type guardedRow struct {
	rows pgx.Rows
	err  error
}

func (r *guardedRow) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return pgx.ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	r.rows.Close()
	return r.rows.Err()
}

type guardedBatch struct {
	pgx.BatchResults
	release func()
}

func (b *guardedBatch) Close() error {
	defer b.release()
	return b.BatchResults.Close()
}
