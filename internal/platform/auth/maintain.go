package auth

import (
	"context"

	"github.com/teixit/teixit/internal/platform/postgres"
)

// Maintain forgets what is over: codes after a day, counters after their window,
// ended sessions and tokens after 30 days, invitations after 90. It draws together
// the changes of rights, whose sum is what counts. Any number of instances may do
// it at any time.
func Maintain(ctx context.Context, db *postgres.DB) error {
	for _, forget := range []string{
		`delete from sign_in_codes where least(expires_at, coalesce(used_at, expires_at)) < now() - interval '1 day'`,
		`delete from mail_changes where least(expires_at, coalesce(used_at, expires_at)) < now() - interval '1 day'`,
		`delete from rate_counters where until < now()`,
		`delete from sessions where least(expires_at, coalesce(ended_at, expires_at)) < now() - interval '30 days'`,
		`delete from api_tokens where least(expires_at, coalesce(revoked_at, expires_at)) < now() - interval '30 days'`,
		`delete from invitations where least(expires_at, coalesce(accepted_at, expires_at), coalesce(revoked_at, expires_at)) < now() - interval '90 days'`,
		drawTogetherSQL,
	} {
		err := db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Native().Exec(ctx, forget)
			return err
		})
		if err != nil {
			return wrap("forget what is over", err)
		}
	}
	return nil
}

// Who reads sees the rows of before or the one of after. Of two who do this at
// once, one finds nothing left.
const drawTogetherSQL = `
with gone as (
  delete from rights_changes c
  using (select subject from rights_changes group by subject having count(*) > 8) m
  where c.subject = m.subject returning c.subject, c.weight)
insert into rights_changes (subject, weight) select subject, sum(weight) from gone group by subject`
