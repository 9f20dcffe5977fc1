package feeds_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
)

// When a week's facts are retired, streams that would have a gap are told so,
// before the partition leaves and after; pages are shorter, counts right, and what
// comes from then on is there.
func TestFeedsWhenFactsAreRetired(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	event := w.event("Fa temps", access.Public)
	w.watch(w.club, global(event))
	w.comment(w.officer, global(event), "Fa temps", "EVERYBODY")
	w.settled()
	of := in{"node": global(event)}
	old := w.feed(w.club, of, 100, nil).Nodes
	first := old[len(old)-1].Cursor
	w.age()
	w.comment(w.officer, global(event), "Ara", "EVERYBODY")
	w.settled()
	for _, grace := range []time.Duration{time.Hour, 0} { // floors raised, then detached
		w.ok(journal.Retire(t.Context(), w.hub.DB, journal.Retention, grace))
		m := w.hub.Socket(t, w.club.token).Subscribe(feedChanges, in{"of": of, "after": first}).Message()
		if !contains(m.Payload, "STALE_CURSOR") {
			t.Errorf("behind what was retired: %s", m.Payload)
		}
	}
	if got := told(w.feed(w.club, of, 100, nil).Nodes, "Fa temps"); len(got) != 1 || got[0] != "COMMENT_ADDED Fa temps" {
		t.Errorf("the feed is %v", got)
	}
	if box := w.inbox(w.club); len(withoutRoles(says(box.Items))) != 1 || box.Unread != len(box.Items) {
		t.Errorf("the inbox has %v, %d unread", says(box.Items), box.Unread)
	}
	state := w.change(w.hub.Socket(t, w.club.token).Subscribe(feedChanges, in{"of": of}))
	if len(state.Items) != 1 {
		t.Errorf("it begins with %v", state.Items)
	}
}

// age moves all facts sixty days into the past, as their tables' owner.
func (w *world) age() {
	w.Helper()
	owner, err := pgx.Connect(w.Context(), w.database.Owner)
	w.ok(err)
	defer owner.Close(w.Context())
	const then = `date_trunc('week', clock_timestamp() - interval '60 days', 'UTC') + interval '1 hour'`
	for _, sql := range []string{
		`select journal_partition(clock_timestamp() - interval '60 days')`,
		`update journal set at = ` + then, `update journal_about set at = ` + then,
	} {
		_, err := owner.Exec(w.Context(), sql)
		w.ok(err)
	}
}
