package gqlhttp

import (
	"bytes"
	"sync"
)

// kept is the largest buffer worth keeping for the next request, in bytes.
const kept = 256 << 10

// buffers lends memory for bodies and answers.
type buffers struct{ pool sync.Pool }

func (b *buffers) get() *bytes.Buffer {
	if buf, ok := b.pool.Get().(*bytes.Buffer); ok {
		return buf
	}
	return new(bytes.Buffer)
}

func (b *buffers) put(buf *bytes.Buffer) {
	if buf.Cap() > kept {
		return
	}
	buf.Reset()
	b.pool.Put(buf)
}
