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
	keys  sync.Mutex
	byKey map[string]int
	max   int
	isOut bool
}

func (g *gate) limits(total int) {
	g.max = total
	g.byKey = map[string]int{}
}

// enter takes a place for key, of which limit are allowed. It returns the HTTP
// status of a refusal, 0 when the place was taken: give it back with leave.
func (g *gate) enter(key string, limit int) int {
	g.keys.Lock()
	defer g.keys.Unlock()
	switch {
	case g.isOut || g.count() >= g.max:
		return http.StatusServiceUnavailable
	case g.byKey[key] >= limit:
		return http.StatusTooManyRequests
	}
	g.byKey[key]++
	g.add(1)
	return 0
}

func (g *gate) leave(key string) {
	g.keys.Lock()
	defer g.keys.Unlock()
	if g.byKey[key]--; g.byKey[key] <= 0 {
		delete(g.byKey, key)
	}
	g.add(-1)
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

// admit takes a place for a request; it answers the request when there is none.
func (h *Handler) admit(w http.ResponseWriter, r *http.Request) (key string, ok bool) {
	key, limit := "a:"+h.opts.Address(r), h.opts.MaxPerAddress
	if person := h.opts.Person(r); person != "" {
		key, limit = "p:"+person, h.opts.MaxPerPerson
	}
	if status := h.gate.enter(key, limit); status != 0 {
		h.refuse(w, r, status, refusal(status))
		return "", false
	}
	return key, true
}

func refusal(status int) error {
	if status == http.StatusTooManyRequests {
		return errTooManyConnections.New()
	}
	return fault.ErrOverloaded.New()
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
