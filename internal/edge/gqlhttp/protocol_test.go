package gqlhttp

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestProtocol goes through the specification request by request: status,
// content type, code, and whether there is a data entry.
func TestProtocol(t *testing.T) {
	get := func(query, rest string) string { return "/graphql?query=" + url.QueryEscape(query) + rest }
	const long = "{ 8f31403dfe404bccbb0e835f2629c6a7 }"
	const coerce = `{"query":"query($n:String!){__type(name:$n){name}}","variables":{"n":null}}`
	tests := []struct {
		name string
		call
		status    int
		mediaType string
		code      string
		data      bool
	}{
		{"json", call{accept: mediaJSON, body: ask("{hello}")}, 200, mediaJSON, "", true},
		{"response+json", call{accept: mediaResponse, body: ask("{hello}")}, 200, mediaResponse, "", true},
		{"anything", call{accept: "*/*", body: ask("{hello}")}, 200, mediaJSON, "", true},
		{"no accept", call{body: ask("{hello}")}, 200, mediaJSON, "", true},
		{"first named", call{accept: mediaResponse + ", " + mediaJSON + ";q=1", body: ask("{hello}")}, 200, mediaResponse, "", true},
		{"best quality", call{accept: mediaResponse + ";q=0.2, " + mediaJSON + ";q=0.9", body: ask("{hello}")}, 200, mediaJSON, "", true},
		{"as a client sends it", call{accept: "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed", body: ask("{hello}")}, 200, mediaResponse, "", true},
		{"unacceptable", call{accept: "text/html", body: ask("{hello}")}, 406, mediaJSON, "NOT_ACCEPTABLE", false},
		{"refused quality", call{accept: mediaJSON + ";q=0", body: ask("{hello}")}, 406, mediaJSON, "NOT_ACCEPTABLE", false},
		{"stream without one", call{accept: mediaStream, body: ask("{hello}")}, 406, mediaJSON, "NOT_ACCEPTABLE", false},

		{"get", call{method: "GET", target: get("{hello}", "")}, 200, mediaJSON, "", true},
		{"get with variables", call{method: "GET", target: get("query($n:String!){__type(name:$n){name}}", "&variables="+url.QueryEscape(`{"n":"x"}`))}, 200, mediaJSON, "", true},
		{"get with wrong variables", call{method: "GET", target: get("{hello}", "&variables=3")}, 400, mediaJSON, "BAD_PARAMETER", false},
		{"get without query", call{method: "GET"}, 400, mediaJSON, "BAD_PARAMETER", false},
		{"get a mutation", call{method: "GET", target: get("mutation{write}", ""), accept: mediaResponse}, 405, mediaResponse, "MUTATION_BY_GET", false},
		{"get a mutation among others", call{method: "GET", target: get("query a{hello}mutation b{write}", "&operationName=b")}, 405, mediaJSON, "MUTATION_BY_GET", false},
		{"get the query among others", call{method: "GET", target: get("query a{hello}mutation b{write}", "&operationName=a")}, 200, mediaJSON, "", true},
		{"put", call{method: "PUT", body: ask("{hello}")}, 405, mediaJSON, "METHOD_NOT_ALLOWED", false},

		{"no content type", call{body: ask("{hello}"), header: http.Header{"Content-Type": nil}}, 415, mediaJSON, "UNSUPPORTED_MEDIA_TYPE", false},
		{"text", call{body: ask("{hello}"), header: http.Header{"Content-Type": {"text/plain"}}}, 415, mediaJSON, "UNSUPPORTED_MEDIA_TYPE", false},
		{"form", call{body: "query={hello}", header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}}, 415, mediaJSON, "UNSUPPORTED_MEDIA_TYPE", false},
		{"multipart", call{body: "--x", header: http.Header{"Content-Type": {"multipart/form-data; boundary=x"}}}, 415, mediaJSON, "UNSUPPORTED_MEDIA_TYPE", false},
		{"charset", call{body: ask("{hello}"), header: http.Header{"Content-Type": {"application/json; charset=UTF-8"}}}, 200, mediaJSON, "", true},
		{"other charset", call{body: ask("{hello}"), header: http.Header{"Content-Type": {"application/json; charset=utf-16"}}}, 415, mediaJSON, "UNSUPPORTED_MEDIA_TYPE", false},
		{"compressed", call{body: ask("{hello}"), header: http.Header{"Content-Encoding": {"gzip"}}}, 415, mediaJSON, "UNSUPPORTED_ENCODING", false},

		{"no body", call{}, 400, mediaJSON, "MALFORMED_JSON", false},
		{"half a body", call{body: `{ "not a JSON`}, 400, mediaJSON, "MALFORMED_JSON", false},
		{"null", call{body: `null`}, 400, mediaJSON, "MALFORMED_JSON", false},
		{"a batch", call{body: `[` + ask("{hello}") + `]`}, 400, mediaJSON, "MALFORMED_JSON", false},
		{"two bodies", call{body: ask("{hello}") + ask("{hello}")}, 400, mediaJSON, "MALFORMED_JSON", false},
		{"other name", call{body: `{"qeury":"{hello}"}`}, 400, mediaJSON, "BAD_PARAMETER", false},
		{"query object", call{body: `{"query":{"a":1}}`}, 400, mediaJSON, "BAD_PARAMETER", false},
		{"query list", call{body: `{"query":["a"]}`}, 400, mediaJSON, "BAD_PARAMETER", false},
		{"query null", call{body: `{"query":null}`}, 400, mediaJSON, "BAD_PARAMETER", false},
		{"name number", call{body: `{"query":"{hello}","operationName":0}`}, 400, mediaJSON, "BAD_PARAMETER", false},
		{"variables string", call{body: `{"query":"{hello}","variables":"{}"}`}, 400, mediaJSON, "BAD_PARAMETER", false},
		{"variables list", call{body: `{"query":"{hello}","variables":[]}`}, 400, mediaJSON, "BAD_PARAMETER", false},
		{"variables false", call{body: `{"query":"{hello}","variables":false}`}, 400, mediaJSON, "BAD_PARAMETER", false},
		{"extensions number", call{body: `{"query":"{hello}","extensions":0}`}, 400, mediaJSON, "BAD_PARAMETER", false},
		{"nulls", call{body: `{"query":"{hello}","variables":null,"operationName":null,"extensions":null}`}, 200, mediaJSON, "", true},
		{"maps", call{body: `{"query":"{hello}","variables":{"a":1},"extensions":{"a":1}}`}, 200, mediaJSON, "", true},
		{"raw NUL", call{body: "{\"query\":\"{hello}\x00\"}"}, 400, mediaJSON, "MALFORMED_JSON", false},
		{"not UTF-8", call{body: "{\"query\":\"{hello}\xff\"}"}, 400, mediaJSON, "MALFORMED_JSON", false},
		{"escaped NUL", call{accept: mediaResponse, body: `{"query":"{hello}\u0000"}`}, 400, mediaResponse, "BAD_TEXT", false},

		{"unparsed, json", call{accept: mediaJSON, body: ask("{")}, 200, mediaJSON, "GRAPHQL_PARSE_FAILED", false},
		{"unparsed", call{accept: mediaResponse, body: ask("{")}, 400, mediaResponse, "GRAPHQL_PARSE_FAILED", false},
		{"invalid, json", call{accept: mediaJSON, body: ask(long)}, 200, mediaJSON, "GRAPHQL_PARSE_FAILED", false},
		{"unknown field, json", call{accept: mediaJSON, body: ask("{nothing}")}, 200, mediaJSON, "GRAPHQL_VALIDATION_FAILED", false},
		{"unknown field", call{accept: mediaResponse, body: ask("{nothing}")}, 400, mediaResponse, "GRAPHQL_VALIDATION_FAILED", false},
		{"coercion, json", call{accept: mediaJSON, body: coerce}, 200, mediaJSON, "VARIABLE_INVALID", false},
		{"coercion", call{accept: mediaResponse, body: coerce}, 400, mediaResponse, "VARIABLE_INVALID", false},
		{"limit", call{accept: mediaResponse, body: ask(strings.Repeat("[", 100))}, 400, mediaResponse, "QUERY_TOO_NESTED", false},

		{"subscription", call{body: ask("subscription{beat}")}, 406, mediaJSON, "SUBSCRIPTION_NEEDS_STREAM", false},
		{"subscription by get", call{method: "GET", target: get("subscription{beat}", ""), accept: "*/*"}, 406, mediaJSON, "SUBSCRIPTION_NEEDS_STREAM", false},

		{"error beside data", call{accept: mediaResponse, body: ask("{hello secret}")}, 200, mediaResponse, "DENIED", true},
		{"error and null", call{accept: mediaResponse, body: ask("{secret}")}, 200, mediaResponse, "DENIED", true},
		{"cut off", call{accept: mediaJSON, body: ask("{cut}")}, 503, mediaJSON, "UNAVAILABLE", true},
		{"cut off in part", call{accept: mediaJSON, body: ask("{hello cut}")}, 200, mediaJSON, "UNAVAILABLE", true},
		{"panic", call{accept: mediaJSON, body: ask("{broken}")}, 500, mediaJSON, "INTERNAL", false},
	}
	h := newHandler(t, standard(), Options{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := do(t, h, tt.call)
			if got.status != tt.status || got.code() != tt.code || got.hasData() != tt.data {
				t.Errorf("%d %s data=%v, want %d %s %v: %s", got.status, got.code(), got.hasData(), tt.status, tt.code, tt.data, got.raw)
			}
			if want := tt.mediaType + "; charset=utf-8"; got.header.Get("Content-Type") != want {
				t.Errorf("content type %q, want %q", got.header.Get("Content-Type"), want)
			}
			checkAlways(t, got)
		})
	}
}

// checkAlways holds what is true of every answer.
func checkAlways(t *testing.T, got reply) {
	t.Helper()
	reference := got.header.Get("X-Request-Id")
	if reference == "" || got.header.Get("Cache-Control") != "no-store" || got.header.Get("Vary") == "" || got.header.Get("Content-Length") == "" {
		t.Errorf("headers %v", got.header)
	}
	for _, err := range got.body.Errors {
		if err.Extensions["reference"] != reference || err.Message == "" {
			t.Errorf("error %v %v, reference %s", err, err.Extensions, reference)
		}
	}
	if got.status == http.StatusServiceUnavailable && got.header.Get("Retry-After") != "2" {
		t.Errorf("Retry-After %q", got.header.Get("Retry-After"))
	}
	if strings.Contains(got.raw, "secret cause") {
		t.Errorf("the cause is shown: %s", got.raw)
	}
}

func TestAllow(t *testing.T) {
	h := newHandler(t, standard(), Options{})
	if got := do(t, h, call{method: "GET", target: "/graphql?query=mutation%7Bwrite%7D"}); got.header.Get("Allow") != "POST" {
		t.Errorf("mutation by GET: Allow %q", got.header.Get("Allow"))
	}
	if got := do(t, h, call{method: "DELETE"}); got.header.Get("Allow") != "GET, POST, OPTIONS" {
		t.Errorf("DELETE: Allow %q", got.header.Get("Allow"))
	}
}

func TestOrigins(t *testing.T) {
	h := newHandler(t, standard(), Options{})
	preflight := do(t, h, call{method: "OPTIONS", header: http.Header{"Origin": {"https://elsewhere.example"}, "Access-Control-Request-Method": {"POST"}}})
	if preflight.status != 204 || preflight.header.Get("Access-Control-Allow-Origin") != "*" ||
		!strings.Contains(preflight.header.Get("Access-Control-Allow-Headers"), "Content-Type") {
		t.Errorf("preflight %d %v", preflight.status, preflight.header)
	}
	read := do(t, h, call{body: ask("{hello}"), header: http.Header{"Origin": {"https://elsewhere.example"}}})
	if read.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Error("a public reader is kept out")
	}
	session := do(t, h, call{body: ask("{hello}"), header: http.Header{"Origin": {"https://elsewhere.example"}, "Cookie": {"__Host-session=x"}}})
	if session.header.Get("Access-Control-Allow-Origin") != "" {
		t.Error("an answer to a session may be read from anywhere")
	}
	for _, got := range []reply{preflight, read, session} {
		if got.header.Get("Access-Control-Allow-Credentials") != "" {
			t.Error("credentials are allowed")
		}
	}
}
