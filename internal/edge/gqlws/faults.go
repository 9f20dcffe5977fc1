package gqlws

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
)

// retryAfter is what a refused client is told to wait at least; up to twice as
// long, so that they do not all come back together.
const retryAfter = 5 * time.Second

var (
	errBadRequest = fault.Define(fault.Invalid, "BAD_REQUEST",
		"La petició no està ben formada.", "La petición no está bien formada.", "The request is malformed.")
	errTooLarge = fault.Define(fault.Invalid, "BODY_TOO_LARGE",
		"La petició és massa gran.", "La petición es demasiado grande.", "The request is too large.")
	errNoUpgrade = fault.Define(fault.Invalid, "UPGRADE_REQUIRED",
		"Aquí cal obrir un WebSocket.", "Aquí hay que abrir un WebSocket.", "A WebSocket has to be opened here.")
	errNotAcceptable = fault.Define(fault.Invalid, "NOT_ACCEPTABLE",
		"Aquí només es respon amb text/event-stream.", "Aquí solo se responde con text/event-stream.",
		"Only text/event-stream is answered here.")
	errMediaType = fault.Define(fault.Invalid, "UNSUPPORTED_MEDIA_TYPE",
		"El cos de la petició ha de ser application/json.", "El cuerpo de la petición debe ser application/json.",
		"The body of the request has to be application/json.")
	errMethod = fault.Define(fault.Invalid, "METHOD_NOT_ALLOWED",
		"Aquí no es pot fer servir aquest mètode.", "Aquí no se puede usar este método.", "This method cannot be used here.")
	errOrigin = fault.Define(fault.Denied, "ORIGIN_NOT_ALLOWED",
		"Aquesta pàgina no pot obrir connexions.", "Esta página no puede abrir conexiones.", "This page may not open connections.")
	errTooManyOperations = fault.Define(fault.Limited, "TOO_MANY_OPERATIONS",
		"En aquesta connexió ja hi ha {max} operacions en marxa.",
		"En esta conexión ya hay {max} operaciones en marcha.",
		"{max} operations are already running on this connection.")
	errTooManyConnections = fault.Define(fault.Limited, "TOO_MANY_CONNECTIONS",
		"Hi ha massa connexions obertes. Tanqueu-ne alguna o torneu-ho a provar més tard.",
		"Hay demasiadas conexiones abiertas. Cierre alguna o vuelva a intentarlo más tarde.",
		"Too many connections are open. Close one or try again later.")
)

// present is the default face of an error, in English.
func present(_ context.Context, err error) *gqlerror.Error {
	var shown *gqlerror.Error
	if errors.As(err, &shown) {
		return shown
	}
	f := fault.From(err)
	return &gqlerror.Error{
		Message:    f.Message(lang.EN),
		Extensions: map[string]any{"code": f.Code.Name},
	}
}

// presentAll gives each fault inside err its face.
func (h *Handler) presentAll(ctx context.Context, err error) gqlerror.List {
	var ready gqlerror.List
	if errors.As(err, &ready) {
		return ready
	}
	var faults fault.List
	if !errors.As(err, &faults) {
		return gqlerror.List{h.opts.Present(ctx, err)}
	}
	list := make(gqlerror.List, len(faults))
	for i, f := range faults {
		list[i] = h.opts.Present(ctx, f)
	}
	return list
}

// refuse answers a request that never becomes a connection.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, status int, err error) {
	body, jsonErr := json.Marshal(map[string]any{"errors": h.presentAll(r.Context(), err)})
	if jsonErr != nil {
		h.opts.Log.ErrorContext(r.Context(), "gqlws: an error could not be encoded", "error", jsonErr)
		status, body = http.StatusInternalServerError, []byte(`{"errors":[{"message":"Internal error."}]}`)
	}
	header := w.Header()
	header.Set("Content-Type", "application/json; charset=utf-8")
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		header.Set("Retry-After", strconv.Itoa(int((retryAfter+rand.N(retryAfter))/time.Second)))
	}
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// withdrawn reports whether err means that a right is missing, so that a live
// connection has no business any more.
func withdrawn(err error) bool {
	kind := fault.From(err).Code.Kind
	return kind == fault.Denied || kind == fault.Unauthenticated
}

// causeOfEnd is why a signed-in context has ended. One that ended without a
// cause says that what it stood for, a session, is over.
func causeOfEnd(ctx context.Context) error {
	err := context.Cause(ctx)
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fault.ErrUnauthenticated.New()
	}
	return err
}
