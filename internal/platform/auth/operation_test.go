package auth_test

import (
	"context"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// grant gives the person a role in a body, and take takes it away, both telling
// that rights changed.
func (w *world) grant(person, body id.ID) {
	w.tx(func(ctx context.Context, tx *postgres.Tx) error {
		err := node.Connect(ctx, tx, node.Edge{Kind: node.ActsFor, Source: person, Target: body, Role: "DELEGATE", RecordedIn: body})
		if err != nil {
			return err
		}
		return auth.Bump(ctx, tx, person)
	})
}

func (w *world) take(person, body id.ID) {
	w.tx(func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Native().Exec(ctx, `delete from edges where source = $1 and target = $2`, person, body); err != nil {
			return err
		}
		return auth.Bump(ctx, tx, person)
	})
}

// TestOperationsEndWithTheRight: what is being read ends when its reader loses a
// right or their sign-in, within a second, and not when they gain one.
func TestOperationsEndWithTheRight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna, berta, clara := w.person("anna@example.org"), w.person("berta@example.org"), w.person("clara@example.org")
	one, two := w.body("Una"), w.body("Dues")
	for _, person := range []id.ID{anna, berta, clara} {
		w.grant(person, one)
	}
	watch := w.watcher()
	begin := func(v *access.Viewer) context.Context {
		reading, done := watch.Operation(access.With(t.Context(), v))
		t.Cleanup(done)
		return reading
	}
	session := w.seen(w.browser(clara, ""))
	loses, gains, leaves := begin(w.viewer(anna)), begin(w.viewer(berta)), begin(session)
	over, done := watch.Operation(access.With(t.Context(), w.viewer(anna)))
	done()
	w.grant(berta, two)
	w.take(anna, one)
	w.want(w.sessions.EndOne(t.Context(), session, "", session.Session), "")
	begun := time.Now()
	for want, reading := range map[string]context.Context{"RIGHTS_CHANGED": loses, "SIGNED_OUT": leaves} {
		if got := w.ended(reading); got != want {
			t.Errorf("ended with %s, want %s", got, want)
		}
	}
	t.Logf("it took %v", time.Since(begun))
	if gains.Err() != nil {
		t.Errorf("who gained a right was cut off: %v", context.Cause(gains))
	}
	if context.Cause(over) != context.Canceled {
		t.Errorf("what was over ended with %v", context.Cause(over))
	}
	// What it began with can still be lost.
	w.take(berta, one)
	if got := w.ended(gains); got != "RIGHTS_CHANGED" {
		t.Errorf("ended with %s", got)
	}
	if reading, done := watch.Operation(access.With(t.Context(), access.Anonymous("ca"))); reading.Done() != t.Context().Done() {
		t.Error("somebody looks after nobody")
	} else {
		done()
	}
}

// TestCommandsOfADisabledAccountAreNotMade: a command that waited while its
// sender's account was disabled is refused, though it began before.
func TestCommandsOfADisabledAccountAreNotMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna, berta := w.person("anna@example.org"), w.person("berta@example.org")
	stale, other := w.viewer(anna), w.viewer(berta)
	_, err := w.accounts.Disable(t.Context(), nil, "", auth.Which{Person: anna})
	w.want(err, "")
	name := "Un altre nom"
	w.want(w.accounts.Update(t.Context(), stale, "", auth.Change{Name: &name}), "RIGHTS_CHANGED")
	w.want(w.accounts.Update(t.Context(), other, "", auth.Change{Name: &name}), "")
}
