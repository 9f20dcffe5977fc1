package table

import (
	"context"
	"fmt"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

// Duplicate is how a session is held once more.
type Duplicate struct {
	StartsAt *time.Time // nil: as the table's rhythm says; none where it has none
	Title    *lang.Text // nil: the same, or the next number where it was but a number
}

// DuplicateSession prepares a session like another one: its place and the topics
// that were put onto its agenda. What came of them, who was there, papers and
// minutes are of that day; what was left open comes by itself when it is called.
// Who may: the table's organisers.
func (s *Service) DuplicateSession(ctx context.Context, v *access.Viewer, table, session id.ID, like Duplicate, key string) (id.ID, error) {
	spec := SessionSpec{Title: like.Title, StartsAt: like.StartsAt}
	if err := spec.check(); err != nil {
		return id.Zero, err
	}
	c := request{key: key, name: "tableSessionDuplicate", table: table, input: []any{session, like}}
	return s.onSession(ctx, v, c, session, func(ctx context.Context, w *work, of *Session) (id.ID, error) {
		if err := w.table.active(); err != nil {
			return id.Zero, err
		}
		return w.duplicate(ctx, of, spec)
	})
}

func (w *work) duplicate(ctx context.Context, of *Session, spec SessionSpec) (id.ID, error) {
	spec.Place, spec.OnlineURL, spec.Extraordinary = &of.Place, &of.OnlineURL, &of.Extraordinary
	if spec.Title == nil && of.Title != numbered(of.Number) {
		spec.Title = &of.Title
	}
	if spec.StartsAt == nil && of.StartsAt != nil {
		var now time.Time
		if err := w.q.QueryRow(ctx, `select now()`).Scan(&now); err != nil {
			return id.Zero, wrap("read the time", err)
		}
		spec.StartsAt = of.Rules.Periodicity.next(*of.StartsAt, now)
	}
	session, err := w.newSession(ctx, spec, SessionProposed)
	if err != nil {
		return id.Zero, err
	}
	w.tell(FactSessionCreated, access.Organisers, Fact{Session: session})
	_, err = w.q.Exec(ctx, `
		insert into table_agenda_items (id, table_node, session, position, kind, title, description)
		select gen_random_uuid(), table_node, $2, row_number() over (order by position, id) - 1, kind, title, description
		from table_agenda_items where session = $1 and kind = 'TOPIC' and carried_from is null`, of.ID, session)
	return session, wrap("copy an agenda", err)
}

// numbered is the title of a session that was given none.
func numbered(n int) lang.Text {
	return lang.Text{CA: fmt.Sprintf("Sessió %d", n), ES: fmt.Sprintf("Sesión %d", n), EN: fmt.Sprintf("Session %d", n)}
}

// weeks is the rhythm of a table: whole weeks, so that who meets on Tuesdays goes
// on meeting on Tuesdays. 0: it meets when there is need.
func (p Periodicity) weeks() int {
	return map[Periodicity]int{Monthly: 4, Bimonthly: 9, Quarterly: 13, HalfYearly: 26, Yearly: 52}[p]
}

// next is the first date behind now on which the table would meet that met at a
// moment, at the same hour by the clocks in Madrid; nil without a rhythm.
func (p Periodicity) next(met, now time.Time) *time.Time {
	weeks := p.weeks()
	if weeks == 0 {
		return nil
	}
	at := met.In(madrid())
	for at = at.AddDate(0, 0, 7*weeks); !at.After(now); {
		at = at.AddDate(0, 0, 7*weeks)
	}
	return &at
}
