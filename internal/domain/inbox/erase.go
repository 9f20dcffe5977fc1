package inbox

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/personal"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/private"
)

// Erase forgets all that a person kept here. It can be repeated.
func (s *Service) Erase(ctx context.Context, _ *access.Viewer, who personal.Subject) (done personal.Erased, err error) {
	err = s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `
			with a as (delete from watches where person = $1), b as (delete from saved_sets where person = $1)
			, c as (delete from inboxes where person = $1), d as (delete from inbox_marks where person = $1)
			, e as (delete from digest_preferences where person = $1), f as (delete from digest_quiet where person = $1)
			, g as (delete from digests where person = $1), h as (delete from digests_due where person = $1)
			delete from private_versions where person = $1`, who.ID)
		return wrap("erase an inbox", err)
	})
	return done, err
}

// Export gives all that a person keeps here. The caller has made sure that it is
// for the person.
func (s *Service) Export(ctx context.Context, q postgres.Querier, who personal.Subject) ([]personal.Table, error) {
	const title = `coalesce(nullif(n.title_ca, ''), nullif(n.title_es, ''), n.title_en, '')`
	return private.Export(ctx, q, who, []private.Query{
		{Name: "watched", Columns: []string{"thing", "since"}, SQL: `
			select ` + title + `, w.at::text from watches w join nodes n on n.id = w.node where w.person = $1 order by w.at`},
		{Name: "saved_sets", Columns: []string{"title", "thing", "at"}, SQL: `
			select s.title, ` + title + `, s.at::text from saved_sets s left join saved_set_nodes m on m.saved_set = s.id
			left join nodes n on n.id = m.node where s.person = $1 order by s.at, n.id`},
		{Name: "inbox_read", Columns: []string{"up_to", "single", "read", "at"}, SQL: `
			select era || '/' || fxid::text || '/' || seq, 'no', 'yes', '' from inboxes where person = $1
			union all select era || '/' || fxid::text || '/' || seq, 'yes', is_read::text, at::text from inbox_marks where person = $1`},
		{Name: "digests", Columns: []string{"what", "when", "at"}, SQL: `
			select sort, rhythm, '' from digest_preferences where person = $1
			union all select 'quiet', coalesce(from_hour || '-' || until_hour, 'none'), '' from digest_quiet where person = $1
			union all select 'last', rhythm, at::text from digests where person = $1
			union all select 'next', '', next_at::text from digests_due where person = $1`},
	})
}

// Purge forgets marks on facts that are no longer held.
func (s *Service) Purge(ctx context.Context) (int, error) {
	tag, err := postgres.Hub(s.db.Read()).Exec(ctx, `
		delete from inbox_marks m using epoch e
		where (m.era, m.fxid, m.seq) <= (e.feed_epoch, e.feed_fxid, e.feed_seq) and m.at < now() - $1::interval`, journal.Retention)
	if err != nil {
		return 0, wrap("forget old marks", err)
	}
	return int(tag.RowsAffected()), nil
}
