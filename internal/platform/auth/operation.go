package auth

import (
	"context"
	"slices"
	"sync"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
)

// operation is one that only reads, on whatever transport, for as long as it
// runs. Most are over before the watcher looks. One that takes longer ends when
// its viewer loses a right, whichever: what it has read by then may be what the
// right was for. A right that is gained is no reason.
//
// Commands are not among them: they end in a transaction of their own, which is
// refused when a right was lost (see journal.Append), and whoever ends their own
// right by one is to read its answer.
type operation struct {
	cancel context.CancelCauseFunc

	mu     sync.Mutex
	viewer *access.Viewer // with the rights known last
}

// Operation looks after the rights of the context's viewer while they read. The
// context it returns ends, with a fault as its cause, when the answer may not be
// given any more; done says that it is there. Who is nobody has none to lose.
func (w *Watcher) Operation(ctx context.Context) (reading context.Context, done func()) {
	v := access.From(ctx)
	if !v.SignedIn() {
		return ctx, func() {}
	}
	reading, cancel := context.WithCancelCause(ctx)
	o := &operation{cancel: cancel, viewer: v}
	w.mu.Lock()
	w.operations[o] = struct{}{}
	w.mu.Unlock()
	return reading, func() {
		w.mu.Lock()
		delete(w.operations, o)
		w.mu.Unlock()
		cancel(nil)
	}
}

// Viewer implements held.
func (o *operation) Viewer() *access.Viewer {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.viewer
}

// End implements held.
func (o *operation) End(cause error) { o.cancel(cause) }

func (o *operation) renew(rights *access.Viewer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	fresh := signedInAs(rights, o.viewer)
	if lost(o.viewer, fresh) {
		o.cancel(ErrRightsChanged.New())
	}
	o.viewer = fresh
}

func (o *operation) streaming() bool { return false }

// lost tells whether something is missing among the rights that was there
// before.
func lost(before, now *access.Viewer) bool {
	without := func(had, have []id.ID) bool {
		return slices.ContainsFunc(had, func(v id.ID) bool { return !slices.Contains(have, v) })
	}
	return before.For != now.For || before.Admin && !now.Admin ||
		without(before.Home, now.Home) || without(before.Administers, now.Administers) || without(before.Member, now.Member) ||
		without(before.Organises, now.Organises) || without(before.CheckIn, now.CheckIn)
}
