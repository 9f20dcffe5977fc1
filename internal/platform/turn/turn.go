// Package turn serves together those who wait for the same thing.
//
// Where everybody needs one lock and holds it over a commit, the disk is waited
// for once by each. So they take turns: who finds nobody there goes straight
// through; the others wait in the order of their arrival, and when a turn ends
// the first of them takes all who wait by then, as far as they fit, and carries
// their jobs out together. Nobody waits for company, and there is no goroutine
// but those that came.
//
// A turn says nothing about other instances: the lock still stands behind it. It
// only makes one of many.
package turn

import (
	"context"
	"sync"
)

// Options bound a turn.
type Options struct {
	// Jobs is how many are carried out together at most.
	Jobs int
	// Weight is how much they may weigh together; a job that is heavier goes by
	// itself. 0: weight does not count.
	Weight int
	// Took is told the size of each turn.
	Took func(jobs int)
}

// Job is what somebody wants done.
type Job interface {
	// Weight is how much of a turn it needs.
	Weight() int
	// Alone carries it out by itself, in the goroutine that brought it.
	Alone(ctx context.Context) error
}

// Line is where jobs about things named by K wait. All jobs of a turn are about
// one thing.
type Line[K comparable, J Job] struct {
	options  Options
	together func(ctx context.Context, jobs []J) (errs []error, served bool)

	mu      sync.Mutex
	waiting map[K][]*waiter[J] // a key is there while somebody has the turn
}

// NewLine makes a line. together carries out two jobs or more, in their order,
// and gives each its own error. When it says that nothing was served, then
// nothing has happened, and each is carried out alone, in their order.
//
// Its context is that of who has the turn without its end: who gives up does
// not take the others along.
func NewLine[K comparable, J Job](o Options, together func(ctx context.Context, jobs []J) (errs []error, served bool)) *Line[K, J] {
	return &Line[K, J]{options: o, together: together, waiting: map[K][]*waiter[J]{}}
}

// waiter is somebody in the line.
type waiter[J Job] struct {
	job   J
	alone bool // was in a turn that served nobody
	err   error
	// call wakes it: with those whose turn it is to lead, itself first, or with
	// nobody when its job is done. It holds one, so that nobody waits for a waker.
	call chan []*waiter[J]
}

// Do carries a job about key out, alone or with those who wait with it. Who gives
// up before the turn takes them has done nothing; from then on the job is carried
// out, whatever becomes of ctx.
func (l *Line[K, J]) Do(ctx context.Context, key K, job J) error {
	me := &waiter[J]{job: job, call: make(chan []*waiter[J], 1)}
	if l.straight(key, me) {
		return l.lead(ctx, key, []*waiter[J]{me})
	}
	for {
		select {
		case <-ctx.Done():
			if l.leave(key, me) {
				return ctx.Err()
			}
			ctx = context.WithoutCancel(ctx) // it was taken
		case led := <-me.call:
			if led == nil {
				return me.err
			}
			return l.lead(ctx, key, led)
		}
	}
}

// Waiting tells how many wait for the turn of key; -1: nobody has it.
func (l *Line[K, J]) Waiting(key K) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	line, taken := l.waiting[key]
	if !taken {
		return -1
	}
	return len(line)
}

// straight tells that nobody was there, and takes the turn; else me waits.
func (l *Line[K, J]) straight(key K, me *waiter[J]) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	others, taken := l.waiting[key]
	if taken {
		l.waiting[key] = append(others, me)
		return false
	}
	l.waiting[key] = nil
	return true
}

// leave takes me out of the line, if it still stands there.
func (l *Line[K, J]) leave(key K, me *waiter[J]) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	line := l.waiting[key]
	for i, w := range line {
		if w == me {
			l.waiting[key] = append(line[:i:i], line[i+1:]...)
			return true
		}
	}
	return false
}

// lead has the turn, and hands it on.
func (l *Line[K, J]) lead(ctx context.Context, key K, led []*waiter[J]) error {
	me := led[0]
	var again []*waiter[J]
	defer func() { l.next(key, again) }() // also when the job panics
	if l.options.Took != nil {
		l.options.Took(len(led))
	}
	if len(led) == 1 {
		return me.job.Alone(ctx)
	}
	if l.serve(ctx, led) {
		for _, w := range led[1:] {
			w.call <- nil
		}
		return me.err
	}
	for _, w := range led {
		w.alone = true
	}
	again = led[1:]
	return me.job.Alone(ctx)
}

// serve carries the jobs out together. A panic is somebody's whom being alone
// will show: nothing was served.
func (l *Line[K, J]) serve(ctx context.Context, led []*waiter[J]) (served bool) {
	defer func() {
		if recover() != nil {
			served = false
		}
	}()
	jobs := make([]J, len(led))
	for i, w := range led {
		jobs[i] = w.job
	}
	errs, served := l.together(context.WithoutCancel(ctx), jobs)
	if served {
		for i, w := range led {
			w.err = errs[i]
		}
	}
	return served
}

// next calls who comes next, those who have to go again before all others; with
// nobody there, the key is free.
func (l *Line[K, J]) next(key K, again []*waiter[J]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	line := append(again, l.waiting[key]...)
	if len(line) == 0 {
		delete(l.waiting, key)
		return
	}
	n := l.fit(line)
	l.waiting[key] = line[n:]
	line[0].call <- line[:n:n]
}

// fit is how many from the head of the line go together.
func (l *Line[K, J]) fit(line []*waiter[J]) int {
	if line[0].alone {
		return 1
	}
	weight := 0
	for n, w := range line {
		weight += w.job.Weight()
		if w.alone || n == l.options.Jobs || n > 0 && l.options.Weight > 0 && weight > l.options.Weight {
			return n
		}
	}
	return len(line)
}
