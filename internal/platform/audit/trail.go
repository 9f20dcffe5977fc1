package audit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Entry is one line of a trail: a change or a read.
type Entry struct {
	At         time.Time
	Read       bool // somebody read personal data; else something was changed
	What       string
	Actor      id.ID // Zero: the hub itself
	OnBehalfOf id.ID
	Node       id.ID   // the thing it is about; Zero: none
	Subjects   []id.ID // whose data were read
	number     int64   // of a change: its place on the topic; of a read: in the log
}

// Filter says which lines of a trail to read; its zero value is all of them.
// Days are those of Europe/Madrid, both of them in it; nil is no bound.
type Filter struct {
	Kind        Kind
	From, Until *time.Time
}

// Kind says whether lines are changes or reads.
type Kind int

// The kinds of lines.
const (
	Everything Kind = iota
	Changes
	Reads
)

// TrailOf reads who changed a thing and who read personal data in it, newest
// first. Who may: who administers it (the organisers' level). Faults:
// fault.ErrNotFound for who does not see the thing, fault.ErrDenied for who sees
// it only. The read is noted in the trail.
func TrailOf(ctx context.Context, q postgres.Querier, v *access.Viewer, node id.ID, f Filter, args page.Args) (*page.Connection[Entry], error) {
	if err := administers(ctx, q, v, node); err != nil {
		return nil, err
	}
	number, line, err := position(args)
	if err != nil {
		return nil, err
	}
	var changes, reads []Entry
	if f.Kind != Reads {
		if changes, err = collect(q.Query(ctx, changesSQL, node, number, args.Rows(), f.From, f.Until)); err != nil {
			return nil, err
		}
	}
	if f.Kind != Changes {
		if reads, err = collect(postgres.Personal(q, v).Query(ctx, readsSQL, node, line, args.Rows(), f.From, f.Until)); err != nil {
			return nil, err
		}
	}
	all := merge(changes, reads)
	if err := noteTrail(ctx, q, v, node, all); err != nil {
		return nil, err
	}
	return page.NewConnection(all, args, places(all, number, line)), nil
}

func noteTrail(ctx context.Context, q postgres.Querier, v *access.Viewer, node id.ID, all []Entry) error {
	var actors []id.ID
	for _, e := range all {
		actors = append(actors, e.Actor)
	}
	return Read(ctx, q, v, Trail, node, actors)
}

func administers(ctx context.Context, q postgres.Querier, v *access.Viewer, node id.ID) error {
	var level access.Level
	err := q.QueryRow(ctx, levelSQL, append([]any{node}, v.SQLArgs()...)...).Scan(&level)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return fault.ErrNotFound.At("node")
	case err != nil:
		return wrap(err)
	case level < access.Organisers:
		return fault.ErrDenied.New()
	}
	return nil
}

var levelSQL = `select ` + access.LevelSQL("n", 2) + ` from nodes n where n.id = $1 and ` + access.VisibleSQL("n", 2)

// between are the bounds of a filter as moments.
const between = `coalesce($4::date::timestamp at time zone 'Europe/Madrid', '-infinity'),
		  coalesce(($5::date + 1)::timestamp at time zone 'Europe/Madrid', 'infinity')`

const (
	changesSQL = `select j.at, false, j.kind, j.actor, j.on_behalf_of, $1::uuid, '{}'::uuid[], j.n4
		from audit_journal_between($1, $2, $3, ` + between + `) j order by j.n4 desc`
	readsSQL = `select at, true, what, actor, on_behalf_of, node, subjects, id
		from access_log cross join (select ` + between + `) b (since, before)
		where node = $1 and id < $2 and at >= b.since and at < b.before order by id desc limit $3`
	accessesSQL = `select at, true, what, actor, on_behalf_of, node, '{}'::uuid[], id
		from access_log where subjects && ($1::uuid || array(select delegate from delegate_secrets where person = $1)
		    || array(select target from edges where source = $1 and kind = 'supersedes'))
		  and actor is distinct from $1 and id < $2 order by id desc limit $3`
)

// AccessesTo reads who read the viewer's own data, newest first: by the person,
// by the delegates they are, and by the records that became one with them. Subjects stay empty: others' data may have been
// read along.
func AccessesTo(ctx context.Context, q postgres.Querier, v *access.Viewer, args page.Args) (*page.Connection[Entry], error) {
	if !v.SignedIn() {
		return nil, fault.ErrUnauthenticated.New()
	}
	_, line, err := position(args)
	if err != nil {
		return nil, err
	}
	// On the hub's own authority, of the viewer's own data alone: no index finds
	// subjects behind a policy.
	reads, err := collect(postgres.Hub(q).Query(ctx, accessesSQL, v.Person, line, args.Rows()))
	if err != nil {
		return nil, err
	}
	return page.NewConnection(reads, args, places(reads, start, line)), nil
}

func collect(rows pgx.Rows, err error) ([]Entry, error) {
	if err != nil {
		return nil, wrap(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e Entry, err error) {
		return e, row.Scan(&e.At, &e.Read, &e.What, &e.Actor, &e.OnBehalfOf, &e.Node, &e.Subjects, &e.number)
	})
	return list, wrap(err)
}

// merge joins two lists, each newest first. Each keeps its own order, whatever
// the clock did; between them the clock decides.
func merge(changes, reads []Entry) []Entry {
	all := make([]Entry, 0, len(changes)+len(reads))
	for len(changes) > 0 && len(reads) > 0 {
		from := &changes
		if reads[0].At.After(changes[0].At) {
			from = &reads
		}
		all = append(all, (*from)[0])
		*from = (*from)[1:]
	}
	return slices.Concat(all, changes, reads)
}

// start is above every number.
const start = int64(1) << 62

// A cursor holds how far down both lists a reader has got.
func position(args page.Args) (number, line int64, err error) {
	keys, err := args.After.Keys(2)
	if err != nil || keys == nil {
		return start, start, err
	}
	number, err1 := strconv.ParseInt(keys[0], 10, 64)
	line, err2 := strconv.ParseInt(keys[1], 10, 64)
	if err := errors.Join(err1, err2); err != nil {
		return 0, 0, fault.ErrBadCursor.At("after").Because(err)
	}
	return number, line, nil
}

// places gives each entry the cursor behind it.
func places(all []Entry, number, line int64) func(Entry) page.Cursor {
	type key struct {
		read   bool
		number int64
	}
	at := make(map[key]page.Cursor, len(all))
	for _, e := range all {
		if e.Read {
			line = e.number
		} else {
			number = e.number
		}
		at[key{e.Read, e.number}] = page.Cursor{strconv.FormatInt(number, 10), strconv.FormatInt(line, 10)}
	}
	return func(e Entry) page.Cursor { return at[key{e.Read, e.number}] }
}

func wrap(err error) error {
	if err == nil {
		return nil
	}
	return postgres.Translate(fmt.Errorf("read the audit trail: %w", err), nil)
}
