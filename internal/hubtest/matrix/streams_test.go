package matrix_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/teixit/teixit/internal/edge/gqldoc"
)

// tail is one subscription on a connection of its own.
type tail struct {
	*operation
	follow
	role, way string
	first     string // its first cursor
	messages  chan *answer
	err       error // set before messages is closed
	end       func()
}

// follow begins a subscription over a socket or an event stream.
func (c *client) follow(way, query string, variables in) (*tail, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	// Bounded far above what a test makes happen: a reader must not stand still.
	t := &tail{messages: make(chan *answer, 100)}
	read, err := c.overOne(ctx, t, way, query, variables)
	if err != nil {
		cancel()
		return nil, err
	}
	closing, done := t.end, make(chan struct{})
	t.end = func() {
		cancel()
		closing()
		<-done
	}
	go func() {
		defer close(done)
		defer close(t.messages)
		for {
			a, err := read()
			if t.err = err; err != nil || a == nil {
				return
			}
			t.messages <- a
		}
	}()
	return t, nil
}

// overOne opens the connection of a stream and tells how to read from it.
func (c *client) overOne(ctx context.Context, t *tail, way, query string, variables in) (func() (*answer, error), error) {
	if way == overSocket {
		conn, err := c.dial(ctx)
		if err != nil {
			return nil, err
		}
		t.end = func() { _ = conn.Close() }
		_ = conn.SetReadDeadline(time.Now().Add(patience))
		return func() (*answer, error) { return nextFrame(conn) },
			conn.WriteJSON(in{"id": "1", "type": "subscribe", "payload": in{"query": query, "variables": variables}})
	}
	body, err := json.Marshal(in{"query": query, "variables": variables})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.hub.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	c.show(r.Header)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	response, err := c.http.Transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	t.end = func() { response.Body.Close() }
	events := bufio.NewScanner(response.Body)
	events.Buffer(nil, 4<<20)
	return func() (*answer, error) { return nextEvent(events) }, nil
}

func nextEvent(events *bufio.Scanner) (*answer, error) {
	kind := ""
	for events.Scan() {
		field, value, _ := strings.Cut(events.Text(), ": ")
		switch {
		case field == "event":
			kind = value
		case field == "data" && kind == "next":
			a := &answer{Status: http.StatusOK, Raw: []byte(value)}
			return a, a.read(a.Raw)
		case strings.HasPrefix(field, "{"): // a refusal
			a := &answer{Raw: bytes.Clone(events.Bytes())}
			return a, a.read(a.Raw)
		case kind == "complete":
			return nil, nil
		}
	}
	return nil, events.Err()
}

func nextFrame(conn *websocket.Conn) (*answer, error) {
	for {
		var f frame
		if err := conn.ReadJSON(&f); err != nil {
			return nil, err
		}
		a := &answer{Status: http.StatusOK, Raw: f.Payload}
		switch f.Type {
		case "next":
			return a, a.read(f.Payload)
		case "error":
			return a, json.Unmarshal(f.Payload, &a.Errors)
		case "complete":
			return nil, nil
		case "ping":
			if err := conn.WriteJSON(in{"type": "pong"}); err != nil {
				return nil, err
			}
		}
	}
}

// next waits for a message; nil: there are no more.
func (t *tail) next() (*answer, error) {
	if a, more := <-t.messages; more {
		return a, nil
	}
	return nil, t.err
}

// followAll follows everything as everybody, over sockets and event streams,
// while things change; and once more from where somebody else stood. Over plain
// POST and GET nobody follows anything.
func (m *matrix) followAll(t *testing.T) {
	var tails []*tail
	var mu sync.Mutex
	m.everyRole(func(c *client, role string) {
		for _, name := range slices.Sorted(maps.Keys(m.streams)) {
			for _, f := range m.streams[name] {
				begun := m.begin(c, role, name, f)
				mu.Lock()
				tails = append(tails, begun...)
				mu.Unlock()
			}
		}
	})
	cursors := map[string]string{}
	for _, tail := range tails {
		if tail.role == officer {
			cursors[tail.field+describe(tail.args)] = tail.first
		}
	}
	for _, list := range m.streams {
		for _, f := range list {
			f.happens()
		}
	}
	var reading sync.WaitGroup
	for _, tail := range tails {
		reading.Go(func() { m.readOn(tail) })
	}
	reading.Wait()
	m.everyRole(func(c *client, role string) { m.resume(c, role, cursors) })
	t.Logf("%d streams", len(tails))
}

func (m *matrix) everyRole(do func(c *client, role string)) {
	var all sync.WaitGroup
	for _, role := range everybody() {
		all.Go(func() {
			c := newClient(m.hub, m.shows[role])
			defer c.close()
			do(c, role)
		})
	}
	all.Wait()
}

// streamDocuments are the operations on a subscription.
func (m *matrix) streamDocuments(role, name string, f follow) []*operation {
	field, reader := m.Subscription.Fields.ForName(name), gqldoc.Reader{SignedIn: slices.Contains(signedIn(), role)}
	var paths []path
	if f.deep {
		paths = m.waysFrom(m.Subscription, field).personalPaths()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	key := fmt.Sprint(name, reader.SignedIn, f.deep, slices.Sorted(maps.Keys(f.args)))
	if m.written[key] == nil {
		m.written[key] = m.write(reader, m.Subscription, field, f.args, paths, false)
		if f.deep {
			m.written[key] = append(m.written[key], m.write(reader, m.Subscription, field, f.args, m.shortest["Subscription."+name], true)...)
		}
	}
	return m.written[key]
}

// streaming are the transports over which something can be followed.
func streaming() []string { return []string{overSocket, overEvents} }

// begin opens the streams of a role and reads what they say first.
func (m *matrix) begin(c *client, role, name string, f follow) (begun []*tail) {
	for i, op := range m.streamDocuments(role, name, f) {
		turn := i + len(role) + len(name) // roles and documents take turns with the transports
		if i == 0 && turn%everyNth == 0 {
			m.notPlain(c, role, op, f)
		}
		for _, way := range streaming()[turn%2:][:1] {
			t, err := c.follow(way, op.text, f.args)
			m.ran.Add(1)
			if err != nil {
				m.fault("%s over %s: Subscription.%s: %v", role, way, name, err)
				continue
			}
			t.operation, t.follow, t.role, t.way = op, f, role, way
			m.note(op)
			if m.read(t) {
				begun = append(begun, t)
			} else {
				t.end()
			}
			if i == 0 {
				m.nothingToFollow(c, t)
			}
		}
	}
	return begun
}

// read judges the next message; true: it is one.
func (m *matrix) read(t *tail) bool {
	a, err := t.next()
	if err != nil {
		m.fault("%s over %s: Subscription.%s%s: %v", t.role, t.way, t.field, describe(t.args), err)
		return false
	}
	if a == nil {
		return false
	}
	m.judge(t.role, t.way, t.operation, describe(t.args), a)
	got, seen := a.Data[t.field] != nil, slices.Contains(t.seen, t.role)
	switch {
	case got && !seen:
		m.leak("Subscription.%s%s, over %s, answers %s and should not", t.field, describe(t.args), t.way, t.role)
	case !got && seen:
		m.fault("Subscription.%s%s, over %s, does not answer %s: %.300s", t.field, describe(t.args), t.way, t.role, a.Raw)
	}
	if message, ok := a.Data[t.field].(map[string]any); ok && t.first == "" {
		t.first, _ = message["cursor"].(string)
	}
	t.last(a)
	return got
}

// last notes whether the message is the one that ends the test.
func (t *tail) last(a *answer) {
	message, _ := a.Data[t.field].(map[string]any)
	kind, facts := message["kind"]
	if t.first != "" && message["cursor"] != t.first && (!facts || slices.Contains(lastFacts(), fmt.Sprint(kind))) {
		t.happens = nil
	}
}

// lastFacts are what is made to happen last, of each kind of stream of facts.
func lastFacts() []string {
	return []string{"EVENT_UPDATED", "TABLE_UPDATED", "SESSION_UPDATED", "PROJECT_UPDATED", "ENTRY_ADDED"}
}

// readOn reads until the change that is for everybody who follows.
func (m *matrix) readOn(t *tail) {
	defer t.end()
	for t.happens != nil && m.read(t) {
	}
	if t.happens != nil {
		m.fault("Subscription.%s%s, over %s, ends for %s before the last change", t.field, describe(t.args), t.way, t.role)
	}
}

// resume goes on from where an officer stood: whoever has not their sight begins
// anew, at their own.
func (m *matrix) resume(c *client, role string, cursors map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(m.streams)) {
		for _, f := range m.streams[name] {
			args := maps.Clone(f.args)
			args["after"] = cursors[name+describe(f.args)]
			if args["after"] == "" {
				continue
			}
			f.args, f.deep = args, false
			op := m.streamDocuments(role, name, f)[0]
			for _, way := range streaming()[(len(role)+len(name))%2:][:1] {
				t, err := c.follow(way, op.text, args)
				m.ran.Add(1)
				if err != nil {
					m.fault("%s over %s: Subscription.%s: %v", role, way, name, err)
					continue
				}
				t.operation, t.follow, t.role, t.way = op, f, role, way
				m.note(op)
				m.read(t)
				t.end()
			}
		}
	}
}

// nothingToFollow compares the refusal of what the role may not see with that of
// what does not exist.
func (m *matrix) nothingToFollow(c *client, t *tail) {
	for _, args := range m.twins(t.role, t.args) {
		var raw [2]string
		for i, each := range []in{t.args, args} {
			other, err := c.follow(t.way, t.text, each)
			m.ran.Add(1)
			if err != nil {
				m.fault("%s over %s: Subscription.%s: %v", t.role, t.way, t.field, err)
				return
			}
			a, err := other.next()
			other.end()
			if err != nil || a == nil {
				m.fault("%s over %s: Subscription.%s%s: %v", t.role, t.way, t.field, describe(each), err)
				return
			}
			raw[i] = same(a.Raw)
		}
		if raw[0] != raw[1] {
			m.leak("Subscription.%s%s, over %s, as %s, answers otherwise than for what does not exist:\n%.400s\n%.400s",
				t.field, describe(t.args), t.way, t.role, raw[0], raw[1])
		}
	}
}

// notPlain tries to follow without a stream.
func (m *matrix) notPlain(c *client, role string, op *operation, f follow) {
	for _, way := range []string{overPOST, overGET} {
		a, err := c.ask(way, op.text, f.args)
		m.ran.Add(1)
		if err != nil {
			m.fault("%s over %s: Subscription.%s: %v", role, way, op.field, err)
			continue
		}
		m.judge(role, way, op, describe(f.args), a)
		if a.Data != nil || len(a.Errors) == 0 {
			m.fault("Subscription.%s%s, over %s, as %s: %d %.200s", op.field, describe(f.args), way, role, a.Status, a.Raw)
		}
	}
}
