package gqlws_test

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"runtime/metrics"
	"strconv"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/teixit/teixit/internal/edge/gqlws"
)

// TestWaitingKeepsNoProcessor checks that nothing of this package stands in a call
// of the kernel while it waits for sockets: such a call keeps a processor from the
// others' goroutines until the runtime notices.
func TestWaitingKeepsNoProcessor(t *testing.T) {
	s := newServer(t, nil)
	s.ready(t)
	inCalls := []metrics.Sample{{Name: "/sched/goroutines/not-in-go:goroutines"}}
	for end := time.Now().Add(patience); ; runtime.Gosched() {
		if metrics.Read(inCalls); inCalls[0].Value.Uint64() == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d goroutines stand in calls of the kernel", inCalls[0].Value.Uint64())
		}
	}
}

// TestStoppedReadersCostTheOthersNothing counts what a message to everybody takes
// while some have stopped reading and their queues grow: one write for each who
// reads and none for who does not, and no more goroutines than one for each who
// stopped. Their pongs go on coming.
func TestStoppedReadersCostTheOthersNothing(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the kernel counts writes on Linux")
	}
	const reading, stopped, messages = 20, 20, 100
	g := newGroup()
	s := newServer(t, func(o *gqlws.Options) {
		o.Runner, o.SendBuffer, o.WriteTimeout, o.CloseTimeout = g, 4<<10, time.Hour, patience
	})
	good := make([]*client, reading)
	for i := range good {
		good[i] = s.ready(t)
		good[i].subscribe("1", `subscription { feed(name: "a") }`)
		wait(t, g.joined)
	}
	before := runtime.NumGoroutine()
	bad := make([]*client, stopped)
	for i := range bad {
		bad[i] = dialTo(t, s.http.Listener.Addr().String(), narrow())
		bad[i].init()
		bad[i].subscribe("1", `subscription { feed(name: "a") }`)
		wait(t, g.joined)
	}
	said := 0
	say := func(text string) {
		if taken := g.say(`{"data":{"feed":"`+text+`"}}`, strconv.Itoa(said)); taken != reading+stopped {
			t.Fatalf("%d took it", taken)
		}
		said++
		for _, c := range good {
			if _, err := c.receive(); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 16 { // more than the kernel takes for who does not read
		say(big(said))
	}
	writes := writesOfProcess(t)
	for n := range messages {
		say(fmt.Sprint(n))
	}
	// A few more are the runtime's own.
	if n := writesOfProcess(t) - writes; n < reading*messages || n > (reading+stopped/4)*messages {
		t.Errorf("%d messages to %d who read, beside %d who stopped, took %d writes", messages, reading, stopped, n)
	}
	for _, c := range bad {
		if err := c.WriteControl(websocket.PongMessage, nil, time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
	}
	settled(t, before+stopped)
	for _, c := range append(bad, good...) {
		_ = c.Close()
	}
	s.waitIdle(t, patience)
}

var writeCalls = regexp.MustCompile(`syscw: (\d+)`)

// writesOfProcess is how often it has called the kernel to write.
func writesOfProcess(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile("/proc/self/io")
	if err != nil {
		t.Skip(err)
	}
	n, err := strconv.Atoi(string(writeCalls.FindSubmatch(text)[1]))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
