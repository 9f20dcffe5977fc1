// Package clients has the test that stock clients work with the hub: graphql-ws,
// graphql-sse, urql and Apollo Client, in Node, as they come from their registry.
package clients

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/nettest"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/node"
)

func TestMain(m *testing.M) { hubtest.Main(m) }

// patience bounds what clients take to come back.
const patience = 40 * time.Second

// line is what web/test/clients/clients.mjs prints for everything it gets.
type line struct {
	Who      string
	Answered bool
	Problem  any
	Number   *int
	Kind     *string
	Cursor   string
	Closed   int
	Reason   string
}

// scene is a hub that clients speak to, through a network that can be cut, and
// another one, on the same database, that goes on working.
type scene struct {
	*testing.T
	front, other *hubtest.Hub
	network      *nettest.Proxy
	config       hubtest.Config
	officer      id.ID
	event        string
	lines        <-chan line
	got          map[string][]line // messages of each client
	answered     map[string]bool
	codes        map[int]int
	hints        int // closings that said when to come back
}

// TestStockClients: each client asks, gets the state and then the changes,
// survives a restart of the hub and connections that are cut, and what it was
// told is whole: nothing lost, and, where the helper puts the last cursor into
// its variables, nothing doubled either.
func TestStockClients(t *testing.T) {
	program := packages(t)
	s := newScene(t)
	begun := s.head()
	s.start(program)
	s.waitFor("everybody's answer", func() bool { return len(s.answered) == len(everybody()) })
	s.waitFor("the state", func() bool { return s.reached(begun, "plain", "resuming") })
	s.change(3)
	s.waitFor("changes", func() bool { return s.reached(begun + 3) })

	s.front.Stop()
	s.change(2) // while nobody listens
	s.config.Addr = s.front.Addr
	s.front = hubtest.Start(t, s.config)
	s.waitFor("what was missed over a restart", func() bool { return s.reached(begun + 5) })
	s.change(2)
	s.waitFor("changes after the restart", func() bool { return s.reached(begun + 7) })

	s.network.Cut()
	s.change(3)
	s.waitFor("what was missed while cut", func() bool { return s.reached(begun + 10) })
	s.judge(begun, begun+10)
}

func everybody() (all []string) {
	for _, name := range []string{"graphql-ws", "graphql-sse", "urql", "apollo"} {
		for _, mode := range []string{"plain", "stale", "resuming"} {
			all = append(all, name+" "+mode)
		}
	}
	return all
}

// packages finds the program, where Node and its packages are installed.
func packages(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed")
	}
	web, err := filepath.Abs("../../../web")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(web, "node_modules", "graphql-sse")); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the clients are not installed: npm ci --prefix web")
	}
	return filepath.Join(web, "test", "clients", "clients.mjs")
}

func newScene(t *testing.T) *scene {
	s := &scene{T: t, got: map[string][]line{}, answered: map[string]bool{}, codes: map[int]int{}}
	s.config = hubtest.Config{Database: pgtest.URL(t), Change: func(cfg *config.Config) { cfg.ReconnectSpread = 300 * time.Millisecond }}
	s.front, s.other = hubtest.Start(t, s.config), hubtest.Start(t, s.config)
	s.network = nettest.NewProxy(t, s.front.Addr)
	s.officer = s.other.Person(t, "Olga Prova", hubtest.Terrassa, directory.Officer)
	s.event = node.Event.Global(s.other.Event(t, s.officer, 10, nil))
	return s
}

const updateVenue = `mutation($in: EventUpdateInput!) { eventUpdate(input: $in) { errors { code } } }`

// change makes facts, one each.
func (s *scene) change(n int) {
	s.Helper()
	for range n {
		s.other.Must(s, s.other.Token(s.officer), updateVenue, map[string]any{"in": map[string]any{
			"id": s.event, "venueName": fmt.Sprint("Sala ", time.Now().UnixNano()),
		}})
	}
}

// head is the number the event is at, for organisers.
func (s *scene) head() (n int) {
	s.Helper()
	v, err := node.ParseOf(s.event, node.Event)
	if err != nil {
		s.Fatal(err)
	}
	if err := s.other.DB.Read().QueryRow(s.Context(), `select head4 from topics where node = $1`, v).Scan(&n); err != nil {
		s.Fatal(err)
	}
	return n
}

// cursor is where the event is now, as a client is told.
func (s *scene) cursor() string {
	s.Helper()
	var m struct {
		Data struct{ EventChanges struct{ Cursor string } }
	}
	payload := s.other.Socket(s, s.other.Token(s.officer)).
		Subscribe(`subscription($id: ID!) { eventChanges(id: $id) { cursor } }`, map[string]any{"id": s.event}).Next()
	if err := json.Unmarshal(payload, &m); err != nil {
		s.Fatal(err)
	}
	return m.Data.EventChanges.Cursor
}

// start runs the clients until the test ends.
func (s *scene) start(program string) {
	s.Helper()
	settings, err := json.Marshal(map[string]string{
		"url": "http://" + s.network.Addr() + "/graphql", "token": s.other.Token(s.officer), "event": s.event, "first": s.cursor(),
	})
	if err != nil {
		s.Fatal(err)
	}
	node := exec.Command("node", program, string(settings))
	node.Stderr = os.Stderr
	hold, err := node.StdinPipe()
	if err != nil {
		s.Fatal(err)
	}
	out, err := node.StdoutPipe()
	if err != nil {
		s.Fatal(err)
	}
	if err := node.Start(); err != nil {
		s.Fatal(err)
	}
	lines := make(chan line, 10_000)
	s.lines = lines
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.read(out, lines)
	}()
	s.Cleanup(func() {
		_ = hold.Close() // it ends with its standard input
		<-done
		_ = node.Wait()
	})
}

func (s *scene) read(out io.Reader, lines chan<- line) {
	defer close(lines)
	for scan := bufio.NewScanner(out); scan.Scan(); {
		var l line
		if err := json.Unmarshal(scan.Bytes(), &l); err != nil {
			l.Problem = "no JSON: " + scan.Text()
		}
		lines <- l
	}
}

func (s *scene) waitFor(what string, there func() bool) {
	s.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for !there() {
		select {
		case l, ok := <-s.lines:
			if !ok {
				s.Fatalf("the clients ended before %s", what)
			}
			s.note(l)
		case <-late.C:
			for _, who := range everybody() {
				s.Logf("%s: %s", who, numbers(s.got[who]))
			}
			s.Fatalf("%s does not come", what)
		}
	}
}

func (s *scene) note(l line) {
	s.Helper()
	switch {
	case l.Problem != nil:
		s.Errorf("%s: %v", l.Who, l.Problem)
	case l.Closed > 0:
		s.codes[l.Closed]++
		if strings.HasPrefix(l.Reason, `{"retryAfterMs":`) {
			s.hints++
		}
	case l.Answered:
		s.answered[l.Who] = true
	case l.Number != nil:
		s.got[l.Who] = append(s.got[l.Who], l)
	}
}

// reached tells whether all clients of these modes (all, for none) were told of
// a number.
func (s *scene) reached(number int, modes ...string) bool {
	for _, who := range everybody() {
		_, mode, _ := strings.Cut(who, " ")
		if len(modes) > 0 && !strings.Contains(strings.Join(modes, " "), mode) {
			continue
		}
		all := s.got[who]
		if len(all) == 0 || *all[len(all)-1].Number < number {
			return false
		}
	}
	return true
}

// judge holds what each client was told against what happened.
func (s *scene) judge(begun, ended int) {
	doubled, lost := map[string]int{}, 0
	for _, who := range everybody() {
		_, mode, _ := strings.Cut(who, " ")
		last, states := begun, 0
		for i, l := range s.got[who] {
			switch n := *l.Number; {
			case l.Kind == nil: // a state contains all before it
				states++
				if mode == "stale" || mode == "resuming" && i > 0 || n < last {
					s.Errorf("%s: a state at %d, message %d", who, n, i)
				}
				last = n
			case n <= last:
				doubled[mode]++
			case n == last+1:
				last = n
			default:
				lost += n - last - 1
				last = n
			}
		}
		if last != ended || mode == "plain" && states < 3 {
			s.Errorf("%s: at %d of %d after %d states", who, last, ended, states)
		}
		s.Logf("%-22s %s", who, numbers(s.got[who]))
	}
	s.Logf("lost %d; doubled with the helper %d, without it and with an old after %d; closed %v", lost, doubled["resuming"], doubled["stale"], s.codes)
	if lost > 0 || doubled["resuming"] > 0 || doubled["plain"] > 0 {
		s.Error("a stream was not whole")
	}
	if doubled["stale"] == 0 {
		s.Error("an old after was harmless because nobody sent it again: the test proves nothing")
	}
	if s.codes[1012] == 0 || s.codes[1006] == 0 || s.hints < s.codes[1012] {
		s.Errorf("closed %v, %d with a hint", s.codes, s.hints)
	}
}

// numbers shows messages: a state in brackets.
func numbers(all []line) string {
	var b strings.Builder
	for _, l := range all {
		form := " %d"
		if l.Kind == nil {
			form = " [%d]"
		}
		fmt.Fprintf(&b, form, *l.Number)
	}
	return b.String()
}
