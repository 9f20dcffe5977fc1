package calendar

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Notice is what an event's organisers want read and accepted before anybody is
// registered. A version never changes: whoever accepted it accepted those words.
type Notice struct {
	Event     id.ID
	Version   int // from 1
	Text      lang.Text
	WrittenAt time.Time
}

// SetNotice writes the next version of the notice. Registrations from then on
// accept that one. Who may: the event's organisers.
func (s *Events) SetNotice(ctx context.Context, v *access.Viewer, event id.ID, text lang.Text, key string) (*EventResult, error) {
	text = trimText(text)
	var check findings
	check.Needed(text, 5_000, "text")
	if err := check.Err(); err != nil {
		return nil, err
	}
	return s.run(ctx, v, key, "eventNoticeSet", []any{event, text}, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		c, err := lockForChange(ctx, tx, v, event, nil)
		if err != nil {
			return id.Zero, err
		}
		var version int
		err = tx.Native().QueryRow(ctx, `
			insert into event_notices (event, version, text, written_by)
			select $1, coalesce(max(version), 0) + 1, $2, $3 from event_notices where event = $1 returning version`,
			event, text, v.Person).Scan(&version)
		if err != nil {
			return id.Zero, storeError("write the notice", err)
		}
		return event, c.tellPart(ctx, tx, FactNoticeChanged, NoticeChanged{version})
	})
}

var noticesSQL = `
select distinct on (x.event) x.event, x.version, x.text, x.written_at from event_notices x join nodes n on n.id = x.event
where x.event = any(` + postgres.Keys + `) and ` + access.VisibleSQL("n", 2) + ` order by x.event, x.version desc`

// NoticesOf reads the newest notice of each event that the viewer can see.
func NoticesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, events []id.ID) (map[id.ID]*Notice, error) {
	rows, err := q.Query(ctx, noticesSQL, append([]any{events}, v.SQLArgs()...)...)
	if err != nil {
		return nil, storeError("read notices", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Notice, error) {
		n := &Notice{}
		return n, row.Scan(&n.Event, &n.Version, &n.Text, &n.WrittenAt)
	})
	found := make(map[id.ID]*Notice, len(list))
	for _, n := range list {
		found[n.Event] = n
	}
	return found, storeError("read notices", err)
}
