-- Events: what they are, their programme and their documents.
-- The title lives in nodes; organisers, places and themes are edges.

create table events (
  node uuid primary key references nodes (id),
  kind text not null constraint events_kind check (kind in (
    'CONFERENCE_DAY', 'TRAINING', 'SEMINAR', 'CONGRESS', 'GROUP_SESSION',
    'AWARENESS_ACTIVITY', 'CAMPAIGN_ACT', 'CIRCLE_CLOSING_DAY', 'PRESENTATION')),
  state text not null default 'DRAFT' constraint events_state check (state in (
    'DRAFT', 'PUBLISHED', 'CANCELLED', 'HELD', 'CLOSED')),
  -- What the organisers declared; the node stays at 4 until it is published.
  visibility smallint not null constraint events_visibility check (visibility between 0 and 4),

  -- Either the exact moment, or as much of the date as is known. "28 November"
  -- has a month and a day and no year, and gets none.
  starts_at timestamptz,
  ends_at timestamptz,
  date_year smallint,
  date_month smallint,
  date_day smallint,
  -- For ordering and for "still to come" only: the first and the last moment
  -- that the known date allows; infinity when the year is not known.
  begins timestamptz not null generated always as (coalesce(
    starts_at,
    make_timestamp(date_year, coalesce(date_month, 1), coalesce(date_day, 1), 0, 0, 0)
      at time zone 'Europe/Madrid',
    'infinity')) stored,
  over_by timestamptz not null generated always as (coalesce(
    ends_at,
    (date_trunc('day', starts_at at time zone 'Europe/Madrid') + interval '1 day')
      at time zone 'Europe/Madrid',
    (make_timestamp(date_year, coalesce(date_month, 1), coalesce(date_day, 1), 0, 0, 0)
      + case when date_day is not null then interval '1 day'
           when date_month is not null then interval '1 month'
           else interval '1 year' end)
      at time zone 'Europe/Madrid',
    'infinity')) stored,

  registration_opens_at timestamptz,
  registration_closes_at timestamptz,
  requires_approval boolean not null default false,
  overtaking text not null default 'IN_ORDER' constraint events_overtaking check (
    overtaking in ('IN_ORDER', 'SMALLER_MAY_PASS')),
  sensitive boolean not null default false,

  summary jsonb not null default '{}',
  description jsonb not null default '{}',
  objectives jsonb not null default '[]' constraint events_objectives check (
    jsonb_typeof(objectives) = 'array'),
  venue_name text not null default '',
  venue_address text not null default '',
  online_url text not null default '',
  languages text[] not null default '{}',
  cancellation_reason jsonb,

  created_by uuid not null references nodes (id),
  created_at timestamptz not null default now(),
  version bigint not null default 1 constraint events_version check (version > 0),

  constraint events_end_after_start check (ends_at is null or ends_at > starts_at),
  constraint events_end_needs_start check (ends_at is null or starts_at is not null),
  constraint events_one_date check (
    starts_at is null or (date_year is null and date_month is null and date_day is null)),
  constraint events_year check (date_year between 1900 and 2200),
  constraint events_month check (date_month between 1 and 12),
  constraint events_day check (
    date_day is null or (date_month is not null and date_day between 1 and
      case when date_month in (4, 6, 9, 11) then 30
         when date_month <> 2 then 31
         when date_year is null or (date_year % 4 = 0 and (date_year % 100 <> 0 or date_year % 400 = 0)) then 29
         else 28 end)),
  constraint events_closes_after_opens check (registration_closes_at > registration_opens_at),
  constraint events_reason_when_cancelled check ((cancellation_reason is not null) = (state = 'CANCELLED'))
);

create index events_begins on events (begins, node);
create index events_over_by on events (over_by) where state = 'PUBLISHED';

create table event_sessions (
  id uuid primary key,
  event uuid not null references events (node),
  title jsonb not null,
  description jsonb not null default '{}',
  starts_at timestamptz,
  ends_at timestamptz,
  room text not null default '',
  track text not null default '',
  -- [{"name": …, "role": {"ca": …}, "organisation": …}], as printed in the programme.
  speakers jsonb not null default '[]' constraint event_sessions_speakers check (
    jsonb_typeof(speakers) = 'array'),
  territory uuid references nodes (id),
  capacity integer constraint event_sessions_capacity check (capacity between 1 and 100000),
  position integer not null,
  constraint event_sessions_end_after_start check (ends_at is null or ends_at > starts_at),
  constraint event_sessions_end_needs_start check (ends_at is null or starts_at is not null)
);

create index event_sessions_event on event_sessions (event, position);
create index event_sessions_territory on event_sessions (territory) where territory is not null;

-- One row per version: an announced document is never changed, only followed
-- by the next version. The newest one that is not withdrawn is shown.
create table event_documents (
  id uuid not null,
  version integer not null constraint event_documents_version check (version > 0),
  event uuid not null references events (node),
  title jsonb not null,
  url text not null constraint event_documents_url check (url ~* '^https?://'),
  note jsonb not null default '{}',
  added_by uuid not null references nodes (id),
  added_at timestamptz not null default now(),
  withdrawn_at timestamptz,
  primary key (id, version)
);

create index event_documents_event on event_documents (event, id, version desc);
