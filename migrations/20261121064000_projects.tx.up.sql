-- Shared projects with what their partners promise and do, the programmes and
-- labs that group them, and the strategies that they carry out. Titles live in
-- nodes; partners, places, themes and signatories are edges.

insert into node_kinds (kind, prefix) values
  ('shared_project', 'prj'), ('programme', 'prg'), ('strategy', 'str');

create table shared_projects (
  node        uuid primary key references nodes,
  state       text not null default 'IDEA' constraint shared_projects_state check (state in
                ('IDEA', 'AGREED', 'RUNNING', 'FINISHED', 'DROPPED')),
  aims        jsonb not null default '[]' constraint shared_projects_aims check (jsonb_typeof(aims) = 'array'),
  summary     jsonb not null default '{}',
  description jsonb not null default '{}',
  starts_on   date,
  ends_on     date,
  -- Others could do the same; practice says what and how.
  replicable  boolean not null default false,
  practice    jsonb not null default '{}',
  drop_reason jsonb,
  created_by  uuid not null references nodes,
  created_at  timestamptz not null default now(),
  version     bigint not null default 1,
  constraint shared_projects_dates check (ends_on >= starts_on),
  constraint shared_projects_reason check ((drop_reason is not null) = (state = 'DROPPED'))
);
create index shared_projects_by_state on shared_projects (state, node);

-- What a partner promises. When it leaves, another takes the promise on: the
-- moves keep who had it before.
create table partner_commitments (
  id         uuid primary key,
  project    uuid not null references shared_projects,
  partner    uuid not null references nodes,
  text       jsonb not null,
  due        date,
  state      text not null default 'OPEN' constraint partner_commitments_state check (state in
               ('OPEN', 'IN_PROGRESS', 'DONE', 'DROPPED')),
  created_by uuid not null references nodes,
  created_at timestamptz not null default now(),
  closed_at  timestamptz,
  constraint partner_commitments_closed check ((closed_at is not null) = (state in ('DONE', 'DROPPED')))
);
create index partner_commitments_project on partner_commitments (project, created_at, id);
create index partner_commitments_partner on partner_commitments (partner) where closed_at is null;

create table partner_commitment_moves (
  commitment   uuid not null references partner_commitments,
  n            integer not null check (n > 0),
  from_partner uuid not null references nodes,
  to_partner   uuid not null references nodes,
  moved_by     uuid not null references nodes,
  at           timestamptz not null default now(),
  primary key (commitment, n),
  constraint partner_commitment_moves_elsewhere check (from_partner <> to_partner)
);

create table project_milestones (
  id         uuid primary key,
  project    uuid not null references shared_projects,
  title      jsonb not null,
  due        date,
  reached_on date,
  created_at timestamptz not null default now()
);
create index project_milestones_project on project_milestones (project, due nulls last, id);

-- What was done: one row may stand for several activities of a kind. Participants
-- without a number were not collected, or are not known; sexes are counted or
-- not, and add up.
create table project_activities (
  id           uuid primary key,
  project      uuid not null references shared_projects,
  title        jsonb not null,
  count        integer not null default 1 constraint project_activities_count check (count between 1 and 100000),
  from_day     date,
  until_day    date,
  territory    uuid references nodes,
  source       jsonb not null default '{}',
  participants integer constraint project_activities_participants check (participants between 0 and 10000000),
  participants_state text not null constraint project_activities_participants_state check (participants_state in
                 ('KNOWN', 'NOT_COLLECTED', 'UNKNOWN')),
  women        integer check (women >= 0),
  men          integer check (men >= 0),
  non_binary   integer check (non_binary >= 0),
  not_stated   integer check (not_stated >= 0),
  created_by   uuid not null references nodes,
  created_at   timestamptz not null default now(),
  constraint project_activities_known check ((participants is not null) = (participants_state = 'KNOWN')),
  constraint project_activities_sexes check (num_nulls(women, men, non_binary, not_stated) in (0, 4)),
  constraint project_activities_add_up check (women is null or women + men + non_binary + not_stated = participants),
  constraint project_activities_days check (until_day >= from_day)
);
create index project_activities_project on project_activities (project, created_at, id);

-- The budget by source, in cents.
create table project_funding (
  id       uuid primary key,
  project  uuid not null references shared_projects,
  position integer not null,
  source   jsonb not null,
  body     uuid references nodes, -- the organisation that gives it, where it is one of the network
  cents    bigint not null constraint project_funding_cents check (cents between 0 and 100000000000000),
  constraint project_funding_place unique (project, position) deferrable initially deferred
);

-- Notes are for whoever sees the project, or internal: for its partners.
create table project_notes (
  id         uuid primary key,
  project    uuid not null references shared_projects,
  text       jsonb not null,
  internal   boolean not null,
  created_by uuid not null references nodes,
  on_behalf_of uuid references nodes,
  created_at timestamptz not null default now(),
  removed_at timestamptz
);
create index project_notes_project on project_notes (project, created_at desc, id desc) where removed_at is null;

-- Programmes and labs group projects (edges part_of, roles PROGRAMME and LAB).
create table programmes (
  node        uuid primary key references nodes,
  kind        text not null constraint programmes_kind check (kind in ('PROGRAMME', 'LAB')),
  description jsonb not null default '{}',
  starts_on   date,
  ends_on     date,
  created_by  uuid not null references nodes,
  created_at  timestamptz not null default now(),
  constraint programmes_dates check (ends_on >= starts_on)
);

-- Shared strategies, protocols and plans: signed by bodies (edges signed),
-- carried out by projects (edges contributes_to).
create table strategies (
  node        uuid primary key references nodes,
  kind        text not null constraint strategies_kind check (kind in ('STRATEGY', 'PROTOCOL', 'EQUALITY_PLAN', 'PLAN')),
  description jsonb not null default '{}',
  valid_from  date,
  valid_until date, -- last day
  created_by  uuid not null references nodes,
  created_at  timestamptz not null default now(),
  constraint strategies_validity check (valid_until >= valid_from)
);

-- What programs may be allowed to change. All scopes that the version knows, in
-- whatever order migrations come.
alter table api_tokens drop constraint api_tokens_scopes;
alter table api_tokens add constraint api_tokens_scopes check (cardinality(scopes) > 0 and scopes <@
  array['read', 'events:write', 'registrations:write', 'directory:write', 'tables:write', 'projects:write', 'all']);
