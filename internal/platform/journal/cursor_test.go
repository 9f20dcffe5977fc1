package journal_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
)

func TestCursorsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		natural := rapid.Int64Min(0)
		c := journal.Cursor{
			Topic: id.New(), Epoch: natural.Draw(r, "epoch"),
			Level: access.Level(rapid.IntRange(0, 4).Draw(r, "level")), Number: natural.Draw(r, "number"),
		}
		if got, err := journal.DecodeCursor(c.Encode(), c.Topic); err != nil || got != c {
			r.Fatalf("%+v became %+v, %v", c, got, err)
		}
		f := journal.FeedCursor{
			Epoch: natural.Draw(r, "epoch"), Era: natural.Draw(r, "era"),
			FXID: uint64(natural.Draw(r, "fxid")), Seq: natural.Draw(r, "seq"),
		}
		if got, err := journal.DecodeFeedCursor(f.Encode()); err != nil || got != f {
			r.Fatalf("%+v became %+v, %v", f, got, err)
		}
	})
}

func TestWhatIsNoCursorIsRefused(t *testing.T) {
	t.Parallel()
	topic := id.New()
	good := journal.Cursor{Topic: topic, Epoch: 7, Number: 3}.Encode()
	feed := journal.FeedCursor{Epoch: 7, Seq: 1}.Encode()
	for _, text := range []string{" ", "0", "=", "AQ", good + "AA", good[:len(good)-2], feed, "ñ", string(make([]byte, 100000))} {
		if _, err := journal.DecodeCursor(text, topic); !errors.Is(err, fault.ErrBadCursor) {
			t.Errorf("topic cursor %.20q: %v", text, err)
		}
	}
	if _, err := journal.DecodeCursor(good, id.New()); !errors.Is(err, fault.ErrBadCursor) {
		t.Errorf("a cursor of another topic: %v", err)
	}
	if _, err := journal.DecodeFeedCursor(good); !errors.Is(err, fault.ErrBadCursor) {
		t.Errorf("a topic's cursor for a feed: %v", err)
	}
	rapid.Check(t, func(r *rapid.T) { // whatever comes, no panic
		text := rapid.String().Draw(r, "text")
		_, _ = journal.DecodeCursor(text, topic)
		_, _ = journal.DecodeFeedCursor(text)
	})
}

func TestResume(t *testing.T) {
	t.Parallel()
	topic := id.New()
	c := journal.Cursor{Topic: topic, Epoch: 7, Level: access.Members, Number: 3}
	for name, want := range map[string]struct {
		text      string
		level     access.Level
		epoch     int64
		beginning journal.Beginning
		cursor    journal.Cursor
		err       error
	}{
		"first time":    {"", access.Members, 7, journal.Fresh, journal.Cursor{}, nil},
		"resumed":       {c.Encode(), access.Members, 7, journal.Resumed, c, nil},
		"level lowered": {c.Encode(), access.Public, 7, journal.LevelChanged, journal.Cursor{}, nil},
		"level raised":  {c.Encode(), access.Organisers, 7, journal.LevelChanged, journal.Cursor{}, nil},
		"other history": {c.Encode(), access.Members, 8, journal.Fresh, journal.Cursor{}, journal.ErrStaleCursor},
		"nonsense":      {"x", access.Members, 7, journal.Fresh, journal.Cursor{}, fault.ErrBadCursor},
	} {
		cursor, beginning, err := journal.Resume(want.text, topic, want.level, want.epoch)
		if cursor != want.cursor || beginning != want.beginning || !errors.Is(err, want.err) {
			t.Errorf("%s: %+v, %v, %v", name, cursor, beginning, err)
		}
	}
}
