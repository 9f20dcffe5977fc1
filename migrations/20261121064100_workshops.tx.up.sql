-- What people were asked before (prior consultations with findings), and the
-- workshops in which groups note priorities, projects under way and capacities,
-- neighbourhood by neighbourhood. Neighbourhoods are edges (held_at), what came
-- of what is, too (derived_from).

insert into node_kinds (kind, prefix) values ('workshop', 'wks'), ('prior_consultation', 'pcn');

create table prior_consultations (
  node        uuid primary key references nodes,
  description jsonb not null default '{}',
  asked_from  date,
  asked_until date,
  answers     integer constraint prior_consultations_answers check (answers between 0 and 10000000), -- null: not known
  created_by  uuid not null references nodes,
  created_at  timestamptz not null default now(),
  constraint prior_consultations_dates check (asked_until >= asked_from)
);

create table consultation_findings (
  id           uuid primary key,
  consultation uuid not null references prior_consultations,
  position     integer not null,
  text         jsonb not null,
  added_by     uuid not null references nodes,
  added_at     timestamptz not null default now(),
  constraint consultation_findings_place unique (consultation, position)
);

create table workshops (
  node        uuid primary key references nodes,
  state       text not null default 'PREPARED' constraint workshops_state check (state in ('PREPARED', 'OPEN', 'CLOSED')),
  -- Who may see it once it is open; the node stays at 4 until then.
  visibility  smallint not null constraint workshops_visibility check (visibility between 0 and 3),
  description jsonb not null default '{}',
  -- What groups type to join; 50 bits, so that nobody guesses it.
  join_code   text not null constraint workshops_code unique check (join_code ~ '^[0-9a-hjkmnp-tv-z]{10}$'),
  opened_at   timestamptz,
  closed_at   timestamptz,
  created_by  uuid not null references nodes,
  created_at  timestamptz not null default now(),
  constraint workshops_opened check ((opened_at is null) = (state = 'PREPARED')),
  constraint workshops_closed check ((closed_at is not null) = (state = 'CLOSED'))
);

-- Groups sit around a tablet; nobody of them needs an account. The secret that
-- the tablet shows is kept as its hash. A group is no person and says no name of
-- one.
create table workshop_groups (
  id         uuid primary key,
  workshop   uuid not null references workshops,
  name       text not null check (name <> ''),
  token_hash bytea unique,
  joined_at  timestamptz not null default now(),
  revoked_at timestamptz,
  constraint workshop_groups_name unique (workshop, name)
);

-- Priorities, projects under way and capacities. Priorities that say the same are
-- merged: each entry knows the oldest of its set (itself, when it is), which does
-- not depend on the order of the merges.
create table workshop_entries (
  id         uuid primary key,
  workshop   uuid not null references workshops,
  kind       text not null constraint workshop_entries_kind check (kind in ('PRIORITY', 'RUNNING_PROJECT', 'CAPACITY')),
  territory  uuid not null references nodes,
  text       jsonb not null,
  author     uuid references workshop_groups, -- null: the organisers
  beside     uuid references workshop_entries, -- the priority that a capacity stands beside
  project    uuid references shared_projects, -- a project under way that the network knows
  same_as    uuid not null references workshop_entries,
  added_at   timestamptz not null default now(),
  withdrawn_at timestamptz,
  constraint workshop_entries_oldest check (same_as <= id),
  constraint workshop_entries_merged check (same_as = id or kind = 'PRIORITY'),
  constraint workshop_entries_beside check (beside is null or kind = 'CAPACITY'),
  constraint workshop_entries_project check (project is null or kind = 'RUNNING_PROJECT')
);
create index workshop_entries_workshop on workshop_entries (workshop, added_at, id) where withdrawn_at is null;
create index workshop_entries_same on workshop_entries (same_as) where same_as <> id;

-- The projects that came of priorities.
create table workshop_priority_projects (
  priority uuid not null references workshop_entries,
  project  uuid not null references shared_projects,
  made_by  uuid not null references nodes,
  made_at  timestamptz not null default now(),
  primary key (priority, project)
);
create index workshop_priority_projects_project on workshop_priority_projects (project);
