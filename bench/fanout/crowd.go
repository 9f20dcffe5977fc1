package main

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// crowd is many sockets on one server, and what they receive.
type crowd struct {
	server  server
	sockets []*socket
	reading sync.WaitGroup
	watch   [topics]watched
	waits   atomic.Int64 // topics of which not everybody has the change
	all     chan struct{}
	ended   atomic.Int64 // sockets that ended without being asked to
	keep    atomic.Bool  // delays are kept

	mu     sync.Mutex
	delays []time.Duration
	why    error // of the first that ended
}

// watched is what the sockets of one topic have received.
type watched struct {
	sockets     int64
	got, target atomic.Int64 // answers, and how many when all have the change
	asked       atomic.Int64 // when the change was asked for, in ns
	first, last atomic.Int64 // of its receipts; 0: it has not come
}

// eachDial is how many sockets open at a time.
const eachDial = 64

// gather opens n sockets and returns when each has its first message.
func gather(ctx context.Context, s server, scenario string, n int) (*crowd, error) {
	c := &crowd{server: s, sockets: make([]*socket, n), all: make(chan struct{}, 1)}
	for i := range n {
		c.watch[topicOf(scenario, i)].sockets++
	}
	c.due()
	var opening sync.WaitGroup
	failed := make(chan error, eachDial)
	next := atomic.Int64{}
	for range eachDial {
		opening.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n || ctx.Err() != nil {
					return
				}
				topic := topicOf(scenario, i)
				socket, err := dial(ctx, s.proc().addr, operation(scenario, i), s.topic(topic), 0)
				if err != nil {
					failed <- err
					return
				}
				c.sockets[i] = socket
				c.reading.Go(func() { c.read(socket, &c.watch[topic]) })
			}
		})
	}
	opening.Wait()
	select {
	case err := <-failed:
		c.leave()
		return nil, fmt.Errorf("%s: open sockets: %w", s.name(), err)
	default:
	}
	if err := c.received(ctx); err != nil {
		c.leave()
		return nil, fmt.Errorf("%s: first messages: %w", s.name(), err)
	}
	return c, nil
}

// topicOf is what the i-th socket watches.
func topicOf(scenario string, i int) int {
	if scenario == "topics" {
		return i % topics
	}
	return 0
}

// operation is what the i-th socket asks for.
func operation(scenario string, i int) string {
	if scenario == "selections" { // all different: nothing can be shared
		return fmt.Sprintf(`subscription($id: ID!) { eventChanges(id: $id) { n%d: number cursor kind at fields } }`, i)
	}
	return plain
}

const plain = `subscription($id: ID!) { eventChanges(id: $id) { number cursor kind at fields } }`

// due says that all sockets will be told of a change.
func (c *crowd) due() {
	waits := int64(0)
	for i := range c.watch {
		if w := &c.watch[i]; w.sockets > 0 {
			waits++
			w.first.Store(0)
			w.target.Add(w.sockets)
		}
	}
	c.waits.Store(waits)
}

// read counts answers until the socket ends.
func (c *crowd) read(s *socket, w *watched) {
	for {
		text, err := s.text()
		if err != nil {
			c.ended.Add(1)
			c.mu.Lock()
			if c.why == nil {
				c.why = err
			}
			c.mu.Unlock()
			return
		}
		if !bytes.Contains(text, []byte(`"next"`)) {
			continue
		}
		now := time.Now().UnixNano()
		if w.first.Load() == 0 {
			w.first.CompareAndSwap(0, now)
		}
		if c.keep.Load() {
			c.mu.Lock()
			c.delays = append(c.delays, time.Duration(now-w.asked.Load()))
			c.mu.Unlock()
		}
		if w.got.Add(1) == w.target.Load() {
			w.last.Store(now)
			if c.waits.Add(-1) == 0 {
				c.all <- struct{}{}
			}
		}
	}
}

// received waits until all that was due has come.
func (c *crowd) received(ctx context.Context) error {
	late := time.NewTimer(2 * time.Minute)
	defer late.Stop()
	select {
	case <-c.all:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-late.C:
		c.mu.Lock()
		defer c.mu.Unlock()
		return fmt.Errorf("%d topics wait for the change, %d sockets ended: %w", c.waits.Load(), c.ended.Load(), c.why)
	}
}

// turn is how late the first and the last were told of a change that was asked
// for; of many topics the mean.
type turn struct{ first, last time.Duration }

// changers is how many changes of different topics are asked for at a time.
const changers = 4

// turn makes a change of each topic and waits until everybody has it.
func (c *crowd) turn(ctx context.Context, scenario string) (t turn, err error) {
	c.due()
	if err := changeAll(ctx, c.server, scenario, func(n int) { c.watch[n].asked.Store(time.Now().UnixNano()) }); err != nil {
		return t, err
	}
	if err := c.received(ctx); err != nil {
		return t, err
	}
	watched := time.Duration(0)
	for i := range c.watch {
		if w := &c.watch[i]; w.sockets > 0 {
			watched++
			t.first += time.Duration(w.first.Load() - w.asked.Load())
			t.last += time.Duration(w.last.Load() - w.asked.Load())
		}
	}
	return turn{t.first / watched, t.last / watched}, nil
}

// changeAll makes a change of each topic of the scenario; ask is told before.
func changeAll(ctx context.Context, s server, scenario string, ask func(n int)) error {
	if scenario != "topics" {
		ask(0)
		return s.change(ctx, 0)
	}
	failed := make(chan error, topics)
	var work sync.WaitGroup
	for w := range changers {
		work.Go(func() {
			for n := w; n < topics; n += changers {
				ask(n)
				if err := s.change(ctx, n); err != nil {
					failed <- err
				}
			}
		})
	}
	work.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

// leave closes all sockets.
func (c *crowd) leave() {
	for _, s := range c.sockets {
		if s != nil {
			_ = s.conn.Close()
		}
	}
	c.reading.Wait()
}
