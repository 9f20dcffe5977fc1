package directory

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Service runs the commands on bodies and on who acts for them.
//
// Every command takes an idempotency key: sent again with the same key it takes
// effect once and answers the same; an empty key gives no such protection.
// Every command may fail with fault.ErrUnauthenticated, with fault.ErrNotFound
// for what the viewer cannot see, and with fault.ErrDenied for what they see and
// may not change. Days are those of Europe/Madrid, by the database's clock.
type Service struct {
	db       *postgres.DB
	mail     mail.TxQueue // nil: nobody is told by mail
	site     string
	holdings []Holdings
}

// Option changes how the service works.
type Option func(*Service)

// WithMail lets the service tell people by mail what was decided about them; its
// mails link to site, such as https://teixit.example.
func WithMail(queue mail.TxQueue, site string) Option {
	return func(s *Service) { s.mail, s.site = queue, strings.TrimRight(site, "/") }
}

// WithHoldings names what else hangs on bodies, for when two are merged.
func WithHoldings(h ...Holdings) Option {
	return func(s *Service) { s.holdings = append(s.holdings, h...) }
}

// New makes the service on a database.
func New(db *postgres.DB, options ...Option) *Service {
	s := &Service{db: db}
	for _, set := range options {
		set(s)
	}
	return s
}

// command carries one command out: signed in, once per key, in a transaction.
// The identifiers it returns are those that do returned the first time.
func (s *Service) command(ctx context.Context, v *access.Viewer, key, mutation string, input any, do func(ctx context.Context, tx *postgres.Tx) (id.ID, error)) (id.ID, error) {
	return command.Made(ctx, command.Call{DB: s.db, Viewer: v, Key: key, Mutation: mutation, Input: []any{v.For, input}}, do)
}

// locked is a body whose topic is locked, as a command found it.
type locked struct {
	id       id.ID
	kind     node.Kind
	revision int64
	today    time.Time
}

// lock takes the body's topic (and others) and reads what commands decide by. A
// body the viewer cannot see is not found.
func lock(ctx context.Context, tx *postgres.Tx, v *access.Viewer, body id.ID, also ...id.ID) (locked, error) {
	if err := journal.Lock(ctx, tx, append([]id.ID{body}, also...)...); err != nil {
		return locked{}, err
	}
	l := locked{id: body}
	err := tx.Native().QueryRow(ctx, lockedSQL, args(v, body)...).Scan(&l.kind, &l.revision, &l.today)
	if errors.Is(err, pgx.ErrNoRows) {
		return l, fault.ErrNotFound.New()
	}
	return l, wrap("read the organisation", err)
}

var lockedSQL = `select n.kind, coalesce(o.revision, 0), (now() at time zone 'Europe/Madrid')::date
	from nodes n left join organizations o on o.node = n.id
	where n.id = $1 and n.ended_at is null and ` + isBody + ` and ` + access.VisibleSQL("n", 2)

// administered is lock for commands of those who answer for the body.
func administered(ctx context.Context, tx *postgres.Tx, v *access.Viewer, body id.ID, also ...id.ID) (locked, error) {
	l, err := lock(ctx, tx, v, body, also...)
	if err != nil {
		return l, err
	}
	return l, answersFor(ctx, tx.Native(), v, body)
}

// answersFor is nil when the viewer answers for the body, or for one that it is
// a part of today: an office is answered for from above too.
func answersFor(ctx context.Context, q postgres.Querier, v *access.Viewer, body id.ID) error {
	if access.MayAdminister(v, body) == nil {
		return nil
	}
	above, err := WholesAbove(ctx, q, []id.ID{body})
	if err != nil {
		return err
	}
	return access.MayAdminister(v, body, above[body]...)
}

// orToday fills in a day that was left out.
func (l locked) orToday(day *time.Time) time.Time {
	if day != nil {
		return *day
	}
	return l.today
}
