package gqlhttp

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/teixit/teixit/internal/edge/gqldoc"
	"github.com/teixit/teixit/internal/kernel/fault"
)

// refuse answers with a request error of ours.
func (x *exchange) refuse(f *fault.Fault) {
	x.answer(&graphql.Response{Errors: gqlerror.List{x.present(f)}})
}

func (x *exchange) present(f *fault.Fault) *gqlerror.Error {
	if x.opts.Present == nil {
		return gqldoc.Present(f, x.reader.Lang)
	}
	return x.opts.Present(x.r.Context(), f)
}

// answer writes the response. It is called once for each request.
func (x *exchange) answer(resp *graphql.Response) {
	media := cmp.Or(x.prefers.json, mediaJSON)
	if x.unchanged(media, resp) {
		return
	}
	shown := *resp
	shown.Errors = x.mark(resp.Errors)
	status := x.opts.status(media, &shown)

	buf := x.buffers.get()
	defer x.buffers.put(buf)
	if err := encode(buf, &shown); err != nil {
		x.log("encoding failed", err)
		buf.Reset()
		status, shown = http.StatusInternalServerError, graphql.Response{Errors: x.mark(gqlerror.List{x.present(fault.ErrInternal.New())})}
		_ = encode(buf, &shown) // plain values
	}
	x.outcome.Status, x.outcome.Code, x.outcome.Bytes = status, codeOf(shown.Errors), buf.Len()
	x.headers(media, status, buf.Len())
	x.w.WriteHeader(status)
	_, _ = x.w.Write(buf.Bytes()) // the client is gone: there is nobody to tell
}

func (x *exchange) headers(media string, status, length int) {
	h := x.w.Header()
	h.Set("Content-Type", media+"; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(length))
	h.Set("X-Content-Type-Options", "nosniff")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-store")
	}
	switch status {
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		if h.Get("Retry-After") == "" {
			h.Set("Retry-After", seconds(x.opts.RetryAfter))
		}
	case http.StatusMethodNotAllowed:
		h.Set("Allow", x.allow)
	}
}

// unchanged tags what everybody gets by GET, and answers who has it already with
// nothing but that. Caches may keep such an answer, but ask each time whether it
// is still the same.
func (x *exchange) unchanged(media string, resp *graphql.Response) bool {
	if x.shared.Tag == "" || x.r.Method != http.MethodGet || len(resp.Errors) > 0 || len(resp.Extensions) > 0 {
		return false
	}
	tag := x.shared.Tag
	if media == mediaResponse {
		tag = tag[:len(tag)-1] + `-r"`
	}
	h := x.w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "public, no-cache")
	for known := range strings.SplitSeq(x.r.Header.Get("If-None-Match"), ",") {
		if known = strings.TrimPrefix(strings.TrimSpace(known), "W/"); known == tag || known == "*" {
			x.outcome.Status = http.StatusNotModified
			x.w.WriteHeader(http.StatusNotModified)
			return true
		}
	}
	return false
}

// seconds rounds up: a client must not come back early.
func seconds(d time.Duration) string {
	return strconv.Itoa(int((d + time.Second - 1) / time.Second))
}

// mark copies errors, as many as may be shown, and puts the reference on each.
// They are copied because an error may be a value somebody else also returns.
func (x *exchange) mark(errs gqlerror.List) gqlerror.List {
	errs = errs[:min(len(errs), x.opts.MaxErrors)]
	marked := make(gqlerror.List, len(errs))
	for i, err := range errs {
		e := *err
		e.Extensions = maps.Clone(err.Extensions)
		if e.Extensions == nil {
			e.Extensions = map[string]any{}
		}
		e.Extensions["reference"] = x.reference
		marked[i] = &e
	}
	return marked
}

// encode writes a response. Data is JSON already and is not looked at again;
// without it a response with errors has no data entry at all.
func encode(buf *bytes.Buffer, resp *graphql.Response) error {
	entries := 0
	entry := func(name string, value []byte) {
		if entries++; entries > 1 {
			buf.WriteByte(',')
		}
		buf.WriteString(`"` + name + `":`)
		buf.Write(value)
	}
	buf.WriteByte('{')
	if len(resp.Errors) > 0 {
		errs, err := json.Marshal(resp.Errors)
		if err != nil {
			return err
		}
		entry("errors", errs)
	}
	switch {
	case resp.Data != nil:
		entry("data", resp.Data)
	case len(resp.Errors) == 0:
		entry("data", []byte("null"))
	}
	if len(resp.Extensions) > 0 {
		extensions, err := json.Marshal(resp.Extensions)
		if err != nil {
			return err
		}
		entry("extensions", extensions)
	}
	buf.WriteByte('}')
	return nil
}
