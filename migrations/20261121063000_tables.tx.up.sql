-- Working tables, their members, sessions, agendas, attendance, resolutions and
-- minutes. A table is a node; everything else is a part of it. Who belongs to a
-- table is an edge (member_of), and so are grants (has_role).

insert into node_kinds (kind, prefix) values ('working_table', 'tab');

create table working_tables (
  node         uuid primary key references nodes (id),
  kind         text not null constraint tables_kind check (kind in (
    'CROSS_CUTTING', 'TERRITORIAL', 'STRATEGIC_PLAN', 'THEMATIC', 'NETWORK', 'STEERING_GROUP')),
  state        text not null constraint tables_state check (state in ('PROPOSED', 'ACTIVE', 'REJECTED', 'ENDED')),
  -- What was declared; the node of a proposal stays with its members.
  visibility   smallint not null constraint tables_visibility check (visibility between 0 and 4),
  -- Who may see sessions, resolutions and approved minutes.
  inside       smallint not null default 3,
  description  jsonb not null default '{}',
  quorum_first  text not null constraint tables_quorum_first check (quorum_first in ('ANY', 'THIRD', 'HALF', 'MORE_THAN_HALF', 'TWO_THIRDS', 'ALL')),
  quorum_second text not null constraint tables_quorum_second check (quorum_second in ('ANY', 'THIRD', 'HALF', 'MORE_THAN_HALF', 'TWO_THIRDS', 'ALL')),
  quorum_least  integer not null default 2 constraint tables_quorum_least check (quorum_least between 1 and 1000),
  -- NULL: there is no second call.
  second_call_minutes integer constraint tables_second_call check (second_call_minutes between 1 and 10080),
  notice_days  integer not null default 0 constraint tables_notice check (notice_days between 0 and 60),
  majority     text not null constraint tables_majority check (majority in ('SIMPLE', 'ABSOLUTE', 'TWO_THIRDS', 'CONSENSUS')),
  periodicity  text not null constraint tables_periodicity check (periodicity in ('FREE', 'MONTHLY', 'BIMONTHLY', 'QUARTERLY', 'HALF_YEARLY', 'YEARLY')),
  quiet_days   integer not null default 60 constraint tables_quiet check (quiet_days between 1 and 1000),
  file_prefix  text not null default '',
  sessions     integer not null default 0, -- the newest number
  resolutions  integer not null default 0, -- the newest number
  decision_reason jsonb,
  proposed_by  uuid references nodes (id),
  version      bigint not null default 1 constraint tables_version check (version > 0),
  constraint tables_inside check (inside between visibility and 4)
);

-- Who sits at the table for a member organisation: a person with an account, or
-- a name with an address (person_names, subject is the seat).
create table table_seats (
  id           uuid primary key,
  table_node   uuid not null references working_tables (node) on delete cascade,
  organisation uuid not null references nodes (id),
  position     text not null constraint table_seats_position check (position in ('DELEGATE', 'SUBSTITUTE')),
  person       uuid references nodes (id),
  valid        daterange not null constraint table_seats_valid check (not isempty(valid)),
  constraint table_seats_once exclude using gist
    ((table_node::text || ' ' || organisation::text || ' ' || position) with =, valid with &&)
);
create index table_seats_table on table_seats (table_node, organisation);
create index table_seats_person on table_seats (person) where person is not null;

alter table table_seats enable row level security;
create policy seats_read on table_seats for select using (
  (select viewer_is_hub())
  or person = (select viewer_person())
  or table_node = any((select viewer_uuids('teixit.member') || viewer_uuids('teixit.organises'))::uuid[])
  or organisation = any((select viewer_uuids('teixit.administers'))::uuid[])
  or exists (select from nodes n where n.id = table_seats.table_node
    and n.home = any((select viewer_uuids('teixit.administers'))::uuid[])));
create policy seats_add on table_seats for insert with check (true);
create policy seats_change on table_seats for update using (true);
create policy seats_remove on table_seats for delete using (true);

-- The names of who sits at a table: to who sees the seat. Those of its
-- coordinator and secretary: to who sits there with them.
create policy names_at_tables on person_names for select using (
  exists (select from table_seats s where s.id = person_names.subject or s.person = person_names.subject)
  or exists (select from edges e join working_tables t on t.node = e.target
    where e.source = person_names.subject and e.kind = 'has_role'
      and e.target = any((select viewer_uuids('teixit.member') || viewer_uuids('teixit.organises'))::uuid[])));

create table table_sessions (
  id          uuid primary key,
  table_node  uuid not null references working_tables (node) on delete cascade,
  number      integer not null,
  state       text not null constraint table_sessions_state check (state in (
    'PROPOSED', 'CALLED', 'IN_SESSION', 'HELD', 'MINUTES_DRAFT', 'MINUTES_APPROVED', 'CANCELLED')),
  extraordinary boolean not null default false,
  recorded    boolean not null default false, -- held on paper, noted afterwards
  title       jsonb not null,
  starts_at   timestamptz,
  place       text not null default '',
  online_url  text not null default '' constraint table_sessions_url check (online_url = '' or online_url ~* '^https?://'),
  file_number text not null default '',
  urgent      jsonb, -- why it was called with less notice than the rule
  cancellation jsonb,
  called_at   timestamptz,
  opened_at   timestamptz,
  closed_at   timestamptz,
  second_call boolean not null default false,
  -- Fixed when it opens: later changes of rules or members do not touch it.
  members     integer,
  needed      integer,
  current_item uuid,
  approved_in uuid references table_sessions (id),
  approved_at timestamptz,
  created_by  uuid references nodes (id),
  version     bigint not null default 1,
  -- How many facts of the session each level may have seen: the numbers of its
  -- own stream.
  heads       bigint[] not null default '{0,0,0,0,0}' constraint table_sessions_heads check (cardinality(heads) = 5),
  constraint table_sessions_number unique (table_node, number),
  constraint table_sessions_dated check (starts_at is not null or state in ('PROPOSED', 'CANCELLED')),
  constraint table_sessions_counted check ((needed is null) = (members is null) and
    (needed is not null or state in ('PROPOSED', 'CALLED', 'CANCELLED'))),
  constraint table_sessions_approved check ((approved_in is not null) = (state = 'MINUTES_APPROVED')),
  constraint table_sessions_cancelled check ((cancellation is not null) = (state = 'CANCELLED')),
  constraint table_sessions_approved_later check (approved_in <> id)
);
create index table_sessions_table on table_sessions (table_node, starts_at desc, id);
create index table_sessions_starts on table_sessions (starts_at) where state = 'CALLED';

create table table_resolutions (
  id          uuid primary key,
  table_node  uuid not null references working_tables (node) on delete cascade,
  session     uuid not null references table_sessions (id),
  item        uuid not null,
  number      integer not null,
  kind        text not null constraint table_resolutions_kind check (kind in ('DECISION', 'TASK')),
  state       text not null constraint table_resolutions_state check (state in ('OPEN', 'IN_PROGRESS', 'DONE', 'DROPPED', 'NOT_ADOPTED')),
  text        jsonb not null,
  responsible uuid references nodes (id),
  deadline    date,
  linked      uuid references nodes (id),
  by_vote     boolean not null default false,
  named_vote  boolean not null default false,
  votes_for   integer not null default 0,
  votes_against integer not null default 0,
  abstentions integer not null default 0,
  adopted_at  timestamptz not null default clock_timestamp(),
  followed_at timestamptz not null default clock_timestamp(),
  version     bigint not null default 1,
  constraint table_resolutions_number unique (table_node, number),
  constraint table_resolutions_votes check (votes_for >= 0 and votes_against >= 0 and abstentions >= 0
    and (by_vote or votes_for + votes_against + abstentions = 0) and (by_vote or not named_vote))
);
create index table_resolutions_due on table_resolutions (deadline, id) where state in ('OPEN', 'IN_PROGRESS');
create index table_resolutions_session on table_resolutions (session);
create index table_resolutions_responsible on table_resolutions (responsible) where responsible is not null;

-- The person who is responsible, apart: what is personal stands behind policies.
create table table_resolution_people (
  resolution uuid primary key references table_resolutions (id) on delete cascade,
  table_node uuid not null references working_tables (node) on delete cascade,
  person     uuid not null references nodes (id)
);
create index table_resolution_people_person on table_resolution_people (person);
alter table table_resolution_people enable row level security;
create policy responsible_read on table_resolution_people for select using (
  (select viewer_is_hub())
  or person = (select viewer_person())
  or table_node = any((select viewer_uuids('teixit.member') || viewer_uuids('teixit.organises'))::uuid[])
  or exists (select from nodes n where n.id = table_resolution_people.table_node
    and n.home = any((select viewer_uuids('teixit.administers'))::uuid[])));
create policy responsible_add on table_resolution_people for insert with check (true);
create policy responsible_change on table_resolution_people for update using (true);
create policy responsible_remove on table_resolution_people for delete using (true);

create table table_resolution_votes (
  resolution   uuid not null references table_resolutions (id) on delete cascade,
  organisation uuid not null references nodes (id),
  choice       text not null constraint table_votes_choice check (choice in ('FOR', 'AGAINST', 'ABSTENTION')),
  primary key (resolution, organisation)
);

create table table_resolution_notes (
  id         uuid primary key,
  resolution uuid not null references table_resolutions (id) on delete cascade,
  session    uuid references table_sessions (id), -- in which it was said
  state      text not null,                       -- since then
  text       jsonb not null default '{}',
  noted_by   uuid references nodes (id),
  at         timestamptz not null default clock_timestamp()
);
create index table_resolution_notes_of on table_resolution_notes (resolution, at desc);

create table table_agenda_items (
  id          uuid primary key,
  table_node  uuid not null references working_tables (node) on delete cascade,
  session     uuid not null references table_sessions (id) on delete cascade,
  position    integer not null,
  kind        text not null constraint agenda_kind check (kind in ('TOPIC', 'FOLLOW_UP', 'MINUTES_APPROVAL')),
  title       jsonb not null,
  description jsonb not null default '{}',
  late        boolean not null default false,
  resolution  uuid references table_resolutions (id), -- followed up
  minutes_of  uuid references table_sessions (id),    -- whose minutes are to be approved
  carried_from uuid references table_agenda_items (id),
  outcome     text constraint agenda_outcome check (outcome in ('INFORMATION', 'DECISION', 'TASK')),
  note        jsonb not null default '{}',
  closed_at   timestamptz,
  constraint agenda_follow_up check ((resolution is not null) = (kind = 'FOLLOW_UP')),
  constraint agenda_minutes check ((minutes_of is not null) = (kind = 'MINUTES_APPROVAL'))
);
create index agenda_session on table_agenda_items (session, position, id);
create unique index agenda_follow_up_once on table_agenda_items (session, resolution) where resolution is not null;
create unique index agenda_minutes_once on table_agenda_items (session, minutes_of) where minutes_of is not null;
create unique index agenda_carried_once on table_agenda_items (session, carried_from) where carried_from is not null;
alter table table_resolutions add constraint table_resolutions_item foreign key (item) references table_agenda_items (id);
alter table table_sessions add constraint table_sessions_item foreign key (current_item) references table_agenda_items (id) on delete set null;

create table table_papers (
  id       uuid primary key,
  table_node uuid not null references working_tables (node) on delete cascade,
  session  uuid not null references table_sessions (id) on delete cascade,
  item     uuid references table_agenda_items (id) on delete set null,
  title    jsonb not null,
  url      text not null constraint table_papers_url check (url ~* '^https?://'),
  late     boolean not null default false,
  added_by uuid references nodes (id),
  added_at timestamptz not null default clock_timestamp()
);
create index table_papers_session on table_papers (session, added_at, id);

-- What a member organisation answered to the call, and whether it came. Counted
-- by organisation, whoever sits there for it.
create table table_attendance (
  session      uuid not null references table_sessions (id) on delete cascade,
  organisation uuid not null references nodes (id),
  counts       boolean not null default true, -- a full member, for the quorum
  answer       text constraint attendance_answer check (answer in ('ATTEND', 'SUBSTITUTE', 'EXCUSED')),
  answered_at  timestamptz,
  present      boolean not null default false,
  came_as      text constraint attendance_came_as check (came_as in ('DELEGATE', 'SUBSTITUTE', 'OTHER')),
  arrived_at   timestamptz,
  left_at      timestamptz,
  primary key (session, organisation),
  constraint attendance_arrived check (not present or (came_as is not null and arrived_at is not null))
);

-- One text for each session; the newest version is the one that counts.
create table table_minutes (
  session     uuid primary key references table_sessions (id) on delete cascade,
  table_node  uuid not null references working_tables (node) on delete cascade,
  language    text not null constraint minutes_language check (language in ('ca', 'es', 'en')),
  version     integer not null default 1,
  circulated_at timestamptz
);
create table table_minutes_versions (
  session    uuid not null references table_minutes (session) on delete cascade,
  version    integer not null,
  text       text not null constraint minutes_length check (char_length(text) <= 200000),
  written_by uuid references nodes (id),
  at         timestamptz not null default clock_timestamp(),
  primary key (session, version)
);

create table table_polls (
  id         uuid primary key,
  table_node uuid not null references working_tables (node) on delete cascade,
  session    uuid not null references table_sessions (id) on delete cascade,
  closes_at  timestamptz,
  chosen     uuid,
  closed_at  timestamptz,
  opened_at  timestamptz not null default clock_timestamp(),
  constraint table_polls_chosen check (chosen is null or closed_at is not null)
);
create unique index table_polls_open on table_polls (session) where closed_at is null;
create table table_poll_dates (
  id        uuid primary key,
  poll      uuid not null references table_polls (id) on delete cascade,
  starts_at timestamptz not null,
  constraint table_poll_dates_once unique (poll, starts_at)
);
create table table_poll_answers (
  date         uuid not null references table_poll_dates (id) on delete cascade,
  organisation uuid not null references nodes (id),
  answer       text not null constraint poll_answer check (answer in ('YES', 'IF_NEEDED', 'NO')),
  answered_at  timestamptz not null default clock_timestamp(),
  primary key (date, organisation)
);

-- Who is to be told of a call or a poll, and by which link they may answer
-- without an account. The secret of the link is only in the mail.
create table table_links (
  id         uuid primary key,
  table_node uuid not null references working_tables (node) on delete cascade,
  session    uuid not null references table_sessions (id) on delete cascade,
  poll       uuid references table_polls (id) on delete cascade,
  seat       uuid not null references table_seats (id) on delete cascade,
  token_hash bytea unique,
  told_at    timestamptz,
  expires_at timestamptz
);
create index table_links_untold on table_links (id) where told_at is null;
create unique index table_links_once on table_links (seat, session, coalesce(poll, '00000000-0000-0000-0000-000000000000'));
