-- Who may know what of a delegate, what was answered, what is kept how long, what
-- was erased, and the trail of who did and read what.

alter table registration_delegates
  -- What the delegate said to having been registered by somebody else.
  add column answer text constraint delegates_answer check (answer in ('ACCEPT', 'CORRECT', 'NOT_ME')),
  -- The person asked for it, or the time of names is over: the place stays.
  add column erased boolean not null default false;

-- What a delegate eats and needs: apart, because it goes earlier, and because
-- only the organisers read it.
create table delegate_needs (
  delegate uuid primary key references registration_delegates on delete cascade,
  event    uuid not null references events (node),
  diet     text not null default '' check (char_length(diet) <= 500),
  access   text not null default '' check (char_length(access) <= 500),
  purge_at timestamptz not null,
  constraint delegate_needs_some check (diet <> '' or access <> '')
);
create index delegate_needs_purge on delegate_needs (purge_at);
create index delegate_needs_event on delegate_needs (event);

alter table delegate_needs enable row level security;
create policy needs_read on delegate_needs for select using (
  (select viewer_is_hub())
  or exists (
    select from nodes n where n.id = delegate_needs.event
      and (n.id = any((select viewer_uuids('teixit.organises'))::uuid[])
        or n.home = any((select viewer_uuids('teixit.administers'))::uuid[])))
  or exists (select from delegate_secrets s where s.delegate = delegate_needs.delegate and s.person = (select viewer_person())));
create policy needs_add on delegate_needs for insert with check (true);
create policy needs_change on delegate_needs for update using (true);
create policy needs_remove on delegate_needs for delete using (true);

-- The link by which somebody who was registered by somebody else answers. The
-- row is made with the delegate; the secret when the mail is queued.
create table delegate_links (
  delegate   uuid primary key references registration_delegates on delete cascade,
  event      uuid not null references events (node),
  token_hash bytea unique, -- NULL until told, and where there is nobody to tell
  told_at    timestamptz,
  expires_at timestamptz
);
create index delegate_links_untold on delegate_links (delegate) where told_at is null;
create index delegate_links_event on delegate_links (event);

alter table delegate_links enable row level security;
create policy links_read on delegate_links for select using ((select viewer_is_hub()));
create policy links_add on delegate_links for insert with check (true);
create policy links_change on delegate_links for update using (true);
create policy links_remove on delegate_links for delete using (true);

-- For how long the names of an event's delegates are kept, where the organisers
-- said something else than usual.
create table event_retention (
  event     uuid primary key references events (node),
  name_days integer not null constraint event_retention_days check (name_days between 1 and 3650)
);

-- What was erased, when. The identifier names nobody any more; a restored backup
-- knows it, and the ledger beside the database repeats what is here.
create table erasures (
  id              uuid primary key,
  person          uuid not null,
  receipt         text not null unique,
  asked_by        uuid, -- the person, or an administrator; NULL: the ledger
  asked_at        timestamptz not null default clock_timestamp(),
  cancelled_seats integer not null default 0,
  nameless_seats  integer not null default 0,
  done_at         timestamptz
);
create index erasures_person on erasures (person);
create index erasures_open on erasures (asked_at) where done_at is null;

-- Who read my data?
create index access_log_subjects on access_log using gin (subjects);

-- What happened to a thing, newest first, also from partitions that were
-- retired: those the application reads through this function only.
create function audit_journal(topic uuid, below bigint, most int)
  returns table (n4 bigint, kind text, actor uuid, on_behalf_of uuid, at timestamptz)
  language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  retired text;
  found_n int := 0;
  lowest  bigint := below;
begin
  for n4, kind, actor, on_behalf_of, at in
    select j.n4, j.kind, j.actor, j.on_behalf_of, j.at from public.journal j
    where j.node = topic and j.n4 < below order by j.n4 desc limit most
  loop
    found_n := found_n + 1;
    lowest := n4;
    return next;
  end loop;
  for retired in
    select p.name from public.journal_partitions p where p.detached_at is not null order by p.lower_at desc
  loop
    exit when found_n >= most;
    for n4, kind, actor, on_behalf_of, at in execute format(
      'select j.n4, j.kind, j.actor, j.on_behalf_of, j.at from public.%I j
       where j.node = $1 and j.n4 < $2 order by j.n4 desc limit $3', 'journal_' || retired)
      using topic, lowest, most - found_n
    loop
      found_n := found_n + 1;
      lowest := n4;
      return next;
    end loop;
  end loop;
end $$;
