-- The journal: what happened, told once, numbered per topic and level.

-- Which history this database tells. Cursors carry the number; another cluster,
-- another timeline or a restored dump gets a new one (journal.CheckEpoch).
create table epoch (
  one       boolean primary key default true check (one),
  number    bigint  not null default 0,
  -- Who wrote the history so far: NULL until the first start.
  system_id bigint,
  timeline  int,
  database  oid,  -- another database of the same cluster: a copy or restored dump
  relation  oid,  -- of this very table: a dump restored over the same database
  since     timestamptz not null default clock_timestamp(),
  -- Feeds have been retired up to here; an older feed cursor is stale.
  feed_epoch bigint not null default 0,
  feed_fxid  xid8   not null default '0',
  feed_seq   bigint not null default 0
);
insert into epoch default values;

-- One narrow row per node: its lock and its counters. head0 counts the facts
-- that the level PUBLIC may see, … head4 all. A counter in the wide nodes table
-- wrote five times the WAL; no index but the key, so that updates stay HOT.
create table topics (
  node   uuid primary key references nodes on delete cascade,
  head0  bigint not null default 0,
  head1  bigint not null default 0,
  head2  bigint not null default 0,
  head3  bigint not null default 0,
  head4  bigint not null default 0,
  floor0 bigint not null default 0,
  floor1 bigint not null default 0,
  floor2 bigint not null default 0,
  floor3 bigint not null default 0,
  floor4 bigint not null default 0,
  -- Feed position of the newest fact; of no meaning in another epoch, where
  -- transaction numbers may start again.
  epoch  bigint not null default 0,
  fxid   xid8   not null default '0'
) with (fillfactor = 60);

-- Order among facts with the same fxid. Taken under the topic's lock.
create sequence journal_seq;

-- n0 … n4: the fact's number at each level; NULL where the level may not see it.
-- The key must contain the partition's column; that (node, n4) is unique comes
-- from the topic's lock.
create table journal (
  node  uuid        not null,
  n0    bigint,
  n1    bigint,
  n2    bigint,
  n3    bigint,
  n4    bigint      not null,
  fxid  xid8        not null,
  seq   bigint      not null,
  kind  text        not null,
  level smallint    not null check (level between 0 and 4),
  data  jsonb       not null,
  actor uuid,
  on_behalf_of uuid,
  at    timestamptz not null,
  primary key (node, n4, at),
  constraint journal_numbers check
    ((n0 is null) = (level > 0) and (n1 is null) = (level > 1)
     and (n2 is null) = (level > 2) and (n3 is null) = (level > 3))
) partition by range (at);
create index journal_n0 on journal (node, n0) where n0 is not null;
create index journal_n1 on journal (node, n1) where n1 is not null;
create index journal_n2 on journal (node, n2) where n2 is not null;
create index journal_n3 on journal (node, n3) where n3 is not null;

-- What else a fact is about: the feeds it appears in.
create table journal_about (
  about uuid        not null,
  epoch bigint      not null,
  fxid  xid8        not null,
  seq   bigint      not null,
  node  uuid        not null,
  n4    bigint      not null,
  level smallint    not null,
  at    timestamptz not null,
  primary key (about, epoch, fxid, seq, at)
) partition by range (at);

-- One partition of both tables per week (Monday, UTC).
create table journal_partitions (
  name        text primary key,
  lower_at    timestamptz not null unique,
  upper_at    timestamptz not null,
  floored_at  timestamptz, -- floors raised: nobody is sent into it any more
  detached_at timestamptz  -- out of the journal, kept for audit
);

-- The application's role may not change tables; these functions of the owner do
-- it for the journal, and cannot be talked into losing what is still readable.

-- Makes the partition of the week that holds the instant. A table made apart
-- and attached does not stop writers, as CREATE … PARTITION OF would.
create function journal_partition(instant timestamptz) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  lowest  timestamptz := date_trunc('week', instant, 'UTC');
  highest timestamptz := lowest + interval '168 hours';
  suffix  text := to_char(lowest at time zone 'UTC', 'YYYYMMDD');
  parent  text;
begin
  perform pg_advisory_xact_lock(7315948212);
  if exists (select from public.journal_partitions where name = suffix) then
    return false;
  end if;
  foreach parent in array array['journal', 'journal_about'] loop
    execute format('create table public.%I (like public.%I including all)', parent || '_' || suffix, parent);
    execute format('alter table public.%I attach partition public.%I for values from (%L) to (%L)',
      parent, parent || '_' || suffix, lowest, highest);
  end loop;
  insert into public.journal_partitions (name, lower_at, upper_at) values (suffix, lowest, highest);
  return true;
end $$;

-- Makes the partitions from now to the instant now + ahead; says how many.
create function journal_extend(ahead interval) returns int
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  last_at timestamptz := clock_timestamp() + ahead;
  instant timestamptz := date_trunc('week', clock_timestamp(), 'UTC');
  made    int := 0;
begin
  if ahead > interval '366 days' then
    raise exception 'journal_extend: more than a year ahead';
  end if;
  while instant <= last_at loop
    if public.journal_partition(instant) then
      made := made + 1;
    end if;
    instant := instant + interval '168 hours';
  end loop;
  return made;
end $$;

-- Detaches the partitions whose floors were raised at least grace ago, so that
-- no snapshot is left that still reads them by the old floors. A partition into
-- which any topic could still send a reader stays.
create function journal_detach(grace interval) returns int
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp set lock_timeout = '2s' as $$
declare
  p        public.journal_partitions;
  detached int := 0;
begin
  perform pg_advisory_xact_lock(7315948212);
  for p in
    select * from public.journal_partitions
    where detached_at is null and floored_at <= clock_timestamp() - grace
    order by lower_at
  loop
    if exists (
      select from public.journal j join public.topics t using (node)
      where j.at >= p.lower_at and j.at < p.upper_at and j.n4 > t.floor4) then
      raise exception 'journal_detach: partition % is above the floor of a topic', p.name;
    end if;
    execute format('alter table public.journal detach partition public.%I', 'journal_' || p.name);
    execute format('alter table public.journal_about detach partition public.%I', 'journal_about_' || p.name);
    update public.journal_partitions set detached_at = clock_timestamp() where name = p.name;
    detached := detached + 1;
  end loop;
  return detached;
end $$;

select journal_extend(interval '28 days');

-- Idempotency: one row per command that was carried out with a key.
create table command_keys (
  actor      uuid  not null,
  key        text  not null,
  mutation   text  not null,
  input_hash bytea not null,
  result_ids uuid[] not null default '{}',
  at         timestamptz not null default clock_timestamp(),
  primary key (actor, key)
);
create index command_keys_at on command_keys (at);
