package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/bench/seatload"
)

// holdAtMost is for how long a transaction is held open.
const holdAtMost = 5 * time.Second

// holdOpen holds one transaction open after the other, in which something was
// written and, one time in four, one of the watched topics is locked. PostgreSQL
// is killed under it now and then.
func (p *proof) holdOpen(ctx context.Context) {
	for ctx.Err() == nil {
		conn, err := p.Superuser(ctx)
		if err == nil {
			for err == nil && ctx.Err() == nil {
				err = p.holdOnce(ctx, conn)
			}
			_ = conn.Close(context.WithoutCancel(ctx))
		}
		seatload.Pause(ctx, 5)
	}
}

// lockNewest locks one of the newest topics: those that are watched.
const lockNewest = `select node from topics where node = (select node from topics order by node desc offset %d limit 1) for no key update`

func (p *proof) holdOnce(ctx context.Context, conn *pgx.Conn) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if _, err := tx.Exec(ctx, `create temporary table held (n int) on commit drop`); err != nil {
		return err
	}
	long := rand.N(holdAtMost)
	if rand.IntN(4) == 0 {
		if _, err := tx.Exec(ctx, fmt.Sprintf(lockNewest, rand.IntN(len(p.watched)))); err != nil {
			return err
		}
	}
	p.held.Add(1)
	select {
	case <-time.After(long):
		return tx.Commit(ctx)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// kill kills PostgreSQL and an instance in turns, spread over the registrations.
func (p *proof) kill(ctx context.Context) error {
	var plan []func() error
	for i := range max(p.databaseKills, p.instanceKills) {
		if i < p.databaseKills {
			plan = append(plan, p.KillDatabase)
		}
		if i < p.instanceKills {
			plan = append(plan, p.KillInstance)
		}
	}
	all := p.people * len(p.watched)
	for i, kill := range plan {
		for p.answered.Load() < int64(all*(i+1)/(len(plan)+1)) {
			select {
			case <-time.After(10 * time.Millisecond):
			case <-ctx.Done():
				return fmt.Errorf("only %d of %d kills were due before the end", i, len(plan))
			}
		}
		if err := kill(); err != nil {
			return err
		}
	}
	return nil
}
