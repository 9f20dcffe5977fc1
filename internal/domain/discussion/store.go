package discussion

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func insert(ctx context.Context, q postgres.Querier, c *Comment, text string, people []id.ID) error {
	_, err := q.Exec(ctx, `
		with added as (
		  insert into comments (id, node, reply_to, author, on_behalf_of, level) values ($1, $2, $3, $4, $5, $6) returning id)
		, said as (insert into comment_texts (comment, version, text) select id, 1, $7 from added)
		insert into comment_mentions (comment, person) select id, unnest($8::uuid[]) from added`,
		c.ID, c.NodeID, c.ReplyTo, c.AuthorID, c.OnBehalfOf, c.Audience.level(), text, people)
	return wrap("add a comment", err)
}

// rewrite writes the next version and who it mentions, and tells who is
// mentioned newly.
func rewrite(ctx context.Context, q postgres.Querier, c *Comment, text string, people []id.ID) (fresh []id.ID, err error) {
	_, err = q.Exec(ctx, `
		with edited as (
		  update comments set version = version + 1, edited_at = clock_timestamp() where id = $1 returning version)
		insert into comment_texts (comment, version, text) select $1, version, $2 from edited`, c.ID, text)
	if err != nil {
		return nil, wrap("edit a comment", err)
	}
	// On the hub's own authority: the one mentioned before may be somebody whom the
	// author may see no more.
	own := postgres.Hub(q)
	if _, err := own.Exec(ctx, `delete from comment_mentions where comment = $1 and not person = any($2)`, c.ID, people); err != nil {
		return nil, wrap("edit who is mentioned", err)
	}
	rows, err := own.Query(ctx, `
		insert into comment_mentions (comment, person) select $1, unnest($2::uuid[]) on conflict do nothing returning person`, c.ID, people)
	if err != nil {
		return nil, wrap("edit who is mentioned", err)
	}
	fresh, err = pgx.CollectRows(rows, pgx.RowTo[id.ID])
	return fresh, wrap("edit who is mentioned", err)
}

// empty takes away what a comment said.
func empty(ctx context.Context, q postgres.Querier, comment id.ID, moderated bool) error {
	_, err := q.Exec(ctx, `
		with said as (delete from comment_texts where comment = $1)
		, named as (delete from comment_mentions where comment = $1)
		update comments set removed_at = clock_timestamp(), moderated = $2 where id = $1 and removed_at is null`, comment, moderated)
	return wrap("remove a comment", err)
}

const columns = `c.id, c.node, c.reply_to, c.author, c.on_behalf_of, c.level, c.version, c.created_at, c.edited_at, c.removed_at,
	c.moderated, x.text, array(select m.person from comment_mentions m where m.comment = c.id order by m.person),
	n.id, n.home, n.visibility`

const from = ` from comments c join nodes n on n.id = c.node
	left join comment_texts x on x.comment = c.id and x.version = c.version `

// seen is a condition: the viewer, with parameters from $first on, sees node and
// comment.
func seen(first int) string {
	return `greatest(c.level, n.visibility) <= ` + access.LevelSQL("n", first)
}

func (s *Service) comments(ctx context.Context, q postgres.Querier, v *access.Viewer, sql string, args ...any) ([]*Comment, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, sql, append(args, v.SQLArgs()...)...)
	if err != nil {
		return nil, wrap("read comments", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Comment, error) {
		c := &Comment{}
		var level access.Level
		err := row.Scan(&c.ID, &c.NodeID, &c.ReplyTo, &c.AuthorID, &c.OnBehalfOf, &level, &c.Version, &c.At, &c.EditedAt, &c.RemovedAt,
			&c.Moderated, &c.Text, &c.Mentions, &c.subject.Node, &c.subject.Home, &c.subject.Visibility)
		c.Audience = audienceOf(level)
		return c, err
	})
	if err != nil {
		return nil, wrap("read comments", err)
	}
	return list, s.veil(ctx, q, v, list)
}

// veil takes people out whom the viewer may not see.
func (s *Service) veil(ctx context.Context, q postgres.Querier, v *access.Viewer, list []*Comment) error {
	var people []id.ID
	for _, c := range list {
		people = append(people, c.Mentions...)
	}
	if len(people) == 0 {
		return nil
	}
	visible, err := s.people(ctx, q, v, people)
	if err != nil {
		return err
	}
	for _, c := range list {
		c.Mentions = common(c.Mentions, visible)
		if c.Text != nil {
			text := discreet(*c.Text, c.Mentions)
			c.Text = &text
		}
	}
	return nil
}

func common(some, others []id.ID) []id.ID {
	known := make(map[id.ID]bool, len(others))
	for _, v := range others {
		known[v] = true
	}
	both := []id.ID{}
	for _, v := range some {
		if known[v] {
			both = append(both, v)
		}
	}
	return both
}

var byIDsSQL = `select ` + columns + from + `where c.id = any(` + postgres.Keys + `) and ` + seen(2)

// ByIDs reads comments.
func (s *Service) ByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]*Comment, error) {
	return s.comments(ctx, q, v, byIDsSQL, ids)
}

var (
	ofNodeSQL = `select ` + columns + from + `
		where c.node = $1 and c.reply_to is null and ` + seen(5) + `
		  and ($2::timestamptz is null or (c.created_at, c.id) > ($2::timestamptz, $3::uuid))
		order by c.created_at, c.id limit $4`
	countSQL   = `select count(*)` + from + `where c.node = $1 and c.reply_to is null and ` + seen(2)
	repliesSQL = `select r.* from unnest(` + postgres.Keys + `) with ordinality as w(id, place) cross join lateral (
		select ` + columns + from + ` where c.reply_to = w.id and ` + seen(3) + ` order by c.created_at, c.id limit $2) r
		order by w.place`
)

// OfNode reads a page of the comments on a node that answer none, oldest first.
func (s *Service) OfNode(ctx context.Context, q postgres.Querier, v *access.Viewer, of id.ID, args page.Args) (*page.Connection[*Comment], error) {
	after, err := args.After.Keys(2)
	if err != nil {
		return nil, err
	}
	var at, behind *string
	if after != nil {
		at, behind = &after[0], &after[1]
	}
	list, err := s.comments(ctx, q, v, ofNodeSQL, of, at, behind, args.Rows())
	if err != nil {
		return nil, err
	}
	c := page.NewConnection(list, args, func(c *Comment) page.Cursor {
		return page.Cursor{c.At.Format("2006-01-02 15:04:05.999999Z07:00"), c.ID.String()}
	})
	if args.Total {
		var n int
		if err := q.QueryRow(ctx, countSQL, append([]any{of}, v.SQLArgs()...)...).Scan(&n); err != nil {
			return nil, wrap("count comments", err)
		}
		c.TotalCount = &n
	}
	return c, nil
}

// RepliesTo reads the answers to comments, oldest first, at most first each.
func (s *Service) RepliesTo(ctx context.Context, q postgres.Querier, v *access.Viewer, comments []id.ID, first int) (map[id.ID][]*Comment, error) {
	list, err := s.comments(ctx, q, v, repliesSQL, comments, first)
	replies := map[id.ID][]*Comment{}
	for _, c := range list {
		replies[c.ReplyTo] = append(replies[c.ReplyTo], c)
	}
	return replies, err
}

var versionsSQL = `select c.id, t.version, t.text, t.at, c.author, n.id, n.home, n.visibility,
	  array(select m.person from comment_mentions m where m.comment = c.id)
	from comments c join nodes n on n.id = c.node join comment_texts t on t.comment = c.id
	where c.id = any(` + postgres.Keys + `) and ` + seen(2) + ` order by c.id, t.version`

// VersionsOf reads what comments said, version by version: to their authors and
// the nodes' organisers. Others get nothing.
func (s *Service) VersionsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, comments []id.ID) (map[id.ID][]*Version, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, versionsSQL, append([]any{comments}, v.SQLArgs()...)...)
	if err != nil {
		return nil, wrap("read versions", err)
	}
	versions := map[id.ID][]*Version{}
	var people []id.ID
	var c id.ID
	_, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (any, error) {
		var author id.ID
		var of access.Subject
		var named []id.ID
		x := &Version{}
		if err := row.Scan(&c, &x.Version, &x.Text, &x.At, &author, &of.Node, &of.Home, &of.Visibility, &named); err != nil {
			return nil, err
		}
		if access.MayRemoveComment(v, of, author) == nil {
			versions[c] = append(versions[c], x)
			people = append(people, mentioned(x.Text)...)
		}
		return nil, nil
	})
	if err != nil || len(people) == 0 {
		return versions, wrap("read versions", err)
	}
	visible, err := s.people(ctx, q, v, people)
	for _, all := range versions {
		for _, x := range all {
			x.Text = discreet(x.Text, visible)
		}
	}
	return versions, err
}
