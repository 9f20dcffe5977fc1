package app

import (
	"context"
	"net"
	"time"
)

// listen opens the address. Keep-alive probes end connections whose peer
// vanished with nothing to send, which no write deadline would notice.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	lc := net.ListenConfig{KeepAliveConfig: net.KeepAliveConfig{
		Enable: true, Idle: 30 * time.Second, Interval: 10 * time.Second, Count: 3,
	}}
	return lc.Listen(ctx, "tcp", addr)
}
