package gqlws

import (
	"encoding/binary"
	"fmt"
	"syscall"
	"unicode/utf8"

	"github.com/gorilla/websocket"
)

// inbound takes the bytes of a connection apart into messages. It is lent to a
// socket while something arrives: one that listens holds none. In between
// messages it has no state.
type inbound struct {
	buf     [4 << 10]byte // what was read last
	head    []byte        // of a frame, as far as it has come
	message []byte        // as far as it has come, fragments joined
	control []byte        // the same of a control frame
	kind    int           // of the message that has begun; 0: none
	frame   frameHead     // whose payload is awaited
	within  bool          // a frame has begun, and its head is complete
	discard bool          // the message is not kept

	n    int // what reading gave
	err  error
	once func(fd uintptr) // made once: it would be allocated each time
}

func newInbound() *inbound {
	in := &inbound{}
	in.once = in.read
	return in
}

func (in *inbound) read(fd uintptr) {
	for {
		if in.n, in.err = syscall.Read(int(fd), in.buf[:]); in.err != syscall.EINTR {
			return
		}
	}
}

// reset makes it as new, but for the space it has.
func (in *inbound) reset() {
	in.head, in.message, in.control = in.head[:0], in.message[:0], in.control[:0]
	in.kind, in.frame, in.within, in.discard = 0, frameHead{}, false, false
}

// frameHead is what stands before a payload.
type frameHead struct {
	opcode  int
	isFinal bool
	mask    [4]byte
	at      int   // payload bytes that have come
	left    int64 // and that have not
}

// broken is what is wrong with a frame; it is the reason of a close frame.
type broken string

func (e broken) Error() string { return string(e) }

// hungUp is the peer's close frame.
type hungUp struct{ code int }

func (e hungUp) Error() string { return fmt.Sprintf("the peer closed with %d", e.code) }

// The opcode that continues a message, and how much a control frame may carry.
const (
	opContinuation = 0
	maxControl     = 125
)

// receiver is told of what arrives. The data are valid during the call.
type receiver interface {
	// begins asks how much a message may have, now that it has length bytes. It
	// reports false when nothing of it is wanted.
	begins(length int64) bool
	text(kind int, data []byte)
	pinged(data []byte)
	ponged(data []byte)
}

// isIdle reports whether nothing has begun.
func (in *inbound) isIdle() bool { return len(in.head) == 0 && !in.within && in.kind == 0 }

// take takes apart what has arrived. Its errors, broken and hungUp, are the end.
func (in *inbound) take(data []byte, to receiver) error {
	for len(data) > 0 {
		if !in.within {
			n, err := in.takeHead(data, to)
			if err != nil {
				return err
			}
			data = data[n:]
		}
		if in.within {
			n := min(int64(len(data)), in.frame.left)
			in.takePayload(data[:n])
			data = data[n:]
			if in.frame.left == 0 {
				if err := in.frameEnds(to); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// takeHead gathers a frame's head and tells how many bytes it took.
func (in *inbound) takeHead(data []byte, to receiver) (taken int, err error) {
	for taken < len(data) {
		need := headLength(in.head)
		if len(in.head) >= 2 && len(in.head) == need {
			break
		}
		in.head = append(in.head, data[taken])
		taken++
		if len(in.head) == 2 {
			if err := in.check(); err != nil {
				return taken, err
			}
		}
	}
	if len(in.head) < 2 || len(in.head) < headLength(in.head) {
		return taken, nil
	}
	return taken, in.frameBegins(to)
}

// headLength is how long a head is, as far as its first bytes tell.
func headLength(head []byte) int {
	if len(head) < 2 {
		return 2
	}
	switch head[1] &^ final {
	case length16:
		return 2 + 2 + 4
	case length64:
		return 2 + 8 + 4
	default:
		return 2 + 4
	}
}

// check judges the first two bytes of a frame.
func (in *inbound) check() error {
	first, second := in.head[0], in.head[1]
	opcode := int(first & 0x0f)
	isControl := opcode >= websocket.CloseMessage
	switch {
	case first&0x40 != 0:
		return broken("RSV1 set")
	case first&0x30 != 0:
		return broken("RSV2 or RSV3 set")
	case opcode > websocket.BinaryMessage && opcode < websocket.CloseMessage, opcode > websocket.PongMessage:
		return broken(fmt.Sprintf("bad opcode %d", opcode))
	case second&final == 0:
		return broken("bad MASK")
	case isControl && second&^final > maxControl:
		return broken("len > 125 for control")
	case isControl && first&final == 0:
		return broken("FIN not set on control")
	case opcode == opContinuation && in.kind == 0:
		return broken("continuation after FIN")
	case !isControl && opcode != opContinuation && in.kind != 0:
		return broken("data before FIN")
	}
	return nil
}

func (in *inbound) frameBegins(to receiver) error {
	f := frameHead{opcode: int(in.head[0] & 0x0f), isFinal: in.head[0]&final != 0}
	rest := in.head[2:]
	switch length := in.head[1] &^ final; length {
	case length16:
		f.left, rest = int64(binary.BigEndian.Uint16(rest)), rest[2:]
	case length64:
		f.left, rest = int64(binary.BigEndian.Uint64(rest)), rest[8:]
	default:
		f.left = int64(length)
	}
	if f.left < 0 {
		return broken("bad length")
	}
	copy(f.mask[:], rest)
	in.frame, in.within, in.head = f, true, in.head[:0]
	switch {
	case f.opcode >= websocket.CloseMessage:
		in.control = in.control[:0]
		return in.emptyFrame(to)
	case f.opcode != opContinuation:
		in.kind, in.message, in.discard = f.opcode, in.message[:0], false
	}
	if !in.discard && !to.begins(int64(len(in.message))+f.left) {
		in.discard = true
	}
	return in.emptyFrame(to)
}

// emptyFrame ends a frame that has no payload.
func (in *inbound) emptyFrame(to receiver) error {
	if in.frame.left > 0 {
		return nil
	}
	return in.frameEnds(to)
}

// takePayload unmasks part of a payload.
func (in *inbound) takePayload(data []byte) {
	f := &in.frame
	f.left -= int64(len(data))
	isControl := f.opcode >= websocket.CloseMessage
	if in.discard && !isControl {
		return
	}
	for i := range data {
		data[i] ^= f.mask[(f.at+i)&3]
	}
	f.at += len(data)
	if isControl {
		in.control = append(in.control, data...)
	} else {
		in.message = append(in.message, data...)
	}
}

func (in *inbound) frameEnds(to receiver) error {
	in.within = false
	switch f := in.frame; f.opcode {
	case websocket.PingMessage:
		to.pinged(in.control)
	case websocket.PongMessage:
		to.ponged(in.control)
	case websocket.CloseMessage:
		return closed(in.control)
	default:
		if !f.isFinal {
			return nil
		}
		kind := in.kind
		in.kind = 0
		if !in.discard {
			to.text(kind, in.message)
		}
	}
	return nil
}

// closed reads a peer's close frame.
func closed(payload []byte) error {
	switch {
	case len(payload) == 0:
		return hungUp{websocket.CloseNoStatusReceived}
	case len(payload) == 1:
		return broken("bad close frame")
	}
	code := int(binary.BigEndian.Uint16(payload))
	if !mayBeSent(code) {
		return broken(fmt.Sprintf("bad close code %d", code))
	}
	if !utf8.Valid(payload[2:]) {
		return broken("invalid utf8 payload in close frame")
	}
	return hungUp{code}
}

// mayBeSent reports whether a close frame may carry the code.
func mayBeSent(code int) bool {
	switch code {
	case 1004, websocket.CloseNoStatusReceived, websocket.CloseAbnormalClosure, websocket.CloseTLSHandshake:
		return false
	}
	return code >= 1000 && code <= 1014 || code >= 3000 && code <= 4999
}
