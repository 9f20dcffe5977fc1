package gqlhttp

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/edge/gqldoc"
)

// slower is how much longer than an honest request of 60 KB a hostile one may
// take; the times themselves are printed with -v.
const slower = 100

// TestHostileBodies refuses each in little time, with an answer of at most
// 64 KiB that echoes nothing.
func TestHostileBodies(t *testing.T) {
	const mark = "MARKED-INPUT"
	tests := []struct {
		name, body, code string
		status           int
	}{
		{"1 MB of [", strings.Repeat("[", 1<<20), "BODY_TOO_LARGE", 413},
		{"60 KB of [", strings.Repeat("[", 60_000), "JSON_LIMIT", 400},
		{"60 KB of [ as a query", ask(strings.Repeat("[", 60_000)), "QUERY_TOO_NESTED", 200},
		{"60 KB of { as a query", ask(strings.Repeat("{a", 30_000)), "QUERY_TOO_NESTED", 200},
		{"deep variables", `{"query":"{hello}","variables":{"a":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}}`, "JSON_LIMIT", 400},
		{"many variables", `{"query":"{hello}","variables":{"a":[0` + strings.Repeat(",0", 25_000) + `]}}`, "JSON_LIMIT", 400},
		{"deep in a string is no depth", `{"query":"{hello}","variables":{"a":"` + strings.Repeat(`[\"`, 9_000) + `"}}`, "TOO_LONG", 200},
		{"malformed", `{"query":"` + strings.Repeat(mark, 1000), "MALFORMED_JSON", 400},
		{"unknown fields", ask("{" + strings.Repeat("x"+mark[:6]+" ", 900) + "}"), "GRAPHQL_VALIDATION_FAILED", 200},
		{"duplicated keys", `{"query":"{hello}","query":"{nothing}"}`, "GRAPHQL_VALIDATION_FAILED", 200},
		{"long operation name", `{"query":"query a{hello}","operationName":"` + strings.Repeat(mark, 4000) + `"}`, "OPERATION_NOT_FOUND", 200},
	}
	h := newHandler(t, standard(), Options{})
	honest := best(func() { do(t, h, call{body: ask("{hello}" + strings.Repeat(" ", 60_000))}) })
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got reply
			took := best(func() { got = do(t, h, call{body: tt.body}) })
			if got.code() != tt.code || got.status != tt.status {
				t.Errorf("%d %s, want %d %s: %.200s", got.status, got.code(), tt.status, tt.code, got.raw)
			}
			if len(got.raw) > 64<<10 || strings.Contains(got.raw, mark) {
				t.Errorf("%d bytes: %.300s", len(got.raw), got.raw)
			}
			if took > slower*honest {
				t.Errorf("took %s, an honest request %s", took, honest)
			}
			t.Logf("%-32s %8d bytes %10s", tt.name, len(tt.body), took.Round(time.Microsecond))
		})
	}
}

// best is the shortest of a few runs: other programs share the machine.
func best(run func()) time.Duration {
	shortest := time.Hour
	for range 3 {
		start := time.Now()
		run()
		shortest = min(shortest, time.Since(start))
	}
	return shortest
}

func TestBodyLimitDependsOnWhoAsks(t *testing.T) {
	reader := func(r *http.Request) gqldoc.Reader { return gqldoc.Reader{SignedIn: r.Header.Get("X-Test") == "in"} }
	h := newHandler(t, standard(), Options{Reader: reader})
	pad := func(n int) string {
		b := ask("{hello}")
		return b + strings.Repeat(" ", n-len(b))
	}
	in := http.Header{"X-Test": {"in"}}
	for _, tt := range []struct {
		size   int
		header http.Header
		status int
	}{{64 << 10, nil, 200}, {64<<10 + 1, nil, 413}, {512 << 10, in, 200}, {512<<10 + 1, in, 413}} {
		if got := do(t, h, call{body: pad(tt.size), header: tt.header}); got.status != tt.status {
			t.Errorf("%d bytes, %v: %d, want %d", tt.size, tt.header, got.status, tt.status)
		}
		c := call{body: pad(tt.size), header: tt.header}.request()
		c.ContentLength = -1 // chunked: the size is not known before it is read
		if got := serve(t, h, c); got.status != tt.status {
			t.Errorf("%d bytes chunked, %v: %d, want %d", tt.size, tt.header, got.status, tt.status)
		}
	}
	got := do(t, h, call{method: "GET", target: "/graphql?query=%7Bhello%7D&x=" + strings.Repeat("a", 64<<10)})
	if got.status != 413 {
		t.Errorf("long URL: %d", got.status)
	}
}
