package authhttp

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Address finds the network address of who asks. Behind proxies it is in
// X-Forwarded-For, which anybody can write: only what the trusted ones appended
// is believed. proxies are addresses or ranges, such as 10.0.0.0/8.
func Address(proxies []string) (func(*http.Request) string, error) {
	trusted := make([]netip.Prefix, 0, len(proxies))
	for _, text := range proxies {
		p, err := prefix(strings.TrimSpace(text))
		if err != nil {
			return nil, fmt.Errorf("authhttp: %q is no address or range of a proxy: %w", text, err)
		}
		trusted = append(trusted, p)
	}
	return func(r *http.Request) string { return client(r, trusted) }, nil
}

func prefix(text string) (netip.Prefix, error) {
	if strings.Contains(text, "/") {
		return netip.ParsePrefix(text)
	}
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return netip.Prefix{}, err
	}
	return netip.PrefixFrom(addr, addr.BitLen()), nil
}

// client walks from the connection outwards as long as trusted proxies vouch.
func client(r *http.Request, trusted []netip.Prefix) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && believed(host, trusted); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		host = hop.String()
	}
	return network(host)
}

func believed(host string, trusted []netip.Prefix) bool {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, p := range trusted {
		if p.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}

// network is what counts as one address: of IPv6 a household has 2^64.
func network(host string) string {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}
