package gqlws

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/gorilla/websocket"
	"pgregory.net/rapid"
)

// heard is a receiver that notes what it is told, within a limit.
type heard struct {
	limit int64
	said  []string
}

func (h *heard) begins(length int64) bool {
	if length < 0 || length > h.limit {
		h.said = append(h.said, "too big")
		return false
	}
	return true
}

func (h *heard) text(kind int, data []byte) {
	h.said = append(h.said, fmt.Sprintf("%d %s", kind, data))
}
func (h *heard) pinged(data []byte) { h.said = append(h.said, "ping "+string(data)) }
func (h *heard) ponged(data []byte) { h.said = append(h.said, "pong "+string(data)) }

// masked is a client's frame.
func masked(opcode int, isFinal bool, mask [4]byte, payload []byte) []byte {
	b := []byte{byte(opcode), 0x80}
	if isFinal {
		b[0] |= final
	}
	switch n := len(payload); {
	case n < length16:
		b[1] |= byte(n)
	case n < 1<<16:
		b[1] |= length16
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	default:
		b[1] |= length64
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	b = append(b, mask[:]...)
	for i, c := range payload {
		b = append(b, c^mask[i&3])
	}
	return b
}

// TestFramesInAnyPieces: messages in fragments, with control frames in between,
// arrive as they were sent, whatever pieces the network makes of them.
func TestFramesInAnyPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var wire []byte
		var want []string
		mask := func() [4]byte {
			return [4]byte(rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "mask"))
		}
		control := func() {
			if opcode := rapid.SampledFrom([]int{0, websocket.PingMessage, websocket.PongMessage}).Draw(t, "control"); opcode > 0 {
				data := rapid.SliceOfN(rapid.Byte(), 0, maxControl).Draw(t, "data")
				wire = append(wire, masked(opcode, true, mask(), data)...)
				want = append(want, map[int]string{websocket.PingMessage: "ping ", websocket.PongMessage: "pong "}[opcode]+string(data))
			}
		}
		for range rapid.IntRange(1, 5).Draw(t, "messages") {
			kind := rapid.SampledFrom([]int{websocket.TextMessage, websocket.BinaryMessage}).Draw(t, "kind")
			size := rapid.SampledFrom([]int{0, 1, 125, 126, 127, 300, 65535, 65536, 70_000}).Draw(t, "size")
			message := bytes.Repeat([]byte("message "), size/8+1)[:size]
			opcode, rest := kind, message
			for range rapid.IntRange(0, 3).Draw(t, "fragments") {
				n := rapid.IntRange(0, len(rest)).Draw(t, "cut")
				wire = append(wire, masked(opcode, false, mask(), rest[:n])...)
				opcode, rest = opContinuation, rest[n:]
				control()
			}
			wire = append(wire, masked(opcode, true, mask(), rest)...)
			want = append(want, fmt.Sprintf("%d %s", kind, message))
		}
		in, to := &inbound{}, &heard{limit: 1 << 20}
		for len(wire) > 0 {
			n := min(rapid.SampledFrom([]int{1, 2, 3, 7, 100, 4096}).Draw(t, "piece"), len(wire), len(in.buf))
			if err := in.take(wire[:copy(in.buf[:], wire[:n])], to); err != nil {
				t.Fatal(err)
			}
			wire = wire[n:]
		}
		if !in.isIdle() {
			t.Fatal("something has begun, and all has come")
		}
		if fmt.Sprint(to.said) != fmt.Sprint(want) {
			t.Fatalf("got %.300q, want %.300q", to.said, want)
		}
	})
}

// FuzzFrames: whatever comes, nothing falls over, nothing more than the limit is
// kept, and pieces make no difference.
func FuzzFrames(f *testing.F) {
	f.Add(masked(websocket.TextMessage, true, [4]byte{1, 2, 3, 4}, []byte("{}")))
	f.Add([]byte{0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0})
	f.Add([]byte{0x88, 0x82, 0, 0, 0, 0, 3, 0xe8})
	f.Fuzz(func(t *testing.T, wire []byte) {
		whole, pieces := &heard{limit: 100}, &heard{limit: 100}
		in := &inbound{}
		first := in.take(bytes.Clone(wire), whole)
		if cap(in.message) > 1000 {
			t.Errorf("%d bytes are kept", cap(in.message))
		}
		in = &inbound{}
		var second error
		for i := range wire {
			if second = in.take([]byte{wire[i]}, pieces); second != nil {
				break
			}
		}
		if fmt.Sprint(first) != fmt.Sprint(second) || fmt.Sprint(whole.said) != fmt.Sprint(pieces.said) {
			t.Errorf("at once %v %q, in pieces %v %q", first, whole.said, second, pieces.said)
		}
	})
}
