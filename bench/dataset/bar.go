package dataset

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// bar shows how far a load is.
type bar struct {
	out   io.Writer
	since time.Time

	mu    sync.Mutex
	title string
	begun time.Time
	shown time.Time
	done  int
	of    int
}

func (b *bar) begin(title string, of int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.title, b.of, b.done, b.begun = title, of, 0, time.Now()
	b.show("")
}

// add tells that n more are done.
func (b *bar) add(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done += n
	if time.Since(b.shown) > 200*time.Millisecond {
		b.show("")
	}
}

func (b *bar) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done = b.of
	b.show(fmt.Sprintf(" %s\n", time.Since(b.begun).Round(100*time.Millisecond)))
}

const barWidth = 30

func (b *bar) show(behind string) {
	b.shown = time.Now()
	full := barWidth * min(b.done, b.of) / b.of
	fmt.Fprintf(b.out, "\r%5.0fs  %-18s [%s%s] %d/%d%s", time.Since(b.since).Seconds(), b.title,
		strings.Repeat("=", full), strings.Repeat(" ", barWidth-full), b.done, b.of, behind)
}
