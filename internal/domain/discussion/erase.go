package discussion

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/personal"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/private"
)

// KeptAfterEnd is how long what was said about something is kept after its life
// in the network has ended.
const KeptAfterEnd = 2 * 365 * 24 * time.Hour

// Erase takes away all that a person said, in all versions, and that others
// mention them. Empty places remain, by an identifier that names nobody any
// more. It can be repeated.
func (s *Service) Erase(ctx context.Context, v *access.Viewer, who personal.Subject) (done personal.Erased, err error) {
	rows, err := s.db.Read().Query(ctx, `select distinct node from comments where author = $1 and removed_at is null`, who.ID)
	if err != nil {
		return done, wrap("find what a person said", err)
	}
	nodes, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return done, wrap("find what a person said", err)
	}
	for _, n := range nodes {
		if err := s.eraseOn(ctx, v, who.ID, n); err != nil {
			return done, err
		}
	}
	_, err = postgres.Hub(s.db.Read()).Exec(ctx, `delete from comment_mentions where person = $1`, who.ID)
	return done, wrap("erase mentions", err)
}

// eraseOn removes what a person said about one node, and tells who follows it.
func (s *Service) eraseOn(ctx context.Context, v *access.Viewer, person, of id.ID) error {
	return s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, of); err != nil {
			return err
		}
		rows, err := tx.Native().Query(ctx, `
			select c.id, c.level, n.id, n.home, n.visibility from comments c join nodes n on n.id = c.node
			where c.author = $1 and c.node = $2 and c.removed_at is null order by c.created_at`, person, of)
		if err != nil {
			return wrap("find what a person said", err)
		}
		list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Comment, error) {
			c := &Comment{NodeID: of}
			var level access.Level
			err := row.Scan(&c.ID, &level, &c.subject.Node, &c.subject.Home, &c.subject.Visibility)
			c.Audience = audienceOf(level)
			return c, err
		})
		if err != nil {
			return wrap("find what a person said", err)
		}
		for _, c := range list {
			if err := empty(ctx, tx.Native(), c.ID, false); err != nil {
				return err
			}
			if err := c.tell(ctx, tx, v, FactCommentRemoved); err != nil {
				return err
			}
		}
		return nil
	})
}

// Export gives all that a person said, and where they are mentioned. The caller
// has made sure that it is for the person.
func (s *Service) Export(ctx context.Context, q postgres.Querier, who personal.Subject) ([]personal.Table, error) {
	return private.Export(ctx, q, who, []private.Query{
		{Name: "comments", Columns: []string{"about", "for", "version", "at", "text", "removed_at"}, SQL: `
			select coalesce(nullif(n.title_ca, ''), nullif(n.title_es, ''), n.title_en), case c.level when 0 then 'everybody' when 3 then 'members' else 'organisers' end,
			  coalesce(t.version, c.version)::text, coalesce(t.at, c.created_at)::text, coalesce(t.text, ''), coalesce(c.removed_at::text, '')
			from comments c join nodes n on n.id = c.node left join comment_texts t on t.comment = c.id
			where c.author = $1 order by c.created_at, t.version`},
		{Name: "comments_that_mention_you", Columns: []string{"about", "at"}, SQL: `
			select coalesce(nullif(n.title_ca, ''), nullif(n.title_es, ''), n.title_en), c.created_at::text
			from comment_mentions m join comments c on c.id = m.comment join nodes n on n.id = c.node
			where m.person = $1 order by c.created_at`},
	})
}

// Purge forgets what was said about what ended long ago. The places of the
// comments stay, empty.
func (s *Service) Purge(ctx context.Context) (int, error) {
	tag, err := postgres.Hub(s.db.Read()).Exec(ctx, `
		with old as (
		  select c.id from comments c join nodes n on n.id = c.node
		  where n.ended_at < now() - $1::interval and c.removed_at is null limit 1000)
		, said as (delete from comment_texts t using old where t.comment = old.id)
		, named as (delete from comment_mentions m using old where m.comment = old.id)
		update comments c set removed_at = now() from old where c.id = old.id`, KeptAfterEnd)
	if err != nil {
		return 0, wrap("forget old comments", err)
	}
	return int(tag.RowsAffected()), nil
}
