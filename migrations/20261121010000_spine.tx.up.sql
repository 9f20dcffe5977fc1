-- The spine: nodes, dated edges, names, who read what.

create extension if not exists btree_gist;
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- unaccent is only STABLE because its dictionary can be changed; ours is not,
-- and an index needs IMMUTABLE.
create function plain(text) returns text
  language sql immutable strict parallel safe
  return lower(public.unaccent('public.unaccent'::regdictionary, $1));

create collation if not exists ca (provider = icu, locale = 'ca');
create collation if not exists es (provider = icu, locale = 'es');

create table node_kinds (
  kind   text primary key,
  prefix text not null unique
);
insert into node_kinds (kind, prefix) values
  ('municipality', 'mun'), ('comarca', 'com'), ('province', 'prv'), ('district', 'dis'),
  ('neighbourhood', 'nbh'), ('association', 'asc'), ('public_service', 'svc'),
  ('institution', 'ins'), ('person', 'per'), ('event', 'ev'), ('field', 'fld'),
  ('goal', 'gol'), ('challenge', 'chl'), ('axis', 'axs'), ('audience', 'aud'),
  ('target_group', 'grp');

create table nodes (
  id         uuid primary key,
  kind       text not null references node_kinds,
  title_ca   text not null default '' collate ca,
  title_es   text not null default '' collate es,
  title_en   text not null default '',
  visibility smallint not null default 0 check (visibility between 0 and 4),
  home       uuid references nodes,
  created_at timestamptz not null default clock_timestamp(),
  ended_at   timestamptz,
  -- All titles without capitals and accents: what searches look into.
  plain_title text collate "C" not null
    generated always as (plain(((title_ca collate "C") || ' ' || (title_es collate "C")) || ' ' || title_en)) stored,
  -- A person's name lives in person_names, behind a stricter wall.
  constraint nodes_title check ((kind = 'person') = (title_ca = '' and title_es = '' and title_en = ''))
);
create index nodes_home on nodes (home) where home is not null;
create index nodes_kind_title on nodes (kind, title_ca, id);
create index nodes_plain_title on nodes using gin (plain_title gin_trgm_ops);

create table edge_kinds (kind text primary key, source_reads text not null);
insert into edge_kinds (kind, source_reads) values
  ('part_of', 'is part of'), ('located_in', 'is located in'), ('acts_in', 'acts in'),
  ('member_of', 'is a member of'), ('organises', 'organises'), ('held_at', 'is held at'),
  ('about', 'is about'), ('audience_of', 'is meant for'), ('targets', 'targets'),
  ('acts_for', 'acts for'), ('has_role', 'has a role in'), ('cooperates_with', 'cooperates with'),
  ('supports', 'supports'), ('has_agreement_with', 'has an agreement with'), ('employs', 'employs'),
  ('offers', 'offers'), ('requests', 'requests'), ('responsible_for', 'is responsible for'),
  ('leads', 'leads'), ('collaborates_in', 'collaborates in'), ('advises', 'advises'),
  ('trains', 'trains'), ('registered_for', 'is registered for'), ('evidence_for', 'is evidence for'),
  ('contributes_to', 'contributes to'), ('derived_from', 'is derived from'), ('signed', 'signed'),
  ('funded_by', 'is funded by'), ('supersedes', 'supersedes');

create table edges (
  id          uuid primary key,
  kind        text not null references edge_kinds,
  source      uuid not null references nodes on delete cascade,
  target      uuid not null references nodes on delete cascade,
  role        text not null default '',
  valid       daterange not null default daterange(null, null) check (not isempty(valid)),
  facts       jsonb,
  recorded_by uuid references nodes,
  recorded_in uuid references nodes on delete cascade,
  recorded_at timestamptz not null default clock_timestamp(),
  constraint edges_no_loop check (source <> target),
  -- The same relation may return later, but not twice at one time.
  -- One text for the four parts: with the columns themselves the planner takes
  -- this index for look-ups, which is a hundred times slower than edges_out.
  constraint edges_once exclude using gist
    ((kind || ' ' || source::text || ' ' || target::text || ' ' || role) with =, valid with &&)
);
-- A place is in one comarca at a time (one whole of each role).
alter table edges add constraint edges_one_whole exclude using gist
  ((source::text || ' ' || role) with =, valid with &&) where (kind = 'part_of');
create index edges_out on edges (source, kind, role) include (target, valid);
create index edges_in on edges (target, kind, role) include (source, valid);

-- Names of people: the only table that has them.
create table person_names (
  subject    uuid primary key,                       -- a person's node, or a delegate of a registration
  root       uuid references nodes on delete cascade, -- the node whose people may see it
  name       text not null check (name <> ''),
  mail       text,
  recorded_at timestamptz not null default clock_timestamp()
);
create index person_names_mail on person_names (lower(mail)) where mail is not null;

-- Counts what may change who sees what: bumped in the revoking transaction.
create table viewer_versions (
  person  uuid primary key references nodes on delete cascade,
  version bigint not null default 1
);

-- Who read whose personal data, and exports. Added to, never changed.
create table access_log (
  id      bigint generated always as identity primary key,
  actor   uuid,
  on_behalf_of uuid,
  what    text not null,
  node    uuid,
  subjects uuid[] not null default '{}',
  at      timestamptz not null default clock_timestamp()
);
create index access_log_node on access_log (node, at);

-- Keys the instances of one hub share, such as the one that signs demo tokens.
create table secrets (
  name    text primary key,
  value   bytea not null check (length(value) >= 32),
  made_at timestamptz not null default clock_timestamp()
);
