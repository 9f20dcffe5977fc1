package gqlws

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
)

const (
	eventMedia = "text/event-stream"
	jsonMedia  = "application/json"
	// maxCursor bounds what a returning reader may bring along.
	maxCursor = 1024
)

// accepts reports whether a request asks for a media type by name: a wildcard
// is no wish for a stream.
func accepts(r *http.Request, media string) bool {
	for _, part := range strings.Split(strings.Join(r.Header.Values("Accept"), ","), ",") {
		if name, params, err := mime.ParseMediaType(part); err == nil && name == media && params["q"] != "0" {
			return true
		}
	}
	return false
}

// readRequest reads the operation of a request, with the status to answer when
// there is none.
func (h *Handler) readRequest(w http.ResponseWriter, r *http.Request) (Request, int, error) {
	if r.Method == http.MethodGet {
		return requestFromQuery(r.URL.Query())
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != jsonMedia {
		return Request{}, http.StatusUnsupportedMediaType, errMediaType.New()
	}
	limit := h.opts.ReadLimit
	if h.opts.SignedIn(r.Context()) {
		limit = h.opts.ReadLimitSignedIn
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(h.opts.WriteTimeout))
	return requestFromBody(http.MaxBytesReader(w, r.Body, limit))
}

func requestFromBody(body io.Reader) (Request, int, error) {
	data, err := io.ReadAll(body)
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return Request{}, http.StatusRequestEntityTooLarge, errTooLarge.New()
	}
	if err != nil {
		return Request{}, http.StatusBadRequest, errBadRequest.New().Because(err)
	}
	q, err := decodeRequest(bytes.NewReader(data))
	if err != nil {
		return Request{}, http.StatusBadRequest, errBadRequest.New().Because(err)
	}
	return q, 0, nil
}

func requestFromQuery(values url.Values) (Request, int, error) {
	q := Request{Query: values.Get("query"), OperationName: values.Get("operationName"), DocumentID: values.Get("documentId")}
	if err := objectFrom(values, "variables", &q.Variables); err != nil {
		return Request{}, http.StatusBadRequest, err
	}
	if err := objectFrom(values, "extensions", &q.Extensions); err != nil {
		return Request{}, http.StatusBadRequest, err
	}
	if q.Query == "" && !q.named() {
		return Request{}, http.StatusBadRequest, errBadRequest.At("query")
	}
	return q, 0, nil
}

func objectFrom(values url.Values, name string, into *map[string]any) *fault.Fault {
	text := values.Get(name)
	if text == "" {
		return nil
	}
	if err := decode(strings.NewReader(text), into); err != nil {
		return errBadRequest.At(name).Because(err)
	}
	return nil
}

// lastEventID is where a returning reader stood. EventSource sends it as a
// header; a page that starts anew can only put it into the address.
func lastEventID(r *http.Request) string {
	id := r.Header.Get("Last-Event-ID")
	if id == "" {
		id = r.URL.Query().Get("lastEventId")
	}
	if len(id) > maxCursor {
		return ""
	}
	return id
}

func eventHeaders(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", eventMedia+"; charset=utf-8")
	header.Set("Cache-Control", "no-cache, no-store")
	header.Set("X-Accel-Buffering", "no") // nginx would hold events back
	if r.ProtoMajor == 1 {
		// The write deadline of the last event must not reach into another
		// request. In HTTP/2 the header would end the other streams too.
		header.Set("Connection", "close")
	}
	w.WriteHeader(http.StatusOK)
}
