package main

import (
	"net"
	"net/http"
	"time"

	"github.com/teixit/teixit/bench/seatload"
)

// cutting is a swallower that listens.
type cutting struct {
	*seatload.Swallower
	url string
}

func swallower(targets []string) (c *cutting, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	c = &cutting{
		Swallower: &seatload.Swallower{Targets: targets, HTTP: &http.Client{Transport: transport}},
		url:       "http://" + l.Addr().String(),
	}
	server := &http.Server{Handler: c, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(l) }() // ends with Close
	return c, func() {
		_ = server.Close()
		transport.CloseIdleConnections()
	}, nil
}
