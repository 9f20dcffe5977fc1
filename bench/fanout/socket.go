package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

const subprotocol = "graphql-transport-ws"

// socket is a client of graphql-transport-ws that does as little as it can: its
// own cost is in every figure of time.
type socket struct {
	conn net.Conn
	in   *bufio.Reader
	buf  []byte
}

// The opcodes of frames.
const (
	opText  = 1
	opClose = 8
	opPing  = 9
	opPong  = 10
)

// dial opens a socket and subscribes; window is the size of its receive buffer,
// 0 for what is usual.
func dial(ctx context.Context, addr, query, topic string, window int) (*socket, error) {
	c, err := (&net.Dialer{Timeout: 30 * time.Second}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	tcp := c.(*net.TCPConn)
	_ = tcp.SetLinger(0) // thousands of ends must not wait in the kernel
	if window > 0 {
		_ = tcp.SetReadBuffer(window)
	}
	s := &socket{conn: c, in: bufio.NewReaderSize(c, 512)}
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	if err := s.begin(addr, query, topic); err != nil {
		_ = c.Close()
		return nil, err
	}
	_ = c.SetDeadline(time.Time{})
	return s, nil
}

func (s *socket) begin(addr, query, topic string) error {
	fmt.Fprintf(s.conn, "GET /graphql HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: %s\r\n\r\n", addr, subprotocol)
	for first := true; ; first = false {
		line, err := s.in.ReadString('\n')
		if err != nil {
			return err
		}
		if first && !strings.Contains(line, " 101 ") {
			return fmt.Errorf("refused: %s", strings.TrimSpace(line))
		}
		if line == "\r\n" {
			break
		}
	}
	if err := s.send(opText, `{"type":"connection_init"}`); err != nil {
		return err
	}
	if text, err := s.text(); err != nil || !bytes.Contains(text, []byte("connection_ack")) {
		return fmt.Errorf("no acknowledgement: %s, %w", text, err)
	}
	body, err := json.Marshal(map[string]any{"id": "1", "type": "subscribe", "payload": map[string]any{
		"query": query, "variables": map[string]any{"id": topic},
	}})
	if err != nil {
		return err
	}
	return s.send(opText, string(body))
}

// send writes a frame, masked with zeros.
func (s *socket) send(opcode byte, text string) error {
	b := make([]byte, 0, len(text)+8)
	b = append(b, 0x80|opcode)
	if len(text) < 126 {
		b = append(b, 0x80|byte(len(text)))
	} else {
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(len(text)))
	}
	b = append(b, 0, 0, 0, 0)
	_, err := s.conn.Write(append(b, text...))
	return err
}

// errClosed is the end of a socket by the server.
type errClosed struct {
	code   int
	reason string
}

func (e errClosed) Error() string { return fmt.Sprintf("closed with %d %s", e.code, e.reason) }

// text reads the next message of the protocol that is no ping; it is valid until
// the next call.
func (s *socket) text() ([]byte, error) {
	for {
		opcode, data, err := s.frame()
		if err != nil {
			return nil, err
		}
		switch {
		case opcode == opPing:
			err = s.send(opPong, string(data))
		case opcode == opClose && len(data) >= 2:
			return nil, errClosed{int(binary.BigEndian.Uint16(data)), string(data[2:])}
		case opcode == opClose:
			return nil, errClosed{}
		case opcode != opText:
		case bytes.Contains(data, []byte(`"type":"ping"`)):
			err = s.send(opText, `{"type":"pong"}`)
		case bytes.Contains(data, []byte(`"type":"pong"`)):
		default:
			return data, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (s *socket) frame() (opcode byte, data []byte, err error) {
	var head [8]byte
	if _, err := io.ReadFull(s.in, head[:2]); err != nil {
		return 0, nil, err
	}
	if head[0]&0x80 == 0 {
		return 0, nil, errors.New("a message in pieces")
	}
	opcode = head[0] & 0x0f
	length := int(head[1])
	switch length {
	case 126:
		_, err = io.ReadFull(s.in, head[:2])
		length = int(binary.BigEndian.Uint16(head[:2]))
	case 127:
		_, err = io.ReadFull(s.in, head[:8])
		length = int(binary.BigEndian.Uint64(head[:8]))
	}
	if err != nil {
		return 0, nil, err
	}
	if cap(s.buf) < length {
		s.buf = make([]byte, length)
	}
	_, err = io.ReadFull(s.in, s.buf[:length])
	return opcode, s.buf[:length], err
}

// payload is that of the next answer, in the form it has on the wire.
func (s *socket) payload() ([]byte, error) {
	text, err := s.text()
	if err != nil {
		return nil, err
	}
	var m struct {
		Type    string
		Payload json.RawMessage
	}
	if err := json.Unmarshal(text, &m); err != nil || m.Type != "next" {
		return nil, fmt.Errorf("no answer: %s, %w", text, err)
	}
	return m.Payload, nil
}
