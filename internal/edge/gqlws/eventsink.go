package gqlws

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

func (st *eventStream) ring() {
	select {
	case st.wake <- struct{}{}:
	default:
	}
}

// Next queues one answer.
func (st *eventStream) Next(m Message) bool {
	st.begin(nil)
	return st.put(frame{head: nextHead(m.Cursor), payload: oneLine(m.Payload), tail: "\n\n"})
}

func (st *eventStream) put(f frame) bool {
	st.mu.Lock()
	if st.over || st.cut {
		st.mu.Unlock()
		return false
	}
	ok := st.out.put(f)
	st.mu.Unlock()
	if !ok {
		st.abort()
		return false
	}
	st.ring()
	return true
}

// End queues the last events. A stream that ends because the connection does
// has no last event, so that the client comes back; one whose context has
// ended is left to the handler, which knows why.
func (st *eventStream) End(err error) {
	st.mu.Lock()
	again := st.ended
	st.ended = true
	silent := st.over || st.leaving && st.streaming
	st.mu.Unlock()
	if again {
		return
	}
	defer st.h.running.add(-1)
	if st.ctx.Err() != nil {
		return
	}
	st.begin(nil)
	if !silent {
		if err != nil {
			st.put(st.errorEvent(err))
		}
		st.put(frame{head: []byte(completeEvent)})
	}
	st.finish()
}

func (st *eventStream) finish() {
	st.mu.Lock()
	st.over = true
	st.mu.Unlock()
	st.ring()
}

func (st *eventStream) errorEvent(err error) frame {
	errs := st.h.presentAll(context.WithoutCancel(st.ctx), err)
	payload, jsonErr := json.Marshal(struct {
		Errors gqlerror.List `json:"errors"`
	}{errs})
	if jsonErr != nil { // an extension that has no JSON
		payload = []byte(`{"errors":[{"message":"Internal error.","extensions":{"code":"INTERNAL"}}]}`)
	}
	return frame{head: nextHead(""), payload: payload, tail: "\n\n"}
}

// beat sends a comment to a stream with nothing to say, and ends an old one:
// a peer cannot be asked whether it still listens.
func (st *eventStream) beat() {
	st.mu.Lock()
	old := st.streaming && time.Since(st.born) > st.h.opts.MaxStreamAge
	idle := st.started && st.out.bytes == 0
	st.mu.Unlock()
	switch {
	case old:
		st.finish()
	case idle:
		st.put(frame{head: []byte(":\n\n")})
	}
}

// press implements peer: a stream has no pings.
func (st *eventStream) press() {}

func (st *eventStream) dismiss() {
	st.mu.Lock()
	st.leaving = true
	streaming := st.streaming
	st.mu.Unlock()
	if streaming {
		st.finish()
	}
}

// abort ends the stream at once, even in the middle of a write.
func (st *eventStream) abort() {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.cut, st.over = true, true
	st.out.drop()
	if !st.returned {
		_ = st.control.SetWriteDeadline(time.Now())
	}
	st.cancel()
}

// nextHead begins an event. A cursor that would break the lines is left out.
func nextHead(cursor string) []byte {
	if cursor == "" || strings.ContainsAny(cursor, "\r\n\x00") {
		return []byte("event: next\ndata: ")
	}
	return []byte("event: next\nid: " + cursor + "\ndata: ")
}

// oneLine replaces line breaks between the tokens of JSON, as a custom scalar
// may write them; inside strings JSON has none.
func oneLine(payload []byte) []byte {
	if !bytes.ContainsAny(payload, "\r\n") {
		return payload
	}
	return bytes.Map(func(r rune) rune {
		if r == '\n' || r == '\r' {
			return ' '
		}
		return r
	}, payload)
}
