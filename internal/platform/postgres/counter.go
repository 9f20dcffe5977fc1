package postgres

import (
	"context"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// Statements counts the SQL statements run under one context, and the messages to
// the server they travelled in: tests assert it, metrics sum it.
type Statements struct{ n, messages atomic.Int64 }

// N is the count so far.
func (s *Statements) N() int { return int(s.n.Load()) }

// Messages is how often the server was waited for.
func (s *Statements) Messages() int { return int(s.messages.Load()) }

type statementsKey struct{}

// CountStatements returns a context under which statements are counted.
func CountStatements(ctx context.Context) (context.Context, *Statements) {
	s := &Statements{}
	return context.WithValue(ctx, statementsKey{}, s), s
}

// CountShared counts a statement that ran for ctx too, under another context.
func CountShared(ctx context.Context) {
	count(ctx)
	countMessage(ctx)
}

// statementCounter is the pgx tracer that does the counting.
type statementCounter struct{}

func count(ctx context.Context) {
	if s, ok := ctx.Value(statementsKey{}).(*Statements); ok {
		s.n.Add(1)
	}
}

func countMessage(ctx context.Context) {
	if s, ok := ctx.Value(statementsKey{}).(*Statements); ok {
		s.messages.Add(1)
	}
}

func (statementCounter) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	count(ctx)
	countMessage(ctx)
	return ctx
}

func (statementCounter) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (statementCounter) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	countMessage(ctx)
	return ctx
}

// TraceBatchQuery does not count the settings of Personal: they travel with a
// statement that does.
func (statementCounter) TraceBatchQuery(ctx context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	if data.SQL != settingsSQL {
		count(ctx)
	}
}

func (statementCounter) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}
