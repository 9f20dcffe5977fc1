package gqlws

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// tally counts what is going on, and lets somebody wait for it to end.
type tally struct {
	mu   sync.Mutex
	n    int
	zero chan struct{} // made by a waiter, closed when n falls to 0
}

func (t *tally) add(d int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n += d
	if t.n == 0 && t.zero != nil {
		close(t.zero)
		t.zero = nil
	}
}

func (t *tally) count() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.n
}

func (t *tally) wait(ctx context.Context) error {
	t.mu.Lock()
	if t.n == 0 {
		t.mu.Unlock()
		return nil
	}
	if t.zero == nil {
		t.zero = make(chan struct{})
	}
	zero := t.zero
	t.mu.Unlock()
	select {
	case <-zero:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// gate counts connections, in total and by who or where they come from.
type gate struct {
	tally
	keys    sync.Mutex
	byKey   map[string]int
	max     int
	isOut   bool
	refused map[refusal]int64
}

// refusal is why there was no place for a connection.
type refusal string

const (
	admitted   refusal = ""
	overAll    refusal = "total"
	perPerson  refusal = "person"
	perAddress refusal = "address"
	leaving    refusal = "draining"
)

// status is what a request is answered with, and fault the reason.
func (r refusal) status() int {
	if r == perPerson || r == perAddress {
		return http.StatusTooManyRequests
	}
	return http.StatusServiceUnavailable
}

func (r refusal) fault() error {
	if r.status() == http.StatusTooManyRequests {
		return errTooManyConnections.New()
	}
	return fault.ErrOverloaded.New()
}

// place is what a connection counts as: one of a person, or of an address.
type place struct {
	key   string
	limit int
	full  refusal // when limit is reached
}

func (g *gate) limits(total int) {
	g.max = total
	g.byKey = map[string]int{}
	g.refused = map[refusal]int64{}
}

// enter takes a place; give it back with leave. It says why there is none.
func (g *gate) enter(p place) refusal {
	g.keys.Lock()
	defer g.keys.Unlock()
	why := admitted
	switch {
	case g.isOut:
		why = leaving
	case g.count() >= g.max:
		why = overAll
	case g.byKey[p.key] >= p.limit:
		why = p.full
	}
	if why != admitted {
		g.refused[why]++
		return why
	}
	g.byKey[p.key]++
	g.add(1)
	return admitted
}

// move changes the place of a connection that turned out to be somebody's. It
// reports false, and changes nothing, when there is none left.
func (g *gate) move(from, to place) bool {
	g.keys.Lock()
	defer g.keys.Unlock()
	if from.key == to.key {
		return true
	}
	if g.byKey[to.key] >= to.limit {
		g.refused[to.full]++
		return false
	}
	g.forget(from)
	g.byKey[to.key]++
	return true
}

func (g *gate) leave(p place) {
	g.keys.Lock()
	defer g.keys.Unlock()
	g.forget(p)
	g.add(-1)
}

func (g *gate) forget(p place) {
	if g.byKey[p.key]--; g.byKey[p.key] <= 0 {
		delete(g.byKey, p.key)
	}
}

// shut refuses everybody from now on.
func (g *gate) shut() {
	g.keys.Lock()
	defer g.keys.Unlock()
	g.isOut = true
}

func (g *gate) isShut() bool {
	g.keys.Lock()
	defer g.keys.Unlock()
	return g.isOut
}

func (g *gate) refusals() map[string]int64 {
	g.keys.Lock()
	defer g.keys.Unlock()
	by := make(map[string]int64, len(g.refused))
	for why, n := range g.refused {
		by[string(why)] = n
	}
	return by
}

// placeOf is what a connection of the context counts as: per person before per
// address, for a town hall is one address.
func (h *Handler) placeOf(ctx context.Context, r *http.Request) place {
	if p, known := h.personal(ctx); known {
		return p
	}
	return place{"a:" + h.opts.Address(r), h.opts.MaxPerAddress, perAddress}
}

func (h *Handler) personal(ctx context.Context) (place, bool) {
	person := h.opts.Person(ctx)
	return place{"p:" + person, h.opts.MaxPerPerson, perPerson}, person != ""
}

// admit takes a place for a request; it answers the request when there is none.
func (h *Handler) admit(w http.ResponseWriter, r *http.Request) (place, bool) {
	p := h.placeOf(r.Context(), r)
	if why := h.gate.enter(p); why != admitted {
		h.refuse(w, r, why.status(), why.fault())
		return p, false
	}
	return p, true
}

// origins is the set of allowed origins, as scheme://host in lower case.
type origins map[string]bool

func parseOrigins(list []string) (origins, error) {
	set := origins{}
	for _, o := range list {
		u, err := url.Parse(o)
		if err != nil || u.Scheme == "" || u.Host == "" || strings.Trim(u.Path, "/") != "" {
			return nil, fmt.Errorf("gqlws: %q is no origin, such as https://example.org", o)
		}
		set[strings.ToLower(u.Scheme+"://"+u.Host)] = true
	}
	return set, nil
}

// allow judges a request by its Origin: none, the hub's own, or a listed one.
func (o origins) allow(r *http.Request) bool {
	values := r.Header.Values("Origin")
	if len(values) == 0 {
		return true
	}
	u, err := url.Parse(values[0])
	if len(values) > 1 || err != nil || u.Host == "" {
		return false
	}
	return strings.EqualFold(u.Host, r.Host) || o[strings.ToLower(u.Scheme+"://"+u.Host)]
}

// closeCounts counts ended sockets by close code.
type closeCounts struct {
	mu sync.Mutex
	by map[int]int64
}

func (c *closeCounts) add(code int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.by == nil {
		c.by = map[int]int64{}
	}
	c.by[code]++
}

func (c *closeCounts) copy() map[int]int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.by)
}
