-- What people say about things of the network.

create table comments (
  id           uuid primary key,
  node         uuid not null references nodes on delete cascade,
  -- The comment it answers; an answer is not answered itself.
  reply_to     uuid references comments on delete cascade,
  author       uuid not null references nodes,
  on_behalf_of uuid references nodes,
  -- Who may see it, among those who see the node: 0 all, 3 its members, 4 its organisers.
  level        smallint not null constraint comments_level check (level in (0, 3, 4)),
  version      integer not null default 1 check (version > 0),
  created_at   timestamptz not null default clock_timestamp(),
  edited_at    timestamptz,
  removed_at   timestamptz,
  -- By an organiser, not by the author.
  moderated    boolean not null default false,
  constraint comments_moderated check (not moderated or removed_at is not null)
);
create index comments_node on comments (node, created_at, id);
create index comments_replies on comments (reply_to, created_at, id) where reply_to is not null;
create index comments_author on comments (author);

-- What it said, by version. Removed with the comment, and with its author.
create table comment_texts (
  comment uuid not null references comments on delete cascade,
  version integer not null,
  text    text not null constraint comment_texts_length check (char_length(text) between 1 and 10000),
  at      timestamptz not null default clock_timestamp(),
  primary key (comment, version)
);

create table comment_mentions (
  comment uuid not null references comments on delete cascade,
  person  uuid not null references nodes on delete cascade,
  primary key (comment, person)
);
create index comment_mentions_person on comment_mentions (person);

-- The viewer's level of sight on a node, as package access counts it.
create function viewer_level(node uuid, home uuid) returns int
  language sql stable parallel safe as $$
  select case
    when node = any(viewer_uuids('teixit.organises')) or home = any(viewer_uuids('teixit.administers')) then 4
    when node = any(viewer_uuids('teixit.member')) then 3
    when home = any(viewer_uuids('teixit.home')) then 2
    when viewer_person() is not null then 1
    else 0 end $$;

alter table comment_texts enable row level security;
create policy comment_texts_read on comment_texts for select using (
  (select viewer_is_hub())
  or exists (
    select from comments c join nodes n on n.id = c.node
    where c.id = comment and greatest(c.level, n.visibility) <= viewer_level(n.id, n.home)));
create policy comment_texts_add on comment_texts for insert with check (true);
create policy comment_texts_remove on comment_texts for delete using (true);

alter table comment_mentions enable row level security;
create policy comment_mentions_read on comment_mentions for select using (
  (select viewer_is_hub())
  or person = (select viewer_person())
  or exists (
    select from comments c join nodes n on n.id = c.node
    where c.id = comment and greatest(c.level, n.visibility) <= viewer_level(n.id, n.home)));
create policy comment_mentions_add on comment_mentions for insert with check (true);
create policy comment_mentions_remove on comment_mentions for delete using (true);
