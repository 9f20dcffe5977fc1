-- What one person keeps for themselves: what they watch, lists of things, what
-- they have read, which digests they want. Nobody else sees any of it.

create table watches (
  person uuid not null references nodes on delete cascade,
  node   uuid not null references nodes on delete cascade,
  -- What happened before is not in the inbox: the horizon of feeds at that time.
  era    bigint not null,
  fxid   xid8 not null,
  at     timestamptz not null default clock_timestamp(),
  primary key (person, node)
);
create index watches_node on watches (node);

create table saved_sets (
  id     uuid primary key,
  person uuid not null references nodes on delete cascade,
  title  text not null constraint saved_sets_title check (char_length(title) between 1 and 200),
  at     timestamptz not null default clock_timestamp()
);
create unique index saved_sets_title_once on saved_sets (person, lower(title));

create table saved_set_nodes (
  saved_set uuid not null references saved_sets on delete cascade,
  node      uuid not null references nodes on delete cascade,
  primary key (saved_set, node)
);
create index saved_set_nodes_node on saved_set_nodes (node);

-- Everything up to this place in the feeds has been read, but for the marks.
create table inboxes (
  person uuid primary key references nodes on delete cascade,
  era    bigint not null,
  fxid   xid8 not null,
  seq    bigint not null
);
create table inbox_marks (
  person  uuid not null references nodes on delete cascade,
  era     bigint not null,
  fxid    xid8 not null,
  seq     bigint not null,
  is_read boolean not null,
  at      timestamptz not null default clock_timestamp(),
  primary key (person, era, fxid, seq)
);
create index inbox_marks_at on inbox_marks (at);

create table digest_preferences (
  person  uuid not null references nodes on delete cascade,
  sort    text not null check (sort in ('MENTION', 'ASKED', 'COMMENT', 'CHANGE', 'CONCERNED')),
  rhythm  text not null check (rhythm in ('IMMEDIATELY', 'DAILY', 'WEEKLY', 'NEVER')),
  primary key (person, sort)
);
-- No digest between these hours of Europe/Madrid; NULL: at any hour.
create table digest_quiet (
  person     uuid primary key references nodes on delete cascade,
  from_hour  smallint check (from_hour between 0 and 23),
  until_hour smallint check (until_hour between 0 and 23),
  constraint digest_quiet_some check ((from_hour is null) = (until_hour is null) and from_hour <> until_hour)
);
-- Up to where the digests of one rhythm have told, and when the last one went.
create table digests (
  person uuid not null references nodes on delete cascade,
  rhythm text not null check (rhythm in ('IMMEDIATELY', 'DAILY', 'WEEKLY')),
  era    bigint not null,
  fxid   xid8 not null,
  seq    bigint not null,
  at     timestamptz not null default clock_timestamp(),
  primary key (person, rhythm)
);
-- Who may have something that no digest has told yet, and when to look.
create table digests_due (
  person  uuid primary key references nodes on delete cascade,
  next_at timestamptz not null
);
create index digests_due_next on digests_due (next_at);
-- Up to where it has been looked who has something.
create table digest_cursor (
  one  boolean primary key default true check (one),
  era  bigint not null,
  fxid xid8 not null,
  seq  bigint not null
);

alter table watches enable row level security;
create policy watches_own on watches
  using ((select viewer_is_hub()) or person = (select viewer_person()))
  with check ((select viewer_is_hub()) or person = (select viewer_person()));
alter table saved_sets enable row level security;
create policy saved_sets_own on saved_sets
  using ((select viewer_is_hub()) or person = (select viewer_person()))
  with check ((select viewer_is_hub()) or person = (select viewer_person()));
alter table saved_set_nodes enable row level security;
create policy saved_set_nodes_own on saved_set_nodes
  using ((select viewer_is_hub()) or exists (select from saved_sets s where s.id = saved_set))
  with check ((select viewer_is_hub()) or exists (select from saved_sets s where s.id = saved_set));
alter table inboxes enable row level security;
create policy inboxes_own on inboxes
  using ((select viewer_is_hub()) or person = (select viewer_person()))
  with check ((select viewer_is_hub()) or person = (select viewer_person()));
alter table inbox_marks enable row level security;
create policy inbox_marks_own on inbox_marks
  using ((select viewer_is_hub()) or person = (select viewer_person()))
  with check ((select viewer_is_hub()) or person = (select viewer_person()));
alter table digest_preferences enable row level security;
create policy digest_preferences_own on digest_preferences
  using ((select viewer_is_hub()) or person = (select viewer_person()))
  with check ((select viewer_is_hub()) or person = (select viewer_person()));
alter table digest_quiet enable row level security;
create policy digest_quiet_own on digest_quiet
  using ((select viewer_is_hub()) or person = (select viewer_person()))
  with check ((select viewer_is_hub()) or person = (select viewer_person()));
alter table digests enable row level security;
create policy digests_hub on digests using ((select viewer_is_hub())) with check ((select viewer_is_hub()));
alter table digests_due enable row level security;
create policy digests_due_hub on digests_due using ((select viewer_is_hub())) with check ((select viewer_is_hub()));
