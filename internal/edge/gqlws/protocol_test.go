package gqlws_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/teixit/teixit/internal/edge/gqlws"
	"github.com/teixit/teixit/internal/kernel/fault"
)

// step is one thing that happens on the wire.
type step struct {
	send   string // a text message from the client
	binary []byte // a binary message from the client
	raw    []byte // bytes below the frames
	expect string // a message from the server
	code   int    // a close frame from the server, with reason
	reason string
}

const (
	initMessage = `{"type":"connection_init"}`
	ackMessage  = `{"type":"connection_ack"}`
)

func send(s string) step               { return step{send: s} }
func expect(s string) step             { return step{expect: s} }
func closed(code int, why string) step { return step{code: code, reason: why} }

// subscribe sends an operation without variables under the id 1.
func subscribe(query string) step {
	return send(`{"id":"1","type":"subscribe","payload":{"query":"` + query + `"}}`)
}

func acknowledged(steps ...step) []step {
	return append([]step{send(initMessage), expect(ackMessage)}, steps...)
}

// signIn is the Init of the frame tests: the payload says what happens.
func signIn(ctx context.Context, payload map[string]any, _ *http.Request) (context.Context, map[string]any, error) {
	switch payload["as"] {
	case nil:
		return ctx, nil, nil
	case "nobody":
		return nil, nil, fault.ErrUnauthenticated.New()
	case "denied":
		return nil, nil, fault.ErrDenied.New()
	case "overload":
		return nil, nil, fault.ErrUnavailable.New()
	case "failure":
		return nil, nil, errors.New("secret of the house")
	case "panic":
		panic("Init panics")
	default:
		return context.WithValue(ctx, whoKey{}, payload["as"]), map[string]any{"hello": payload["as"]}, nil
	}
}

func TestFrames(t *testing.T) {
	tests := map[string][]step{
		"acknowledged": acknowledged(),
		"payloads of init and ack": {
			send(`{"type":"connection_init","payload":{"as":"ana"}}`),
			expect(`{"type":"connection_ack","payload":{"hello":"ana"}}`),
			subscribe("{ who }"),
			expect(`{"id":"1","type":"next","payload":{"data":{"who":"ana"}}}`),
			expect(`{"id":"1","type":"complete"}`),
		},
		"null payload of init": {send(`{"type":"connection_init","payload":null}`), expect(ackMessage)},

		"ping before init, with and without payload": {
			send(`{"type":"ping"}`), expect(`{"type":"pong"}`),
			send(`{"type":"ping","payload":{"at":1}}`), expect(`{"type":"pong","payload":{"at":1}}`),
			send(`{"type":"pong","payload":{"x":1}}`), send(`{"type":"pong"}`),
			send(initMessage), expect(ackMessage),
		},

		"query": acknowledged(subscribe("{ hello }"),
			expect(`{"id":"1","type":"next","payload":{"data":{"hello":"world"}}}`),
			expect(`{"id":"1","type":"complete"}`)),
		"id with quotes": acknowledged(
			send(`{"id":"a\"<b>\\","type":"subscribe","payload":{"query":"{ hello }"}}`),
			expect(`{"id":"a\"<b>\\","type":"next","payload":{"data":{"hello":"world"}}}`),
			expect(`{"id":"a\"<b>\\","type":"complete"}`)),
		"mutation with variables and a name": acknowledged(
			send(`{"id":"1","type":"subscribe","payload":{"query":"query A { hello } mutation B($n: Int!) { add(n: $n) }",
				"operationName":"B","variables":{"n":41},"extensions":{"x":1}}}`),
			expect(`{"id":"1","type":"next","payload":{"data":{"add":42}}}`),
			expect(`{"id":"1","type":"complete"}`)),
		"subscription": acknowledged(subscribe("subscription { count(to: 3) }"),
			expect(`{"id":"1","type":"next","payload":{"data":{"count":1}}}`),
			expect(`{"id":"1","type":"next","payload":{"data":{"count":2}}}`),
			expect(`{"id":"1","type":"next","payload":{"data":{"count":3}}}`),
			expect(`{"id":"1","type":"complete"}`)),
		"id may be used again after complete": acknowledged(
			subscribe("{ hello }"),
			expect(`{"id":"1","type":"next","payload":{"data":{"hello":"world"}}}`),
			expect(`{"id":"1","type":"complete"}`),
			subscribe("subscription { count(to: 0) }"),
			expect(`{"id":"1","type":"complete"}`)),
		"complete is not answered, and unknown ids are none of our business": acknowledged(
			subscribe("subscription { feed(name: \\\"silent\\\") }"),
			send(`{"id":"1","type":"complete"}`), send(`{"id":"1","type":"complete"}`), send(`{"id":"9","type":"complete"}`),
			send(`{"type":"ping"}`), expect(`{"type":"pong"}`),
			subscribe("subscription { count(to: 0) }"), expect(`{"id":"1","type":"complete"}`)),

		"syntax error": acknowledged(subscribe("{"),
			expect(`{"id":"1","type":"error","payload":[{"message":"Expected Name, found <EOF>",
				"locations":[{"line":1,"column":2}],"extensions":{"code":"GRAPHQL_PARSE_FAILED"}}]}`)),
		"validation error, and the id is free": acknowledged(subscribe("{ nothing }"),
			expect(`{"id":"1","type":"error","payload":[{"message":"Cannot query field \"nothing\" on type \"Query\".",
				"locations":[{"line":1,"column":3}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}`),
			subscribe("subscription { count(to: 0) }"), expect(`{"id":"1","type":"complete"}`)),
		"subscription that cannot start": acknowledged(subscribe("subscription { refused }"),
			expect(`{"id":"1","type":"error","payload":[{"message":"You may not do this.","extensions":{"code":"DENIED"}}]}`),
			send(`{"type":"ping"}`), expect(`{"type":"pong"}`)),
		"error while executing is a result": acknowledged(subscribe("{ broken }"),
			expect(`{"id":"1","type":"next","payload":{"data":null,"errors":[{"message":"Taken.","extensions":{"code":"TAKEN"}}]}}`),
			expect(`{"id":"1","type":"complete"}`)),
		"panic ends the operation, not the socket": acknowledged(subscribe("subscription { panics }"),
			expect(`{"id":"1","type":"error","payload":[{"message":"Something failed on our side. If it goes on, tell us the reference.",
				"extensions":{"code":"INTERNAL"}}]}`),
			send(`{"type":"ping"}`), expect(`{"type":"pong"}`)),
		"stream that fails": acknowledged(subscribe("subscription { x: countThenFail(to: 1, kind: \\\"taken\\\") }"),
			expect(`{"id":"1","type":"next","payload":{"data":{"x":1}}}`),
			expect(`{"id":"1","type":"error","payload":[{"message":"Taken.","extensions":{"code":"TAKEN"}}]}`)),
		"stream that fails inside": acknowledged(subscribe("subscription { x: countThenFail(to: 0, kind: \\\"internal\\\") }"),
			expect(`{"id":"1","type":"error","payload":[{"message":"Something failed on our side. If it goes on, tell us the reference.",
				"extensions":{"code":"INTERNAL"}}]}`)),
		"right taken away: what was sent before is delivered": acknowledged(
			subscribe("subscription { x: countThenFail(to: 2, kind: \\\"denied\\\") }"),
			expect(`{"id":"1","type":"next","payload":{"data":{"x":1}}}`),
			expect(`{"id":"1","type":"next","payload":{"data":{"x":2}}}`),
			closed(4403, "You may not do this.")),

		"not signed in":  {send(`{"type":"connection_init","payload":{"as":"nobody"}}`), closed(4403, "You have to sign in.")},
		"not allowed in": {send(`{"type":"connection_init","payload":{"as":"denied"}}`), closed(4403, "You may not do this.")},
		"sign-in not possible now": {
			send(`{"type":"connection_init","payload":{"as":"overload"}}`),
			closed(1013, "The service is not available right now. Try again in a few seconds."),
		},
		"sign-in fails": {
			send(`{"type":"connection_init","payload":{"as":"failure"}}`),
			closed(1011, "Something failed on our side. If it goes on, tell us the reference."),
		},
		"sign-in panics": {
			send(`{"type":"connection_init","payload":{"as":"panic"}}`),
			closed(1011, "Something failed on our side. If it goes on, tell us the reference."),
		},

		"operation before init":  {subscribe("{ hello }"), closed(4401, "Unauthorized")},
		"second init":            acknowledged(send(initMessage), closed(4429, "Too many initialisation requests")),
		"duplicate id":           acknowledged(subscribe("subscription { feed(name: \\\"dup\\\") }"), subscribe("{ hello }"), closed(4409, "Subscriber for 1 already exists")),
		"client closes":          acknowledged(step{raw: clientClose(1000)}, closed(1000, "")),
		"client closes with own": acknowledged(step{raw: clientClose(4999)}, closed(4999, "")),

		"message in fragments, with a ping in between": acknowledged(
			step{raw: clientFrame(0x01, `{"type":`)}, step{raw: clientFrame(0x89, "x")}, step{raw: clientFrame(0x80, `"ping"}`)},
			expect(`{"type":"pong"}`)),
		"empty fragments":                                 acknowledged(step{raw: clientFrame(0x01, "")}, step{raw: clientFrame(0x80, "")}, closed(4400, "Invalid message: not a JSON object")),
		"client closes without a code":                    acknowledged(step{raw: clientFrame(0x88, "")}, closed(1000, "")),
		"client closes before init":                       {step{raw: clientClose(1001)}, closed(1001, "")},
		"client closes with a code that must not be sent": acknowledged(step{raw: clientClose(1006)}, closed(1002, "bad close code 1006")),
		"client closes with half a code":                  acknowledged(step{raw: clientFrame(0x88, "x")}, closed(1000, "")),
		"long control frame":                              acknowledged(step{raw: append([]byte{0x89, 0xfe, 0, 126, 0, 0, 0, 0}, make([]byte, 126)...)}, closed(1002, "len > 125 for control")),
		"control frame in fragments":                      acknowledged(step{raw: clientFrame(0x09, "x")}, closed(1002, "FIN not set on control")),
		"continuation of nothing":                         acknowledged(step{raw: clientFrame(0x80, "x")}, closed(1002, "continuation after FIN")),
		"text within a text":                              acknowledged(step{raw: clientFrame(0x01, "x")}, step{raw: clientFrame(0x81, "x")}, closed(1002, "data before FIN")),
		"reserved bit":                                    acknowledged(step{raw: clientFrame(0xc1, "{}")}, closed(1002, "RSV1 set")),
		"nothing is said after an error": acknowledged(subscribe("{ nothing }"),
			expect(`{"id":"1","type":"error","payload":[{"message":"Cannot query field \"nothing\" on type \"Query\".",
				"locations":[{"line":1,"column":3}],"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}`),
			send(`{"id":"1","type":"complete"}`), send(`{"type":"ping"}`), expect(`{"type":"pong"}`)),
		"complete, and the id is free at once": acknowledged(
			subscribe("subscription { feed(name: \\\"free\\\") }"), send(`{"id":"1","type":"complete"}`),
			subscribe("{ hello }"),
			expect(`{"id":"1","type":"next","payload":{"data":{"hello":"world"}}}`),
			expect(`{"id":"1","type":"complete"}`)),
		"operation after a failed sign-in": {
			send(`{"type":"connection_init","payload":{"as":"denied"}}`), closed(4403, "You may not do this."),
		},

		"invalid UTF-8":   acknowledged(send("{\"type\":\"ping\xff\"}"), closed(1007, "Not UTF-8")),
		"too big":         acknowledged(send(`{"type":"ping","payload":{"x":"`+strings.Repeat("x", 64<<10)+`"}}`), closed(1009, "Message too big")),
		"reserved opcode": acknowledged(step{raw: []byte{0x83, 0x80, 0, 0, 0, 0}}, closed(1002, "bad opcode 3")),
		"unmasked frame":  {step{raw: []byte{0x81, 0x02, '{', '}'}}, closed(1002, "bad MASK")},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) { play(t, steps) })
	}
}

func clientClose(code int) []byte {
	return clientFrame(0x88, string([]byte{byte(code >> 8), byte(code)}))
}

// clientFrame is a frame as a client sends it, masked with zeros. head has the
// final bit and the opcode.
func clientFrame(head byte, text string) []byte {
	return append([]byte{head, 0x80 | byte(len(text)), 0, 0, 0, 0}, text...)
}

func play(t *testing.T, steps []step) {
	s := newServer(t, func(o *gqlws.Options) { o.Init = signIn })
	c := s.dial(t)
	for _, st := range steps {
		switch {
		case st.send != "":
			c.send(st.send)
		case st.binary != nil:
			if err := c.WriteMessage(websocket.BinaryMessage, st.binary); err != nil {
				t.Fatal(err)
			}
		case st.raw != nil:
			// Below the frames the client library must not answer by itself.
			c.SetCloseHandler(func(int, string) error { return nil })
			if _, err := c.NetConn().Write(st.raw); err != nil {
				t.Fatal(err)
			}
		case st.expect != "":
			c.expect(st.expect)
		default:
			c.expectClose(st.code, st.reason)
		}
	}
}

// TestInvalidMessages checks that whatever is wrong with a message closes the
// socket with 4400 and a reason that repeats nothing of it.
func TestInvalidMessages(t *testing.T) {
	const notObject = "Invalid message: payload must be an object"
	const badID = "Invalid message: id must be a string of 1 to 256 bytes"
	const badPayload = "Invalid message: payload of subscribe"
	const notJSON = "Invalid message: not a JSON object"
	const unknown = "Invalid message: unknown type"
	tests := map[string]string{
		`CANARY`:                                 notJSON,
		`{"type":"ping"`:                         notJSON,
		`{"type":"ping"} CANARY`:                 notJSON,
		`[]`:                                     notJSON,
		`"CANARY"`:                               notJSON,
		`null`:                                   notJSON,
		`{"type":5}`:                             notJSON,
		`{"id":5,"type":"complete"}`:             notJSON,
		`{}`:                                     "Invalid message: no type",
		`{"type":""}`:                            "Invalid message: no type",
		`{"type":null}`:                          "Invalid message: no type",
		`{"type":"CANARY"}`:                      unknown,
		`{"type":"connection_ack"}`:              unknown,
		`{"id":"1","type":"next","payload":{}}`:  unknown,
		`{"id":"1","type":"error","payload":[]}`: unknown,
		`{"type":"start","id":"1"}`:              unknown,
		`{"type":"connection_init","payload":[]}`:                                     notObject,
		`{"type":"connection_init","payload":"CANARY"}`:                               notObject,
		`{"type":"ping","payload":1}`:                                                 notObject,
		`{"type":"pong","payload":[]}`:                                                notObject,
		`{"type":"complete"}`:                                                         badID,
		`{"type":"complete","id":""}`:                                                 badID,
		`{"type":"complete","id":null}`:                                               badID,
		`{"type":"subscribe","payload":{"query":"{ hello }"}}`:                        badID,
		`{"type":"subscribe","id":"","payload":{"query":"{ hello }"}}`:                badID,
		`{"type":"complete","id":"` + strings.Repeat("x", 257) + `"}`:                 badID,
		`{"type":"subscribe","id":"1"}`:                                               badPayload,
		`{"type":"subscribe","id":"1","payload":null}`:                                badPayload,
		`{"type":"subscribe","id":"1","payload":"{ CANARY }"}`:                        badPayload,
		`{"type":"subscribe","id":"1","payload":{}}`:                                  badPayload,
		`{"type":"subscribe","id":"1","payload":{"query":null}}`:                      badPayload,
		`{"type":"subscribe","id":"1","payload":{"query":7}}`:                         badPayload,
		`{"type":"subscribe","id":"1","payload":{"query":"{a}","operationName":7}}`:   badPayload,
		`{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[1]}}`:     badPayload,
		`{"type":"subscribe","id":"1","payload":{"query":"{a}","extensions":"x"}}`:    badPayload,
		`{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":` + deep(): notJSON,
	}
	s := newServer(t, nil)
	for text, reason := range tests {
		t.Run(text[:min(len(text), 60)], func(t *testing.T) {
			c := s.dial(t)
			c.send(text)
			c.expectClose(4400, reason)
		})
	}
	t.Run("binary", func(t *testing.T) {
		c := s.dial(t)
		if err := c.WriteMessage(websocket.BinaryMessage, []byte(initMessage)); err != nil {
			t.Fatal(err)
		}
		c.expectClose(4400, "Invalid message: not text")
	})
}

// deep is variables nested so deeply that a recursive reader would suffer.
func deep() string {
	return strings.Repeat(`{"x":`, 10500) + "1" + strings.Repeat("}", 10500) + "}}"
}

func TestSubprotocol(t *testing.T) {
	for name, offered := range map[string][]string{"none": {}, "another": {"graphql-ws"}} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t, nil)
			c := dialTo(t, s.http.Listener.Addr().String(), &websocket.Dialer{Subprotocols: offered})
			c.expectClose(4406, "Subprotocol not acceptable")
		})
	}
}

func TestInitTimeout(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) { o.InitTimeout = 30 * time.Millisecond })
	c := s.dial(t)
	c.send(`{"type":"ping"}`)
	c.expect(`{"type":"pong"}`)
	c.expectClose(4408, "Connection initialisation timeout")
}

// TestWhileSigningIn checks what is decided before Init has answered.
func TestWhileSigningIn(t *testing.T) {
	tests := map[string]struct {
		send   string
		code   int
		reason string
	}{
		"operation":   {`{"id":"1","type":"subscribe","payload":{"query":"{ hello }"}}`, 4401, "Unauthorized"},
		"second init": {initMessage, 4429, "Too many initialisation requests"},
		"too long":    {`{"type":"pong"}`, 1013, "Signing in took too long"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			begun := make(chan struct{})
			s := newServer(t, func(o *gqlws.Options) {
				if test.code == 1013 {
					o.InitTimeout = 100 * time.Millisecond
				}
				o.Init = func(ctx context.Context, _ map[string]any, _ *http.Request) (context.Context, map[string]any, error) {
					close(begun)
					<-ctx.Done()
					return ctx, nil, ctx.Err()
				}
			})
			c := s.dial(t)
			c.send(initMessage)
			wait(t, begun)
			c.send(test.send)
			c.expectClose(test.code, test.reason)
		})
	}
}

// TestSignedOut checks that the end of what Init vouched for ends the socket.
func TestSignedOut(t *testing.T) {
	tests := map[string]struct {
		cause  error
		code   int
		reason string
	}{
		"with a fault":    {fault.ErrDenied.New(), 4403, "You may not do this."},
		"without a cause": {nil, 4403, "You have to sign in."},
		"our failure":     {errors.New("secret"), 1011, "Something failed on our side. If it goes on, tell us the reference."},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var signOut context.CancelCauseFunc
			s := newServer(t, func(o *gqlws.Options) {
				o.Init = func(ctx context.Context, _ map[string]any, _ *http.Request) (context.Context, map[string]any, error) {
					ctx, signOut = context.WithCancelCause(ctx)
					return ctx, nil, nil
				}
			})
			c := s.ready(t)
			c.subscribe("1", `subscription { feed(name: "a") }`)
			wait(t, s.feed("a").started)
			signOut(test.cause)
			c.expectClose(test.code, test.reason)
			wait(t, s.feed("a").stopped)
		})
	}
}

func TestLargerMessagesWhenSignedIn(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) { o.SignedIn = func(context.Context) bool { return true } })
	c := s.ready(t)
	c.send(`{"type":"ping","payload":{"x":"` + strings.Repeat("x", 500<<10) + `"}}`)
	if _, err := c.receive(); err != nil {
		t.Fatal(err)
	}
	c.send(`{"type":"ping","payload":{"x":"` + strings.Repeat("x", 512<<10) + `"}}`)
	c.expectClose(1009, "Message too big")
}

func TestOperationTimeout(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) { o.OperationTimeout = 20 * time.Millisecond })
	c := s.ready(t)
	c.subscribe("1", "{ waits }")
	c.expect(`{"id":"1","type":"next","payload":{"data":null,"errors":[
		{"message":"The request took too long and was stopped.","extensions":{"code":"TIMEOUT"}}]}}`)
	c.expect(`{"id":"1","type":"complete"}`)
}

func TestTooManyOperations(t *testing.T) {
	s := newServer(t, func(o *gqlws.Options) { o.MaxOperations = 2 })
	c := s.ready(t)
	c.subscribe("1", `subscription { feed(name: "a") }`)
	c.subscribe("2", `subscription { feed(name: "a") }`)
	c.subscribe("3", `{ hello }`)
	c.expect(`{"id":"3","type":"error","payload":[{"message":"2 operations are already running on this connection.",
		"extensions":{"code":"TOO_MANY_OPERATIONS"}}]}`)
	c.send(`{"id":"1","type":"complete"}`)
	c.subscribe("3", `{ hello }`)
	c.expect(`{"id":"3","type":"next","payload":{"data":{"hello":"world"}}}`)
	c.expect(`{"id":"3","type":"complete"}`)
}
