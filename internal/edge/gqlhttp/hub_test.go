package gqlhttp

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"go.uber.org/goleak"

	"github.com/teixit/teixit/internal/edge/gqldoc"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/auth"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// resolvers answer the root fields of the test schema by name.
type resolvers map[string]func(ctx context.Context) (any, error)

const sdl = `
type Query { hello: String slow: String broken: String cut: String secret: String many: String }
type Mutation { write: String }
type Subscription { beat: Int }
`

// executable is a schema without generated code: it resolves root fields and
// presents errors as the hub does.
func executable(fields resolvers) graphql.ExecutableSchema {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: sdl})
	return &graphql.ExecutableSchemaMock{
		SchemaFunc: func() *ast.Schema { return schema },
		ExecFunc: func(ctx context.Context) graphql.ResponseHandler {
			op := graphql.GetOperationContext(ctx)
			return func(ctx context.Context) *graphql.Response { return fields.response(ctx, op) }
		},
	}
}

func (fields resolvers) response(ctx context.Context, op *graphql.OperationContext) *graphql.Response {
	resp := &graphql.Response{}
	roots := map[string]any{}
	for _, f := range graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Query", "Mutation"}) {
		roots[f.Alias] = nil
		resolve := fields[f.Name]
		if resolve == nil {
			continue
		}
		value, err := resolve(ctx)
		if err != nil {
			resp.Errors = append(resp.Errors, gqldoc.Present(fault.From(err), lang.EN))
		}
		roots[f.Alias] = value
	}
	resp.Data, _ = json.Marshal(roots)
	return resp
}

func standard() resolvers {
	return resolvers{
		"hello":      func(context.Context) (any, error) { return "bon dia", nil },
		"write":      func(context.Context) (any, error) { return "written", nil },
		"__typename": func(context.Context) (any, error) { return "Query", nil },
		"cut":        func(context.Context) (any, error) { return nil, fault.ErrUnavailable.New() },
		"secret":     func(context.Context) (any, error) { return nil, fault.ErrDenied.New() },
		"broken":     func(context.Context) (any, error) { panic("secret cause") },
	}
}

// newHandler makes the handler over the standard resolvers.
func newHandler(t testing.TB, fields resolvers, opts Options) http.Handler {
	t.Helper()
	es := executable(fields)
	exec := executor.New(es)
	gqldoc.Attach(exec)
	prep, err := gqldoc.New(es.Schema(), gqldoc.DefaultLimits(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if opts.Reader == nil {
		opts.Reader = func(r *http.Request) gqldoc.Reader { return gqldoc.Reader{Lang: auth.LanguageOf(r)} }
	}
	return New(exec, prep, opts)
}

// call is one request of a test.
type call struct {
	method, target, accept, body string
	header                       http.Header
}

func (c call) request() *http.Request {
	if c.method == "" {
		c.method = http.MethodPost
	}
	if c.target == "" {
		c.target = "/graphql"
	}
	r := httptest.NewRequest(c.method, c.target, strings.NewReader(c.body))
	if c.method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.accept != "" {
		r.Header.Set("Accept", c.accept)
	}
	r.Header.Set("Accept-Language", "en")
	for name, values := range c.header {
		r.Header[name] = values
	}
	return r
}

// reply is an answer taken apart.
type reply struct {
	status int
	header http.Header
	raw    string
	body   struct {
		Data   json.RawMessage
		Errors gqlerror.List
	}
}

func (r reply) code() string {
	if len(r.body.Errors) == 0 {
		return ""
	}
	s, _ := r.body.Errors[0].Extensions["code"].(string)
	return s
}

func (r reply) hasData() bool { return strings.Contains(r.raw, `"data"`) }

func do(t testing.TB, h http.Handler, c call) reply {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, c.request())
	return take(t, w.Result())
}

func take(t testing.TB, resp *http.Response) reply {
	t.Helper()
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	r := reply{status: resp.StatusCode, header: resp.Header, raw: string(raw)}
	if len(raw) > 0 && bytes.HasPrefix(raw, []byte("{")) {
		if err := json.Unmarshal(raw, &r.body); err != nil {
			t.Fatalf("%v: %s", err, raw)
		}
	}
	return r
}

func ask(query string) string {
	b, _ := json.Marshal(map[string]any{"query": query})
	return string(b)
}
