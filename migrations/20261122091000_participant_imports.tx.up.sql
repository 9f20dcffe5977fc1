-- Lists of participants that are taken in: long work, done in portions.
create table participant_imports (
  id            uuid primary key,
  event         uuid not null references events (node),
  asked_by      uuid not null references nodes (id),
  acting_for    uuid references nodes (id),
  lang          text not null constraint participant_imports_lang check (lang in ('ca', 'es', 'en')),
  dry           boolean not null,
  partial       boolean not null,
  state         text not null default 'CHECKING'
    constraint participant_imports_state check (state in ('CHECKING', 'REGISTERING', 'DONE', 'REFUSED')),
  total         integer not null default 0, -- lines of the list
  checked       integer not null default 0,
  upto          integer not null default 0, -- the line, then the block, that was worked off last
  participants  integer not null default 0, -- who were registered
  registrations integer not null default 0,
  problems      integer not null default 0,
  fault         text, -- why the whole was refused
  message       text,
  created_at    timestamptz not null default clock_timestamp(),
  finished_at   timestamptz,
  constraint participant_imports_counts check (checked between 0 and total and participants between 0 and total),
  constraint participant_imports_finished check ((finished_at is not null) = (state in ('DONE', 'REFUSED'))),
  constraint participant_imports_fault check (fault is null or state = 'REFUSED')
);
create index participant_imports_event on participant_imports (event, id);
create index participant_imports_finished_at on participant_imports (finished_at);

-- The lines while they are worked off; they go with the end of it.
create table participant_import_rows (
  import       uuid not null references participant_imports on delete cascade,
  line         integer not null,
  name         text not null,
  mail         text not null,
  role         text not null,
  organisation text not null,
  territory    text not null,
  body         uuid, -- found when the line is checked, as what follows
  association  boolean not null default false,
  place        uuid,
  mail_key     bytea,
  wrong        boolean not null default false,
  block        integer,
  primary key (import, line)
);
create index participant_import_rows_block on participant_import_rows (import, block, line) where block is not null;
alter table participant_import_rows enable row level security;
create policy participant_import_rows_hub on participant_import_rows using ((select viewer_is_hub())) with check ((select viewer_is_hub()));

-- What is wrong, by line and column, in the words of who asked. What stood there
-- is not repeated.
create table participant_import_problems (
  import  uuid not null references participant_imports on delete cascade,
  line    integer not null,
  field   text not null,
  code    text not null,
  message text not null,
  primary key (import, line, field, code)
);
