package oversight

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

const columns = `g.id, g.node, g.person, p.name, g.reason, g.at, g.until`

func scan(row pgx.CollectableRow) (*Glass, error) {
	g := &Glass{}
	return g, row.Scan(&g.ID, &g.NodeID, &g.Person, &g.Administrator, &g.Reason, &g.At, &g.Until)
}

var glassOfSQL = `
	select ` + columns + `
	from glass_breaks g join nodes n on n.id = g.node left join person_names p on p.subject = g.person
	where g.node = $1 and ` + access.LevelSQL("n", 2) + ` = 4 order by g.at desc, g.id desc limit $7`

// GlassOf reads who broke the glass of a node, newest first, for its organisers;
// others get nothing. The administrator's name is theirs to know, though they
// act for no body together: it is read on the hub's own authority.
func GlassOf(ctx context.Context, q postgres.Querier, v *access.Viewer, of id.ID, first int) ([]*Glass, error) {
	args := append(append([]any{of}, v.SQLArgs()...), first)
	rows, err := postgres.Hub(q).Query(ctx, glassOfSQL, args...)
	if err != nil {
		return nil, wrap("read broken glass", err)
	}
	list, err := pgx.CollectRows(rows, scan)
	return list, wrap("read broken glass", err)
}

// OwnGlass reads one that the viewer broke; nil when there is none.
func OwnGlass(ctx context.Context, q postgres.Querier, v *access.Viewer, glass id.ID) (*Glass, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, `
		select `+columns+` from glass_breaks g left join person_names p on p.subject = g.person
		where g.id = $1 and g.person = $2`, glass, v.Person)
	if err != nil {
		return nil, wrap("read broken glass", err)
	}
	list, err := pgx.CollectRows(rows, scan)
	if err != nil || len(list) == 0 {
		return nil, wrap("read broken glass", err)
	}
	return list[0], nil
}

// recipients bounds how many are told by mail.
const recipients = 50

// recipient is somebody who answers for the home of what was looked into.
type recipient struct {
	Person        id.ID
	To            string
	Lang          lang.Lang
	Administrator string // the name of who looks
}

// tell mails who answers for the node's home, as part of the transaction. On the
// hub's own authority: an administrator need not see whom it tells.
func (s *Service) tell(ctx context.Context, tx *postgres.Tx, n *node.Node, g *Glass) error {
	if s.mail == nil {
		return nil
	}
	rows, err := postgres.Hub(tx.Native()).Query(ctx, `
		select distinct on (e.source) e.source, coalesce(a.mail, p.mail), coalesce(a.lang, 'ca'), coalesce(own.name, '')
		from edges e left join accounts a on a.person = e.source left join person_names p on p.subject = e.source
		left join person_names own on own.subject = $2
		where e.target = $1 and e.kind = 'acts_for' and e.role in ('REPRESENTATIVE', 'OFFICER')
		  and e.valid @> (now() at time zone 'Europe/Madrid')::date and a.disabled_at is null
		  and coalesce(a.mail, p.mail) is not null
		order by e.source limit $3`, n.Home, g.Person, recipients)
	if err != nil {
		return wrap("read who is to be told", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[recipient])
	if err != nil {
		return wrap("read who is to be told", err)
	}
	for _, r := range list {
		err := s.mail.EnqueueTx(ctx, tx, mail.Message{
			To: r.To, Lang: r.Lang, Template: mail.GlassBroken, UniqueKey: "glass/" + g.ID.String() + "/" + r.Person.String(),
			Data: map[string]any{
				"what": n.Title.In(r.Lang), "administrator": r.Administrator, "reason": g.Reason, "at": g.At,
				"link": s.site + "/" + n.GlobalID(),
			},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
