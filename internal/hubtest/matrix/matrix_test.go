package matrix_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/internal/edge/gqldoc"
	"github.com/teixit/teixit/internal/kernel/id"
)

// matrix is one run over a world: what was asked, and what was wrong.
type matrix struct {
	*world
	rows
	prep *gqldoc.Preparer
	ran  atomic.Int64

	mu        sync.Mutex
	leaks     map[string]int // what, and how often
	faults    map[string]int // what else was not as it should be
	roots     map[string]bool
	documents map[string]bool
	written   map[string][]*operation // on changes and subscriptions
	walked    map[string]bool         // personal paths
	fields    map[string]bool
	args      map[string]bool
	reached   map[string]bool // personal values that were given to somebody
	sighted   map[sightKey]bool

	cursors  *cursors
	shortest map[string][]path // to every field
	beyond   map[string]bool   // ways that the hub refuses to everybody as too costly
}

// cursors are positions on pages, by the way that leads there.
type cursors struct {
	sync.Mutex
	of map[string]string
}

type sightKey struct {
	thing *planted
	place string
	role  string
}

func newMatrix(w *world) *matrix {
	m := &matrix{
		world: w, rows: w.rows(), leaks: map[string]int{}, faults: map[string]int{}, roots: map[string]bool{}, documents: map[string]bool{}, written: map[string][]*operation{}, walked: map[string]bool{},
		fields: map[string]bool{}, args: map[string]bool{}, reached: map[string]bool{}, sighted: map[sightKey]bool{},
	}
	m.cursors, m.shortest = &cursors{of: map[string]string{}}, m.everywhere()
	m.beyond = map[string]bool{}
	var err error
	m.prep, err = newPreparer(w.contract)
	w.ok(err)
	return m
}

func (m *matrix) leak(format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.leaks[fmt.Sprintf(format, args...)]++
}

func (m *matrix) fault(format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.faults[fmt.Sprintf(format, args...)]++
}

// TestMatrix is the whole of it. With -v it prints what was covered.
func TestMatrix(t *testing.T) {
	if underRace {
		t.Skip("without the race detector only, see race_test.go")
	}
	w := newWorld(t)
	m := newMatrix(w)
	for root, wrong := range map[string][]string{
		"Query": missing(m.contract, "Query", m.queries), "Mutation": missing(m.contract, "Mutation", m.changes),
		"Subscription": missing(m.contract, "Subscription", m.streams),
	} {
		for _, what := range wrong {
			t.Errorf("%s: %s", root, what)
		}
	}
	begun := time.Now()
	step := func(name string, do func(*testing.T)) {
		t.Run(name, do)
		t.Logf("%-15s %6d operations until now, %s", name, m.ran.Load(), time.Since(begun).Round(100*time.Millisecond))
	}
	step("columns", m.everyColumn)
	step("queries", m.askAll)
	step("engines", m.enginesAgree)
	step("ended tokens", m.endedToken)
	step("subscriptions", m.followAll)
	step("controls", m.controlAll)
	step("refused changes", m.refusedAll)
	step("changes", m.changeAll)
	m.report(t)
}

// askAll asks everything as everybody.
func (m *matrix) askAll(t *testing.T) {
	bySignedIn := map[bool][]question{true: m.questions(gqldoc.Reader{SignedIn: true}), false: m.questions(gqldoc.Reader{})}
	for r, role := range everybody() {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			c := newClient(m.hub, m.shows[role])
			defer c.close()
			for _, s := range overAll(r, bySignedIn[slices.Contains(signedIn(), role)]) {
				m.put(c, role, s.way, s.question)
			}
		})
	}
}

// sent is a question with the transport that it goes over.
type sent struct {
	question
	way string
}

// overAll says over which transport each question goes. What a transport changes
// is how the reader is known and how an answer is written, not what is in it. So
// what is asked of one root field takes turns, and where that is less than there
// are transports, the first goes over the others too: each role asks each root
// field over all of them, and each document goes over another with the next role.
func overAll(turn int, questions []question) (all []sent) {
	n := map[string]int{}
	add := func(q question) {
		all = append(all, sent{q, transports()[(turn+n[q.field])%4]})
		n[q.field]++
	}
	for _, q := range questions {
		if q.isFor(turn) {
			add(q)
		}
	}
	for _, q := range questions {
		for n[q.field] < len(transports()) {
			add(q)
		}
	}
	return all
}

// put asks one question and judges the answer.
func (m *matrix) put(c *client, role, way string, q question) *answer {
	a, err := c.ask(way, q.text, q.args)
	m.ran.Add(1)
	if err != nil {
		m.fault("%s over %s: %s.%s%s: %v", role, way, q.kind, q.field, q.name, err)
		return nil
	}
	m.note(q.operation)
	if slices.Contains(q.seen, role) {
		a.stands = m.standing(q)
	}
	m.judge(role, way, q.operation, q.name, a)
	m.presence(role, way, q, a)
	if q.first {
		m.asIfNothing(c, role, way, q, a)
	}
	return a
}

// note keeps what was covered.
func (m *matrix) note(op *operation) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.documents[op.text] {
		return
	}
	m.documents[op.text], m.roots[op.kind+"."+op.field] = true, true
	for _, p := range op.paths {
		m.walked[p.String()] = true
	}
	for _, o := range op.doc.Operations {
		m.noteFields(o.SelectionSet)
	}
}

func (m *matrix) noteFields(set ast.SelectionSet) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if strings.HasPrefix(s.Name, "__") {
				continue
			}
			name := s.ObjectDefinition.Name + "." + s.Name
			m.fields[name] = true
			for _, a := range s.Arguments {
				m.args[name+"("+a.Name+")"] = true
			}
			m.noteFields(s.SelectionSet)
		case *ast.InlineFragment:
			m.noteFields(s.SelectionSet)
		}
	}
}

// judge looks for what the role may not see.
func (m *matrix) judge(role, transport string, op *operation, name string, a *answer) {
	r := reading{contract: m.contract, book: m.book}
	if a.Data != nil {
		r.object(op.doc.Operations[0].SelectionSet, op.kind, a.Data, nil, nil)
	}
	where := func(w way) string { return fmt.Sprintf("%s, over %s%s, as %s", w, transport, name, role) }
	within := map[*planted]bool{}
	for _, s := range r.seen {
		within[s.thing] = true
		by, place, known := s.thing.readers(s.way)
		last := s.way[len(s.way)-1]
		switch {
		case !known && s.also:
			continue // judged by what else betrays the object
		case a.stands[s.thing] && s.way.inTrail():
		case !known:
			m.leak("%s shows %s: no row says who may read it there", where(s.way), s.thing.what)
		case !slices.Contains(by, role):
			m.leak("%s shows %s", where(s.way), s.thing.what)
		}
		m.mu.Lock()
		m.reached[last], m.sighted[sightKey{s.thing, place, role}] = true, true
		m.mu.Unlock()
	}
	for _, p := range m.book.found(string(a.Raw)) {
		if !within[p] {
			m.leak("%s.%s%s, over %s, as %s, shows %s outside of the values", op.kind, op.field, name, transport, role, p.what)
		}
	}
	for _, what := range r.unknown {
		if op.kind == "Mutation" {
			break // it made something new
		}
		m.fault("%s is personal, and the matrix does not know whose it is: plant it (over %s%s, as %s)", what, transport, name, role)
	}
	for _, what := range r.counts {
		m.leak("%s, over %s%s, as %s", what, transport, name, role)
	}
}

// presence holds who got something against who should.
func (m *matrix) presence(role, way string, q question, a *answer) {
	seen := slices.Contains(q.seen, role)
	got := !empty(a.Data[q.field])
	code := a.code()
	switch {
	case m.partly(role, a):
	case got && !seen:
		m.leak("%s.%s%s, over %s, answers %s and should not", q.kind, q.field, q.name, way, role)
	case !got && seen:
		m.fault("%s.%s%s, over %s, does not answer %s: %.300s", q.kind, q.field, q.name, way, role, a.Raw)
	case seen && code != "", !seen && code != "" && !slices.Contains([]string{"NOT_FOUND", "DENIED", "UNAUTHENTICATED"}, code):
		m.fault("%s.%s%s, over %s, answers %s with %s: %.300s\n%s", q.kind, q.field, q.name, way, role, code, a.Raw, q.text)
	}
}

// partly tells that the errors are those of fields that are refused to the role.
func (m *matrix) partly(role string, a *answer) bool {
	for _, e := range a.Errors {
		if len(e.Path) < 2 || !slices.Contains(m.refuses[fmt.Sprint(e.Path[len(e.Path)-1])], role) {
			return false
		}
	}
	return len(a.Errors) > 0
}

// What differs between two answers that say the same.
// Keep-alives of event streams come when they come.
var (
	varying   = regexp.MustCompile(`"(reference|at)":"[^"]*"`)
	keepAlive = regexp.MustCompile(`(?m)^:.*\n+`)
)

// asIfNothing asks for what does not exist in place of what the role may not see
// and compares the answers, to the letter.
func (m *matrix) asIfNothing(c *client, role, way string, q question, a *answer) {
	for _, args := range m.twins(role, q.args) {
		b, err := c.ask(way, q.text, args)
		m.ran.Add(1)
		if err != nil {
			m.fault("%s over %s: %s%s: %v", role, way, q.field, describe(args), err)
			continue
		}
		if x, y := same(a.Raw), same(b.Raw); x != y || a.Status != b.Status {
			m.leak("%s.%s%s, over %s, as %s, answers otherwise than for what does not exist:\n%.400s\n%.400s", q.kind, q.field, q.name, way, role, x, y)
		}
	}
}

func same(raw []byte) string {
	return string(keepAlive.ReplaceAll(varying.ReplaceAll(raw, []byte(`"$1":""`)), nil))
}

// twins are the arguments with identifiers of nothing in place of those that the
// role may not see; none when there are no such.
func (m *matrix) twins(role string, args in) []in {
	text := describe(args)
	hidden := slices.ContainsFunc(m.book.found(text), func(p *planted) bool { return !slices.Contains(p.anywhere(), role) })
	if !hidden {
		return nil
	}
	var twins []in
	for _, whole := range []bool{false, true} {
		replaced := globals.ReplaceAllStringFunc(text, func(global string) string { return m.nothing(role, global, whole) })
		if replaced == text || len(twins) > 0 && describe(twins[0]) == replaced {
			continue
		}
		var twin in
		m.ok(json.Unmarshal([]byte(replaced), &twin))
		twins = append(twins, twin)
	}
	return twins
}

var globals = regexp.MustCompile(`_[0-9a-hjkmnp-tv-z]{26,52}`)

// nothing replaces an identifier that the role may not see. Of a part of
// something that it sees, the part alone; whole replaces both, where the role
// sees neither.
func (m *matrix) nothing(role, global string, whole bool) string {
	hides := func(chunk string) bool {
		p := m.book.texts[chunk]
		return p != nil && !slices.Contains(p.anywhere(), role)
	}
	other := func() string { return id.Type("x").Global(id.New())[len("x_"):] }
	root, part := global[1:27], global[27:]
	if part == "" {
		if hides(root) {
			root = other()
		}
		return "_" + root
	}
	if hides(part) || hides(root) {
		part = other()
	}
	if whole && hides(root) {
		root = other()
	}
	return "_" + root + part
}
