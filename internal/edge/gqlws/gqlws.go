// Package gqlws carries GraphQL operations over long-lived connections, in
// front of gqlgen's executor: graphql-transport-ws over WebSocket, and GraphQL
// over server-sent events in the "distinct connections" mode.
//
// # What a connection costs, and when it ends
//
// A socket that listens has no goroutine and no buffer: one poller tells when
// something arrives, and a goroutine reads it, but for the answer to a ping,
// which the poller takes in. Nor does it keep its request, or a context of the
// library's where the execution is shared. What is sent is written by whoever
// sends it, in one call that never waits; a goroutine that writes exists only
// while the kernel takes no more. Each running operation has one of its own,
// unless its [Runner] shares the execution. One wheel beats for all connections:
// there is no timer per connection. (Over TLS, and elsewhere than on Linux, a
// socket has a goroutine that waits for what arrives.)
//
// Nothing waits for a reader. What cannot be written at once is queued, at
// most Options.QueueBytes for a connection and Options.TotalQueueBytes for all;
// who falls further behind, or takes nothing for Options.WriteTimeout, is
// closed. So is who has not read the last ping when the next one is due: pings
// are numbered and stand in line with the messages, and only an answer with the
// number counts, not what a stopped reader sends by itself. Nothing is dropped
// silently: a client sees either every message of a subscription or the end of
// its connection.
//
// # How many
//
// Options.MaxSockets, MaxPerPerson and MaxPerAddress count sockets and event
// streams together and refuse before the upgrade, with 503 or 429, a code and
// Retry-After. A person counts as one wherever they come from, an address only
// for who is not known. Who is known only from connection_init is closed with
// 1013 when they are one too many.
//
// # Close codes
//
//	1002, 1007, 1009  broken WebSocket frames, text that is not UTF-8, message over the read limit
//	1011  our failure
//	1012  this instance stops: connect again (Drain). The reason says when, each
//	      client something else: {"retryAfterMs":1730}
//	1013  the reader fell behind or stopped, a person has too many connections,
//	      or signing in took too long: connect again. A reader that fell behind
//	      is told the last message it was sent in full:
//	      {"id":"<operation>","cursor":"<cursor>"}; "id" is left out when it
//	      would not fit into the 123 bytes of a reason
//	4400  invalid message, with a short reason that never repeats the input
//	4401  operation before the acknowledgement
//	4403  not allowed: signing in was refused or a right was taken away; the
//	      reason is the fault's message
//	4406  no acceptable subprotocol
//	4408  no connection_init in time
//	4409  the operation id is in use
//	4429  more than one connection_init
//
// A connection that has said nothing any more is told so too, for it may only
// have stopped reading, and ended without waiting for an answer.
//
// Server-sent events have no codes. A stream that ends by itself ends with the
// event "complete"; one that is cut off (drain, too slow, too old) ends without
// it, and clients come back with Last-Event-ID.
package gqlws

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gorilla/websocket"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Subprotocol is the one WebSocket subprotocol spoken here.
const Subprotocol = "graphql-transport-ws"

// Request is one operation as clients ask for it, the same over all
// transports. Numbers in its maps are json.Number.
type Request struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
	Extensions    map[string]any `json:"extensions"`
	DocumentID    string         `json:"documentId"`
}

// named tells that the document is named by its hash, so that its text need not
// be there; whether the hash is one is for Prepare to say.
func (r Request) named() bool { return r.DocumentID != "" || r.Extensions["persistedQuery"] != nil }

// Options configures a Handler. Executor is required; every other zero value
// means its default.
type Options struct {
	// Executor is gqlgen's executor, with its extensions and presenters set.
	Executor graphql.GraphExecutor
	// Runner executes prepared operations; by default each one on its own.
	Runner Runner
	// Prepare checks a request against the limits, parses and validates it and
	// opens its execution. Its errors are shown as they are. By default
	// Executor.CreateOperationContext does it, without limits of its own.
	Prepare func(ctx context.Context, r Request) (*graphql.OperationContext, gqlerror.List)
	// Init authenticates a connection from its HTTP request and, for sockets,
	// the payload of connection_init (nil for server-sent events). The context
	// it returns must be derived from the one it gets; it is the parent of all
	// operations of the connection. When it ends on its own (a session that
	// was signed out, a right with an end date) the connection is closed with
	// its cause, as with stream.Fail. The map goes into the acknowledgement.
	// With an error the context may be nil; else the error is presented in it.
	// A fault of kind LIMITED closes with 1013, of kind INTERNAL or an error
	// that is no fault with 1011, any other with 4403.
	Init func(ctx context.Context, payload map[string]any, r *http.Request) (context.Context, map[string]any, error)
	// Keep makes the context of a socket, which must not end with its request's:
	// what it does not keep of that is not held in memory. By default it keeps
	// all values.
	Keep func(request context.Context) context.Context
	// Present makes the safe face of an error, in the language of ctx.
	Present func(ctx context.Context, err error) *gqlerror.Error
	// SignedIn says whether the larger read limit holds for ctx.
	SignedIn func(ctx context.Context) bool
	// Person names who is connected, empty for who is not known; MaxPerPerson
	// counts by it. It is asked with the context of the request, before the
	// upgrade, and again with the one that Init returned: who is known only
	// from connection_init counts as an address until then, and is closed with
	// 1013 when they are one too many. By default nobody is known.
	Person func(ctx context.Context) string
	// Address names where a request of an unknown person came from;
	// MaxPerAddress counts by it. By default the host of RemoteAddr.
	Address func(r *http.Request) string
	// Origins are allowed to open sockets ("https://example.org"), besides the
	// hub's own. Requests without Origin do not come from a browser page and
	// are allowed.
	Origins []string
	Log     *slog.Logger // by default slog.Default()

	PingInterval     time.Duration // between two pings or keep-alives; 15 s. A dead peer is gone after two
	InitTimeout      time.Duration // for connection_init to come, and then for Init to answer; 3 s
	WriteTimeout     time.Duration // for one write, and to receive the rest of a begun message; 10 s
	CloseTimeout     time.Duration // for the peer to take and answer a close frame; 1 s
	OperationTimeout time.Duration // for a query or mutation; 15 s
	MaxStreamAge     time.Duration // of an event stream, whose dead peers cannot be asked; 30 min
	DrainSpread      time.Duration // over which Drain spreads the closing; 0: at once
	ReconnectSpread  time.Duration // over which who is drained is asked to come back; 5 s

	ReadLimit         int64 // bytes of one message or body; 64 KiB
	ReadLimitSignedIn int64 // the same where SignedIn; 512 KiB
	QueueBytes        int   // waiting to be written, of one connection; 1 MiB. A single larger message passes
	TotalQueueBytes   int64 // of all connections, beyond which who is behind is closed; 128 MiB
	SendBuffer        int   // the kernel's send buffer of a socket, in bytes; 64 KiB

	MaxSockets    int // connections in total, event streams included; 20,000
	MaxPerPerson  int // 50
	MaxPerAddress int // 1,000: a town hall is one address
	MaxOperations int // running at once on one socket; 100
	// MessagePing sends the protocol's ping message too, for clients behind
	// something that answers WebSocket pings in their name.
	MessagePing bool
}

// Handler serves WebSocket and server-sent events; make one with New.
type Handler struct {
	opts     Options
	upgrader websocket.Upgrader
	origins  origins
	gate     gate
	wheel    wheel
	running  tally // operations
	queued   atomic.Int64
	closes   closeCounts
	writes   buffers
	attempts attempts
	inbounds inbounds
	poll     poller
}

// New checks the options and returns a Handler. It has nothing to close
// besides its connections: see Drain.
func New(opts Options) (*Handler, error) {
	if opts.Executor == nil {
		return nil, errors.New("gqlws: Options.Executor is required")
	}
	opts.setDefaults()
	allowed, err := parseOrigins(opts.Origins)
	if err != nil {
		return nil, err
	}
	h := &Handler{opts: opts, origins: allowed}
	h.gate.limits(opts.MaxSockets)
	h.wheel.every = opts.PingInterval
	h.upgrader = websocket.Upgrader{
		HandshakeTimeout: opts.WriteTimeout,
		WriteBufferPool:  &sync.Pool{}, // for the handshake only: see wire
		Subprotocols:     []string{Subprotocol},
		// The origin is judged before a place is taken, see ServeWebSocket.
		CheckOrigin: func(*http.Request) bool { return true },
	}
	return h, nil
}

func (o *Options) setDefaults() {
	set(&o.Runner, NewDirect(o.Executor))
	set(&o.Log, slog.Default())
	set(&o.PingInterval, 15*time.Second)
	set(&o.InitTimeout, 3*time.Second)
	set(&o.WriteTimeout, 10*time.Second)
	set(&o.CloseTimeout, time.Second)
	set(&o.OperationTimeout, 15*time.Second)
	set(&o.MaxStreamAge, 30*time.Minute)
	set(&o.ReconnectSpread, 5*time.Second)
	set(&o.ReadLimit, 64<<10)
	set(&o.ReadLimitSignedIn, 512<<10)
	set(&o.QueueBytes, 1<<20)
	set(&o.TotalQueueBytes, 128<<20)
	set(&o.SendBuffer, 64<<10)
	set(&o.MaxSockets, 20_000)
	set(&o.MaxPerPerson, 50)
	set(&o.MaxPerAddress, 1_000)
	set(&o.MaxOperations, 100)
	o.setFunctions()
}

func (o *Options) setFunctions() {
	if o.Init == nil {
		o.Init = func(ctx context.Context, _ map[string]any, _ *http.Request) (context.Context, map[string]any, error) {
			return ctx, nil, nil
		}
	}
	if o.Keep == nil {
		o.Keep = context.WithoutCancel
	}
	if o.Prepare == nil {
		o.Prepare = preparedBy(o.Executor)
	}
	if o.Present == nil {
		o.Present = present
	}
	if o.SignedIn == nil {
		o.SignedIn = func(context.Context) bool { return false }
	}
	if o.Person == nil {
		o.Person = func(context.Context) string { return "" }
	}
	if o.Address == nil {
		o.Address = remoteHost
	}
}

func set[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func remoteHost(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// Stats is a momentary count, for metrics.
type Stats struct {
	Connections int           // open, sockets and event streams
	Operations  int           // running, of all kinds
	QueuedBytes int64         // waiting to be written
	Closed      map[int]int64 // ended sockets by close code; 0 where none could be sent
	// Refused are connections that found no place, by limit: total, person,
	// address, or draining.
	Refused map[string]int64
}

// Stats counts what is open now and what was closed so far.
func (h *Handler) Stats() Stats {
	return Stats{
		Connections: h.gate.count(),
		Operations:  h.running.count(),
		QueuedBytes: h.queued.Load(),
		Closed:      h.closes.copy(),
		Refused:     h.gate.refusals(),
	}
}

// Drain ends all connections in good order and admits no more: subscriptions
// are stopped, running queries and mutations are let finish, sockets are
// closed with 1012 and event streams ended. It returns when all are gone. When
// ctx ends first the rest is cut off, and Drain returns the error of ctx.
func (h *Handler) Drain(ctx context.Context) error {
	h.gate.shut()
	h.dismiss(ctx, h.wheel.all())
	err := h.wait(ctx)
	if err == nil {
		return nil
	}
	for _, p := range h.wheel.all() {
		p.abort()
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), h.opts.CloseTimeout)
	defer cancel()
	_ = h.wait(last)
	return err
}

// dismiss asks connections to leave, spread in time so that they do not all
// knock on another instance's door in the same moment.
func (h *Handler) dismiss(ctx context.Context, peers []peer) {
	var pause <-chan time.Time
	if h.opts.DrainSpread > 0 && len(peers) > 1 {
		ticker := time.NewTicker(max(h.opts.DrainSpread/time.Duration(len(peers)), time.Microsecond))
		defer ticker.Stop()
		pause = ticker.C
	}
	for i, p := range peers {
		if i > 0 && pause != nil {
			select {
			case <-pause:
			case <-ctx.Done():
				pause = nil
			}
		}
		p.dismiss()
	}
}

func (h *Handler) wait(ctx context.Context) error {
	if err := h.gate.wait(ctx); err != nil {
		return err
	}
	return h.running.wait(ctx)
}

// ServeHTTP serves a WebSocket upgrade as ServeWebSocket and anything else as
// ServeEvents.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if websocket.IsWebSocketUpgrade(r) {
		h.ServeWebSocket(w, r)
		return
	}
	h.ServeEvents(w, r)
}
