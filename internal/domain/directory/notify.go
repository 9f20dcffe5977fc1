package directory

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// tellClaimant mails what was decided to who claimed, as part of the
// transaction. Who has no mail address finds it among their claims.
func (s *Service) tellClaimant(ctx context.Context, tx *postgres.Tx, d Decision, person id.ID) error {
	if s.mail == nil {
		return nil
	}
	var to *string
	var l *lang.Lang
	var title lang.Text
	// On the hub's own authority: the officer who decides need not see the
	// address of who is told.
	err := postgres.Hub(tx.Native()).QueryRow(ctx, `
		select coalesce(a.mail, p.mail), a.lang, o.title_ca, o.title_es, o.title_en
		from nodes o left join accounts a on a.person = $1 left join person_names p on p.subject = $1
		where o.id = $2`, person, d.Association).Scan(&to, &l, &title.CA, &title.ES, &title.EN)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && to == nil {
		return nil
	}
	if err != nil {
		return wrap("read who is to be told", err)
	}
	reads := lang.CA
	if l != nil {
		reads = *l
	}
	reason := d.Reason
	if d.Accept {
		reason = ""
	}
	return s.mail.EnqueueTx(ctx, tx, mail.Message{
		To: *to, Lang: reads, Template: mail.ClaimDecided, UniqueKey: "claim/" + d.Claim.String(),
		Data: map[string]any{
			"organization": title.In(reads), "accepted": d.Accept, "reason": reason,
			"link": s.site + "/organization/" + node.Association.Global(d.Association),
		},
	})
}
