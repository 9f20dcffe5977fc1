package gqlhttp

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/teixit/teixit/internal/edge/gqldoc"
	"github.com/teixit/teixit/internal/kernel/fault"
)

// readGet takes the request from the URL.
func (x *exchange) readGet() (gqldoc.Request, *fault.Fault) {
	limit := x.opts.BodyBytes.For(x.reader)
	if len(x.r.URL.RawQuery) > limit {
		return gqldoc.Request{}, ErrBodyTooLarge.New().With("limit", limit)
	}
	values, err := url.ParseQuery(x.r.URL.RawQuery)
	if err != nil {
		return gqldoc.Request{}, ErrParameter.New().With("parameter", "query")
	}
	req := gqldoc.Request{Query: values.Get("query"), OperationName: values.Get("operationName"), DocumentID: values.Get("documentId")}
	if req.Extensions, err = x.mapFrom(values, "extensions"); err != nil {
		return req, fault.From(err)
	}
	if req.Query == "" && req.Persisted() == "" {
		return req, ErrParameter.New().With("parameter", "query")
	}
	if req.Variables, err = x.mapFrom(values, "variables"); err != nil {
		return req, fault.From(err)
	}
	return req, nil
}

func (x *exchange) mapFrom(values url.Values, name string) (map[string]any, error) {
	text := values.Get(name)
	if text == "" {
		return nil, nil
	}
	if f := scanJSON([]byte(text), x.opts.JSONValues); f != nil {
		return nil, f
	}
	return object(json.RawMessage(text), name)
}

// readPost takes the request from the body, which it leaves in buf.
func (x *exchange) readPost(buf *bytes.Buffer) (gqldoc.Request, *fault.Fault) {
	if f := checkMedia(x.r.Header); f != nil {
		return gqldoc.Request{}, f
	}
	limit := x.opts.BodyBytes.For(x.reader)
	if x.r.ContentLength > int64(limit) {
		return gqldoc.Request{}, ErrBodyTooLarge.New().With("limit", limit)
	}
	if _, err := buf.ReadFrom(http.MaxBytesReader(x.w, x.r.Body, int64(limit))); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return gqldoc.Request{}, ErrBodyTooLarge.New().With("limit", limit)
		}
		return gqldoc.Request{}, ErrBodyCut.New().Because(err)
	}
	return decode(buf.Bytes(), x.opts.JSONValues)
}

// checkMedia takes JSON in UTF-8 and nothing else. Forms and text are refused
// on purpose: they are what a page of another origin can send without asking.
func checkMedia(h http.Header) *fault.Fault {
	media, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || media != mediaJSON {
		return ErrMediaType.New()
	}
	if charset, ok := params["charset"]; ok && !strings.EqualFold(charset, "utf-8") {
		return ErrMediaType.New()
	}
	if encoding := h.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return ErrEncoding.New()
	}
	return nil
}

// decode reads a request from JSON. What is wrong is named, never repeated.
func decode(body []byte, maxValues int) (gqldoc.Request, *fault.Fault) {
	var req gqldoc.Request
	if !utf8.Valid(body) { // encoding/json would replace the bytes and go on
		return req, ErrJSON.New()
	}
	if f := scanJSON(body, maxValues); f != nil {
		return req, f
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil || fields == nil {
		return req, ErrJSON.New().Because(err)
	}
	return fill(req, fields)
}

func fill(req gqldoc.Request, fields map[string]json.RawMessage) (gqldoc.Request, *fault.Fault) {
	var err error
	if req.Extensions, err = object(fields["extensions"], "extensions"); err != nil {
		return req, fault.From(err)
	}
	if named, ok := fields["documentId"]; ok && json.Unmarshal(named, &req.DocumentID) != nil {
		return req, ErrParameter.New().With("parameter", "documentId")
	}
	query, sent := fields["query"]
	if sent && json.Unmarshal(query, &req.Query) != nil || req.Query == "" && req.Persisted() == "" {
		return req, ErrParameter.New().With("parameter", "query")
	}
	if name, ok := fields["operationName"]; ok && json.Unmarshal(name, &req.OperationName) != nil {
		return req, ErrParameter.New().With("parameter", "operationName")
	}
	if req.Variables, err = object(fields["variables"], "variables"); err != nil {
		return req, fault.From(err)
	}
	return req, nil
}

// object decodes an optional object, with numbers as they were written.
func object(raw json.RawMessage, name string) (map[string]any, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var m map[string]any
	if err := decoder.Decode(&m); err != nil || decoder.More() {
		return nil, ErrParameter.New().With("parameter", name).Because(err)
	}
	return m, nil
}

// jsonDepth is how deep a body may nest: the request itself, and variables as
// deep as gqldoc takes them with room to spare.
const jsonDepth = 32

// scanJSON bounds what decoding will take before it starts: a body of
// brackets and commas grows to twenty times its size in memory.
func scanJSON(body []byte, maxValues int) *fault.Fault {
	depth, values := 0, 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '"':
			i = stringEnd(body, i)
		case '{', '[':
			depth++
			values++
		case '}', ']':
			depth--
		case ',':
			values++
		}
		if depth > jsonDepth || values > maxValues {
			return ErrJSONLimit.New()
		}
	}
	return nil
}

// stringEnd is where the string that opens at i closes.
func stringEnd(body []byte, i int) int {
	for i++; i < len(body) && body[i] != '"'; i++ {
		if body[i] == '\\' {
			i++
		}
	}
	return i
}
