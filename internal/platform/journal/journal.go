// Package journal is the spine of the hub: what happened, told once, in order.
//
// Every node has a topic. A command locks the topics it touches (Lock), changes
// rows and appends past-tense facts (Append) in the same transaction. Live
// updates, feeds, the audit of writes, notifications and caches only read.
//
// Numbers run per (topic, level): a fact of level L has a number at every level
// that may see it (L and above). At each level the numbers are gapless and in
// the order of the commits, because they are given under the topic's lock. So
// nobody sees a gap, and no number counts what is hidden. A topic is read by
// number (After) and needs no horizon: a transaction left open elsewhere delays
// nobody.
//
// A feed (Feed) gathers the facts about one thing from many topics, which no
// lock puts in order. It is read in the order (fxid, seq), only up to the oldest
// transaction still open anywhere in the cluster. fxid is the greater of the
// writer's transaction number and the topic's newest fxid: transaction numbers
// alone would contradict the order within a topic whenever the older transaction
// waited for the lock of the younger.
//
// Facts name things by identifier and never hold personal data: an erasure does
// not rewrite history.
package journal

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// ErrStaleCursor says that a stream cannot go on from a cursor: the facts after
// it were retired, or it belongs to another history (a restored database), or
// it is ahead of the topic. The client reloads; it never gets a gap.
var ErrStaleCursor = fault.Define(fault.Conflict, "STALE_CURSOR",
	"No es pot continuar des d'aquest punt: torneu a carregar l'estat actual.",
	"No se puede continuar desde este punto: vuelva a cargar el estado actual.",
	"The stream cannot go on from this point: load the present state again.")

// Fact is something that happened, in the past tense.
type Fact struct {
	Kind  string       // past tense and dotted: "registration.confirmed"
	Level access.Level // the lowest level of sight on the topic's node that may see it
	// Data is marshalled to JSON: a struct with json tags, identifiers only,
	// never personal data. nil is the empty object.
	Data any
	// About lists the things in whose feeds the fact appears. The topic's own node
	// is added by itself; a fact about nothing is in no feed, for what happens too
	// often for people to read it (seats, arrivals).
	About []id.ID
	// Asks lists organisations and people from whom the fact wants something: it
	// is about them, and in their people's inbox, as far as these may see it.
	Asks []id.ID
}

// Entry is a fact as the journal holds it. Data is shared between readers and
// must not be changed.
type Entry struct {
	Node    id.ID
	Number  int64                // at the level the reader asked for
	Numbers [access.Levels]int64 // per level; 0 where the level may not see it
	FXID    uint64               // feed position, with Seq
	Seq     int64
	Era     int64 // epoch in which it was written; set in feeds
	Source  int   // place of the source it was found by; set in feeds
	Kind    string
	Level   access.Level
	Data    json.RawMessage
	Actor   id.ID // the person; Zero when the hub itself acted
	// OnBehalfOf is the organisation the actor acted for; Zero for oneself.
	OnBehalfOf id.ID
	At         time.Time // PostgreSQL's clock
}

// For returns the entry as a reader of the level sees it, and whether it may.
func (e Entry) For(level access.Level) (Entry, bool) {
	if e.Level > level {
		return Entry{}, false
	}
	e.Number = e.Numbers[level]
	return e, true
}

// Position is where a topic stands: the newest number at each level, and the
// number up to which facts have been retired.
type Position struct {
	Topic         id.ID
	Epoch         int64
	Heads, Floors [access.Levels]int64
}

// Cursor is the position as a reader of the level holds it.
func (p Position) Cursor(level access.Level) Cursor {
	return Cursor{Topic: p.Topic, Epoch: p.Epoch, Level: level, Number: p.Heads[level]}
}

// Lock takes the locks of the topics, in one order for everybody. It is the
// first statement of every command, before anything is read that the command
// decides upon; a topic needed later is locked together with the others.
// A topic that does not exist is fault.ErrNotFound.
//
// Two commands that lock in different orders wait for each other; FOR NO KEY
// UPDATE leaves rows free that refer to the topic's node.
func Lock(ctx context.Context, tx *postgres.Tx, topics ...id.ID) error {
	topics = sorted(topics)
	tag, err := tx.Native().Exec(ctx,
		`select from topics where node = any($1) order by node for no key update`, topics)
	if err != nil {
		return fmt.Errorf("lock topics: %w", err)
	}
	if int(tag.RowsAffected()) != len(topics) {
		return fault.ErrNotFound.New().Because(errors.New("lock topics: one of them does not exist"))
	}
	return nil
}

// LockFree takes the locks of those topics that nobody holds, and says which they
// are: for a transaction about several of them, where nobody shall wait for a topic
// that is somebody else's concern.
func LockFree(ctx context.Context, tx *postgres.Tx, topics ...id.ID) ([]id.ID, error) {
	rows, err := tx.Native().Query(ctx,
		`select node from topics where node = any($1) order by node for no key update skip locked`, sorted(topics))
	if err != nil {
		return nil, fmt.Errorf("lock free topics: %w", err)
	}
	free, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return nil, fmt.Errorf("lock free topics: %w", err)
	}
	return free, nil
}

func sorted(topics []id.ID) []id.ID {
	topics = slices.Clone(topics)
	slices.SortFunc(topics, func(a, b id.ID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(topics)
}

// Heads reads where the topic stands. Within a snapshot it is read first, so
// that the state read after it is exactly the state at that number.
func Heads(ctx context.Context, q postgres.Querier, topic id.ID) (Position, error) {
	p := Position{Topic: topic}
	targets := []any{&p.Epoch}
	for k := range p.Heads {
		targets = append(targets, &p.Heads[k], &p.Floors[k])
	}
	err := q.QueryRow(ctx, `
		select e.number, t.head0, t.floor0, t.head1, t.floor1, t.head2, t.floor2, t.head3, t.floor3, t.head4, t.floor4
		from topics t cross join epoch e where t.node = $1`, topic).Scan(targets...)
	if err != nil {
		return Position{}, postgres.Translate(fmt.Errorf("read heads: %w", err), nil)
	}
	return p, nil
}
