package gqlws_test

import (
	"context"
	"net"
	"net/http/httptest"
	"syscall"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/edge/gqlws"
)

// TestKernelWatchesPeers checks that the kernel ends connections whose peer
// acknowledges nothing: event streams have no other way to find out. That needs
// packets to be lost, which a test cannot do to the loopback; so the setting is
// read back.
func TestKernelWatchesPeers(t *testing.T) {
	const tcpUserTimeout = 18
	s := newServer(t, func(o *gqlws.Options) { o.WriteTimeout = 7 * time.Second })
	conns := make(chan net.Conn, 1)
	set := httptest.NewUnstartedServer(s.Handler)
	set.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		conns <- c
		return gqlws.WithConn(ctx, c)
	}
	set.Start()
	t.Cleanup(set.Close)
	for name, open := range map[string]func(){
		"events": func() { listen(t, eventRequest(t, set.URL, `subscription { feed(name: "a") }`)) },
		"socket": func() { dialTo(t, set.Listener.Addr().String(), nil).init() },
	} {
		open()
		raw, err := wait(t, conns).(*net.TCPConn).SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		var got int
		if cerr := raw.Control(func(fd uintptr) { got, err = syscall.GetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout) }); cerr != nil || err != nil {
			t.Fatal(cerr, err)
		}
		if got != 7000 {
			t.Errorf("%s: %d ms", name, got)
		}
	}
}
