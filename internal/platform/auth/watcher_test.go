package auth_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// watcher is one that looks until the test ends.
func (w *world) watcher() *auth.Watcher {
	w.Helper()
	watch := auth.NewWatcher(w.db, idle, slog.New(slog.DiscardHandler))
	watch.Start()
	w.Cleanup(watch.Stop)
	return watch
}

// connect opens a connection of the viewer that the test would close.
func (w *world) connect(watch *auth.Watcher, v *access.Viewer) context.Context {
	ctx, hangUp := context.WithCancel(context.Background())
	w.Cleanup(hangUp)
	return watch.Watch(ctx, v)
}

// ended waits for the end of a connection and gives the reason.
func (w *world) ended(connection context.Context) string {
	w.Helper()
	select {
	case <-connection.Done():
		return fault.From(context.Cause(connection)).Code.Name
	case <-time.After(10 * time.Second):
		w.Fatal("the connection goes on")
		return ""
	}
}

// TestSignOutEndsConnections: whatever ends a sign-in ends what it opened, on
// every instance, and nothing else.
func TestSignOutEndsConnections(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(w *world, anna id.ID, session *access.Viewer, token id.ID){
		"session": func(w *world, _ id.ID, v *access.Viewer, _ id.ID) {
			w.want(w.sessions.EndOne(w.Context(), v, "", v.Session), "")
		},
		"idle": func(w *world, _ id.ID, v *access.Viewer, _ id.ID) {
			w.exec(`update sessions set seen_at = now() - interval '31 minutes' where id = $1`, v.Session)
		},
		"age": func(w *world, _ id.ID, v *access.Viewer, _ id.ID) { w.age("sessions", 13*time.Hour) },
		"token": func(w *world, anna id.ID, _ *access.Viewer, token id.ID) {
			w.want(w.accounts.RevokeToken(w.Context(), w.viewer(anna), "", token), "")
		},
		"account": func(w *world, anna id.ID, _ *access.Viewer, _ id.ID) {
			_, err := w.accounts.Disable(w.Context(), nil, "", auth.Which{Person: anna})
			w.want(err, "")
		},
		"person": func(w *world, anna id.ID, _ *access.Viewer, _ id.ID) {
			w.exec(`update nodes set ended_at = now() where id = $1`, anna)
			w.tx(func(ctx context.Context, tx *postgres.Tx) error { return auth.Bump(ctx, tx, anna) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			anna, berta := w.person("anna@example.org"), w.person("berta@example.org")
			session := w.seen(w.browser(anna, ""))
			token, text := w.machine(anna, auth.ScopeRead)
			machine, err := w.guard.Find(t.Context(), auth.Shown{Authorization: "Bearer " + text})
			w.want(err, "")
			instances := []*auth.Watcher{w.watcher(), w.watcher()}
			bySession := map[string][]context.Context{}
			for _, i := range instances {
				bySession["session"] = append(bySession["session"], w.connect(i, session))
				bySession["token"] = append(bySession["token"], w.connect(i, machine))
			}
			hers := w.connect(instances[0], w.viewer(berta))
			end(w, anna, session, token)
			begun := time.Now()
			for kind, connections := range bySession {
				over := kind == name || name == "account" || name == "person" || kind == "session" && name != "token"
				for _, c := range connections {
					if !over {
						continue
					}
					if got := w.ended(c); got != "SIGNED_OUT" {
						t.Errorf("the %s's connection ended with %s", kind, got)
					}
				}
				if !over && (connections[0].Err() != nil || connections[1].Err() != nil) {
					t.Errorf("the %s's connections ended too", kind)
				}
			}
			t.Logf("it took %v", time.Since(begun))
			if hers.Err() != nil {
				t.Error("somebody else was signed out")
			}
		})
	}
}

// TestWatcherForgets: a connection that ended by itself is looked after no more.
func TestWatcherForgets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	watch := w.watcher()
	ctx, hangUp := context.WithCancel(context.Background())
	connection := watch.Watch(ctx, w.viewer(w.person("anna@example.org")))
	anonymous := watch.Watch(ctx, access.Anonymous("ca"))
	if n := watch.Watched(); n != 1 {
		t.Errorf("%d are looked after", n)
	}
	if auth.ConnectionOf(anonymous) != nil || auth.ConnectionOf(connection) == nil {
		t.Error("the wrong one is known")
	}
	hangUp()
	for deadline := time.Now().Add(5 * time.Second); watch.Watched() > 0; {
		if time.Now().After(deadline) {
			t.Fatal("it is looked after for ever")
		}
	}
}

// TestChangedRightsRenew: without a stream a change of rights ends nothing; the
// next operation has the new ones. Who acted for a body they lost is cut off.
func TestChangedRightsRenew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	watch := w.watcher()
	anna := w.person("anna@example.org")
	club := w.body("Club", anna)
	v := w.viewer(anna)
	oneself := w.connect(watch, v)
	acting := *v
	acting.For = club
	forClub := w.connect(watch, &acting)
	w.exec(`update edges set valid = daterange(null, current_date - 1) where source = $1`, anna)
	w.tx(func(ctx context.Context, tx *postgres.Tx) error { return auth.Bump(ctx, tx, anna) })
	if got := w.ended(forClub); got != "RIGHTS_CHANGED" {
		t.Errorf("acting for the club ended with %s", got)
	}
	if oneself.Err() != nil {
		t.Errorf("oneself ended with %v", context.Cause(oneself))
	}
	fresh, err := auth.ConnectionOf(oneself).Fresh(oneself)
	w.want(err, "")
	if fresh.ActsFor(club) {
		t.Error("the next operation has the old rights")
	}
}

// TestStreamKeepsTheSession: a live stream is use; an open connection alone is
// not.
func TestStreamKeepsTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const soon = 3 * time.Second
	watch := auth.NewWatcher(w.db, soon, slog.New(slog.DiscardHandler))
	watch.Start()
	t.Cleanup(watch.Stop)
	anna := w.person("anna@example.org")
	streaming, quiet := w.seen(w.browser(anna, "")), w.seen(w.browser(anna, ""))
	live := w.connect(watch, streaming)
	stream := auth.Follow(live, anna, access.Organisers)
	defer stream.Close()
	if got := w.ended(w.connect(watch, quiet)); got != "SIGNED_OUT" {
		t.Errorf("the quiet one ended with %s", got)
	}
	if live.Err() != nil {
		t.Error("the stream's session idled out with it")
	}
}

// TestRevokeNeedsItsFact: a right is not taken away without telling it first.
func TestRevokeNeedsItsFact(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.person("anna@example.org")
	club := w.body("Club", anna)
	fact := journal.Fact{Kind: "appointment.ended", Level: access.Home}
	err := w.db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, club); err != nil {
			return err
		}
		return auth.Revoke(ctx, tx, club, anna)
	})
	if err == nil {
		t.Error("it was revoked without a fact")
	}
	w.tx(func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, club); err != nil {
			return err
		}
		if err := journal.Append(ctx, tx, club, nil, fact, fact); err != nil {
			return err
		}
		return auth.Revoke(ctx, tx, club, anna, anna)
	})
	if n := w.count(`select count(*) from rights_ended r join viewer_versions v using (person, version)
		where r.person = $1 and r.topic = $2 and r.number = 2`, anna, club); n != 1 {
		t.Errorf("%d rows say where the right ended", n)
	}
}

// TestUntil: the first end of the rights that hold today, at midnight of
// Catalonia, and of broken glass.
func TestUntil(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna := w.person("anna@example.org")
	club := w.body("Club", anna)
	if until := w.viewer(anna).Until; !until.IsZero() {
		t.Errorf("open rights end at %v", until)
	}
	w.exec(`update edges set valid = daterange(null, ((now() at time zone 'Europe/Madrid')::date + 1)) where source = $1`, anna)
	var midnight time.Time
	if err := w.db.Read().QueryRow(t.Context(), `select ((now() at time zone 'Europe/Madrid')::date + 1)::timestamp at time zone 'Europe/Madrid'`).Scan(&midnight); err != nil {
		t.Fatal(err)
	}
	if until := w.viewer(anna).Until; !until.Equal(midnight) {
		t.Errorf("until %v, want %v", until, midnight)
	}
	w.exec(`insert into glass_breaks (id, node, person, reason, until) values ($1, $2, $3, 'Una prova llarga.', now() + interval '1 minute')`, id.New(), club, anna)
	if v := w.viewer(anna); !v.Until.Before(midnight) && time.Until(midnight) > time.Minute || v.LevelOn(club, id.Zero) != access.Organisers {
		t.Errorf("with broken glass until %v", v.Until)
	}
}
