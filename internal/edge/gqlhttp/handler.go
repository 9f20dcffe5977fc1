// Package gqlhttp serves GraphQL over HTTP, POST and GET, by the letter of the
// GraphQL-over-HTTP specification, in front of gqlgen's executor.
//
// A request is admitted (method, media types, a place among those in flight),
// read (size, JSON of bounded depth), prepared by gqldoc, executed under a
// deadline, and answered once, in one piece. Whatever is refused is refused as
// a GraphQL response with a stable code, in the reader's language, with a
// reference that the log carries too, and without repeating what was sent.
//
// In application/json every well-formed response has status 200; in
// application/graphql-response+json request errors have 4xx. What is not about
// the document has its own status in both: 405, 406, 413, 415, 429, 503, 504.
//
// Only JSON bodies are read: forms and multipart could be sent by pages of
// other origins. Reading is open to all origins, but without credentials: a
// request that brings cookies never gets the permission for all origins.
package gqlhttp

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/teixit/teixit/internal/edge/gqldoc"
	"github.com/teixit/teixit/internal/kernel/lang"
)

// Options settles what the handler leaves open. The zero value of each is a
// working default.
type Options struct {
	// Reader says who asks. It is called before the body is read. The default
	// is an anonymous reader of Catalan.
	Reader func(*http.Request) gqldoc.Reader
	// Present shows an error of this package, a *fault.Fault; errors of
	// documents are shown by gqldoc, those of resolvers by the executor's own
	// presenter. The default is gqldoc.Present.
	Present func(context.Context, error) *gqlerror.Error
	// SSE answers requests that prefer text/event-stream, and subscriptions
	// that accept it. It finds the body unread. Without it they are refused.
	SSE http.Handler
	// Observe is told about every request when it has been answered, except
	// those handed to SSE.
	Observe func(*http.Request, Outcome)
	// Log receives panics and failures of ours, with the request's reference.
	Log *slog.Logger

	Timeout     time.Duration  // for the execution of one operation; 10 s
	BodyBytes   gqldoc.ByLevel // largest body, or query string for GET; 64 KiB, signed in 512 KiB
	JSONValues  int            // values in the body; 20,000
	MaxInFlight int            // operations executed at once; 256
	MaxWait     time.Duration  // for a place among them; 50 ms
	RetryAfter  time.Duration  // told with 429 and 503; 2 s
	MaxErrors   int            // errors in one answer; 20
	// Statuses adds codes with a status of their own in both media types,
	// or changes one of this package's.
	Statuses map[string]int
}

// Outcome is what became of a request, for metrics and logs.
type Outcome struct {
	Operation string // query, mutation, subscription, or "" when not known
	Name      string // of the operation, as the client wrote it: unbounded, no label for metrics
	Code      string // of the error that decided, "" without errors
	Status    int    // HTTP status; 499 when the client went away
	Cost      int    // see gqldoc.Prepared
	Cached    bool   // whether the document was known
	Bytes     int    // of the answer
	Duration  time.Duration
}

// statusGone stands in outcomes for requests whose client did not wait.
const statusGone = 499

type handler struct {
	exec    graphql.GraphExecutor
	prep    *gqldoc.Preparer
	opts    Options
	gate    *gate
	buffers buffers
}

// New makes the handler. exec must have been attached to gqldoc; its
// subscriptions are never started here.
func New(exec graphql.GraphExecutor, prep *gqldoc.Preparer, opts Options) http.Handler {
	opts.setDefaults()
	return &handler{exec: exec, prep: prep, opts: opts, gate: newGate(opts.MaxInFlight, opts.MaxWait)}
}

func (o *Options) setDefaults() {
	if o.Reader == nil {
		o.Reader = func(*http.Request) gqldoc.Reader { return gqldoc.Reader{Lang: lang.CA} }
	}
	if o.Observe == nil {
		o.Observe = func(*http.Request, Outcome) {}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.BodyBytes == (gqldoc.ByLevel{}) {
		o.BodyBytes = gqldoc.ByLevel{Anonymous: 64 << 10, SignedIn: 512 << 10}
	}
	orDefault(&o.Timeout, 10*time.Second)
	orDefault(&o.JSONValues, 20_000)
	orDefault(&o.MaxInFlight, 256)
	orDefault(&o.MaxWait, 50*time.Millisecond)
	orDefault(&o.RetryAfter, 2*time.Second)
	orDefault(&o.MaxErrors, 20)
}

func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// ServeHTTP implements http.Handler.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	r, reference := referenced(r)
	x := &exchange{handler: h, w: w, r: r, reference: reference, allow: "GET, POST, OPTIONS"}
	w.Header().Set("X-Request-Id", reference)
	defer func() {
		if cause := recover(); cause != nil {
			x.panicked(cause)
		}
		if !x.handedOver {
			x.outcome.Duration = time.Since(started)
			h.opts.Observe(r, x.outcome)
		}
	}()
	x.reader = h.opts.Reader(r)
	if r.Method == http.MethodOptions {
		x.preflight()
		return
	}
	x.allowOrigins()
	if f := x.serve(); f != nil {
		x.refuse(f)
	}
}
