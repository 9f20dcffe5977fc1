package dataset

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
)

// pool is the general pool of an event.
type pool struct {
	id, event id.ID
	capacity  int
	nth       int
}

// seatsAtOnce is how many registrations one transaction copies.
const seatsAtOnce = 20_000

// loadRegistrations copies registrations of one delegate each into the hub's
// tables, all constraints on, in the order of their lines: who finds a seat has
// it, the rest waits.
func (l *loader) loadRegistrations(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, unhurried(l.OwnerURL()))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	rows, err := conn.Query(ctx, `
		select p.id, p.event, p.capacity, (row_number() over (order by e.begins, e.node))::int
		from seat_pools p join events e on e.node = p.event where p.reserved_role is null order by 4`)
	if err != nil {
		return err
	}
	pools, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p pool, err error) {
		return p, row.Scan(&p.id, &p.event, &p.capacity, &p.nth)
	})
	if err != nil {
		return err
	}
	for left := l.many(registrations); len(pools) > 0; {
		var some batch
		for len(pools) > 0 && some.n < seatsAtOnce {
			n := left / len(pools) // even, but for what was left over
			n = min(left, n/2+n*(pools[0].nth%3)/2)
			if len(pools) == 1 {
				n = left
			}
			some.fill(l, pools[0], n)
			left -= n
			pools = pools[1:]
		}
		if err := some.copy(ctx, conn); err != nil {
			return err
		}
		l.bar.add(some.n)
	}
	return l.count(ctx, conn)
}

// batch is rows of the three tables.
type batch struct {
	n                                 int
	registrations, delegates, secrets [][]any
}

func (b *batch) fill(l *loader, p pool, n int) {
	for line := range n {
		who := l.towns[(p.nth+line)%len(l.towns)]
		state, seat, confirmed := "WAITLISTED", any(nil), 0
		if line < p.capacity {
			state, seat, confirmed = "CONFIRMED", p.id, 1
		}
		registration := id.Named(fmt.Sprintf("bench:registration:%d:%d", p.nth, line))
		delegate := id.Named(fmt.Sprintf("bench:delegate:%d:%d", p.nth, line))
		at := l.today.Add(-time.Duration(n-line) * time.Minute)
		b.registrations = append(b.registrations, []any{
			registration, p.event, who.id, officer(who), "WAIT_TOGETHER", []id.ID{p.id}, int64(line + 1), 0, confirmed, 1 - confirmed, at,
		})
		b.delegates = append(b.delegates, []any{delegate, registration, p.event, "PROFESSIONAL", 1, false, state, seat})
		b.secrets = append(b.secrets, []any{delegate, registration, p.event, fmt.Sprintf("BENCH-%d-%d", p.nth, line)})
	}
	b.n += n
}

func (b *batch) copy(ctx context.Context, conn *pgx.Conn) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		for _, t := range []struct {
			name    string
			columns []string
			rows    [][]any
		}{
			{"registrations", []string{"id", "event", "organisation", "registered_by", "policy", "pools", "line", "pending", "confirmed", "waiting", "created_at"}, b.registrations},
			{"registration_delegates", []string{"id", "registration", "event", "role", "position", "named", "state", "pool"}, b.delegates},
			{"delegate_secrets", []string{"delegate", "registration", "event", "code"}, b.secrets},
		} {
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromRows(t.rows)); err != nil {
				return fmt.Errorf("%s: %w", t.name, err)
			}
		}
		return nil
	})
}

// count draws up the pools' counters, whose constraint refuses an oversold one.
func (l *loader) count(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `
		update seat_pools p set confirmed = c.confirmed, waiting = c.waiting, blocks = c.waiting
		from (select pools[1] as pool, sum(confirmed) as confirmed, sum(waiting) as waiting from registrations group by 1) c
		where p.id = c.pool`)
	return err
}
