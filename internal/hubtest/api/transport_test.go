package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/hubtest"
)

func TestTransport(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	started := w.hub.Logs.String()
	t.Run("hostile documents", func(t *testing.T) { hostileDocuments(t, w) })
	t.Run("hostile values", func(t *testing.T) { hostileValues(w.talk(t), w) })
	t.Run("pages", func(t *testing.T) { wrongPages(w.talk(t), w) })
	t.Run("methods", func(t *testing.T) { methods(t, w) })
	t.Run("origins", func(t *testing.T) { crossOrigin(t, w) })
	t.Run("tokens", func(t *testing.T) { wrongTokens(t, w) })
	t.Run("stored as text", func(t *testing.T) { storedAsText(w.talk(t), w) })
	t.Run("schema", func(t *testing.T) { publicSchema(t, w) })
	if log := strings.TrimPrefix(w.hub.Logs.String(), started); log != "" {
		t.Errorf("user errors are no faults of ours, but the hub logged:\n%s", log)
	}
}

// sent is a request as it goes over the wire.
type sent struct {
	method, path, body string
	header             map[string]string
}

// got is its whole answer.
type got struct {
	status int
	header http.Header
	body   string
	took   time.Duration
}

func (g got) code() string {
	var answer struct {
		Errors []struct {
			Extensions struct {
				Code      string `json:"code"`
				Reference string `json:"reference"`
			} `json:"extensions"`
		} `json:"errors"`
	}
	if json.Unmarshal([]byte(g.body), &answer) != nil || len(answer.Errors) == 0 {
		return ""
	}
	return answer.Errors[0].Extensions.Code
}

func send(t *testing.T, w *world, s sent) got {
	t.Helper()
	if s.method == "" {
		s.method = http.MethodPost
	}
	if s.path == "" {
		s.path = "/graphql"
	}
	request, err := http.NewRequest(s.method, "http://"+w.hub.Addr+s.path, strings.NewReader(s.body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Language", "en")
	if s.body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for name, value := range s.header {
		request.Header.Set(name, value)
	}
	begun := time.Now()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got{response.StatusCode, response.Header, string(body), time.Since(begun)}
}

func document(query string) string {
	b, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		panic(err)
	}
	return string(b)
}

// doublingFragments is n fragments each of which includes the next one twice,
// filled up to 975 bytes: walked without memory it takes 2^n steps.
func doublingFragments() string {
	for n := 1; ; n++ {
		var b strings.Builder
		b.WriteString("{comarques{...f0}}")
		for i := range n {
			fmt.Fprintf(&b, "fragment f%d on Comarca{a:title...f%d ...f%d}", i, i+1, i+1)
		}
		fmt.Fprintf(&b, "fragment f%d on Comarca{id}", n)
		if b.Len() > 930 {
			return b.String() + strings.Repeat(" ", max(0, 975-b.Len()))
		}
	}
}

// hostileDocuments are refused with the hub's own schema: fast, small, without
// an echo, and the hub answers afterwards.
func hostileDocuments(t *testing.T, w *world) {
	deep := strings.Repeat("districts{nodes{municipality{", 6) + "id" + strings.Repeat("}}}", 6)
	for _, x := range []struct {
		name, body, code string
		status           int
	}{
		{"1 MB of [", strings.Repeat("[", 1<<20), "BODY_TOO_LARGE", 413},
		{"60 KB of [", strings.Repeat("[", 60_000), "JSON_LIMIT", 400},
		{"60 KB of [ as a query", document(strings.Repeat("[", 60_000)), "QUERY_TOO_NESTED", 200},
		{"60 KB of { as a query", document(strings.Repeat("{a", 30_000)), "QUERY_TOO_NESTED", 200},
		{"no JSON", `{"query":"{MARKED`, "MALFORMED_JSON", 400},
		{"a list of requests", `[{"query":"{comarques{id}}"}]`, "MALFORMED_JSON", 400},
		{"a syntax error", document("{comarques{MARKED"), "GRAPHQL_PARSE_FAILED", 200},
		{"an unknown field", document("{comarquesMARKED{id}}"), "GRAPHQL_VALIDATION_FAILED", 200},
		{"a field misspelt", document("{municipalitie{id}}"), "GRAPHQL_VALIDATION_FAILED", 200},
		{"a thousand unknown fields", document("{" + strings.Repeat("xMARKED ", 900) + "}"), "GRAPHQL_VALIDATION_FAILED", 200},
		{"invalid UTF-8", "{\"query\":\"{comarques{id}} # \xff\"}", "MALFORMED_JSON", 400},
		{"NUL in the document", document("{comarques{id}}\x00"), "BAD_TEXT", 200},
		{"975 bytes of fragments doubling", document(doublingFragments()), "COST_LIMIT", 200},
		{"fragments in a circle", document("{comarques{...a}} fragment a on Comarca{...b} fragment b on Comarca{...a}"), "FRAGMENT_CYCLE", 200},
		{"too deep", document(`{municipality(by:{ineCode:"08019"}){` + deep + `}}`), "QUERY_TOO_DEEP", 200},
		{"100 aliases", document("{comarques{" + numberedFields("a%d:title ", 100) + "}}"), "TOO_MANY_ALIASES", 200},
		{"11 root fields", document("{" + numberedFields("a%d:comarques{id} ", 11) + "}"), "TOO_MANY_ROOT_FIELDS", 200},
		{"60 directives", document("{comarques{id" + strings.Repeat("@include(if:true)", 60) + "}}"), "TOO_MANY_DIRECTIVES", 200},
		{"60 fragments", document("{comarques{id}}" + numberedFields("fragment f%d on Comarca{id} ", 60)), "TOO_MANY_FRAGMENTS", 200},
		{"5,000 tokens", document("{" + strings.Repeat("comarques ", 5000) + "}"), "TOO_MANY_TOKENS", 200},
		{"too dear", document(`{municipalities(first:100){nodes{organizations(first:100){nodes{id}}}}}`), "COST_LIMIT", 200},
		{"deferred", document(`{comarques{id}... @defer{comarques{title}}}`), "INCREMENTAL_UNSUPPORTED", 200},
		{"no operation of that name", `{"query":"query a{comarques{id}}","operationName":"MARKED"}`, "OPERATION_NOT_FOUND", 200},
		{"an upload", "--x\r\nMARKED", "UNSUPPORTED_MEDIA_TYPE", 415},
		{"a form", "query=MARKED", "UNSUPPORTED_MEDIA_TYPE", 415},
	} {
		t.Run(x.name, func(t *testing.T) {
			s := sent{body: x.body, header: map[string]string{}}
			if x.status == 415 {
				s.header["Content-Type"] = map[string]string{"an upload": "multipart/form-data; boundary=x", "a form": "application/x-www-form-urlencoded"}[x.name]
			}
			g := send(t, w, s)
			if g.code() != x.code || g.status != x.status {
				t.Errorf("%d %s, want %d %s: %.300s", g.status, g.code(), x.status, x.code, g.body)
			}
			// The promise is a second; what matters here is that nothing is exponential.
			if len(g.body) > 64<<10 || g.took > 5*time.Second || strings.Contains(g.body, "Did you mean") {
				t.Errorf("%d bytes after %s: %.300s", len(g.body), g.took, g.body)
			}
			if strings.Count(g.body, "MARKED") > 20 || g.header.Get("X-Request-Id") == "" || !strings.Contains(g.body, g.header.Get("X-Request-Id")) {
				t.Errorf("an echo, or no reference: %.300s", g.body)
			}
		})
	}
	if g := send(t, w, sent{body: document("{comarques{id}}")}); g.status != 200 || g.code() != "" {
		t.Errorf("afterwards: %d %s", g.status, g.body)
	}
}

func numberedFields(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// hostileValues: what cannot be stored is the sender's error, and no answer
// repeats it or speaks of the database.
func hostileValues(c *conversation, w *world) {
	long := strings.Repeat("MARKED ", 1_400)
	search := `query($text: String, $code: String!) { municipalities(filter: {text: $text}) { totalCount } municipality(by: {ineCode: $code}) { title } }`
	list := `query($filter: EventFilter) { events(filter: $filter) { totalCount } }`
	bodies := `query($filter: OrganizationFilter) { organizations(filter: $filter) { totalCount } }`
	for _, x := range []struct {
		what, query string
		variables   in
	}{
		{"NUL in a variable", search, in{"text": "a\x00b", "code": "08279"}},
		{"NUL in a literal", `{ municipalities(filter: {text: "a\u0000b"}) { totalCount } }`, nil},
		{"half of a character", `{ municipalities(filter: {text: "\uD83D"}) { totalCount } }`, nil},
		{"a code that is a novel", search, in{"text": "a", "code": long}},
		{"a text that is a novel", search, in{"text": long, "code": "08279"}},
		{"a text that is longer than everything", search, in{"text": strings.Repeat("x", 10_001), "code": "08279"}},
		{"an event by a novel", list, in{"filter": in{"text": long}}},
		{"an organisation by a novel", bodies, in{"filter": in{"text": long}}},
		{"an identifier that is a novel", `query($id: ID!) { node(id: $id) { id } event(id: $id) { id } registration(id: $id) { id } }`, in{"id": long}},
		{"a register number that is a novel", `query($v: String!) { organization(by: {identifier: {scheme: TAX_ID, value: $v}}) { title } }`, in{"v": long}},
		{"an identifier that is a number", `{ node(id: 12) { id } }`, nil},
		{"words of the database", list, in{"filter": in{"text": "'; drop table events; --"}}},
		{"a number that is none", `query($n: Int) { municipalities(filter: {populationMin: $n}) { totalCount } }`, in{"n": "MARKED"}},
		{"a number that is too large", `query($n: Int) { municipalities(filter: {populationMin: $n}) { totalCount } }`, in{"n": 3_000_000_000}},
		{"a literal that is too large", `{ municipalities(filter: {populationMin: 99999999999999999999}) { totalCount } }`, nil},
		{"a variable that is missing", `query($id: ID!) { node(id: $id) { id } }`, nil},
		{"a variable too many", `query($id: ID!) { node(id: $id) { id } }`, in{"id": "x", "MARKED": "x"}},
		{"an input field too many", list, in{"filter": in{"MARKED": "x"}}},
		{"an enum value that is none", bodies, in{"filter": in{"kinds": []string{"MARKED"}}}},
		{"a visibility that is none", `mutation { eventUpdate(input: {id: "x", visibility: MARKED}) { errors { code } } }`, nil},
		{"101 identifiers", `query($ids: [ID!]!) { nodes(ids: $ids) { id } }`, in{"ids": strings.Split(strings.Repeat("x,", 100)+"x", ",")}},
		{"no identifiers", `{ nodes(ids: []) { id } }`, nil},
	} {
		a := c.ask(anonymous, x.what, x.query, x.variables)
		if n := bytes.Count(a.Body, []byte("MARKED")); n > 6 || len(a.Body) > 4_000 {
			c.Errorf("%s: the answer repeats what was sent: %.500s", x.what, a.Body)
		}
		for _, word := range []string{"SQLSTATE", "pgx", "ERROR:", "strconv", "relation", "goroutine"} {
			if bytes.Contains(a.Body, []byte(word)) {
				c.Errorf("%s: the answer speaks of what is inside: %.500s", x.what, a.Body)
			}
		}
	}
}

func wrongPages(c *conversation, w *world) {
	event := w.published(c, nil)
	for _, first := range []int{1000, 101, 0, -1} {
		c.ask(anonymous, fmt.Sprintf("pages of %d", first), `query($n: Int) { municipalities(first: $n) { nodes { id } } }`, in{"n": first})
		c.ask(anonymous, fmt.Sprintf("a literal page of %d inside", first), fmt.Sprintf(`{ comarques { municipalities(first: %d) { nodes { id } } } }`, first), nil)
		c.ask(w.officer, fmt.Sprintf("registrations, %d", first), `query($id: ID!, $n: Int) { event(id: $id) { registrations(first: $n) { nodes { id } } } }`, in{"id": event, "n": first})
	}
	c.ask(anonymous, "of null", `{ municipalities(first: null) { pageInfo { hasNextPage } } }`, nil)
	other := at(c, c.hub.Must(c, "", `{ municipalities(first: 1, orderBy: POPULATION_DESC) { pageInfo { endCursor } } }`, nil), "municipalities.pageInfo.endCursor")
	for what, after := range map[string]string{"of another order": other, "that is nonsense": "MARKED!", "that is nearly one": "WyJhIl0", "with a NUL": "WyJcdTAwMDAiLCJcdTAwMDAiXQ"} {
		for _, query := range []string{
			`query($c: String) { municipalities(after: $c) { nodes { id } } }`,
			`query($c: String) { events(after: $c) { nodes { id } } }`,
			`query($c: String) { organizations(after: $c) { nodes { id } } }`,
			`query($c: String) { municipality(by: {ineCode: "08019"}) { districts(after: $c) { nodes { id } } } }`,
			`query($c: String) { municipality(by: {ineCode: "08019"}) { organizations(after: $c) { nodes { id } } } }`,
			`query($c: String) { municipality(by: {ineCode: "08019"}) { events(after: $c) { nodes { id } } } }`,
			`query($c: String) { viewer { registrations(after: $c) { nodes { id } } } }`,
		} {
			if what == "of another order" && !strings.Contains(query, "municipalities") {
				continue // a cursor holds sort keys: in another list of the same shape it is a place like any other
			}
			a := c.hub.Query(c, w.rep.token, query, in{"c": after})
			if len(a.Errors) == 0 || at(c, a.Errors[0], "extensions.code") != "BAD_CURSOR" || fmt.Sprint(a.Errors[0]["extensions"].(map[string]any)["field"]) != "[after]" {
				c.Errorf("a cursor %s in %s: %s", what, query, a.Body)
			}
		}
	}
}

// methods: queries by GET and POST, changes by POST only.
func methods(t *testing.T, w *world) {
	change := `mutation { associationCreate(input: {title: {ca: "MARKED"}, actsIn: ["` + w.council + `"]}) { association { id } } }`
	token := map[string]string{"Authorization": "Bearer " + w.rep.token}
	get := func(query string) string { return "/graphql?query=" + url.QueryEscape(query) }
	stream := map[string]string{"Authorization": "Bearer " + w.rep.token, "Accept": "text/event-stream"}
	for _, x := range []struct {
		name   string
		sent   sent
		status int
		code   string
		allow  string
	}{
		{"a query by GET", sent{method: "GET", path: get("{comarques{id}}")}, 200, "", ""},
		{"a change by GET", sent{method: "GET", path: get(change), header: token}, 405, "MUTATION_BY_GET", "POST"},
		{"a change by GET as events", sent{method: "GET", path: get(change), header: stream}, 405, "METHOD_NOT_ALLOWED", "POST"},
		{"PUT", sent{method: "PUT", body: document("{comarques{id}}")}, 405, "METHOD_NOT_ALLOWED", "GET, POST, OPTIONS"},
		{"a subscription without a stream", sent{body: document(`subscription{eventChanges(id:"x"){number}}`)}, 406, "SUBSCRIPTION_NEEDS_STREAM", ""},
		{"an answer nobody can give", sent{body: document("{comarques{id}}"), header: map[string]string{"Accept": "text/html"}}, 406, "NOT_ACCEPTABLE", ""},
		{"a compressed body", sent{body: document("{comarques{id}}"), header: map[string]string{"Content-Encoding": "gzip"}}, 415, "UNSUPPORTED_ENCODING", ""},
		{"request errors have a status in the new media type", sent{body: document("{nothing}"), header: map[string]string{"Accept": "application/graphql-response+json"}}, 400, "GRAPHQL_VALIDATION_FAILED", ""},
		{"a change without signing in", sent{body: document(change)}, 200, "UNAUTHENTICATED", ""},
	} {
		g := send(t, w, x.sent)
		if g.status != x.status || g.code() != x.code || g.header.Get("Allow") != x.allow {
			t.Errorf("%s: %d %s (Allow: %s), want %d %s (%s): %s", x.name, g.status, g.code(), g.header.Get("Allow"), x.status, x.code, x.allow, g.body)
		}
	}
	found := w.hub.Must(t, "", `{ organizations(filter: {text: "MARKED"}) { totalCount } }`, nil)
	if n := at(t, found, "organizations.totalCount"); n != "0" {
		t.Errorf("%s changes were made", n)
	}
}

// crossOrigin: pages of any origin may read without credentials.
func crossOrigin(t *testing.T, w *world) {
	preflight := send(t, w, sent{method: "OPTIONS", header: map[string]string{"Origin": "https://other.example", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,authorization"}})
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "GET, POST", "Access-Control-Allow-Credentials": "",
		"Access-Control-Allow-Headers": "Accept, Accept-Language, Authorization, Content-Type, Teixit-Acting-For",
	} {
		if value := preflight.header.Get(name); !strings.HasPrefix(value, want) || want == "" && value != "" || preflight.status != 204 {
			t.Errorf("preflight: %d %s: %s", preflight.status, name, value)
		}
	}
	page := map[string]string{"Origin": "https://other.example"}
	if g := send(t, w, sent{body: document("{comarques{id}}"), header: page}); g.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("without cookies: %v", g.header)
	}
	page["Cookie"] = "session=x"
	if g := send(t, w, sent{body: document("{comarques{id}}"), header: page}); g.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("with cookies: %v", g.header)
	}
}

// wrongTokens are refused, and not taken for nobody.
func wrongTokens(t *testing.T, w *world) {
	parts := strings.Split(w.rep.token, ".")
	other := strings.Split(w.officer.token, ".")
	for name, authorization := range map[string]string{
		"no scheme": w.rep.token, "another scheme": "Basic " + w.rep.token, "nothing": "Bearer ", "nonsense": "Bearer x",
		"somebody else's signature": "Bearer " + parts[0] + "." + parts[1] + "." + other[2], "no signature": "Bearer " + parts[0] + "." + parts[1] + ".",
		"a person who is none": "Bearer " + w.hub.Token(w.club), "a novel": "Bearer " + strings.Repeat("x", 20_000),
	} {
		g := send(t, w, sent{body: document("{comarques{id}}"), header: map[string]string{"Authorization": authorization}})
		if g.status != 401 || !strings.HasPrefix(g.header.Get("WWW-Authenticate"), "Bearer") || strings.Contains(g.body, parts[1]) || strings.Contains(g.body, "comarques") {
			t.Errorf("%s: %d %v %s", name, g.status, g.header.Get("WWW-Authenticate"), g.body)
		}
		if g.code() != "BAD_TOKEN" && g.code() != "UNAUTHENTICATED" {
			t.Errorf("%s: %s", name, g.body)
		}
		if g.header.Get("X-Request-Id") == "" || !strings.Contains(g.body, g.header.Get("X-Request-Id")) || g.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: no reference, or pages of other origins cannot read why: %v %s", name, g.header, g.body)
		}
	}
}

// storedAsText: what looks like HTML, long texts and every character come back
// as they were given.
func storedAsText(c *conversation, w *world) {
	text := `<script>alert("x")</script> &amp; ' " \ ` + "línia\n\tנ 👩‍👩‍👧 e\u0301"
	long := strings.Repeat("Ünïcode ", 2_499) + "fi"
	event := w.published(c, in{"title": in{"ca": `<b>Títol</b> & "més"`}, "description": in{"ca": text, "es": long}})
	a := c.hub.Query(c, "", `query($id: ID!) { event(id: $id) { title description } }`, in{"id": event})
	if got := at(c, a.Data, "event.description"); got != text {
		c.Errorf("%q came back as %q", text, got)
	}
	a = c.hub.QueryIn(c, "es", "", `query($id: ID!) { event(id: $id) { description } }`, in{"id": event})
	if got := at(c, a.Data, "event.description"); got != long {
		c.Errorf("%d bytes came back as %d", len(long), len(got))
	}
	c.ask(anonymous, "finds it by what looks like a tag", `{ events(filter: {text: "<b>títol</b> &"}) { nodes { title } } }`, nil)
	for _, header := range []string{"Content-Type", "X-Content-Type-Options"} {
		if v := a.Header.Get(header); v != "application/json; charset=utf-8" && v != "nosniff" {
			c.Errorf("%s: %s", header, v)
		}
	}
}

// publicSchema: the contract can be read by tools, and is the one that answers.
func publicSchema(t *testing.T, w *world) {
	g := send(t, w, sent{method: "GET", path: "/schema.graphql"})
	if g.status != 200 || !strings.Contains(g.body, "type Mutation") || g.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("%d %v %.100s", g.status, g.header, g.body)
	}
	introspected := w.hub.Must(t, "", `{ __schema { queryType { fields { name } } } }`, nil)
	for _, f := range introspected["__schema"].(map[string]any)["queryType"].(map[string]any)["fields"].([]any) {
		if name := at(t, f, "name"); !strings.Contains(g.body, "\n  "+name) {
			t.Errorf("%s is not in the document", name)
		}
	}
}

// Introspection is off unless it was asked for; the schema is public anyway.
func TestIntrospectionOff(t *testing.T) {
	t.Parallel()
	h := hubtest.Start(t, hubtest.Config{Change: func(c *config.Config) { c.Introspection = false }})
	for _, query := range []string{`{ __schema { types { name } } }`, `{ __type(name: "Event") { name } }`} {
		a := h.Query(t, "", query, nil)
		if len(a.Errors) != 1 || at(t, a.Errors[0], "extensions.code") != "INTROSPECTION_OFF" || a.Data != nil {
			t.Errorf("%s: %s", query, a.Body)
		}
	}
	if a := h.Query(t, "", `{ __typename node(id: "x") { __typename } }`, nil); len(a.Errors) > 0 || at(t, a.Data, "__typename") != "Query" {
		t.Errorf("type names: %s", a.Body)
	}
}
