package auth

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/personal"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/private"
)

// SubjectOf reads whom an export or an erasure is about: the person with the
// mail addresses they have proven to read.
func SubjectOf(ctx context.Context, q postgres.Querier, person id.ID) (personal.Subject, error) {
	who := personal.Subject{ID: person}
	rows, err := postgres.Hub(q).Query(ctx, `select mail from accounts where person = $1 and mail is not null`, person)
	if err != nil {
		return who, wrap("read the person's addresses", err)
	}
	who.Mails, err = pgx.CollectRows(rows, pgx.RowTo[string])
	return who, wrap("read the person's addresses", err)
}

// Suspend keeps a person from acting, at once and on every instance, before an
// erasure begins: the account is disabled, sessions and tokens end.
func Suspend(ctx context.Context, db *postgres.DB, person id.ID) error {
	return db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		for _, end := range []string{
			`update accounts set disabled_at = coalesce(disabled_at, now()) where person = $1`,
			`update sessions set ended_at = now() where person = $1 and ended_at is null`,
			`update api_tokens set revoked_at = now() where person = $1 and revoked_at is null`,
			`update nodes set ended_at = coalesce(ended_at, now()) where id = $1 and kind = 'person'`,
		} {
			if _, err := tx.Native().Exec(ctx, end, person); err != nil {
				return wrap("suspend a person", err)
			}
		}
		return Bump(ctx, tx, person)
	})
}

// EraseAccount removes the account with its identities, sessions and tokens, and
// everything that is kept under its addresses. It returns the language the
// person read. It can be repeated.
func EraseAccount(ctx context.Context, tx *postgres.Tx, who personal.Subject) (lang.Lang, error) {
	l := lang.CA
	mails := append([]string{}, who.Mails...)
	for _, erase := range []string{
		`delete from sign_in_codes where mail = any($1) and $2::uuid is not null`,
		`delete from invitations where mail = any($1) or accepted_by = $2`,
		`delete from mail_changes where mail = any($1) or person = $2`,
	} {
		if _, err := tx.Native().Exec(ctx, erase, mails, who.ID); err != nil {
			return l, wrap("erase an account", err)
		}
	}
	if _, err := tx.Native().Exec(ctx, `delete from command_keys where actor = $1`, who.ID); err != nil {
		return l, wrap("erase an account", err)
	}
	err := tx.Native().QueryRow(ctx, `delete from accounts where person = $1 returning lang`, who.ID).Scan(&l)
	if errors.Is(err, pgx.ErrNoRows) {
		return l, nil
	}
	return l, wrap("erase an account", err)
}

// Records is what accounts keep about a person, for exports. Erasing is done at
// the end of an erasure, by EraseAccount.
type Records struct{}

// Erase does nothing: see EraseAccount.
func (Records) Erase(context.Context, *access.Viewer, personal.Subject) (personal.Erased, error) {
	return personal.Erased{}, nil
}

// Export gives everything about the person's account. Secrets are kept as hashes
// only and are not in it.
func (Records) Export(ctx context.Context, q postgres.Querier, who personal.Subject) ([]personal.Table, error) {
	return private.Export(ctx, q, who, []private.Query{
		{Name: "account", Columns: []string{"mail", "language", "administrator", "created_at", "disabled_at"}, SQL: `
			select coalesce(mail, ''), lang, admin::text, created_at::text, coalesce(disabled_at::text, '')
			from accounts where person = $1`},
		{Name: "identities", Columns: []string{"issuer", "subject", "linked_at"}, SQL: `
			select issuer, subject, linked_at::text from identities where person = $1 order by linked_at`},
		{Name: "sessions", Columns: []string{"browser", "created_at", "last_used_at", "expires_at", "ended_at"}, SQL: `
			select user_agent, created_at::text, seen_at::text, expires_at::text, coalesce(ended_at::text, '')
			from sessions where person = $1 order by created_at`},
		{Name: "api_tokens", Columns: []string{"name", "scopes", "created_at", "expires_at", "revoked_at", "last_used_at"}, SQL: `
			select name, array_to_string(scopes, ' '), created_at::text, expires_at::text, coalesce(revoked_at::text, ''),
			  coalesce(last_used_at::text, '')
			from api_tokens where person = $1 order by created_at`},
		{Name: "sign_in_codes", Columns: []string{"mail", "made_at", "expires_at", "used_at"}, SQL: `
			select mail, made_at::text, expires_at::text, coalesce(used_at::text, '')
			from sign_in_codes where mail = any($2) and $1::uuid is not null order by made_at`},
		{Name: "mail_changes", Columns: []string{"mail", "made_at", "expires_at", "used_at"}, SQL: `
			select mail, made_at::text, expires_at::text, coalesce(used_at::text, '')
			from mail_changes where person = $1 order by made_at`},
		{Name: "invitations_received", Columns: []string{"organisation", "role", "mail", "created_at", "accepted_at", "revoked_at"}, SQL: `
			select n.title_ca, i.role, i.mail, i.created_at::text, coalesce(i.accepted_at::text, ''), coalesce(i.revoked_at::text, '')
			from invitations i join nodes n on n.id = i.organization
			where i.accepted_by = $1 or i.mail = any($2) order by i.created_at`},
		{Name: "invitations_sent", Columns: []string{"organisation", "role", "created_at"}, SQL: `
			select n.title_ca, i.role, i.created_at::text from invitations i join nodes n on n.id = i.organization
			where i.invited_by = $1 order by i.created_at`},
		{Name: "glass_broken", Columns: []string{"thing", "reason", "at", "until"}, SQL: `
			select n.title_ca, g.reason, g.at::text, g.until::text from glass_breaks g join nodes n on n.id = g.node
			where g.person = $1 order by g.at`},
		{Name: "mails_waiting", Columns: []string{"template", "to", "queued_at"}, SQL: `
			select template, recipient, queued_at::text from mails
			where lower(recipient) = any($2) and $1::uuid is not null order by queued_at`},
		{Name: "addresses_without_mail", Columns: []string{"mail", "why", "since"}, SQL: `
			select m.mail, d.reason, d.since::text from unnest($2::text[]) as m(mail)
			join dead_addresses d on d.address_hash = sha256(convert_to(lower(m.mail), 'UTF8')) where $1::uuid is not null order by 1`},
		{Name: "reminders_off", Columns: []string{"mail", "since"}, SQL: `
			select m.mail, r.since::text from unnest($2::text[]) as m(mail)
			join reminders_off r on r.address_hash = sha256(convert_to(lower(m.mail), 'UTF8')) where $1::uuid is not null order by 1`},
	})
}
