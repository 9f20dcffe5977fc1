-- The second line: tables with personal data answer only to who may read them,
-- whatever the query forgets. Who asks is told by settings of the transaction
-- (see package postgres, Personal); without settings these tables are empty.
-- A policy may let through a little more than the queries' own checks, never
-- less: it does not know dates, nor what an event calls sensitive.

create function viewer_uuids(setting text) returns uuid[]
  language sql stable parallel safe as $$ select nullif(current_setting(setting, true), '')::uuid[] $$;

create function viewer_person() returns uuid
  language sql stable parallel safe as $$ select nullif(current_setting('teixit.person', true), '')::uuid $$;

-- The hub at its own work: mail, retention, erasure, bearers of links.
create function viewer_is_hub() returns boolean
  language sql stable parallel safe as $$ select coalesce(current_setting('teixit.hub', true), '') = 'on' $$;

-- What tells who has a seat, apart from the seat. Boards and lines count
-- registration_delegates, which has no names and no policy; who a delegate is,
-- and with what code they come in, is here.
create table delegate_secrets (
  delegate     uuid primary key references registration_delegates on delete cascade,
  registration uuid not null,
  event        uuid not null,
  person       uuid references nodes,
  -- Hash of event and mail: finds the same person twice, and no more.
  mail_key     bytea,
  -- For the entrance; unguessable. A replacement gets a new one. NULL: purged.
  code         text,
  -- Until the delegate is cancelled, rejected or replaced.
  live         boolean not null default true,
  -- When it was last said who it is; NULL: with the registration.
  named_at     timestamptz
);

insert into delegate_secrets (delegate, registration, event, person, mail_key, code, live)
select id, registration, event, person, mail_key, code, state not in ('CANCELLED', 'REJECTED', 'REPLACED')
from registration_delegates;

-- To whom the name is shown besides those who answer for it: the delegate's own
-- choice.
alter table registration_delegates add column shown_to text not null default 'ORGANISERS'
  constraint delegates_shown_to check (shown_to in ('ORGANISERS', 'COLLEAGUES'));

alter table registration_delegates drop column person, drop column mail_key, drop column code;

alter table delegate_secrets add constraint delegates_code_once unique (code);
create unique index delegates_person_once on delegate_secrets (event, person) where person is not null and live;
create unique index delegates_mail_once on delegate_secrets (event, mail_key) where mail_key is not null and live;
create index delegate_secrets_person on delegate_secrets (person) where person is not null;

-- With the rights of the owner: who may cancel somebody need not see who it is.
create function delegate_gone() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update public.delegate_secrets set live = false where delegate = new.id;
  return null;
end $$;
create trigger delegate_gone after update of state on registration_delegates
  for each row when (new.state in ('CANCELLED', 'REJECTED', 'REPLACED')) execute function delegate_gone();

-- Each sub-select without outer references runs once per statement.

alter table organization_claims enable row level security;
create policy claims_read on organization_claims for select using (
  (select viewer_is_hub())
  or person = (select viewer_person())
  or exists (
    select from edges e join territories t on t.node = e.target
    where e.source = organization_claims.organization and e.kind = 'acts_in'
      and coalesce(t.municipality, t.node) = any((select viewer_uuids('teixit.administers'))::uuid[])));
create policy claims_add on organization_claims for insert
  with check ((select viewer_is_hub()) or person = (select viewer_person()));
create policy claims_change on organization_claims for update using (true);
create policy claims_remove on organization_claims for delete using (true);

-- Who may see a delegate: they themselves, who answers for the registration, the
-- door, the event's organisers.
alter table delegate_secrets enable row level security;
create policy secrets_read on delegate_secrets for select using (
  (select viewer_is_hub())
  or person = (select viewer_person())
  or exists (
    select from registrations r where r.id = delegate_secrets.registration
      and (r.registered_by = (select viewer_person())
        or r.organisation = any((select viewer_uuids('teixit.administers'))::uuid[])))
  or event = any((select viewer_uuids('teixit.check_in'))::uuid[])
  or exists (
    select from nodes n where n.id = delegate_secrets.event
      and (n.id = any((select viewer_uuids('teixit.organises'))::uuid[])
        or n.home = any((select viewer_uuids('teixit.administers'))::uuid[]))));
create policy secrets_add on delegate_secrets for insert with check (true);
create policy secrets_change on delegate_secrets for update using (true);
create policy secrets_remove on delegate_secrets for delete using (true);

-- The rarer reasons to see a name. Apart, each with a plan of its own, because a
-- statement pays for every sub-select of a policy whether it is needed or not
-- (80 of them: 200 microseconds). With the rights of the owner: the tables it
-- asks have policies too.
create function may_see_name(whose uuid) returns boolean
  language plpgsql stable security definer cost 1000 as $$
declare
  viewer    uuid := public.viewer_person();
  my_bodies uuid[];
begin
  if viewer is null then
    return false;
  end if;
  my_bodies := public.viewer_uuids('teixit.administers');
  -- A delegate: to themselves.
  if exists (select from public.delegate_secrets s where s.delegate = whose and s.person = viewer) then
    return true;
  end if;
  -- A person of a body the viewer is at home in.
  if exists (select from public.nodes n where n.id = whose and n.home = any(public.viewer_uuids('teixit.home'))) then
    return true;
  end if;
  -- A person who is a delegate: to who sees the delegate.
  if exists (
    select from public.delegate_secrets s join public.registrations r on r.id = s.registration
    join public.nodes n on n.id = s.event
    where s.person = whose and (r.registered_by = viewer or r.organisation = any(my_bodies)
      or s.event = any(public.viewer_uuids('teixit.check_in')) or n.id = any(public.viewer_uuids('teixit.organises'))
      or n.home = any(my_bodies))) then
    return true;
  end if;
  -- Who claims an association: to the officers of its town.
  return exists (
    select from public.organization_claims c
    join public.edges e on e.source = c.organization and e.kind = 'acts_in'
    join public.territories t on t.node = e.target
    where c.person = whose and c.decided_at is null and coalesce(t.municipality, t.node) = any(my_bodies));
end $$;

alter table person_names enable row level security;
create policy names_read on person_names for select using (
  (select viewer_is_hub())
  or subject = (select viewer_person())
  or root = any((select viewer_uuids('teixit.check_in'))::uuid[])
  or exists (
    select from edges e where e.source = person_names.subject and e.kind = 'acts_for'
      and e.target = any((select viewer_uuids('teixit.home') || viewer_uuids('teixit.member')
        || viewer_uuids('teixit.organises') || viewer_uuids('teixit.administers'))::uuid[]))
  or exists (
    select from nodes n where n.id = person_names.root
      and (n.id = any((select viewer_uuids('teixit.organises'))::uuid[])
        or n.home = any((select viewer_uuids('teixit.administers'))::uuid[])))
  -- a delegate: to who answers for the registration, and to whom they chose
  or exists (
    select from registration_delegates d join registrations r on r.id = d.registration
    where d.id = person_names.subject and (r.registered_by = (select viewer_person())
      or r.organisation = any((select viewer_uuids('teixit.administers'))::uuid[])
      or d.shown_to = 'COLLEAGUES' and r.organisation = any((select viewer_uuids('teixit.home'))::uuid[])))
  or may_see_name(subject));
create policy names_add on person_names for insert with check (true);
create policy names_change on person_names for update using (true);
create policy names_remove on person_names for delete using (true);
