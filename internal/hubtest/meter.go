package hubtest

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// Meter reads one of the hub's metrics, by its name and labels as /metrics
// writes them.
func (h *Hub) Meter(t testing.TB, name string) int {
	t.Helper()
	response, err := http.DefaultClient.Get("http://" + h.Addr + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+" "); ok {
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				t.Fatal(err)
			}
			return int(n)
		}
	}
	t.Fatalf("no %s in the metrics", name)
	return 0
}
