-- Rights that were taken away, glass that was broken, bodies that were merged.

-- Which fact took a right away, so that a live stream ends right behind it.
-- A row is needed only until every instance has looked: an hour is plenty.
create table rights_ended (
  person  uuid not null references nodes on delete cascade,
  version bigint not null, -- of viewer_versions, as this made it
  topic   uuid not null references nodes on delete cascade,
  number  bigint not null, -- of the fact on the topic, at the highest level
  at      timestamptz not null default clock_timestamp(),
  primary key (person, version)
);

-- An administrator looks inside, for a reason and for half an hour at most.
-- The reason is free text and may name people: it is here, not in the journal.
create table glass_breaks (
  id     uuid primary key,
  node   uuid not null references nodes on delete cascade,
  person uuid not null references nodes,
  reason text not null constraint glass_breaks_reason check (char_length(reason) between 10 and 500),
  at     timestamptz not null default now(),
  until  timestamptz not null,
  constraint glass_breaks_short check (until > at and until <= at + interval '30 minutes')
);
create index glass_breaks_person on glass_breaks (person, until);
create index glass_breaks_node on glass_breaks (node, at desc);

-- Told to whoever claimed.
alter table organization_claims add column reason text not null default '';

-- Who a merged body became: asked for with old identifiers.
create index edges_superseded on edges (target) include (source) where kind = 'supersedes';
