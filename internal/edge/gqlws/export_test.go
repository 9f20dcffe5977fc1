package gqlws

import "context"

// WaitIdle returns when no connection is open and no operation runs.
func (h *Handler) WaitIdle(ctx context.Context) error { return h.wait(ctx) }

// Cut and CursorReason are the two ways a close reason is made to fit.
var (
	Cut          = cut
	CursorReason = cursorReason
)

// ParseMessage reports what is wrong with a client's message.
func ParseMessage(data []byte) error {
	_, err := parseMessage(data)
	return err
}

// Beat asks all for a sign of life, as the wheel does.
func (h *Handler) Beat() {
	for _, p := range h.wheel.all() {
		p.beat()
	}
}
