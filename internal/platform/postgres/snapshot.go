package postgres

import (
	"context"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Snapshot runs read on one REPEATABLE READ READ ONLY connection: everything
// read through q is of the same instant. q may be used by several goroutines;
// a mutex lets one at a time through.
func (db *DB) Snapshot(ctx context.Context, read func(ctx context.Context, q Querier) error) error {
	opts := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, db.read, opts, func(tx pgx.Tx) error {
		return read(ctx, &oneAtATime{tx: tx})
	})
	if err != nil {
		return Translate(fmt.Errorf("snapshot: %w", err), nil)
	}
	return nil
}

// oneAtATime guards a connection that several goroutines want to read from. The
// lock is held until the rows are read or closed.
type oneAtATime struct {
	mu sync.Mutex
	tx pgx.Tx
}

func (o *oneAtATime) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	o.mu.Lock()
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
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.tx.Exec(ctx, sql, args...)
}

func (o *oneAtATime) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	o.mu.Lock()
	return &guardedBatch{BatchResults: o.tx.SendBatch(ctx, b), release: sync.OnceFunc(o.mu.Unlock)}
}

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
