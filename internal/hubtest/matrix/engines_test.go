package matrix_test

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"github.com/teixit/teixit/graph/engine"
	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/edge/gqldoc"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/platform/node"
)

// askers are who compares the read engine with the executor: who see nothing of
// their own, what is theirs, what they organise, and what they look after.
func askers() []string { return []string{anonymous, rep, organiser, officer, admin} }

// comparison asks the read engine and gqlgen's executor the same and holds the
// answers against each other, byte by byte.
type comparison struct {
	*matrix
	asked, errors int
	states        int             // first messages of streams that were equal
	reached       map[string]bool // "Type.field" in answers that were equal
	differ        []string
	until         bool // the first difference is enough
}

// reference is what is new in every answer with an error.
var reference = regexp.MustCompile(`"reference":"[A-Z0-9]+"`)

// compare asks both, and again where something may have changed by itself.
func (c *comparison) compare(plans, executor *client, text string, variables in) {
	var said [2]string
	var a *answer
	for range 2 {
		for i, from := range []*client{executor, plans} {
			got, err := from.post(text, variables, "application/json")
			if err != nil {
				c.differ = append(c.differ, err.Error())
				return
			}
			a, said[i] = got, sorted(got)
		}
		if said[0] == said[1] {
			break
		}
	}
	c.asked++
	if len(a.Errors) > 0 {
		c.errors++
	}
	if said[0] != said[1] {
		c.differ = append(c.differ, fmt.Sprintf("%s %s\nexecutor %s\nengine   %s", text, describe(variables), around(said[0], said[1]), around(said[1], said[0])))
		return
	}
	if doc, err := gqlparser.LoadQueryWithRules(c.Schema, text, nil); err == nil {
		c.reach(doc.Operations[0], a.Data)
	}
}

// instance is where one of two instances listens: addresses in answers begin so.
var instance = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// sorted is an answer without references and with its errors in an order: the
// executor's depends on which goroutine came first.
func sorted(a *answer) string {
	raw := instance.ReplaceAllString(reference.ReplaceAllString(string(a.Raw), ""), "http://hub")
	if len(a.Errors) < 2 {
		return raw
	}
	errors, data, _ := strings.Cut(raw, `],"data":`)
	list := strings.Split(strings.TrimPrefix(errors, `{"errors":[{"message"`), `,{"message"`)
	slices.Sort(list)
	return strings.Join(list, "\n") + data
}

// around is where two texts begin to differ.
func around(a, b string) string {
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	return fmt.Sprintf("…%.300s", a[max(0, at-80):])
}

// enginesAgree is the differential test: all that the matrix asks, and documents
// that nobody has thought of.
func (m *matrix) enginesAgree(t *testing.T) {
	c := &comparison{matrix: m, reached: map[string]bool{}}
	m.exec(unnoted)
	defer m.exec(`drop trigger unnoted on access_log`)
	executor := m.start(m.database, app.WithoutPlans())
	for turn, role := range askers() {
		c.all(m.hub, executor, role, turn)
		c.followed(m.hub, executor, role, turn)
	}
	if c.states == 0 {
		t.Error("no stream began with a state: nothing was compared")
	}
	if len(c.written()) < 15 {
		t.Errorf("only %d documents of the client and the documentation were found", len(c.written()))
	}
	for _, why := range []string{"field", "streams", "off"} {
		if n := m.hub.Meter(t, `teixit_plans_total{fallback="`+why+`"}`); n > 0 {
			t.Errorf("%d operations were left to the executor: %s", n, why)
		}
	}
	kinds := types(c.reached)
	t.Logf("%d questions asked of both, %d states of streams, %d answered with errors; %d fields of %d types in answers: %s",
		c.asked, c.states, c.errors, len(c.reached), len(kinds), strings.Join(kinds, " "))
	for _, what := range c.differ[:min(len(c.differ), 20)] {
		t.Error(what)
	}
	if len(c.differ) > 20 {
		t.Errorf("and %d more", len(c.differ)-20)
	}
	for _, broken := range []swapped{
		{object: "Event", a: "kind", b: "state"}, {object: "EventConnection", a: "edges", b: "nodes"}, {object: "Delegate", a: "id", b: "role"},
	} {
		c := &comparison{matrix: m, reached: map[string]bool{}}
		hub := m.start(m.database, app.WithEncoders(func(e engine.Encoders) engine.Encoders { broken.Encoders = e; return broken }))
		c.until = true
		c.all(hub, executor, organiser, 0)
		if len(c.differ) == 0 {
			t.Errorf("%s.%s is written as %s, and none of %d answers differs", broken.object, broken.a, broken.b, c.asked)
		}
	}
}

// unnoted makes reading leave no trace: an answer about what was read would never
// be the same twice.
const unnoted = `
create or replace function unnoted() returns trigger language plpgsql as $$ begin return null; end $$;
create trigger unnoted before insert on access_log for each row execute function unnoted()`

// guesses is how many documents nobody has thought of each role asks.
const guesses = 100

func (c *comparison) all(hub, executor *hubtest.Hub, role string, turn int) {
	planned, plain := newClient(hub, c.shows[role]), newClient(executor, c.shows[role])
	defer planned.close()
	defer plain.close()
	for i, q := range c.questions(gqldoc.Reader{SignedIn: role != anonymous}) {
		if q.turn == 0 && (c.until || (i+turn)%len(askers()) == 0) && !c.enough() {
			c.compare(planned, plain, q.text, q.args)
		}
	}
	for _, q := range c.written() {
		if !c.enough() {
			c.compare(planned, plain, q.text, q.variables)
		}
	}
	for i := range guesses {
		if c.enough() {
			return
		}
		g := rapid.Custom(c.guess).Example(1000*turn + i)
		c.compare(planned, plain, g.text, g.variables)
	}
}

// followed compares what streams say first, which is the state. Documents take turns
// with the roles and the transports.
func (c *comparison) followed(hub, executor *hubtest.Hub, role string, turn int) {
	planned, plain := newClient(hub, c.shows[role]), newClient(executor, c.shows[role])
	defer planned.close()
	defer plain.close()
	for _, name := range slices.Sorted(maps.Keys(c.streams)) {
		for _, f := range c.streams[name] {
			for i, op := range c.streamDocuments(role, name, f) {
				if (i+turn)%len(askers()) == 0 {
					c.begun(planned, plain, streaming()[i%2], op.text, f.args)
				}
			}
		}
	}
}

// begun compares the first message of both, and again where something may have
// changed by itself.
func (c *comparison) begun(planned, plain *client, way, text string, variables in) {
	var said [2]string
	for range 2 {
		for i, from := range []*client{plain, planned} {
			first, err := firstOf(from, way, text, variables)
			if err != nil {
				c.differ = append(c.differ, err.Error())
				return
			}
			said[i] = first
		}
		if said[0] == said[1] {
			c.states++
			return
		}
	}
	c.differ = append(c.differ, fmt.Sprintf("%s over %s %s\nexecutor %s\nengine   %s", text, way, describe(variables), around(said[0], said[1]), around(said[1], said[0])))
}

// firstOf is the first message of a stream; empty: it ended without one.
func firstOf(c *client, way, text string, variables in) (string, error) {
	t, err := c.follow(way, text, variables)
	if err != nil {
		return "", err
	}
	defer t.end()
	a, err := t.next()
	if a == nil {
		return "", err
	}
	return sorted(a), nil
}

// inBackticks are texts of the client's code, and the examples of documentation.
var inBackticks = regexp.MustCompile("(?s)`(?:``graphql)?([^`]*)`")

var (
	fragment = regexp.MustCompile(`^\s*fragment (\w+) on`)
	spread   = regexp.MustCompile(`\.\.\.(\w+)`)
)

// withFragments adds to a document what it spreads.
func withFragments(text string, fragments map[string]string) string {
	added := map[string]bool{}
	for more := true; more; {
		more = false
		for _, m := range spread.FindAllStringSubmatch(text, -1) {
			if of := fragments[m[1]]; of != "" && !added[m[1]] {
				added[m[1]], more = true, true
				text += of
			}
		}
	}
	return text
}

// written are the queries that stand in the web client and in the documentation,
// with something for each variable that they need.
func (c *comparison) written() (found []guess) {
	var texts []string
	for _, root := range []string{"../../../web/src", "../../../docs", "../../../README.md"} {
		c.ok(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !slices.Contains([]string{".ts", ".tsx", ".md"}, filepath.Ext(path)) {
				return err
			}
			text, err := os.ReadFile(path)
			for _, m := range inBackticks.FindAllStringSubmatch(string(text), -1) {
				texts = append(texts, m[1])
			}
			return err
		}))
	}
	nodes := slices.Sorted(maps.Values(c.nodeNames()))
	fragments := map[string]string{}
	for _, text := range texts {
		if m := fragment.FindStringSubmatch(text); m != nil {
			fragments[m[1]] = text
		}
	}
	for i, text := range texts {
		text = withFragments(text, fragments)
		doc, err := gqlparser.LoadQueryWithRules(c.Schema, text, nil)
		if err != nil || len(doc.Operations) != 1 || doc.Operations[0].Operation != ast.Query {
			continue
		}
		variables := in{}
		for _, v := range doc.Operations[0].VariableDefinitions {
			switch {
			case v.Type.NonNull && v.Type.Name() == "ID":
				variables[v.Variable] = nodes[i%len(nodes)]
			case v.Type.NonNull && v.Type.Name() == "String":
				variables[v.Variable] = "inventada"
			}
		}
		found = append(found, guess{text, variables})
	}
	return found
}

// nodeNames are public identifiers of things of the world.
func (c *comparison) nodeNames() map[string]string {
	names := map[string]string{}
	for name, value := range c.things {
		if _, _, err := node.Parse(value); err == nil {
			names[name] = value
		}
	}
	return names
}

func (c *comparison) enough() bool { return c.until && len(c.differ) > 0 }

// reach notes which fields stand in an answer that was the same from both.
func (c *comparison) reach(op *ast.OperationDefinition, data map[string]any) {
	c.reachIn(op.SelectionSet, data)
}

func (c *comparison) reachIn(set ast.SelectionSet, value any) {
	switch value := value.(type) {
	case []any:
		for _, v := range value {
			c.reachIn(set, v)
		}
	case map[string]any:
		kind, _ := value["__typename"].(string)
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				got, ok := value[s.Alias]
				if ok && s.Definition != nil {
					c.reached[cmp.Or(kind, s.ObjectDefinition.Name)+"."+s.Name] = true
					c.reachIn(s.SelectionSet, got)
				}
			case *ast.InlineFragment:
				if of := c.Types[s.TypeCondition]; of == nil || of.IsAbstractType() || kind == "" || kind == s.TypeCondition {
					c.reachIn(s.SelectionSet, value)
				}
			case *ast.FragmentSpread:
				if of := c.Types[s.Definition.TypeCondition]; of.IsAbstractType() || kind == "" || kind == of.Name {
					c.reachIn(s.Definition.SelectionSet, value)
				}
			}
		}
	}
}

func types(fields map[string]bool) []string {
	names := map[string]bool{}
	for field := range fields {
		name, _, _ := strings.Cut(field, ".")
		names[name] = true
	}
	return slices.Sorted(maps.Keys(names))
}

// swapped breaks an encoder on purpose: it takes one field for another.
type swapped struct {
	engine.Encoders
	object, a, b string
}

func (s swapped) Names() []engine.Names {
	all := s.Encoders.Names()
	for _, names := range all {
		if names.Object == s.object {
			a, b := slices.Index(names.Fields, s.a), slices.Index(names.Fields, s.b)
			names.Fields[a], names.Fields[b] = s.b, s.a
		}
	}
	return all
}
