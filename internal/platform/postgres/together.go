package postgres

import (
	"context"
	"errors"
	"iter"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Together lets reads ask side by side: what they ask at the same time goes to the
// server in one message, and each goes on with its own rows. Nothing of them runs at
// the same time: while one waits, the others go on to where they ask. An error of one
// may be one of those behind it in the message, too; first is in front.
//
// With the q of one of several, the reads join those: first is done at the return, as
// ever, the others when all are.
//
// It is for reads outside of transactions. Within one each has q itself, in turn.
func Together(ctx context.Context, q Querier, first func(q Querier), beside ...func(q Querier)) {
	if one, ok := q.(reader); ok {
		for _, read := range beside {
			one.of.begin(read)
		}
		first(q)
		return
	}
	if _, ok := q.(*pgxpool.Pool); !ok || len(beside) == 0 {
		first(q)
		for _, read := range beside {
			read(q)
		}
		return
	}
	m := &message{ctx: ctx, pool: q}
	defer m.end()
	for _, read := range beside {
		m.begin(read)
	}
	first(reader{
		of: m,
		query: func(sql string, args ...any) (pgx.Rows, error) {
			whole(m.rows)
			return m.send(sql, args...)
		},
		alone: func() {
			whole(m.rows)
			m.receive()
		},
	})
	for m.receive(); m.asked(); m.receive() {
		_, _ = m.send("")
	}
}

// message is what goes to the server, and comes back, for several.
type message struct {
	ctx     context.Context //nolint:containedctx // that of the reads
	pool    Querier
	all     []*aside
	waiting []*aside // for their rows
	rows    pgx.Rows // that first has
	results pgx.BatchResults
}

// aside is a read beside the first. It stops where it asks.
type aside struct {
	proceed func() (*question, bool)
	stop    func()
	asks    *question // nil: it is done
}

// question is a statement, or, without one, the wish to use the pool by oneself: who
// did so while rows of others wait on a connection would hold two.
type question struct {
	sql  string
	args []any
	rows pgx.Rows
	err  error
}

var errStopped = errors.New("postgres: another of the reads fell over")

func (m *message) begin(read func(q Querier)) {
	a := &aside{}
	a.proceed, a.stop = iter.Pull(func(yield func(*question) bool) {
		read(reader{
			of: m,
			query: func(sql string, args ...any) (pgx.Rows, error) {
				mine := &question{sql: sql, args: args}
				if !yield(mine) {
					return nil, errStopped
				}
				return mine.rows, mine.err
			},
			alone: func() { yield(&question{}) },
		})
	})
	m.all = append(m.all, a)
	a.goOn()
}

func (a *aside) goOn() { a.asks, _ = a.proceed() }

// asked lets those who want the pool for themselves have it, and tells whether
// anybody asks.
func (m *message) asked() bool {
	for i := 0; i < len(m.all); i++ { // who goes on may begin others
		a := m.all[i]
		for a.asks != nil && a.asks.sql == "" {
			a.goOn()
		}
		if a.asks != nil {
			m.waiting = append(m.waiting, a)
		}
	}
	return len(m.waiting) > 0
}

// send sends what first asks, if it does, with what all others ask.
func (m *message) send(sql string, args ...any) (rows pgx.Rows, err error) {
	b := &pgx.Batch{}
	if sql != "" {
		m.receive()
		m.asked()
		b.Queue(sql, args...)
	}
	for _, a := range m.waiting {
		b.Queue(a.asks.sql, a.asks.args...)
	}
	m.results = m.pool.SendBatch(m.ctx, b)
	if sql != "" {
		m.rows, err = m.results.Query()
	}
	return m.rows, err
}

// receive gives the others what has come for them.
func (m *message) receive() {
	if m.rows != nil {
		m.rows.Close()
	}
	waiting := m.waiting
	m.rows, m.waiting = nil, nil
	for _, a := range waiting {
		mine := a.asks
		mine.rows, mine.err = m.results.Query()
		if a.goOn(); a.asks != nil {
			whole(mine.rows)
		}
		mine.rows.Close()
	}
	if m.results != nil {
		_ = m.results.Close() // each has heard of its own error
		m.results = nil
	}
}

// whole falls over when somebody asks on before they have read what came: the rest
// would be lost, without a word.
func whole(rows pgx.Rows) {
	if rows != nil && rows.Next() {
		panic("postgres: asked again with rows unread")
	}
}

// end gives everything back, also when somebody fell over.
func (m *message) end() {
	if m.results != nil {
		_ = m.results.Close()
	}
	for i := 0; i < len(m.all); i++ { // who is stopped may begin others
		m.all[i].stop()
	}
}

// reader is the Querier of one of several.
type reader struct {
	of    *message
	query func(sql string, args ...any) (pgx.Rows, error)
	alone func() // waits until nobody's rows are on the way
}

func (r reader) Query(_ context.Context, sql string, args ...any) (pgx.Rows, error) {
	return r.query(sql, args...)
}

func (r reader) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	r.alone()
	return r.of.pool.QueryRow(ctx, sql, args...)
}

func (r reader) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	r.alone()
	return r.of.pool.Exec(ctx, sql, args...)
}

func (r reader) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	r.alone()
	return r.of.pool.SendBatch(ctx, b)
}
