package gqlws

import (
	"encoding/binary"

	"github.com/gorilla/websocket"
)

// final marks the only frame of a message.
const final = 0x80

// The two longer forms of a frame's length.
const (
	length16 = 126
	length64 = 127
)

// appendHeader begins a WebSocket frame of a server: one for each message, and
// unmasked.
func appendHeader(b []byte, opcode, length int) []byte {
	b = append(b, final|byte(opcode))
	switch {
	case length < length16:
		return append(b, byte(length))
	case length < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, length16), uint16(length))
	default:
		return binary.BigEndian.AppendUint64(append(b, length64), uint64(length))
	}
}

func appendControl(b []byte, opcode int, data []byte) []byte {
	return append(appendHeader(b, opcode, len(data)), data...)
}

// appendText puts the head of one operation and the payload all share into one
// frame: one buffer, one write.
func (f *frame) appendText(b []byte) []byte {
	return f.appendTo(appendHeader(b, websocket.TextMessage, f.length()))
}
