// Package linkcheck looks whether links that people gave lead anywhere. It never
// asks an address inside of the house: what a name means is looked at when the
// connection is made, also behind redirects.
package linkcheck

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// Checker asks for links, one at a time.
type Checker struct{ client *http.Client }

var errInside = errors.New("linkcheck: an address inside of the house is not asked")

// New makes a checker. allowed says which addresses may be asked; nil is those of
// the public network.
func New(allowed func(netip.Addr) bool) *Checker {
	if allowed == nil {
		allowed = Public
	}
	dialer := &net.Dialer{Timeout: 5 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !allowed(at.Addr().Unmap()) {
			return errInside
		}
		return nil
	}}
	return &Checker{&http.Client{
		Timeout: 10 * time.Second,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, DisableKeepAlives: true, MaxResponseHeaderBytes: 64 << 10,
			TLSHandshakeTimeout: 5 * time.Second, // and no proxy: it would ask for us
		},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) >= 5 {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}}
}

// Public tells an address of the public network.
func Public(a netip.Addr) bool {
	return a.IsGlobalUnicast() && !a.IsPrivate() && !shared.Contains(a)
}

// shared are addresses behind carriers' walls, which are not public either.
var shared = netip.MustParsePrefix("100.64.0.0/10")

// Status is what an address answers: its HTTP status, or 0 for nothing.
func (c *Checker) Status(ctx context.Context, url string) int {
	status := c.ask(ctx, http.MethodHead, url)
	if status == http.StatusMethodNotAllowed || status == http.StatusNotImplemented || status == http.StatusNotFound {
		return c.ask(ctx, http.MethodGet, url) // not every server knows HEAD
	}
	return status
}

func (c *Checker) ask(ctx context.Context, method, url string) int {
	r, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return 0
	}
	r.Header.Set("User-Agent", "Teixit link check")
	response, err := c.client.Do(r)
	if err != nil {
		return 0
	}
	_ = response.Body.Close()
	return response.StatusCode
}
