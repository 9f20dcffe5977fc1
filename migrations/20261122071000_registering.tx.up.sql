-- Registering by a link that is mailed, without an account; seats that are held
-- for a while; calendars.

-- Nobody with an account registered it, and while the mail address is not shown
-- to be read, an association that is not in the network yet is not added to it.
alter table registrations alter column registered_by drop not null;
alter table registrations alter column organisation drop not null;
alter table registrations
  add column by_link boolean not null default false,
  -- Not confirmed by who asked for it: its seats are held until then.
  add column confirm_by timestamptz,
  -- The organisation is one that nobody in the network has vouched for yet.
  add constraint registrations_by check (registered_by is not null or by_link),
  add constraint registrations_for check (organisation is not null or by_link);
create index registrations_unconfirmed on registrations (confirm_by) where confirm_by is not null;

-- Shortly before an event a promotion is an offer: the seat is taken, and goes
-- to the next in line unless somebody says in time that they come.
alter table registration_delegates add column offered_until timestamptz;
create index delegates_offered on registration_delegates (offered_until) where offered_until is not null;

-- Whatever else becomes of the seat, the offer is over.
create function offer_over() returns trigger language plpgsql as $$
begin
  new.offered_until := null;
  return new;
end $$;
create trigger offer_over before update of state on registration_delegates
  for each row when (new.offered_until is not null and new.state <> 'CONFIRMED') execute function offer_over();

-- How long seats are held and when promotions become offers, where an event's
-- organisers said something else than the hub does.
create table event_holds (
  event        uuid primary key references events (node),
  hold_minutes integer constraint event_holds_hold check (hold_minutes between 5 and 2880),
  offer_hours  integer constraint event_holds_window check (offer_hours between 0 and 720),
  offer_minutes integer constraint event_holds_offer check (offer_minutes between 5 and 2880)
);

-- Who registered by mail, and what they said of their association.
create table registration_contacts (
  registration uuid primary key references registrations on delete cascade,
  event        uuid not null references events (node),
  mail         text not null constraint registration_contacts_mail check (mail = lower(mail) and mail <> ''),
  name         text not null default '',
  lang         text not null,
  -- An association to be added with the confirmation; empty: it was found.
  association_name   text not null default '',
  association_number text not null default '',
  association_town   uuid references nodes,
  confirmed_at timestamptz
);
create index registration_contacts_event on registration_contacts (event, mail);
create index registration_contacts_mail on registration_contacts (mail);

alter table registration_contacts enable row level security;
create policy contacts_read on registration_contacts for select using (
  (select viewer_is_hub())
  or exists (
    select from registrations r where r.id = registration_contacts.registration and r.confirm_by is null
      and r.organisation = any((select viewer_uuids('teixit.administers'))::uuid[]))
  or exists (
    select from nodes n where n.id = registration_contacts.event
      and (n.id = any((select viewer_uuids('teixit.organises'))::uuid[])
        or n.home = any((select viewer_uuids('teixit.administers'))::uuid[]))));
create policy contacts_add on registration_contacts for insert with check ((select viewer_is_hub()));
create policy contacts_change on registration_contacts for update using ((select viewer_is_hub()));
create policy contacts_remove on registration_contacts for delete using ((select viewer_is_hub()));

-- Each mail about a registration brings a link of its own; all work until the
-- event is over.
create table registration_links (
  token_hash   bytea primary key,
  registration uuid not null references registrations on delete cascade,
  expires_at   timestamptz not null
);
create index registration_links_of on registration_links (registration);
create index registration_links_ended on registration_links (expires_at);
alter table registration_links enable row level security;
create policy registration_links_hub on registration_links
  using ((select viewer_is_hub())) with check ((select viewer_is_hub()));

-- What was last mailed to who registered, or to a delegate, about their own
-- seats, and the number of that mail, which is that of the entry in their calendar.
create table seat_notices (
  subject  uuid primary key, -- the registration, or the delegate
  event    uuid not null references events (node),
  told     text not null,
  sequence integer not null default 0
);
create index seat_notices_event on seat_notices (event);
alter table seat_notices enable row level security;
create policy seat_notices_hub on seat_notices
  using ((select viewer_is_hub())) with check ((select viewer_is_hub()));

-- Who was reminded of an event at which time: a start that moves is reminded of again.
create table event_reminders (
  event     uuid not null references events (node),
  starts_at timestamptz not null,
  at        timestamptz not null default clock_timestamp(),
  primary key (event, starts_at)
);

-- A calendar file that goes with a mail, and about which seat it is, to which a
-- mail that is refused is noted.
alter table mails add column calendar text;
alter table mails add column about uuid;
create index mails_refused_about on mails (about) where about is not null and state = 'refused';
alter table demo_mails add column calendar text not null default '';

-- The secret address of a person's own calendar; one, and revocable.
create table calendar_secrets (
  person     uuid primary key references nodes on delete cascade,
  token_hash bytea not null unique,
  made_at    timestamptz not null default clock_timestamp()
);
alter table calendar_secrets enable row level security;
create policy calendar_secrets_own on calendar_secrets
  using ((select viewer_is_hub()) or person = (select viewer_person()))
  with check ((select viewer_is_hub()) or person = (select viewer_person()));

-- When the description of an event last changed, for feeds.
alter table events add column changed_at timestamptz;
update events set changed_at = created_at;
alter table events alter column changed_at set default clock_timestamp();
alter table events alter column changed_at set not null;
create function event_changed() returns trigger language plpgsql as $$
begin
  new.changed_at := clock_timestamp();
  return new;
end $$;
create trigger event_changed before update of version on events
  for each row when (new.version <> old.version) execute function event_changed();
