package live

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
)

// log is the journal of one topic, as a model.
type log struct {
	entries []journal.Entry
	heads   [access.Levels]int64
}

func (l *log) add(level access.Level) {
	e := journal.Entry{Level: level, Kind: "k"}
	for k := level; k <= access.Organisers; k++ {
		l.heads[k]++
		e.Numbers[k] = l.heads[k]
	}
	e.Number = e.Numbers[access.Organisers]
	l.entries = append(l.entries, e)
}

// read answers what the tail asks: at most limit entries after a number, or the
// newest of a topic that is not known.
func (l *log) read(after int64, limit int) journal.Change {
	if after == journal.Unknown {
		after = max(l.heads[access.Organisers]-int64(limit), 0)
	}
	entries := l.entries[after:]
	return journal.Change{Heads: l.heads, Entries: entries[:min(limit, len(entries))]}
}

// Whatever is appended, dropped and forgotten, the ring holds at each level
// exactly the numbers it says, up to what was read; the bytes stay bounded.
func TestRingHoldsWhatItSays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		var model log
		ring := &topic{limit: rapid.IntRange(300, 3000).Draw(r, "limit")}
		r.Repeat(map[string]func(*rapid.T){
			"append": func(r *rapid.T) { model.add(access.Level(rapid.IntRange(0, 4).Draw(r, "level"))) },
			"look": func(r *rapid.T) {
				after := ring.after()
				if c := model.read(after, 8); after == journal.Unknown || len(c.Entries) > 0 {
					ring.apply(c)
				}
			},
			"empty":   func(*rapid.T) { ring.empty() },
			"restart": func(*rapid.T) { ring.restart(0) },
			"":        func(r *rapid.T) { checkRing(r, ring, &model) },
		})
	})
}

func checkRing(r *rapid.T, ring *topic, model *log) {
	bytes := 0
	for i := range ring.ring {
		bytes += size(&ring.ring[i])
	}
	if bytes != ring.bytes || bytes > ring.limit {
		r.Fatalf("%d bytes, says %d, limit %d", bytes, ring.bytes, ring.limit)
	}
	if !ring.known {
		return
	}
	for level := access.Public; level <= access.Organisers; level++ {
		for after := ring.base[level]; after < ring.head[level]; after++ {
			next := after
			for _, e := range ring.between(level, after, 5) {
				next++
				if e.Number != next || e.Level > level {
					r.Fatalf("%s after %d: number %d of level %s, want %d", level, after, e.Number, e.Level, next)
				}
			}
			if want := min(after+5, ring.head[level]); next != want {
				r.Fatalf("%s after %d: up to %d, want %d", level, after, next, want)
			}
		}
	}
}
