package gqlws

import (
	"sync/atomic"
)

// frameCost is what a queued frame takes besides its text.
const frameCost = 128

// frame is one message on its way out. The text is put together only when it
// is written, so that all receivers of one payload share its bytes while it
// waits.
type frame struct {
	op      *operation // nil: not part of an operation
	head    []byte     // what stands before the payload
	payload []byte     // shared between receivers, never changed
	tail    string
	cursor  string // of the message, where known
}

func (f *frame) length() int { return len(f.head) + len(f.payload) + len(f.tail) }

func (f *frame) size() int { return f.length() + frameCost }

func (f *frame) appendTo(b []byte) []byte {
	b = append(b, f.head...)
	b = append(b, f.payload...)
	return append(b, f.tail...)
}

// outbox is the queue of one connection, bounded in bytes, oldest first. What
// is being written counts as queued until it is done. Its owner's lock guards
// it.
type outbox struct {
	frames []frame
	bytes  int
	max    int
	total  *atomic.Int64 // bytes queued by all connections
	most   int64         // for total
}

// put queues f. It reports false when the reader is too far behind. Where
// nothing waits but what is being written, any frame passes, however large: it
// could never be delivered otherwise.
func (o *outbox) put(f frame) bool {
	size := f.size()
	behind := len(o.frames) > 0
	if behind && (o.bytes+size > o.max || o.total.Load()+int64(size) > o.most) {
		return false
	}
	o.frames = append(o.frames, f)
	o.hold(size)
	return true
}

// take removes the oldest frame; release of its size must follow.
func (o *outbox) take() (frame, bool) {
	if len(o.frames) == 0 {
		return frame{}, false
	}
	f := o.frames[0]
	o.frames[0] = frame{}
	if o.frames = o.frames[1:]; len(o.frames) == 0 {
		o.frames = nil // an idle connection keeps no queue
	}
	return f, true
}

// hold counts bytes that wait.
func (o *outbox) hold(size int) {
	o.bytes += size
	o.total.Add(int64(size))
}

// release forgets the bytes of what was taken, or held.
func (o *outbox) release(size int) { o.hold(-size) }

// drop empties the queue; what was taken is still to be released.
func (o *outbox) drop() {
	size := 0
	for i := range o.frames {
		size += o.frames[i].size()
	}
	o.release(size)
	o.frames = nil
}
