package table

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// JoinState is what became of a request to belong to a table.
type JoinState string

// The states of a request.
const (
	JoinOpen      JoinState = "OPEN"
	JoinAccepted  JoinState = "ACCEPTED"
	JoinDeclined  JoinState = "DECLINED"
	JoinWithdrawn JoinState = "WITHDRAWN"
)

// joinStateSQL is the state of the request r.
const joinStateSQL = `case when r.accepted is null then 'OPEN' when r.accepted then 'ACCEPTED' when r.withdrawn then 'WITHDRAWN' else 'DECLINED' end`

// maxReason bounds why an organisation asks, and why it is declined.
const maxReason = 500

// JoinRequest is that an organisation asks to belong to a table. Who of its
// people asked is told to nobody.
type JoinRequest struct {
	link.Slots
	ID           id.ID
	Table        id.ID
	Organization id.ID
	State        JoinState
	Message      string
	Reason       string // of a refusal
	AskedAt      time.Time
}

// GlobalID is its public identifier.
func (r *JoinRequest) GlobalID() string { return JoinType.GlobalPart(r.Table, r.ID) }

// MayAskToJoin is why the viewer cannot ask in the name of any organisation.
func (t *Table) MayAskToJoin(v *access.Viewer) error {
	if err := access.MayPropose(v); err != nil {
		return err
	}
	return t.active()
}

// AskToJoin asks the organisers of a table to let an organisation belong to it.
// Who may: who acts for the organisation and sees the table.
func (s *Service) AskToJoin(ctx context.Context, v *access.Viewer, table, organisation id.ID, message, key string) error {
	message = strings.TrimSpace(message)
	var c findings
	c.String(message, maxReason, "message")
	if err := c.Err(); err != nil {
		return err
	}
	may := func(v *access.Viewer, sub access.Subject) error { return access.MayAskToJoin(v, sub, organisation) }
	_, err := s.run(ctx, v, request{key, "tableJoinRequestCreate", table, []any{organisation, message}, may}, func(ctx context.Context, w *work) (id.ID, error) {
		if err := w.table.active(); err != nil {
			return id.Zero, err
		}
		if err := visible(ctx, w.q, v, some(organisation), organisations(), "organization"); err != nil {
			return id.Zero, err
		}
		return organisation, w.askToJoin(ctx, organisation, message)
	})
	return err
}

func (w *work) askToJoin(ctx context.Context, organisation id.ID, message string) error {
	role, err := w.roleOn(ctx, organisation, w.table.Today)
	if err != nil {
		return err
	}
	if role != "" {
		return ErrAlreadyMember.At("organization")
	}
	tag, err := w.q.Exec(ctx, `
		insert into table_join_requests (id, table_node, organisation, message, asked_by) values ($1, $2, $3, $4, $5)
		on conflict (table_node, organisation) where decided_at is null do nothing`, id.New(), w.table.ID, organisation, message, w.viewer.Person)
	if err != nil {
		return wrap("ask to join", err)
	}
	if tag.RowsAffected() == 0 {
		return ErrAlreadyAsked.At("organization")
	}
	asked, err := w.organisers(ctx)
	if err != nil {
		return err
	}
	w.tellOnly(FactJoinAsked, access.Organisers, Fact{Organization: organisation}, []id.ID{}, asked)
	return nil
}

// organisers are those who are asked what the organisers decide: who convenes
// the table, its coordinator and its secretary.
func (w *work) organisers(ctx context.Context) ([]id.ID, error) {
	rows, err := w.q.Query(ctx, `select distinct source from edges where target = $1 and kind = 'has_role' and role = 'ORGANISER' and valid @> `+today, w.table.ID)
	if err != nil {
		return nil, wrap("read who organises a table", err)
	}
	people, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	return append(people, w.table.Home), wrap("read who organises a table", err)
}

// AnswerJoin lets an organisation that asked belong to the table from today on,
// or declines, with a reason for it. Who asked finds the answer in their inbox.
// Who may: the table's organisers.
func (s *Service) AnswerJoin(ctx context.Context, v *access.Viewer, table, asked id.ID, accept bool, reason, key string) error {
	reason = strings.TrimSpace(reason)
	var c findings
	c.String(reason, maxReason, "reason")
	switch {
	case accept:
		reason = ""
	case reason == "":
		c.add(fault.ErrRequired.At("reason"))
	}
	if err := c.Err(); err != nil {
		return err
	}
	_, err := s.run(ctx, v, request{key, "tableJoinRequestDecide", table, []any{asked, accept, reason}, access.MayOrganise}, func(ctx context.Context, w *work) (id.ID, error) {
		organisation, state, err := w.joinRequest(ctx, asked)
		if err != nil {
			return id.Zero, err
		}
		if err := state.open(); err != nil {
			return id.Zero, err
		}
		if !accept {
			return asked, w.settleJoin(ctx, organisation, false, reason)
		}
		if err := w.table.active(); err != nil {
			return id.Zero, err
		}
		return asked, w.addMember(ctx, organisation, Full, nil, nil)
	})
	return err
}

// joinRequest is whose a request to belong to the table is, and what became of it.
func (w *work) joinRequest(ctx context.Context, asked id.ID) (organisation id.ID, state JoinState, err error) {
	err = w.q.QueryRow(ctx, `select r.organisation, `+joinStateSQL+` from table_join_requests r where r.id = $1 and r.table_node = $2`,
		asked, w.table.ID).Scan(&organisation, &state)
	if errors.Is(err, pgx.ErrNoRows) {
		return id.Zero, "", fault.ErrNotFound.At("id")
	}
	return organisation, state, wrap("read a request to join", err)
}

// open tells why a request does not wait for an answer any more.
func (s JoinState) open() error {
	switch s {
	case JoinOpen:
		return nil
	case JoinWithdrawn:
		return ErrJoinWithdrawn.At("id")
	}
	return ErrJoinDecided.At("id")
}

// settleJoin answers the open request of an organisation, if there is one. That a
// request was answered is told at the table without saying whose; to who asked it
// says what became of theirs.
func (w *work) settleJoin(ctx context.Context, organisation id.ID, accepted bool, reason string) error {
	var askedBy id.ID
	err := w.q.QueryRow(ctx, `
		update table_join_requests set decided_at = now(), decided_by = $3, accepted = $4, reason = $5
		where table_node = $1 and organisation = $2 and decided_at is null returning asked_by`,
		w.table.ID, organisation, w.viewer.Person, accepted, reason).Scan(&askedBy)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return wrap("answer a request to join", err)
	}
	w.tellOnly(FactJoinAnswered, w.table.Visibility, Fact{}, []id.ID{askedBy}, nil)
	return nil
}

// tellOnly notes what happened for the feeds of those it is about alone, and not
// for those of the table's places and themes.
func (w *work) tellOnly(kind string, level access.Level, data Fact, about, asks []id.ID) {
	w.facts = append(w.facts, told{journal.Fact{Kind: kind, Level: level, About: about, Asks: asks}, &data})
}

// JoinRequestsOf reads, newest first, the open requests to belong to the tables
// that the viewer organises, and those of organisations that they act for.
func JoinRequestsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, tables []id.ID) (map[id.ID][]*JoinRequest, error) {
	if !v.SignedIn() {
		return map[id.ID][]*JoinRequest{}, nil
	}
	rows, err := q.Query(ctx, joinRequestsSQL, with(v, tables, v.Home)...)
	if err != nil {
		return nil, wrap("read requests to join", err)
	}
	return collect(rows, func(row pgx.CollectableRow) (*JoinRequest, id.ID, error) {
		r := &JoinRequest{}
		return r, r.Table, row.Scan(&r.ID, &r.Table, &r.Organization, &r.State, &r.Message, &r.Reason, &r.AskedAt)
	})
}

var joinRequestsSQL = `select x.* from unnest(` + postgres.Keys + `) with ordinality as w(id, place)
	join nodes n on n.id = w.id and ` + access.VisibleSQL("n", 3) + ` cross join lateral (
	select r.id, r.table_node, r.organisation, ` + joinStateSQL + `,
	  r.message, r.reason, r.at
	from table_join_requests r
	where r.table_node = n.id and (r.decided_at is null and ` + access.LevelSQL("n", 3) + ` = 4 or r.organisation = any($2))
	order by r.at desc, r.id limit 100) x order by w.place`
