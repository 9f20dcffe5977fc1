package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/teixit/teixit/bench/dataset"
)

const (
	// hotSeats is fewer than are asked for in a window: the line is in it.
	hotSeats = 500
	// spreadEvents are as many that two seldom meet.
	spreadEvents = 256
	// manySeats is all that a pool may have.
	manySeats = 100_000
)

const registerQuery = `mutation Register($in: RegistrationCreateInput!) { registrationCreate(input: $in) {
  registration { id state place } errors { code } } }`

const registerSQL = `with at as (
  update bench.lines set last = last + 1, confirmed = confirmed + (confirmed < capacity)::int, waiting = waiting + (confirmed >= capacity)::int
  where event = :event returning event, last, waiting, last <= capacity as seat)
insert into bench.registrations (event, organization, name, line, state, key)
select event, %s, 'Persona inventada', last, case when seat then 'CONFIRMED' else 'WAITLISTED' end, last::text from at
returning id, state;
`

// registrations measures a workload that registers: all on one event, or each on
// one of many.
func (s *stage) registrations(ctx context.Context, name string) (*table, error) {
	all := slices.DeleteFunc(slices.Clone(s.servers), func(p *server) bool {
		return !slices.Contains([]string{hub, mercurius, usual, pgbench}, p.name)
	})
	t := &table{Workload: name}
	turns := map[string][]turn{}
	for range s.rounds {
		for _, p := range all {
			r := &rush{stage: s, of: p, seats: hotSeats, events: 1}
			if name == spread {
				r.seats, r.events = manySeats, spreadEvents
			}
			one, err := r.run(ctx)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.name, err)
			}
			turns[p.name] = append(turns[p.name], *one)
			t.exact += one.all
		}
	}
	for _, p := range all {
		t.Rows = append(t.Rows, rowOf(p.name, turns[p.name]))
	}
	t.Note = fmt.Sprintf("%d connections (pgbench %d); %d registrations acknowledged, all there, none oversold", s.conns, s.contended, t.exact)
	return t, nil
}

// rush is one turn.
type rush struct {
	*stage
	of     *server
	seats  int
	events int
	ids    []string // of the events, as the server writes them
}

func (r *rush) run(ctx context.Context) (*turn, error) {
	if err := r.prepare(ctx); err != nil {
		return nil, fmt.Errorf("make the events: %w", err)
	}
	if r.of.name == pgbench {
		one, err := r.contend(ctx)
		if err != nil {
			return nil, err
		}
		return one, r.check(ctx, one.all)
	}
	c, err := r.crowd(ctx)
	if err != nil {
		return nil, err
	}
	defer c.leave()
	before, err := r.warmUp(ctx, c.registerFor)
	if err != nil {
		return nil, err
	}
	m, err := r.meter(ctx, r.of)
	if err != nil {
		return nil, err
	}
	times, took, err := c.registerFor(ctx, r.window)
	if err != nil {
		return nil, err
	}
	if err := r.finish(ctx); err != nil {
		return nil, err
	}
	u, err := m.since(ctx)
	if err != nil {
		return nil, err
	}
	all := before + len(times)
	return &turn{used: u, answered: len(times), all: all, took: took, times: times}, r.check(ctx, all)
}

// afterwards bounds how long the hub's mails about seats are waited for.
const afterwards = 20 * time.Second

// finish lets the hub tell people of their seats: that is part of registering, and
// would be in the way of whose turn is next.
func (r *rush) finish(ctx context.Context) error {
	if r.of.name != hub {
		return nil
	}
	_, quiet, err := r.rest(ctx, afterwards)
	if err == nil && !quiet {
		fmt.Printf("  (the hub was still telling people of their seats after %s)\n", afterwards)
	}
	return err
}

// prepare makes fresh events: the hub's by its own commands.
func (r *rush) prepare(ctx context.Context) error {
	if r.of.name == hub {
		for range r.events {
			event, err := r.newEvent(ctx)
			if err != nil {
				return err
			}
			r.ids = append(r.ids, event)
		}
		return nil
	}
	for range r.events {
		if _, err := r.admin.Exec(ctx, `insert into bench.lines (event, capacity) select coalesce(max(event), 0) + 1, $1 from bench.lines`, r.seats); err != nil {
			return err
		}
	}
	var last int
	err := r.admin.QueryRow(ctx, `select max(event) from bench.lines`).Scan(&last)
	for event := last - r.events + 1; event <= last; event++ {
		r.ids = append(r.ids, strconv.Itoa(event))
	}
	return err
}

// contend lets pgbench register, with fewer connections on one event than the
// others: more only wait longer.
func (r *rush) contend(ctx context.Context) (*turn, error) {
	first, last := r.ids[0], r.ids[len(r.ids)-1]
	script := fmt.Sprintf("\\set event random(%s, %s)\n", first, last) + fmt.Sprintf(registerSQL, "'"+r.data.Officers[0].Town+"'")
	return r.pgbench(ctx, script, r.contended)
}

// check compares what was acknowledged with what is there.
func (r *rush) check(ctx context.Context, acknowledged int) error {
	sql := `select count(*), count(*) filter (where state = 'CONFIRMED'), count(distinct (event, line)),
		  (select coalesce(sum(confirmed), 0) from bench.lines where event = any($1::text[]::bigint[]))
		from bench.registrations where event = any($1::text[]::bigint[])`
	ids := r.ids
	if r.of.name == hub {
		var err error
		if ids, err = dataset.EventUUIDs(r.ids); err != nil {
			return err
		}
		sql = `select count(*), coalesce(sum(r.confirmed), 0), count(distinct (r.event, r.line)),
			  (select coalesce(sum(confirmed), 0) from seat_pools where event = any($1::text[]::uuid[]))
			from registrations r where r.event = any($1::text[]::uuid[])`
	}
	var there, confirmed, places, counted int
	if err := r.admin.QueryRow(ctx, sql, ids).Scan(&there, &confirmed, &places, &counted); err != nil {
		return err
	}
	want := min(there, r.seats*r.events)
	if there != acknowledged || places != there || confirmed != want || counted != want {
		return fmt.Errorf("not exact: %d acknowledged, %d there in %d places, %d confirmed and %d counted of %d", acknowledged, there, places, confirmed, counted, want)
	}
	return nil
}

// applicants register on many connections, each time somebody else.
type applicants struct {
	*crowd
	r     *rush
	asked []int // by each connection so far
}

func (r *rush) crowd(ctx context.Context) (*applicants, error) {
	c, err := gather(ctx, r.of.addr, make([][][]byte, r.conns))
	return &applicants{c, r, make([]int, r.conns)}, err
}

// registerFor registers for a while. What one connection does next is prepared
// while it waits for nothing, and counted as the client's.
func (a *applicants) registerFor(ctx context.Context, d time.Duration) ([]time.Duration, time.Duration, error) {
	begun := time.Now()
	over := begun.Add(d)
	each := make([][]time.Duration, len(a.wires))
	errs := make([]error, len(a.wires))
	var failed atomic.Bool
	var all sync.WaitGroup
	for i := range a.wires {
		all.Go(func() {
			for time.Now().Before(over) && ctx.Err() == nil && !failed.Load() {
				took, err := a.register(i, a.asked[i])
				a.asked[i]++
				if errs[i] = err; err != nil {
					failed.Store(true)
					return
				}
				each[i] = append(each[i], took)
			}
		})
	}
	all.Wait()
	took := time.Since(begun)
	times := slices.Concat(each...)
	slices.Sort(times)
	return times, took, errors.Join(append(errs, ctx.Err())...)
}

// register asks once, as an officer for their town.
func (a *applicants) register(connection, n int) (time.Duration, error) {
	who := a.r.data.Officers[connection%len(a.r.data.Officers)]
	token := ""
	if a.r.of.name == hub {
		token = who.Token
	}
	key := fmt.Sprint(a.r.ids[0], " ", connection, " ", n)
	request, err := post(a.r.of.addr, token, operation{registerQuery, "Register", map[string]any{"in": map[string]any{
		"idempotencyKey": key, "event": a.r.ids[(connection*31+n*7)%len(a.r.ids)], "organization": who.Town, "policy": "WAIT_TOGETHER",
		"delegates": []any{map[string]any{"name": fmt.Sprintf("Persona Inventada %d %d", connection, n), "role": "PUBLIC"}},
	}}})
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	text, err := a.wires[connection].ask(request)
	took := time.Since(begun)
	if err == nil && !bytes.Contains(text, []byte(`"state":"`)) {
		err = fmt.Errorf("it answers %.300s", text)
	}
	return took, err
}
