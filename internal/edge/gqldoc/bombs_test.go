package gqldoc

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// bomb is a hostile document and the code that refuses it.
type bomb struct {
	name  string
	query string
	code  string
}

// doubling is n fragments each of which includes the next one twice: walked
// without memory it takes 2^n steps. body is written with %[1]d for the next.
func doubling(n int, head, body string) string {
	var b strings.Builder
	b.WriteString(head)
	for i := range n {
		fmt.Fprintf(&b, "fragment f%d on Event{%s}", i, fmt.Sprintf(body, i+1))
	}
	fmt.Fprintf(&b, "fragment f%d on Event{id}", n)
	return b.String()
}

// sizedDoubling is the doubling bomb filled up to exactly size bytes.
func sizedDoubling(size int) string {
	for n := 1; ; n++ {
		if q := doubling(n+1, "{event{...f0}}", "a:place{node{...f%[1]d}}b:place{node{...f%[1]d}}"); len(q) > size {
			q = doubling(n, "{event{...f0}}", "a:place{node{...f%[1]d}}b:place{node{...f%[1]d}}")
			return q + strings.Repeat(" ", size-len(q))
		}
	}
}

func flood(open, item, end string, n int) string {
	return open + strings.Repeat(item, n) + end
}

func numbered(open, item, end string, n int) string {
	var b strings.Builder
	b.WriteString(open)
	for i := range n {
		fmt.Fprintf(&b, item, i)
	}
	return b.String() + end
}

// mergeBomb is fields of one response name whose children overlap at every
// level, through fragments that include all later ones.
func mergeBomb(n int) string {
	var b strings.Builder
	b.WriteString("{event{...f0}}")
	for i := range n {
		fmt.Fprintf(&b, "fragment f%d on Event{related{nodes{", i)
		for j := i + 1; j <= n; j++ {
			fmt.Fprintf(&b, "...f%d ", j)
		}
		b.WriteString("}}}")
	}
	fmt.Fprintf(&b, "fragment f%d on Event{id}", n)
	return b.String()
}

func bombs() []bomb {
	const mega = 1 << 20
	return []bomb{
		{"1 MB of [", strings.Repeat("[", mega), "QUERY_TOO_LARGE"},
		{"60 KB of [", strings.Repeat("[", 60_000), "QUERY_TOO_NESTED"},
		{"60 KB of {", strings.Repeat("{", 60_000), "QUERY_TOO_NESTED"},
		{"60 KB of {a", strings.Repeat("{a", 30_000), "QUERY_TOO_NESTED"},
		{"60 KB of ( and [", "{a(b:" + strings.Repeat("[", 60_000), "QUERY_TOO_NESTED"},
		{"list type nested", "query($a:" + strings.Repeat("[", 500) + "Int" + strings.Repeat("]", 500) + "){me}", "QUERY_TOO_NESTED"},
		{"brackets after a false string", `{a(b:"\` + "\n" + strings.Repeat("[", 60_000), "GRAPHQL_PARSE_FAILED"},
		{"brackets in a comment and after", "#" + strings.Repeat("[", 60) + "\r" + strings.Repeat("{", 30_000), "QUERY_TOO_NESTED"},
		{"tokens", flood("{", "me ", "}", 20_000), "TOO_MANY_TOKENS"},
		{"comments", flood("{me}", "#\n", "", 20_000), "TOO_MANY_TOKENS"},
		{"fragments doubling, 975 bytes", sizedDoubling(975), "QUERY_TOO_DEEP"},
		{"fragments doubling, flat", doubling(45, "{event{...f0}}", "...f%[1]d ...f%[1]d"), "COST_LIMIT"},
		{"fragments doubling, uncounted", doubling(45, "{event{...f0}}", "a:nodes{...f%[1]d}b:nodes{...f%[1]d}"), "TOO_MANY_ALIASES"},
		{"fragments doubling, nodes", doubling(14, "{event{...f0}}", "a:nodes{...f%[1]d}nodes{...f%[1]d}"), "COST_LIMIT"},
		{"fragments doubling, fields", doubling(8, "{event{...f0}}", "a:related{nodes{...f%[1]d}}related{nodes{...f%[1]d}}"), "COST_LIMIT"},
		{"fragments doubling, introspection", "{__schema{types{...f0}}}" + strings.ReplaceAll(doubling(45, "", "...f%[1]d fields{type{...f%[1]d}}"), "Event{id}", "__Type{name}"), "INTROSPECTION_LIMIT"},
		{"depth", flood("{event", "{place{self", flood("{id}", "}}", "}", 12), 12), "QUERY_TOO_DEEP"},
		{"depth in nodes", flood("{event", "{node", flood("{id}", "}", "}", 40), 40), "QUERY_TOO_DEEP"},
		{"depth of a value", `{events(filter:` + flood("", "{field:", "{}", 12) + strings.Repeat("}", 12) + `){totalCount}}`, "VALUE_TOO_DEEP"},
		{"aliases", numbered("{", "a%d:me ", "}", 300), "TOO_MANY_ALIASES"},
		{"root fields", numbered("{", "a%d:me ", "}", 20), "TOO_MANY_ROOT_FIELDS"},
		{"subscription with two fields", "subscription{a:beat b:beat}", "TOO_MANY_ROOT_FIELDS"},
		{"directives", flood("{me", "@x", "}", 400), "TOO_MANY_DIRECTIVES"},
		{"variables", numbered("query(", "$v%d:Int ", "){me}", 200), "TOO_MANY_VARIABLES"},
		{"fragments", numbered("{me}", "fragment g%d on Event{id}", "", 120), "TOO_MANY_FRAGMENTS"},
		{"operations", numbered("", "query q%d{me}", "", 150), "TOO_MANY_OPERATIONS"},
		{"cycle", "{event{...a}}fragment a on Event{...b}fragment b on Event{...a}", "FRAGMENT_CYCLE"},
		{"cycle of one", "{event{...a}}fragment a on Event{node{...a}}", "FRAGMENT_CYCLE"},
		{"cycles, complete graph", complete(14), "FRAGMENT_CYCLE"},
		{"string", `{events(filter:{text:"` + strings.Repeat("a", 60_000) + `"}){totalCount}}`, "TOO_LONG"},
		{"block string", `{events(filter:{text:"""` + strings.Repeat(" \n", 29_000) + `"""}){totalCount}}`, ""},
		{"NUL", "{me\x00}", "BAD_TEXT"},
		{"NUL escaped", `{events(filter:{text:"\u0000"}){totalCount}}`, "BAD_TEXT"},
		{"not UTF-8", "{me\xff}", "BAD_TEXT"},
		{"mistakes", numbered("{", "x%d ", "}", 900), "TOO_MANY_ROOT_FIELDS"},
		{"mistakes below", numbered("{event{", "x%d ", "}}", 900), "GRAPHQL_VALIDATION_FAILED"},
		{"long name", "{event{" + strings.Repeat("x", 60_000) + "}}", "GRAPHQL_VALIDATION_FAILED"},
		{"long names in values", `{events(filter:{order:` + strings.Repeat("X", 50_000) + `}){totalCount}}`, "GRAPHQL_VALIDATION_FAILED"},
		{"overlapping fields", flood("{event{", "seats ", "}}", 900), ""},
		{"overlapping fields with children", flood("{event{", "place{title}", "}}", 230), ""},
		{"overlapping fields nested", flood("{event{", "place{self{self{self{title}}}}", "}}", 75), ""},
		{"overlapping conflicts", numbered("{event{", `seats(kind:"%d")`, "}}", 150), "GRAPHQL_VALIDATION_FAILED"},
		{"overlapping conflicts nested", numbered("{event{", `place{events(first:%d){totalCount}}`, "}}", 80), "GRAPHQL_VALIDATION_FAILED"},
		{"overlapping through fragments", mergeBomb(9), "QUERY_TOO_DEEP"},
		{"overlapping through flat fragments", doubling(40, "{event{"+strings.Repeat("...f0 ", 50)+"}}", "seats place{id} ...f%[1]d ...f%[1]d"), "COST_LIMIT"},
		{"walks, chain of fragments", chain(49, 12), "QUERY_TOO_COMPLEX"},
		{"walks, chain of fragments just allowed", chain(24, 13), ""},
		{"types that never meet", flood("{a0{", "... on Abstract1{x}", "}}", 160), ""},
		{"types that never meet, in fragments", meet(20, 5), ""},
		{"page", "{events(first:101){totalCount}}", "PAGE_SIZE"},
		{"pages of pages", "{events(first:100){nodes{related(first:100){nodes{related(first:100){nodes{id}}}}}}}", "COST_LIMIT"},
		{"ids", `{nodes(ids:[` + strings.Repeat(`"1"`, 900) + `]){id title nodes{id title nodes{id}}}}`, "COST_LIMIT"},
		{"defer", "{event{... @defer{id}}}", "INCREMENTAL_UNSUPPORTED"},
		{"no operation", "fragment a on Event{id}", "GRAPHQL_PARSE_FAILED"},
		{"nothing", "", "GRAPHQL_PARSE_FAILED"},
	}
}

func complete(n int) string {
	var b strings.Builder
	b.WriteString("{event{...c0}}")
	for i := range n {
		fmt.Fprintf(&b, "fragment c%d on Event{", i)
		for j := range n {
			fmt.Fprintf(&b, "...c%d ", j)
		}
		b.WriteString("}")
	}
	return b.String()
}

// chain is n fragments each of which includes the next and has width fields:
// validation walks every one of them from each definition before it.
func chain(n, width int) string {
	var b strings.Builder
	b.WriteString("{event{...h0}}")
	for i := range n {
		fmt.Fprintf(&b, "fragment h%d on Event{%s...h%d}", i, strings.Repeat("seats ", width), i+1)
	}
	fmt.Fprintf(&b, "fragment h%d on Event{id}", n)
	return b.String()
}

// meet is a chain of fragments on an interface that spread another interface
// with which it shares only its last type.
func meet(n, width int) string {
	var b strings.Builder
	b.WriteString("{a0{...m0}}")
	for i := range n {
		fmt.Fprintf(&b, "fragment m%d on Abstract0{%s...m%d}", i, strings.Repeat("...on Abstract1{x}", width), i+1)
	}
	fmt.Fprintf(&b, "fragment m%d on Abstract0{x}", n)
	return b.String()
}

// slower is how much longer than an honest document of full size a bomb may
// take. The worst takes some ten times as long; one that escapes its limit
// takes millions of times. The times themselves are printed with -v.
const slower = 100

func TestBombs(t *testing.T) {
	p := newPreparer(t, func(l *Limits) { l.CacheBytes = 0 })
	honest := best(func() {
		if _, errs := prepare(t, p, flood("{event{", "hosts{id title seats self{id}}", "}}", 90), nil); errs != nil {
			t.Fatal(errs)
		}
	})
	t.Logf("%-40s %14s %10s", "an honest document of 1,000 tokens", "", honest.Round(time.Microsecond))
	for _, b := range bombs() {
		t.Run(b.name, func(t *testing.T) {
			took := best(func() {
				_, errs := prepare(t, p, b.query, nil)
				if got := code(errs); got != b.code {
					t.Fatalf("code %q (%v), want %q", got, errs, b.code)
				}
				small(t, errs, p.limits.Errors)
			})
			t.Logf("%-40s %8d bytes %10s %s", b.name, len(b.query), took.Round(time.Microsecond), b.code)
			if took > slower*honest {
				t.Errorf("took %s, an honest document %s", took, honest)
			}
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

// small checks that an answer repeats little of the question.
func small(t *testing.T, errs any, limit int) {
	t.Helper()
	b, err := json.Marshal(errs)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > limit*700 {
		t.Errorf("%d bytes of errors", len(b))
	}
	if strings.Contains(string(b), "Did you mean") || strings.Contains(string(b), strings.Repeat("x", 100)) {
		t.Errorf("errors suggest or echo: %.300s", b)
	}
}

// TestDoublingIsLinear proves the memory of fragments: one more definition may
// not double the steps. Sixty definitions would take centuries otherwise.
func TestDoublingIsLinear(t *testing.T) {
	p := newPreparer(t, func(l *Limits) {
		l.Fragments, l.Depth, l.RawDepth, l.Aliases, l.Tokens.Anonymous = 100, 100, 200, 200, 2000
		l.MergeSteps = 1 << 30
	})
	query := doubling(60, "{event{...f0}}", "a:nodes{...f%[1]d}nodes{...f%[1]d}")
	_, errs := prepare(t, p, query, nil)
	if code(errs) != "COST_LIMIT" || errs[0].Extensions["got"] != ceiling {
		t.Fatalf("got %v, want COST_LIMIT at the ceiling", errs)
	}
}

// TestMergeStepsAreCounted needs a document that passes everything else and
// whose fields, expanded, are very many.
func TestMergeStepsAreCounted(t *testing.T) {
	p := newPreparer(t, func(l *Limits) { l.Depth, l.RawDepth, l.Aliases, l.Tokens.Anonymous = 100, 100, 200, 2000 })
	body := "a:place{node{...f%[1]d}}a:place{node{id ...f%[1]d}}b:place{node{...f%[1]d}}b:place{node{id ...f%[1]d}}"
	_, errs := prepare(t, p, doubling(30, "{event{...f0}}", body), nil)
	if code(errs) != "QUERY_TOO_COMPLEX" {
		t.Fatalf("got %v", errs)
	}
}
