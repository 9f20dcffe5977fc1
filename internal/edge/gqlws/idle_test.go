package gqlws_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/edge/gqlws"
)

// TestIdleSocketsHaveNoGoroutine checks that whoever only listens costs none,
// before and after messages.
func TestIdleSocketsHaveNoGoroutine(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there is a poller on Linux only")
	}
	const sockets = 50
	g := newGroup()
	s := newServer(t, func(o *gqlws.Options) { o.Runner = g })
	s.ready(t) // starts what all share
	before := runtime.NumGoroutine()
	clients := make([]*client, sockets)
	for i := range clients {
		clients[i] = s.ready(t)
		clients[i].subscribe("1", `subscription { feed(name: "a") }`)
		wait(t, g.joined)
	}
	for n := range 3 {
		if taken := g.say(fmt.Sprintf(`{"data":{"feed":"%d"}}`, n), strconv.Itoa(n)); taken != sockets {
			t.Fatalf("%d of %d took message %d", taken, sockets, n)
		}
		for _, c := range clients {
			c.expect(fmt.Sprintf(`{"id":"1","type":"next","payload":{"data":{"feed":"%d"}}}`, n))
		}
	}
	settled(t, before)
	if got := s.Stats(); got.QueuedBytes != 0 {
		t.Errorf("%d bytes queued for readers that read", got.QueuedBytes)
	}
}

// idleClients is how the benchmark's own program knows that it is to be the
// clients: their memory must not count.
const idleClients = "GQLWS_IDLE_CLIENTS"

// TestIdleClients is no test: see BenchmarkIdleSocket.
func TestIdleClients(t *testing.T) {
	addr := os.Getenv(idleClients)
	if addr == "" {
		t.Skip("the clients of BenchmarkIdleSocket")
	}
	var open []net.Conn // or the collector would close them
	defer func() { runtime.KeepAlive(open) }()
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatal(err)
		}
		for range n {
			open = append(open, openIdle(t, addr))
		}
	}
}

// openIdle subscribes and reads no further than the acknowledgement.
func openIdle(t *testing.T, addr string) net.Conn {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(c, "GET /graphql HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: %s\r\n\r\n", addr, gqlws.Subprotocol)
	in := bufio.NewReader(c)
	for line := "?"; line != "\r\n"; {
		if line, err = in.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
	}
	masked := func(text string) {
		head := []byte{0x81, 0x80 | byte(len(text))}
		if len(text) > 125 {
			head = []byte{0x81, 0x80 | 126, byte(len(text) >> 8), byte(len(text))}
		}
		_, err = c.Write(append(append(head, 0, 0, 0, 0), text...))
	}
	masked(initMessage)
	if _, err := io.ReadFull(in, make([]byte, 2+len(ackMessage))); err != nil {
		t.Fatal(err)
	}
	masked(`{"id":"1","type":"subscribe","payload":{"query":"subscription { feed(name: \"idle\") }"}}`)
	return c
}

// BenchmarkIdleSocket prints what an idle subscriber with a shared execution
// takes of this process: heap and stacks in use, after a collection, and
// resident memory.
//
//	go test -run=^$ -bench=IdleSocket -benchtime=1x ./internal/edge/gqlws
func BenchmarkIdleSocket(b *testing.B) {
	const sockets = 5_000
	g := newGroup()
	s := newServer(b, func(o *gqlws.Options) {
		o.Runner, o.MaxPerAddress, o.PingInterval = g, 2*sockets, time.Hour
	})
	clients := exec.Command(os.Args[0], "-test.run=^TestIdleClients$", "-test.timeout=5m")
	clients.Env = append(os.Environ(), idleClients+"="+s.http.Listener.Addr().String())
	in, err := clients.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := clients.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { _ = clients.Process.Kill(); _ = clients.Wait() }()
	join := func(n int) {
		fmt.Fprintln(in, n)
		for range n {
			<-g.joined
		}
	}
	join(100)
	used, resident := inUse(), rss(b)
	join(sockets)
	b.ReportMetric(float64(inUse()-used)/1024/sockets, "KiB/socket")
	b.ReportMetric(float64(rss(b)-resident)/1024/sockets, "resident-KiB/socket")
	if taken := g.say(`{"data":{"feed":"x"}}`, "x"); taken < sockets {
		b.Errorf("only %d of %d took a message", taken, sockets)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = clients.Process.Kill()
	_ = s.WaitIdle(ctx)
}

func inUse() int64 {
	for range 4 { // stacks shrink by half with each
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

func rss(b *testing.B) int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		b.Skip(err)
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return pages * int64(os.Getpagesize())
}

// TestPingLeavesWithTheNextMessage: what asks for a sign of life waits a moment for
// something else to leave with, and is read before it.
func TestPingLeavesWithTheNextMessage(t *testing.T) {
	g := newGroup()
	s := newServer(t, func(o *gqlws.Options) { o.Runner, o.PingInterval = g, time.Hour })
	c := s.ready(t)
	pings := make(chan string, 1)
	c.SetPingHandler(func(data string) error {
		pings <- data
		return nil
	})
	c.subscribe("1", `subscription { feed(name: "a") }`)
	wait(t, g.joined)
	s.Beat()
	g.say(`{"data":{"feed":"x"}}`, "x")
	c.expect(`{"id":"1","type":"next","payload":{"data":{"feed":"x"}}}`)
	select {
	case data := <-pings:
		if data != "1" {
			t.Errorf("ping %q", data)
		}
	default:
		t.Error("the message came without a ping")
	}
}
