package gqldoc

import (
	"container/list"
	"sync"
)

// cache remembers documents that were validated, the least recently used
// going first. It is bounded by the memory they are estimated to take, so that
// nobody fills it with a few huge ones.
type cache struct {
	mu    sync.Mutex
	limit int
	bytes int
	order *list.List // of *document, most recent first
	byKey map[string]*list.Element
}

func newCache(limit int) *cache {
	return &cache{limit: limit, order: list.New(), byKey: map[string]*list.Element{}}
}

func (c *cache) get(query string) *document {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byKey[query]
	if e == nil {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*document)
}

// share is the part of the cache one document may take at most.
const share = 32

func (c *cache) add(d *document) {
	if d.bytes() > c.limit/share {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey[d.query] != nil {
		return
	}
	c.byKey[d.query] = c.order.PushFront(d)
	c.bytes += d.bytes()
	for c.bytes > c.limit {
		c.evict()
	}
}

func (c *cache) evict() {
	e := c.order.Back()
	d := c.order.Remove(e).(*document)
	delete(c.byKey, d.query)
	c.bytes -= d.bytes()
}
