package nettest_test

import (
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/teixit/teixit/internal/nettest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// echo answers every byte with itself.
func echo(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = io.Copy(c, c)
			}()
		}
	}()
	return l.Addr().String()
}

func dial(t *testing.T, p *nettest.Proxy) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", p.Addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func say(t *testing.T, c net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
}

func hear(t *testing.T, c net.Conn, want string) {
	t.Helper()
	buf := make([]byte, len(want))
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := io.ReadFull(c, buf); err != nil || string(buf) != want {
		t.Fatalf("heard %q (%v), want %q", buf, err, want)
	}
}

// silent checks that nothing arrives for a moment.
func silent(t *testing.T, c net.Conn) {
	t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(30 * time.Millisecond))
	if n, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("a stalled cable gave %d bytes, %v", n, err)
	}
}

func TestStallHoldsBackAndResumeDelivers(t *testing.T) {
	p := nettest.NewProxy(t, echo(t))
	c := dial(t, p)
	say(t, c, "one")
	hear(t, c, "one")

	p.Stall()
	say(t, c, "two")
	silent(t, c)
	p.Resume()
	hear(t, c, "two")

	p.StallReplies()
	say(t, c, "three")
	silent(t, c)
	p.Resume()
	hear(t, c, "three")
}

func TestCutResetsAndServesAgain(t *testing.T) {
	p := nettest.NewProxy(t, echo(t))
	c := dial(t, p)
	say(t, c, "one")
	hear(t, c, "one")
	p.Cut()
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	if _, err := c.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatalf("after a cut: %v, want a broken connection", err)
	}
	d := dial(t, p)
	say(t, d, "two")
	hear(t, d, "two")
}

func TestEndOfStreamPassesThrough(t *testing.T) {
	p := nettest.NewProxy(t, echo(t))
	c := dial(t, p)
	say(t, c, "last words")
	if err := c.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	got, err := io.ReadAll(c)
	if err != nil || string(got) != "last words" {
		t.Fatalf("read %q, %v", got, err)
	}
}

func TestDelayIsWaited(t *testing.T) {
	p := nettest.NewProxy(t, echo(t))
	c := dial(t, p)
	const delay = 20 * time.Millisecond
	p.Delay(delay)
	start := time.Now()
	say(t, c, "slow")
	hear(t, c, "slow")
	if took := time.Since(start); took < 2*delay {
		t.Errorf("there and back took %v, less than twice %v", took, delay)
	}
}
