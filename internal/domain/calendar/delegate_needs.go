package calendar

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// NeedsOfDelegate is what a delegate eats and needs. It stands apart from the
// registration: only the organisers read it, and it goes soon after the event.
type NeedsOfDelegate struct {
	Delegate     id.ID
	Diet, Access string
	Until        time.Time // when it is deleted
	event        id.ID
}

const maxNeeds = 500

// FactNeedsNoted tells the organisers that there is something to read, not what.
const FactNeedsNoted = "NEEDS_NOTED" // DelegateChanged

// SetNeeds notes what a delegate eats and needs; nil leaves it, an empty text
// deletes it.
//
// Who may: the parties of the registration, and the delegate; writing it gives
// no right to read it. Refusals: ErrDelegateGone, ErrEventOver and INVALID.
func (s *Registrations) SetNeeds(ctx context.Context, v *access.Viewer, event, delegate id.ID, diet, access *string, key string) (x *Delegate, err error) {
	if wrong := checkNeeds(diet, access); len(wrong) > 0 {
		return nil, wrong
	}
	r := request{viewer: v, event: event, key: key, name: "delegateNeedsSet", input: []any{delegate, diet, access}}
	err = s.do(ctx, r, func(ctx context.Context, d *desk) ([]id.ID, error) {
		f, err := d.fileOf(ctx, delegate)
		if err != nil {
			return nil, err
		}
		who := f.delegate(delegate)
		if err := d.mayNoteNeeds(f, who); err != nil {
			return nil, err
		}
		d.tellDelegates(FactNeedsNoted, f, []fileDelegate{who})
		return []id.ID{delegate}, d.writeNeeds(ctx, delegate, diet, access)
	}, func(ctx context.Context, q postgres.Querier, ids []id.ID) (err error) {
		x, err = oneDelegate(ctx, q, v, ids[0])
		return err
	})
	return x, err
}

func (d *desk) mayNoteNeeds(f *file, who fileDelegate) error {
	if err := access.MayCancelDelegate(d.viewer, d.block(f), who.Person); err != nil {
		return err
	}
	if oneOf(who.State, []DelegateState{DelegateCancelled, DelegateRejected, DelegateReplaced}) {
		return ErrDelegateGone.New()
	}
	if d.at.State.Final() || d.at.Over {
		return ErrEventOver.New()
	}
	return nil
}

func checkNeeds(diet, access *string) (wrong fault.List) {
	for field, text := range map[string]*string{"diet": diet, "access": access} {
		switch {
		case text == nil:
		case !form.Storable(*text):
			wrong = append(wrong, fault.ErrBadText.At(field))
		case utf8.RuneCountInString(strings.TrimSpace(*text)) > maxNeeds:
			wrong = append(wrong, fault.ErrTooLong.At(field).With("max", maxNeeds))
		}
	}
	return wrong
}

const writeNeedsSQL = `
with old as (select diet, access from delegate_needs where delegate = $1
), now as (
  select coalesce($3, (select diet from old), '') as diet, coalesce($4, (select access from old), '') as access
), gone as (
  delete from delegate_needs where delegate = $1 and (select diet || access from now) = ''
)
insert into delegate_needs (delegate, event, diet, access, purge_at)
select $1, $2, now.diet, now.access, ` + overSQL + ` + $5::int * interval '1 day'
from now join events e on e.node = $2 where now.diet <> '' or now.access <> ''
on conflict (delegate) do update set diet = excluded.diet, access = excluded.access, purge_at = excluded.purge_at`

// writeNeeds is the hub's own work: who notes needs need not be able to read
// what was noted before.
func (d *desk) writeNeeds(ctx context.Context, delegate id.ID, diet, access *string) error {
	if diet == nil && access == nil {
		return nil
	}
	_, err := postgres.Hub(d.tx.Native()).Exec(ctx, writeNeedsSQL, delegate, d.event, trimmed(diet), trimmed(access), NeedsDays)
	return registrationError("note needs", err)
}

func trimmed(text *string) *string {
	if text == nil {
		return nil
	}
	t := strings.TrimSpace(*text)
	return &t
}

var needsSQL = `
select x.delegate, x.diet, x.access, x.purge_at, x.event
from delegate_needs x join nodes n on n.id = x.event
where x.delegate = any(` + postgres.Keys + `) and ` + access.LevelSQL("n", 2) + ` = 4`

// NeedsOf reads the needs of delegates, for the organisers of their events;
// others get none.
func NeedsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, delegates []id.ID) (map[id.ID]*NeedsOfDelegate, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, needsSQL, append([]any{delegates}, v.SQLArgs()...)...)
	if err != nil {
		return nil, registrationError("read needs", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*NeedsOfDelegate, error) {
		n := &NeedsOfDelegate{}
		return n, row.Scan(&n.Delegate, &n.Diet, &n.Access, &n.Until, &n.event)
	})
	if err != nil {
		return nil, registrationError("read needs", err)
	}
	of, read := make(map[id.ID]*NeedsOfDelegate, len(list)), map[id.ID][]id.ID{}
	for _, n := range list {
		of[n.Delegate] = n
		read[n.event] = append(read[n.event], n.Delegate)
	}
	for event, subjects := range read {
		if err := audit.Read(ctx, q, v, audit.Needs, event, subjects); err != nil {
			return nil, err
		}
	}
	return of, nil
}
