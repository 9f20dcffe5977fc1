-- The organisers' own form: dates that belong together, questions with their
-- answers, a notice to accept, parallel sessions to choose from.

-- Several events that belong together, such as the dates of a training.
create table event_series (
  id         uuid primary key,
  home       uuid not null references nodes (id),
  title      jsonb not null,
  created_by uuid not null references nodes (id),
  created_at timestamptz not null default now()
);
create index event_series_home on event_series (home);
alter table events add column series uuid references event_series (id);
create index events_series on events (series, begins, node) where series is not null;

create table event_questions (
  id           uuid primary key,
  event        uuid not null references events (node),
  kind         text not null constraint event_questions_kind check (kind in ('TEXT', 'CHOICE', 'SEVERAL', 'NUMBER', 'YES_NO')),
  label        jsonb not null,
  help         jsonb not null default '{}',
  -- Texts in their order; an answer names them by their place, from 1.
  options      jsonb not null default '[]',
  required     boolean not null default false,
  position     integer not null,
  -- When the answers are deleted; NULL: 30 days after the event.
  purge_on     date,
  withdrawn_at timestamptz,
  constraint event_questions_options check (
    jsonb_typeof(options) = 'array'
    and case when kind in ('CHOICE', 'SEVERAL') then jsonb_array_length(options) between 2 and 30 else jsonb_array_length(options) = 0 end)
);
create index event_questions_event on event_questions (event, position);

create table delegate_answers (
  delegate    uuid not null references registration_delegates on delete cascade,
  question    uuid not null references event_questions on delete cascade,
  event       uuid not null references events (node),
  answer      jsonb not null, -- {"text"}, {"number"}, {"yes"} or {"choices"}
  answered_at timestamptz not null default clock_timestamp(),
  primary key (delegate, question)
);
create index delegate_answers_question on delegate_answers (question);

-- What is counted of people and never required.
create table delegate_traits (
  delegate uuid primary key references registration_delegates on delete cascade,
  event    uuid not null references events (node),
  sex      text not null constraint delegate_traits_sex check (sex in ('WOMAN', 'MAN', 'NON_BINARY'))
);
create index delegate_traits_event on delegate_traits (event);

-- To who answers for the registration, the delegate and the event's organisers:
-- not to the door.
create function may_see_delegate(whose uuid) returns boolean
  language sql stable security definer cost 1000 set search_path = pg_catalog, public, pg_temp as $$
  select exists (
    select from public.delegate_secrets s join public.registrations r on r.id = s.registration join public.nodes n on n.id = s.event
    where s.delegate = whose and (s.person = public.viewer_person() or r.registered_by = public.viewer_person()
      or r.organisation = any(public.viewer_uuids('teixit.administers'))
      or n.id = any(public.viewer_uuids('teixit.organises')) or n.home = any(public.viewer_uuids('teixit.administers'))))
$$;

alter table delegate_answers enable row level security;
create policy answers_read on delegate_answers for select using ((select viewer_is_hub()) or may_see_delegate(delegate));
create policy answers_add on delegate_answers for insert with check (true);
create policy answers_change on delegate_answers for update using (true);
create policy answers_remove on delegate_answers for delete using (true);

alter table delegate_traits enable row level security;
create policy traits_read on delegate_traits for select using ((select viewer_is_hub()) or may_see_delegate(delegate));
create policy traits_add on delegate_traits for insert with check (true);
create policy traits_change on delegate_traits for update using (true);
create policy traits_remove on delegate_traits for delete using (true);

-- The organisers' notice. A version, once written, is never changed: who
-- accepted it accepted those words.
create table event_notices (
  event      uuid not null references events (node),
  version    integer not null constraint event_notices_version check (version > 0),
  text       jsonb not null,
  written_by uuid not null references nodes (id),
  written_at timestamptz not null default clock_timestamp(),
  primary key (event, version)
);
alter table registrations
  add column notice_version integer,
  add column notice_accepted_at timestamptz,
  add constraint registrations_notice check ((notice_version is null) = (notice_accepted_at is null));

-- Parallel sessions. How many chose one stands with it, and never exceeds its
-- capacity, whatever the commands forget.
alter table event_sessions
  add column chosen integer not null default 0,
  add constraint event_sessions_never_overfull check (chosen >= 0 and (capacity is null or chosen <= capacity));

-- By the place in the block: who replaces a delegate keeps what was chosen.
create table session_choices (
  session      uuid not null references event_sessions on delete cascade,
  registration uuid not null references registrations on delete cascade,
  position     smallint not null,
  event        uuid not null references events (node),
  primary key (registration, position, session)
);
create index session_choices_session on session_choices (session);

create function session_chosen() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    update event_sessions set chosen = chosen + 1 where id = new.session;
  else
    update event_sessions set chosen = chosen - 1 where id = old.session;
  end if;
  return null;
end $$;
create trigger session_chosen after insert or delete on session_choices for each row execute function session_chosen();

-- Who is gone answers nothing more; who was replaced leaves the sessions to the
-- next one.
create or replace function delegate_gone() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update public.delegate_secrets set live = false where delegate = new.id;
  delete from public.delegate_answers where delegate = new.id;
  delete from public.delegate_traits where delegate = new.id;
  if new.state <> 'REPLACED' then
    delete from public.session_choices where registration = new.registration and position = new.position;
  end if;
  return null;
end $$;
