package matrix_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/teixit/teixit/internal/edge/gqldoc"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/postgres/local"
)

// control is a rule that can be taken out, and what the matrix must find then. The
// hub is the hub: between it and PostgreSQL somebody gives each rule a switch, in
// the text of the statements that have it. Where row-level security stands behind
// a rule, the matrix must find nothing until that is taken off the tables too.
type control struct {
	rule     string
	old, now string   // of the statement; LACKS tells whether the rule is out
	tables   []string // whose policies are the second line
	finds    []find
}

// find is what is asked of the broken hub, by whom, and what one of the leaks
// must say.
type find struct{ root, as, says string }

func controls() []control {
	const list, count = "e.languages, e.version, now() from ", "select count(*) from "
	const events = "events e join nodes n on n.id = e.node where ("
	const event = "e on e.node = n.id\n\twhere n.id = any(" + postgres.Keys + ") and ("
	const delegates = "x.delegate = any(" + postgres.Keys + ") and (case when"
	return []control{
		{
			rule: "a personal field", old: "case when w.knows or w.door or w.shown then", now: "case when LACKS or w.knows or w.door or w.shown then",
			tables: []string{"person_names", "delegate_secrets"},
			finds:  []find{{"Query.event", colleague, "Registration.delegates Delegate.name"}},
		},
		{
			rule: "a personal field of a part", old: delegates, now: delegates + " LACKS then 4 when",
			tables: []string{"delegate_needs"},
			finds:  []find{{"Query.registration", rep, "Delegate.needs DelegateNeeds.diet"}},
		},
		{
			rule: "who somebody is", old: "n.kind = 'person' and (n.id = $7 or", now: "n.kind = 'person' and (LACKS or n.id = $7 or",
			tables: []string{"person_names"}, finds: []find{{"Query.node", stranger, "Query.node Person.name"}},
		},
		{
			rule: "a list", old: list + events + "n.visibility = 0", now: list + events + "LACKS or n.visibility = 0",
			finds: []find{{"Query.events", anonymous, "Query.events EventConnection.nodes Event.id"}},
		},
		{
			rule: "a count", old: count + events + "n.visibility = 0", now: count + events + "LACKS or n.visibility = 0",
			finds: []find{{"Query.events", stranger, "Query.events counts 7 and shows"}},
		},
		{
			rule: "who sees a registration", old: "where (m.answers or", now: "where (LACKS or m.answers or",
			finds: []find{
				{"Query.registration", stranger, "Query.registration Registration.id"},
				{"Query.events", stranger, "Event.registrations RegistrationConnection.nodes Registration.id"},
				{"Subscription.eventChanges", otherOfficer, "EventChange.event Event.registrations RegistrationConnection.nodes Registration.id"},
			},
		},
		{
			rule: "a root field and an export", old: "then 1 else 0 end) from nodes n where n.id = $1 and",
			now: "then case when LACKS then 4 else 1 end else 0 end) from nodes n where n.id = $1 and",
			finds: []find{
				{"Query.auditTrail", rep, "Query.auditTrail AuditConnection.nodes AuditEntry.subjects"},
				{"Query.auditExport", rep, "Query.auditExport, over"},
			},
		},
		{
			rule: "a subscription", old: event + "n.visibility = 0", now: event + "LACKS or n.visibility = 0",
			finds: []find{{"Subscription.eventChanges", stranger, "answers otherwise than for what does not exist"}},
		},
	}
}

// switches makes lacks(n), which tells a statement whether the control of that
// number has its rule out.
const switches = `
create table lacking (control int);
create function lacks(int) returns boolean language sql stable security definer set search_path = public
  as $$ select exists (select from lacking where control = $1) $$`

// controlAll takes each rule out in turn, on one hub before the same database.
// What the matrix then finds is a leak of the broken hub, not of ours.
func (m *matrix) controlAll(t *testing.T) {
	m.exec(switches)
	to, err := pgx.ParseConfig(m.database.App)
	m.ok(err)
	p := newRewriter(t, to.Config, controls())
	through := m.database
	through.App, err = local.Readdress(through.App, p.listener.Addr().String())
	m.ok(err)
	broken := m.on(m.start(through))
	for i, c := range controls() {
		t.Run(c.rule, func(t *testing.T) {
			for _, f := range c.finds {
				m.control(t, broken, i, c.tables, f)
			}
			if p.met(i) == 0 {
				t.Errorf("no statement has the text %q: the control is out of date", c.old)
			}
		})
	}
}

// control takes one rule out, then its second line, and looks.
func (m *matrix) control(t *testing.T, broken *matrix, number int, tables []string, f find) {
	t.Helper()
	m.exec(`insert into lacking values ($1)`, number)
	defer m.exec(`delete from lacking`)
	if tables != nil {
		if leak := broken.found(f); leak != "" {
			t.Errorf("without the rule, the second line lets through %s", leak)
		}
	}
	for _, table := range tables {
		m.exec(`create policy loose on ` + table + ` for select using (true)`)
		defer m.exec(`drop policy loose on ` + table)
	}
	leak := broken.found(f)
	if leak == "" {
		t.Errorf("the rule is out, and the matrix does not find %q by %s, but %v and %.1000v", f.says, f.root, broken.leaks, broken.faults)
	}
	t.Logf("finds: %.300s", leak)
}

// found asks until a leak says what is to be found, and returns it.
func (m *matrix) found(f find) (leak string) {
	clear(m.leaks)
	clear(m.faults)
	kind, field, _ := strings.Cut(f.root, ".")
	c := newClient(m.hub, m.shows[f.as])
	defer c.close()
	if kind == "Subscription" {
		for _, each := range m.streams[field] {
			for _, tail := range m.begin(c, f.as, field, each) {
				tail.end()
			}
		}
		return m.saying(f.says)
	}
	for _, q := range m.questionsOn(gqldoc.Reader{SignedIn: slices.Contains(signedIn(), f.as)}, m.Query.Fields.ForName(field)) {
		m.put(c, f.as, overPOST, q)
		if leak = m.saying(f.says); leak != "" {
			return leak
		}
	}
	return ""
}

// saying is the first leak that says it.
func (m *matrix) saying(what string) string {
	for _, each := range slices.Sorted(maps.Keys(m.leaks)) {
		if strings.Contains(each, what) {
			return each
		}
	}
	return ""
}

// on is the same matrix with another hub before the same database, and nothing
// found yet.
func (m *matrix) on(hub *hubtest.Hub) *matrix {
	w := *m.world
	w.hub = hub
	other := &matrix{
		world: &w, rows: m.rows, prep: m.prep, leaks: map[string]int{}, faults: map[string]int{}, roots: map[string]bool{},
		documents: map[string]bool{}, written: m.written, walked: map[string]bool{}, fields: map[string]bool{}, args: map[string]bool{},
		reached: map[string]bool{}, sighted: map[sightKey]bool{}, cursors: m.cursors, shortest: m.shortest, beyond: map[string]bool{},
	}
	return other
}

// rewriter stands between a hub and PostgreSQL and gives the rules of controls
// their switches in the statements that the hub sends.
type rewriter struct {
	listener net.Listener
	network  string
	target   string
	controls []control
	running  sync.WaitGroup

	mu    sync.Mutex
	n     map[int]int // statements met, by control
	conns []net.Conn
}

func newRewriter(t *testing.T, to pgconn.Config, of []control) *rewriter {
	t.Helper()
	network, target := pgconn.NetworkAddress(to.Host, to.Port)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &rewriter{listener: l, network: network, target: target, controls: of, n: map[int]int{}}
	p.running.Go(p.accept)
	t.Cleanup(func() {
		_ = l.Close()
		p.mu.Lock()
		for _, c := range p.conns {
			_ = c.Close()
		}
		p.mu.Unlock()
		p.running.Wait()
	})
	return p
}

// met is how many statements had the rule of a control.
func (p *rewriter) met(control int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.n[control]
}

func (p *rewriter) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial(p.network, p.target)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, client, server)
		p.mu.Unlock()
		p.running.Go(func() {
			_, _ = io.Copy(client, server)
			_ = client.Close()
		})
		p.running.Go(func() {
			p.forward(bufio.NewReader(client), server)
			_ = server.Close()
		})
	}
}

// forward passes on what the hub sends, message by message: the first has a
// length and no kind, the others a kind before it, and a length counts itself.
func (p *rewriter) forward(from *bufio.Reader, to io.Writer) {
	for head := make([]byte, 4); ; head = make([]byte, 5) {
		if _, err := io.ReadFull(from, head); err != nil {
			return
		}
		length := head[len(head)-4:]
		body := make([]byte, binary.BigEndian.Uint32(length)-4)
		if _, err := io.ReadFull(from, body); err != nil {
			return
		}
		if kind := head[0]; len(head) == 5 && (kind == 'P' || kind == 'Q') {
			body = p.switched(body)
			binary.BigEndian.PutUint32(length, uint32(len(body)+4))
		}
		if _, err := to.Write(append(head, body...)); err != nil {
			return
		}
	}
}

// switched is a statement in which each rule has its switch.
func (p *rewriter) switched(statement []byte) []byte {
	for i, c := range p.controls {
		if bytes.Contains(statement, []byte(c.old)) {
			now := strings.ReplaceAll(c.now, "LACKS", fmt.Sprintf("(select lacks(%d))", i))
			statement = bytes.ReplaceAll(statement, []byte(c.old), []byte(now))
			p.mu.Lock()
			p.n[i]++
			p.mu.Unlock()
		}
	}
	return statement
}
