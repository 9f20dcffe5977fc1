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

	byHash map[string]*list.Element // of those that a client has named by hash
}

func newCache(limit int) *cache {
	return &cache{limit: limit, order: list.New(), byKey: map[string]*list.Element{}, byHash: map[string]*list.Element{}}
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
	delete(c.byHash, d.hash)
	c.bytes -= d.bytes()
}

// name lets a remembered document be found by the hash of its text.
func (c *cache) name(query, hash string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.byKey[query]; e != nil && c.byHash[hash] == nil {
		e.Value.(*document).hash = hash
		c.byHash[hash] = e
	}
}

// named finds a document by the hash of its text; nil: it is not remembered.
func (c *cache) named(hash string) *document {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.byHash[hash]
	if e == nil {
		return nil
	}
	return e.Value.(*document)
}
