package faults

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/hubtest"
)

// eventually waits for a condition, and says how long it took.
func eventually(t *testing.T, within time.Duration, what string, ok func() bool) time.Duration {
	t.Helper()
	began := time.Now()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for !ok() {
		if time.Since(began) > within {
			t.Fatalf("not within %v: %s", within, what)
		}
		<-look.C
	}
	return time.Since(began)
}

// stacks are all goroutines, as text.
func stacks() []string {
	buf := make([]byte, 4<<20)
	return strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n")
}

// carrying counts the goroutines that carry connections and streams inside the
// hubs of this process.
func carrying() (n int) {
	for _, s := range stacks() {
		if strings.Contains(s, "internal/edge/gqlws.") || strings.Contains(s, "teixit/graph.") || strings.Contains(s, "platform/live.(*Subscriber)") {
			n++
		}
	}
	return n
}

// working counts the goroutines of this process without River's: which instance
// leads its chores, with a dozen goroutines for that, may change at any moment. Nor
// do those of a cable count: two for each connection that a pool has just now.
func working() (n int) {
	for _, kind := range workingKinds() {
		n += kind
	}
	return n
}

// workingKinds counts the same by the function that is at work and by who began it.
func workingKinds() map[string]int {
	kinds := map[string]int{}
	for _, s := range stacks() {
		if !strings.Contains(s, "riverqueue/river") && !strings.Contains(s, "nettest.(*Proxy).forward") {
			kinds[kindOf(s)]++
		}
	}
	return kinds
}

// kindOf names the outermost function of a stack and what stands behind it.
func kindOf(stack string) string {
	lines := strings.Split(strings.TrimSpace(stack), "\n")
	return strings.Join(lines[max(len(lines)-4, 0):], " ")
}

// more tells of what there is more than before.
func more(before, after map[string]int) string {
	var b strings.Builder
	for kind, n := range after {
		if n > before[kind] {
			fmt.Fprintf(&b, "%d, before %d: %s\n", n, before[kind], kind)
		}
	}
	return b.String()
}

// heap is what is in use after collecting, in bytes.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // pools are emptied by the second
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// within5 reports whether a figure is back to what it was, or less.
func within5[T int | uint64](before, after T) bool {
	return after <= before+before/20
}

// meter reads one figure from an instance's metrics.
func meter(t *testing.T, h *hubtest.Hub, name string) int {
	t.Helper()
	status, text := get(t, h, "/metrics")
	found := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindStringSubmatch(text)
	if status != http.StatusOK || found == nil {
		t.Fatalf("no %s in the metrics (%d)", name, status)
	}
	n, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		t.Fatal(err)
	}
	return int(n)
}

func get(t *testing.T, h *hubtest.Hub, path string) (status int, text string) {
	t.Helper()
	client := http.Client{Timeout: 10 * time.Second}
	response, err := client.Get(fmt.Sprintf("http://%s%s", h.Addr, path))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}
