-- What the peers read: plain tables with the answers' own columns and the indexes
-- that their queries want, and nothing of rights, dates or languages.

drop schema if exists bench cascade;
create schema bench;

do $$ begin
  if not exists (select from pg_roles where rolname = 'bench') then
    create role bench login;
  end if;
end $$;

create extension if not exists pg_stat_statements;

create table bench.comarques (
  id    text primary key,
  title text not null
);
create table bench.municipalities (
  id       text primary key,
  ine_code text not null unique,
  title    text not null,
  comarca  text references bench.comarques
);
create index on bench.municipalities (comarca);

create table bench.associations (
  id           text primary key,
  municipality text not null references bench.municipalities,
  name         text not null collate public.ca
);
create index on bench.associations (municipality, name, id);

create table bench.events (
  id           text primary key,
  organiser    text not null references bench.associations,
  municipality text not null references bench.municipalities,
  title        text not null,
  kind         text not null,
  state        text not null,
  starts_at    timestamptz not null,
  ends_at      timestamptz not null
);
create index on bench.events (organiser, starts_at, id);
create index on bench.events (municipality, kind, starts_at, id);

create table bench.seat_pools (
  id           text primary key,
  event        text not null references bench.events,
  name         text not null,
  capacity     integer not null,
  confirmed    integer not null,
  availability text not null,
  position     smallint not null
);
create index on bench.seat_pools (event, position);

-- Where the peers register.
create table bench.lines (
  event     bigint primary key,
  capacity  integer not null,
  confirmed integer not null default 0,
  waiting   integer not null default 0,
  last      bigint not null default 0,
  constraint never_oversold check (confirmed between 0 and capacity)
) with (fillfactor = 50);
create table bench.registrations (
  id           bigint generated always as identity primary key,
  event        bigint not null references bench.lines,
  organization text not null references bench.municipalities,
  name         text not null,
  line         bigint not null,
  state        text not null,
  key          text not null,
  created_at   timestamptz not null default now(),
  unique (event, line),
  unique (event, key)
);

create table bench.loaded (scale double precision not null, at timestamptz not null default now());

do $$ begin
  execute format('grant connect on database %I to bench', current_database());
end $$;
grant usage on schema bench to bench;
grant select, insert, update on all tables in schema bench to bench;
