package gqlws

import (
	"bytes"
	"encoding/json"
	"io"
	"unicode/utf8"
)

// maxID bounds operation ids: each message of the operation repeats its id.
const maxID = 256

// What clients send.
const (
	typeInit      = "connection_init"
	typePing      = "ping"
	typePong      = "pong"
	typeSubscribe = "subscribe"
	typeComplete  = "complete"
)

// message is what a client has sent, checked.
type message struct {
	kind    string
	id      string          // of subscribe and complete
	payload json.RawMessage // of ping: an object or nil
	init    map[string]any  // of connection_init
	request Request         // of subscribe
}

// invalid is why a message is not understood; it is the reason of a close
// frame and never repeats what was sent.
type invalid string

func (e invalid) Error() string { return string(e) }

const (
	errNotJSON    invalid = "Invalid message: not a JSON object"
	errNoType     invalid = "Invalid message: no type"
	errBadType    invalid = "Invalid message: unknown type"
	errBadID      invalid = "Invalid message: id must be a string of 1 to 256 bytes"
	errNotObject  invalid = "Invalid message: payload must be an object"
	errBadPayload invalid = "Invalid message: payload of subscribe"
	errNotText    invalid = "Invalid message: not text"
)

func parseMessage(data []byte) (message, error) {
	var raw struct {
		ID      *string         `json:"id"`
		Type    *string         `json:"type"`
		Payload json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(data, &raw); err != nil || !isObject(data) {
		return message{}, errNotJSON
	}
	if raw.Type == nil || *raw.Type == "" {
		return message{}, errNoType
	}
	if string(raw.Payload) == "null" {
		raw.Payload = nil
	}
	m := message{kind: *raw.Type, payload: raw.Payload}
	if raw.ID != nil {
		m.id = *raw.ID
	}
	return m, m.check()
}

func (m *message) check() error {
	switch m.kind {
	case typeInit:
		return m.parseInit()
	case typePing, typePong:
		return m.objectOrNothing()
	case typeSubscribe:
		if err := m.checkID(); err != nil {
			return err
		}
		return m.parseRequest()
	case typeComplete:
		return m.checkID()
	default:
		return errBadType
	}
}

func (m *message) checkID() error {
	if m.id == "" || len(m.id) > maxID {
		return errBadID
	}
	return nil
}

func (m *message) objectOrNothing() error {
	if m.payload != nil && !isObject(m.payload) {
		return errNotObject
	}
	return nil
}

func (m *message) parseInit() error {
	if err := m.objectOrNothing(); err != nil || m.payload == nil {
		return err
	}
	if err := decode(bytes.NewReader(m.payload), &m.init); err != nil {
		return errNotObject
	}
	m.payload = nil
	return nil
}

func (m *message) parseRequest() error {
	if !isObject(m.payload) {
		return errBadPayload
	}
	q, err := decodeRequest(bytes.NewReader(m.payload))
	if err != nil {
		return errBadPayload
	}
	m.request, m.payload = q, nil
	return nil
}

// decodeRequest reads one operation. A query is required, unless it is named, and
// must be a string.
func decodeRequest(r io.Reader) (Request, error) {
	var q struct {
		Request
		Query *string `json:"query"`
	}
	if err := decode(r, &q); err != nil {
		return Request{}, err
	}
	switch {
	case q.Query != nil:
		q.Request.Query = *q.Query
	case !q.named():
		return Request{}, errBadPayload
	}
	return q.Request, nil
}

// decode reads exactly one JSON value and keeps numbers as they were written,
// as the executor expects them.
func decode(r io.Reader, into any) error {
	d := json.NewDecoder(r)
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errNotJSON
	}
	return nil
}

func isObject(data []byte) bool {
	data = bytes.TrimLeft(data, " \t\r\n")
	return len(data) > 0 && data[0] == '{'
}

// maxReason is what fits into a close frame beside the code.
const maxReason = 123

// cut shortens a reason to what fits, without breaking a character.
func cut(reason string) string {
	if len(reason) <= maxReason {
		return reason
	}
	n := maxReason
	for n > 0 && !utf8.RuneStart(reason[n]) {
		n--
	}
	return reason[:n]
}

// cursorReason is what a reader who fell behind is told: the last message of
// which operation it was sent in full.
func cursorReason(id, cursor string) string {
	if cursor == "" {
		return "Too slow"
	}
	full, err := json.Marshal(struct {
		ID     string `json:"id,omitempty"`
		Cursor string `json:"cursor"`
	}{id, cursor})
	if err == nil && len(full) <= maxReason {
		return string(full)
	}
	if id == "" {
		return "Too slow"
	}
	return cursorReason("", cursor)
}
