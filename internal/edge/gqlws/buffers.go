package gqlws

import (
	"bytes"
	"sync"
)

// keptBuffer is the largest buffer worth keeping for the next one.
const keptBuffer = 64 << 10

// buffers lends scratch space, so that an idle connection holds none.
type buffers struct{ pool sync.Pool }

func (b *buffers) get() *bytes.Buffer {
	if buf, ok := b.pool.Get().(*bytes.Buffer); ok {
		return buf
	}
	return &bytes.Buffer{}
}

func (b *buffers) put(buf *bytes.Buffer) {
	if buf.Cap() > keptBuffer {
		return
	}
	buf.Reset()
	b.pool.Put(buf)
}
