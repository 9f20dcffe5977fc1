package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// turn is what one server did in one round.
type turn struct {
	used
	answered int // in the window
	all      int // of pgbench: before and after it too
	took     time.Duration
	times    []time.Duration // of the requests; sorted
}

// reads measures a workload that reads.
func (s *stage) reads(ctx context.Context, name string) (*table, error) {
	q, err := s.question(ctx, name)
	if err != nil {
		return nil, err
	}
	all := s.servers
	if name == unchanged { // nobody else remembers answers
		all = slices.DeleteFunc(slices.Clone(all), func(p *server) bool { return p.name != hub && p.name != static })
	}
	size, err := s.equal(ctx, q, all)
	if err != nil {
		return nil, fmt.Errorf("answers differ: %w", err)
	}
	t := &table{Workload: name, Note: fmt.Sprintf("%d connections, answers of %d B, equal for %d servers", s.conns, size, len(all))}
	turns := map[string][]turn{}
	for range s.rounds {
		for _, p := range all {
			one, err := s.turn(ctx, p, q)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.name, err)
			}
			turns[p.name] = append(turns[p.name], *one)
		}
	}
	for _, p := range all {
		t.Rows = append(t.Rows, rowOf(p.name, turns[p.name]))
	}
	return t, nil
}

func (s *stage) turn(ctx context.Context, p *server, q *question) (*turn, error) {
	if p.name == pgbench {
		return s.pgbench(ctx, q.script(), s.conns)
	}
	requests := make([][][]byte, s.conns)
	for i := range requests {
		for at := range q.cases {
			request, err := post(p.addr, s.tokenOf(p, q, i), q.of(p.name, at))
			if err != nil {
				return nil, err
			}
			requests[i] = append(requests[i], request)
		}
	}
	c, err := gather(ctx, p.addr, requests)
	if err != nil {
		return nil, err
	}
	defer c.leave()
	if _, err := s.warmUp(ctx, c.askFor); err != nil {
		return nil, err
	}
	m, err := s.meter(ctx, p)
	if err != nil {
		return nil, err
	}
	times, took, err := c.askFor(ctx, s.window)
	if err != nil {
		return nil, err
	}
	u, err := m.since(ctx)
	return &turn{used: u, answered: len(times), took: took, times: times}, err
}

// Before it is measured a server is asked for a while, and so often that each of its
// connections has asked everything a few times: PostgreSQL plans a prepared
// statement five times before it keeps a plan.
const (
	warmRequests = 10 * poolSize
	warmPatience = 20 * time.Second
)

// warmUp asks with ask and returns how many were answered.
func (s *stage) warmUp(ctx context.Context, ask func(context.Context, time.Duration) ([]time.Duration, time.Duration, error)) (answered int, err error) {
	for end := time.Now().Add(warmPatience); answered < warmRequests && time.Now().Before(end); {
		times, _, err := ask(ctx, s.warm)
		if err != nil {
			return answered, err
		}
		answered += len(times)
	}
	return answered, nil
}

// tokenOf signs in at the hub; nobody else asks.
func (s *stage) tokenOf(p *server, q *question, connection int) string {
	if p.name != hub {
		return ""
	}
	return s.tokenFor(q, connection)
}

// crowd asks on many connections, each its own requests by turns.
type crowd struct {
	wires    []*wire
	requests [][][]byte
	next     []int
}

func gather(ctx context.Context, addr string, requests [][][]byte) (*crowd, error) {
	c := &crowd{requests: requests, next: make([]int, len(requests))}
	for i := range requests {
		w, err := dial(ctx, addr)
		if err != nil {
			c.leave()
			return nil, err
		}
		c.wires = append(c.wires, w)
		c.next[i] = i * 7 // they do not ask for the same at the same time
	}
	return c, nil
}

func (c *crowd) leave() {
	for _, w := range c.wires {
		_ = w.conn.Close()
	}
}

// askFor asks for a while and returns how long each request took, sorted.
func (c *crowd) askFor(ctx context.Context, d time.Duration) ([]time.Duration, time.Duration, error) {
	begun := time.Now()
	over := begun.Add(d)
	each := make([][]time.Duration, len(c.wires))
	errs := make([]error, len(c.wires))
	var all sync.WaitGroup
	var failed atomic.Bool
	for i := range c.wires {
		all.Go(func() {
			for now := time.Now(); now.Before(over) && ctx.Err() == nil && !failed.Load(); {
				of := c.requests[i]
				if _, errs[i] = c.wires[i].ask(of[c.next[i]%len(of)]); errs[i] != nil {
					failed.Store(true)
					return
				}
				c.next[i]++
				then := time.Now()
				each[i] = append(each[i], then.Sub(now))
				now = then
			}
		})
	}
	all.Wait()
	took := time.Since(begun)
	times := slices.Concat(each...)
	slices.Sort(times)
	return times, took, errors.Join(append(errs, ctx.Err())...)
}
