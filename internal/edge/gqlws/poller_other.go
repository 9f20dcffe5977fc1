//go:build !linux

package gqlws

import "errors"

// poller is for Linux; elsewhere each socket has a goroutine that reads.
type poller struct{}

type epoll struct{}

type pollEvent struct{}

func (*poller) add(*socket) error { return errors.ErrUnsupported }

func (*poller) remove(*socket) {}
