package matrix_test

import (
	"bytes"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/edge/gqldoc"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/platform/postgres/local"
)

// control takes one rule out and says what the matrix must find then. The hub is
// the hub: between it and PostgreSQL somebody changes the text of a statement, to
// one of the same length without the rule. Where row-level security stands behind
// it, the matrix must find nothing until that is taken off the tables too.
type control struct {
	rule     string
	old, now string   // of the statement; now is filled up with spaces
	tables   []string // whose policies are the second line
	finds    []find
}

// find is what is asked of the broken hub, by whom, and what one of the leaks
// must say.
type find struct{ root, as, says string }

func controls() []control {
	anyEvent := "events e join nodes n on n.id = e.node where (n.visibility = 0"
	noEvent := "events e join nodes n on n.id = e.node where (true"
	return []control{
		{
			rule: "a personal field", old: "case when w.knows or w.door or w.shown then", now: "case when true then",
			tables: []string{"person_names", "delegate_secrets"},
			finds:  []find{{"Query.event", delegate, "Registration.delegates Delegate.name"}},
		},
		{
			rule: "a personal field of a part", old: "x.delegate = any($1) and (case", now: "x.delegate = any($1) or (case",
			tables: []string{"delegate_needs"},
			finds:  []find{{"Query.registration", rep, "Delegate.needs DelegateNeeds.diet"}},
		},
		{
			rule: "who somebody is", old: "n.kind = 'person' and (n.id = $7 or", now: "n.kind='person' and (n.id <> $7 or",
			tables: []string{"person_names"}, finds: []find{{"Query.node", stranger, "Query.node Person.name"}},
		},
		{
			rule: "a list", old: "e.languages, e.begins, e.version, now() from " + anyEvent, now: "e.languages, e.begins, e.version, now() from " + noEvent,
			finds: []find{{"Query.events", anonymous, "Query.events EventConnection.nodes Event.id"}},
		},
		{
			rule: "a count", old: "select count(*) from " + anyEvent, now: "select count(*) from " + noEvent,
			finds: []find{{"Query.events", stranger, "Query.events counts 6 and shows"}},
		},
		{
			rule: "who sees a registration", old: "where (m.answers or", now: "where (true or",
			finds: []find{
				{"Query.registration", stranger, "Query.registration Registration.id"},
				{"Query.municipality", stranger, "Event.registrations RegistrationConnection.nodes Registration.id"},
				{"Subscription.eventChanges", otherOfficer, "EventChange.event Event.registrations RegistrationConnection.nodes Registration.id"},
			},
		},
		{
			rule: "a root field and an export", old: "then 1 else 0 end) from nodes n where n.id = $1 and",
			now: "then 4 else 0 end) from nodes n where n.id = $1 and",
			finds: []find{
				{"Query.auditTrail", rep, "Query.auditTrail AuditConnection.nodes AuditEntry.subjects"},
				{"Query.auditExport", rep, "Query.auditExport, over"},
			},
		},
		{
			rule: "a subscription", old: "e on e.node = n.id\n\twhere (n.visibility = 0", now: "e on e.node = n.id\n\twhere (true",
			finds: []find{{"Subscription.eventChanges", stranger, "answers otherwise than for what does not exist"}},
		},
	}
}

// controlAll takes each rule out in turn. What the matrix then finds is a leak of
// the broken hub, not of ours.
func (m *matrix) controlAll(t *testing.T) {
	for _, c := range controls() {
		t.Run(c.rule, func(t *testing.T) {
			p, hub := m.broken(t, c)
			for _, f := range c.finds {
				if c.tables != nil {
					if leak, _ := m.on(hub).found(f); leak != "" {
						t.Errorf("without the rule, the second line lets through %s", leak)
					}
				}
				for _, table := range c.tables {
					m.exec(`create policy loose on ` + table + ` for select using (true)`)
				}
				broken := m.on(hub)
				leak, n := broken.found(f)
				for _, table := range c.tables {
					m.exec(`drop policy loose on ` + table)
				}
				if leak == "" {
					t.Errorf("the rule is out, and the matrix does not find %q by %s, but %v and %.1000v", f.says, f.root, broken.leaks, broken.faults)
				}
				t.Logf("finds %d leaks, such as: %.300s", n, leak)
			}
			if p.changed() == 0 {
				t.Errorf("no statement has the text %q: the control is out of date", c.old)
			}
		})
	}
}

// broken is a hub that lacks a rule, before the same database.
func (m *matrix) broken(t *testing.T, c control) (*rewriter, *hubtest.Hub) {
	t.Helper()
	to, err := pgx.ParseConfig(m.database.App)
	m.ok(err)
	p := newRewriter(t, to.Config, c.old, c.now)
	through := m.database
	through.App, err = local.Readdress(through.App, p.listener.Addr().String())
	m.ok(err)
	return p, hubtest.Start(t, hubtest.Config{Database: through, Change: func(c *config.Config) {
		c.ReadConns, c.WriteConns = 2, 2
	}})
}

// found asks, and returns the first leak that says what is to be found, and how
// many there are in all.
func (m *matrix) found(f find) (leak string, n int) {
	kind, field, _ := strings.Cut(f.root, ".")
	c := newClient(m.hub, m.shows[f.as])
	defer c.close()
	if kind == "Subscription" {
		for _, each := range m.streams[field] {
			for _, tail := range m.begin(c, f.as, field, each) {
				tail.end()
			}
		}
	} else {
		for _, q := range m.questionsOn(gqldoc.Reader{SignedIn: slices.Contains(signedIn(), f.as)}, m.Query.Fields.ForName(field)) {
			m.put(c, f.as, overPOST, q)
		}
	}
	for _, each := range slices.Sorted(maps.Keys(m.leaks)) {
		if strings.Contains(each, f.says) {
			return each, len(m.leaks)
		}
	}
	return "", len(m.leaks)
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

// rewriter stands between a hub and PostgreSQL and changes a text in what the hub
// sends. Both have the same length, so that the messages around it stay whole.
type rewriter struct {
	listener net.Listener
	network  string
	target   string
	old, now []byte
	running  sync.WaitGroup

	mu    sync.Mutex
	n     int
	conns []net.Conn
}

func newRewriter(t *testing.T, to pgconn.Config, old, now string) *rewriter {
	t.Helper()
	network, target := pgconn.NetworkAddress(to.Host, to.Port)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &rewriter{listener: l, network: network, target: target, old: []byte(old), now: []byte(now + strings.Repeat(" ", len(old)-len(now)))}
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

func (p *rewriter) changed() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.n
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
			p.rewrite(client, server)
			_ = server.Close()
		})
	}
}

// rewrite forwards what the hub sends. It holds back only an end that could be
// the beginning of the text: then more is on its way.
func (p *rewriter) rewrite(from io.Reader, to io.Writer) {
	var held []byte
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		held = append(held, buf[:n]...)
		if found := bytes.Count(held, p.old); found > 0 {
			held = bytes.ReplaceAll(held, p.old, p.now)
			p.mu.Lock()
			p.n += found
			p.mu.Unlock()
		}
		keep := min(len(p.old)-1, len(held))
		for keep > 0 && !bytes.HasSuffix(held, p.old[:keep]) {
			keep--
		}
		if _, err := to.Write(held[:len(held)-keep]); err != nil {
			return
		}
		held = append([]byte(nil), held[len(held)-keep:]...)
	}
}
