package postgres

import (
	"context"
	"database/sql/driver"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
)

// Tables with personal data stand behind row-level security, the second line: a
// query that forgets its check finds nothing. Their policies go by settings of
// the transaction, which say who asks:
//
//	teixit.person                               the viewer, empty for nobody
//	teixit.home, .administers, .member,
//	.organises, .check_in                       the viewer's lists, as uuid[]
//	teixit.hub                                  "on": the hub's own authority
//
// Who sets nothing sees nothing. Tables without personal data have no policy,
// and their reads go past all this.

// Personal is q for statements that read personal data on behalf of v. Each
// travels in one batch with the settings, and so in one transaction with them:
// one round trip, and nothing stays behind. In a transaction that was begun for
// v it is q itself.
func Personal(q Querier, v *access.Viewer) Querier {
	if own, ok := q.(begun); ok && own.viewer == v {
		return q
	}
	return with(q, settingsOf(v))
}

// Hub is q for statements that read personal data on the hub's own authority:
// for work that no viewer asked for (mail, retention, erasure), and after a
// check that a policy cannot make (the bearer of a link). Whoever calls it has
// to say why.
func Hub(q Querier) Querier {
	if own, ok := q.(begun); ok && own.hub {
		return q
	}
	return with(q, hubSettings())
}

// with sends the settings along. In a transaction, where they would stay, those
// of before follow behind.
func with(q Querier, s settings) Querier {
	p := &personal{q: q, settings: s}
	switch own := q.(type) {
	case *personal:
		p.q, p.after = own.q, own.after
	case begun:
		p.q, p.after = own.Conn, &own.settings
	case *pgx.Conn, *oneAtATime:
		p.after = &settings{}
	}
	return p
}

type authorityKey struct{}

// AsHub returns a context in which InTx works on the hub's own authority.
func AsHub(ctx context.Context) context.Context {
	return context.WithValue(ctx, authorityKey{}, true)
}

// settings are the values of the settings, in the order of settingNames.
type settings [7]string

func settingNames() [7]string {
	return [7]string{
		"teixit.person", "teixit.home", "teixit.administers", "teixit.member", "teixit.organises", "teixit.check_in",
		"teixit.hub",
	}
}

const settingsSQL = `select set_config('teixit.person', $1, true), set_config('teixit.home', $2, true),
	set_config('teixit.administers', $3, true), set_config('teixit.member', $4, true),
	set_config('teixit.organises', $5, true), set_config('teixit.check_in', $6, true),
	set_config('teixit.hub', $7, true)`

func settingsOf(v *access.Viewer) settings {
	s := settings{1: list(v.Home), 2: list(v.Administers), 3: list(v.Member), 4: list(v.Organises), 5: list(v.CheckIn)}
	if v.SignedIn() {
		s[0] = v.Person.String()
	}
	return s
}

func hubSettings() settings { return settings{6: "on"} }

// list writes identifiers as an array; none are the empty text.
func list(ids []id.ID) string {
	if len(ids) == 0 {
		return ""
	}
	return Array(ids)
}

// Array writes identifiers as PostgreSQL reads an array: for arrays within
// arrays, which the server would flatten.
func Array(ids []id.ID) string {
	if len(ids) == 0 {
		return "{}"
	}
	var b strings.Builder
	b.Grow(len(ids) * 37)
	for i, v := range ids {
		b.WriteByte("{,"[min(i, 1)])
		b.WriteString(v.String())
	}
	b.WriteByte('}')
	return b.String()
}

func (s settings) args() []any {
	args := make([]any, len(s))
	for i, value := range s {
		args[i] = value
	}
	return args
}

// begin writes the beginning of a transaction with the settings. The values are
// identifiers, so that nothing in them needs quoting; SET costs the server a
// fraction of what a SELECT of the same does.
func (s settings) begin() string {
	text := "begin isolation level read committed"
	for i, name := range settingNames() {
		if s[i] != "" {
			text += "; set local " + name + " = '" + s[i] + "'"
		}
	}
	return text
}

// begun is the connection of a transaction with the settings it began with.
type begun struct {
	*pgx.Conn
	settings settings
	viewer   *access.Viewer // whose they are; nil: the hub's
	hub      bool
}

// authority tells for whom a transaction of this context works; ok is false for
// the work of nobody.
func authority(ctx context.Context) (own begun, ok bool) {
	if hub, _ := ctx.Value(authorityKey{}).(bool); hub {
		return begun{settings: hubSettings(), hub: true}, true
	}
	if v := access.From(ctx); v.SignedIn() {
		return begun{settings: settingsOf(v), viewer: v}, true
	}
	return own, false
}

// BeginTx begins with the settings of whom the context is for, in one round
// trip.
func (c *simpleConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	own, ok := authority(ctx)
	begin := own.settings.begin()
	if hurried, _ := ctx.Value(hurriedKey{}).(bool); hurried {
		begin, ok = begin+"; set local lock_timeout = '"+hurry+"'", true
	}
	if planned, _ := ctx.Value(plannedKey{}).(bool); planned {
		begin, ok = begin+"; set local plan_cache_mode = force_generic_plan", true
	}
	if !ok {
		return c.Conn.BeginTx(ctx, opts)
	}
	tx, err := c.Conn.Conn().BeginTx(ctx, pgx.TxOptions{BeginQuery: begin})
	if err != nil {
		return nil, err
	}
	return begunTx{ctx, tx}, nil
}

// begunTx ends a transaction for database/sql, which hands no context over.
type begunTx struct {
	ctx context.Context //nolint:containedctx // as in pgx/stdlib
	tx  pgx.Tx
}

func (t begunTx) Commit() error   { return t.tx.Commit(t.ctx) }
func (t begunTx) Rollback() error { return t.tx.Rollback(t.ctx) }

// personal sends the settings in front of every statement.
type personal struct {
	q        Querier
	settings settings
	after    *settings // sent behind, nil where nothing stays anyhow
}

func (p *personal) send(ctx context.Context, queue func(*pgx.Batch)) (pgx.BatchResults, error) {
	b := &pgx.Batch{}
	b.Queue(settingsSQL, p.settings.args()...)
	queue(b)
	if p.after != nil {
		b.Queue(settingsSQL, p.after.args()...)
	}
	results := p.q.SendBatch(ctx, b)
	if _, err := results.Exec(); err != nil {
		_ = results.Close() // the cause is err
		return nil, err
	}
	return results, nil
}

func (p *personal) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	results, err := p.send(ctx, func(b *pgx.Batch) { b.Queue(sql, args...) })
	if err != nil {
		return nil, err
	}
	rows, err := results.Query()
	if err != nil {
		_ = results.Close() // the cause is err
		return nil, err
	}
	return &personalRows{Rows: rows, results: results}, nil
}

func (p *personal) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	rows, err := p.Query(ctx, sql, args...)
	return &guardedRow{rows: rows, err: err}
}

func (p *personal) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	results, err := p.send(ctx, func(b *pgx.Batch) { b.Queue(sql, args...) })
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	tag, err := results.Exec()
	if closed := results.Close(); err == nil {
		err = closed
	}
	return tag, err
}

func (p *personal) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	results, err := p.send(ctx, func(all *pgx.Batch) { all.QueuedQueries = append(all.QueuedQueries, b.QueuedQueries...) })
	if err != nil {
		return failedBatch{err}
	}
	return results
}

// personalRows ends the batch when its rows end.
type personalRows struct {
	pgx.Rows
	results pgx.BatchResults
	err     error // of the end of the batch
	ended   bool
}

func (r *personalRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.Close()
	return false
}

func (r *personalRows) Close() {
	r.Rows.Close()
	if !r.ended {
		r.ended = true
		r.err = r.results.Close()
	}
}

func (r *personalRows) Err() error {
	if err := r.Rows.Err(); err != nil {
		return err
	}
	return r.err
}

// failedBatch answers every statement of a batch that could not be sent.
type failedBatch struct{ err error }

func (f failedBatch) Exec() (pgconn.CommandTag, error) { return pgconn.CommandTag{}, f.err }
func (f failedBatch) Query() (pgx.Rows, error)         { return nil, f.err }
func (f failedBatch) QueryRow() pgx.Row                { return &guardedRow{err: f.err} }
func (f failedBatch) Close() error                     { return f.err }
func (f failedBatch) Tx() pgx.Tx                       { return nil }
