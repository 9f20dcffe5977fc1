package app

import (
	"context"
	"encoding/json"
	"net/http"
	"syscall"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/teixit/teixit/graph"
	"github.com/teixit/teixit/internal/edge/gqldoc"
	"github.com/teixit/teixit/internal/edge/gqlhttp"
	"github.com/teixit/teixit/internal/edge/gqlws"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/rate"
)

// endpoint is /graphql: it finds out who asks, the same way for every
// transport, and hands over to HTTP, WebSocket or server-sent events.
type endpoint struct {
	hub  *Hub
	exec *executor.Executor
	prep *gqldoc.Preparer
	auth *auth.Authenticator
	// address is where a request came from, behind trusted proxies.
	address func(*http.Request) string
}

func (e *endpoint) handler() http.Handler {
	overHTTP := gqlhttp.New(e.exec, e.prep, gqlhttp.Options{
		Reader:  func(r *http.Request) gqldoc.Reader { return e.reader(r.Context()) },
		SSE:     http.HandlerFunc(e.hub.sockets.ServeEvents),
		Observe: e.hub.observe,
		Log:     e.hub.log,
		Timeout: e.hub.cfg.OperationTimeout, MaxInFlight: e.hub.cfg.MaxInFlight,
		Statuses: map[string]int{
			access.ErrRightsChanged.Name: http.StatusForbidden, auth.ErrSignedOut.Name: http.StatusUnauthorized,
		},
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.WithContext(rate.WithAddress(r.Context(), e.address(r)))
		isUpgrade := gqlws.IsUpgrade(r)
		if isUpgrade && !auth.FromRequest(r).Known() {
			// Nobody, or somebody who says so in connection_init.
			e.hub.sockets.ServeWebSocket(w, r)
			return
		}
		viewer, err := e.viewer(r)
		if err != nil {
			e.refuse(w, r, fault.From(err))
			return
		}
		r = r.WithContext(access.With(r.Context(), viewer))
		if isUpgrade {
			e.hub.sockets.ServeWebSocket(w, r)
			return
		}
		overHTTP.ServeHTTP(w, r)
	})
}

// viewer finds who asks, without waiting longer for the database than a client
// should wait for a refusal.
func (e *endpoint) viewer(r *http.Request) (*access.Viewer, error) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	viewer, err := e.auth.Request(r.WithContext(ctx))
	if err != nil && ctx.Err() != nil && r.Context().Err() == nil {
		return nil, fault.ErrUnavailable.New().Because(err)
	}
	return viewer, err
}

// reader is who asks, for the limits. Where only registered operations are
// answered, who signed in with a token may ask others too: a program, and in the
// demonstration its people.
func (e *endpoint) reader(ctx context.Context) gqldoc.Reader {
	viewer := access.From(ctx)
	browser := !viewer.SignedIn() || !viewer.Session.IsZero()
	return gqldoc.Reader{
		SignedIn: viewer.SignedIn(), Lang: viewer.Lang,
		RegisteredOnly: e.hub.cfg.RegisteredOnly && browser,
	}
}

// pingEvery lets a reader that stopped, or whose cable was cut, hold nothing
// after ten seconds: it is gone when a ping was not read before the next one.
// What hangs in a write is given as long as two of them.
const (
	pingEvery   = 4 * time.Second
	writeWithin = 2 * pingEvery
)

// streams makes the handler of WebSocket and server-sent events.
func (e *endpoint) streams() (*gqlws.Handler, error) {
	cfg := e.hub.cfg
	return gqlws.New(gqlws.Options{
		Executor: e.exec,
		Runner:   gqlws.NewSharing(e.exec),
		Prepare: func(ctx context.Context, r gqlws.Request) (*graphql.OperationContext, gqlerror.List) {
			prepared, errs := e.prep.Prepare(ctx, gqldoc.Request(r), e.reader(ctx))
			if errs != nil {
				return nil, errs
			}
			return prepared.OperationContext(ctx, e.exec, nil)
		},
		Init:             e.init,
		Keep:             kept,
		Present:          graph.Presenter{Log: e.hub.log}.Present,
		SignedIn:         func(ctx context.Context) bool { return access.From(ctx).SignedIn() },
		Person:           person,
		Address:          e.address,
		Origins:          cfg.PublicOrigins,
		Log:              e.hub.log,
		OperationTimeout: cfg.OperationTimeout,
		DrainSpread:      min(2*time.Second, cfg.DrainTime/4),
		ReconnectSpread:  cfg.ReconnectSpread,
		PingInterval:     pingEvery,
		WriteTimeout:     writeWithin,
		MaxSockets:       e.openFiles(cfg.Sockets),
		MaxPerPerson:     cfg.SocketsPerPerson,
		MaxPerAddress:    cfg.SocketsPerAddress,
		MaxOperations:    cfg.SocketOperations,
		QueueBytes:       cfg.SocketQueue,
		TotalQueueBytes:  cfg.SocketQueues,
	})
}

// kept is what a socket keeps of its request: who asks, if that is known already,
// and from where.
func kept(request context.Context) context.Context {
	ctx := rate.WithAddress(context.Background(), rate.Address(request))
	if access.Known(request) {
		ctx = access.With(ctx, access.From(request))
	}
	return ctx
}

// person names who is signed in, for the limits.
func person(ctx context.Context) string {
	if v := access.From(ctx); v.SignedIn() {
		return v.Person.String()
	}
	return ""
}

// otherFiles is what a hub keeps open besides sockets, with room for requests.
const otherFiles = 500

// openFiles is how many sockets are allowed where the operating system allows
// fewer open files: a connection it refuses would get no answer.
func (e *endpoint) openFiles(sockets int) int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return sockets
	}
	most := max(int(min(limit.Cur, 1<<30))-otherFiles, 100)
	if sockets <= most {
		return sockets
	}
	e.hub.log.Info("fewer sockets than set: open files are limited", "sockets", most, "set", sockets, "files", limit.Cur)
	return most
}

// init authenticates a connection: by the payload of connection_init, which
// browsers can set, else by the request's headers and cookie. From then on the
// watcher looks after it.
func (e *endpoint) init(ctx context.Context, payload map[string]any, r *http.Request) (context.Context, map[string]any, error) {
	request := auth.FromRequest(r)
	shown := request.With(payload)
	if access.Known(ctx) && shown == request {
		// The handler has found out already, before the upgrade or the stream.
		return e.hub.watcher.Watch(ctx, access.From(ctx)), nil, nil
	}
	viewer, err := e.auth.Find(ctx, shown)
	if err != nil {
		return access.With(ctx, access.Anonymous(auth.Language(shown.Language))), nil, err
	}
	return e.hub.watcher.Watch(ctx, viewer), nil, nil
}

// refuse answers a request whose viewer could not be found out, with a
// reference, and so that pages of other origins can read why.
func (e *endpoint) refuse(w http.ResponseWriter, r *http.Request, f *fault.Fault) {
	shown, reference := gqldoc.Present(f, language(r)), gqlhttp.NewReference()
	shown.Extensions["reference"] = reference
	status, h := http.StatusUnauthorized, w.Header()
	switch f.Code.Kind {
	case fault.Unauthenticated:
		h.Set("WWW-Authenticate", "Bearer")
	case fault.Denied:
		status = http.StatusForbidden
	case fault.Limited:
		status = http.StatusServiceUnavailable
		h.Set("Retry-After", "2")
		e.hub.log.WarnContext(r.Context(), "find out who asks", "reference", reference, "cause", f)
	default:
		status = http.StatusInternalServerError
		e.hub.log.ErrorContext(r.Context(), "find out who asks", "reference", reference, "cause", f)
	}
	body, err := json.Marshal(map[string]any{"errors": gqlerror.List{shown}})
	if err != nil {
		body = []byte(`{"errors":[{"message":"INTERNAL"}]}`)
	}
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Request-Id", reference)
	if r.Header.Get("Cookie") == "" {
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Expose-Headers", "Retry-After, X-Request-Id")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func language(r *http.Request) lang.Lang { return auth.LanguageOf(r) }
