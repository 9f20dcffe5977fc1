-- The second line around signing in, mails, keys and trails: every table with
-- personal data answers only to who may read it. What has to be read before
-- anybody is somebody goes through functions of the owner, each for one
-- question. They take a secret's hash, or who it is about, and give no more than
-- the question needs. "row_security = off" makes them fail, instead of finding
-- less, should policies ever apply to the owner too: a hidden account must not
-- look like none.

-- Who holds a session's token. No row: there is no such session, or it is over,
-- or its account is not open.
create function session_behind(secret text, idle interval)
  returns table (person uuid, session uuid, seen_at timestamptz)
  language plpgsql stable security definer
  set search_path = pg_catalog, public, pg_temp set row_security = off as $$
begin
  return query
    select s.person, s.id, s.seen_at from public.sessions s join public.accounts a on a.person = s.person
    where s.token_hash = secret and s.ended_at is null and s.expires_at > now() and s.seen_at > now() - idle
      and a.disabled_at is null;
end $$;

-- The same of a machine's token.
create function token_behind(secret bytea)
  returns table (person uuid, token uuid, scopes text[], last_used_at timestamptz)
  language plpgsql stable security definer
  set search_path = pg_catalog, public, pg_temp set row_security = off as $$
begin
  return query
    select t.person, t.id, t.scopes, t.last_used_at from public.api_tokens t join public.accounts a on a.person = t.person
    where t.token_hash = secret and t.revoked_at is null and t.expires_at > now() and a.disabled_at is null;
end $$;

-- What a person is to the hub. Always one row: NONE is said, never concluded
-- from a row that is not there.
create function viewer_standing(whose uuid, out standing text, out admin boolean, out glass uuid[], out glass_until timestamptz)
  language plpgsql stable security definer
  set search_path = pg_catalog, public, pg_temp set row_security = off as $$
begin
  select case when a.disabled_at is null then 'OPEN' else 'DISABLED' end, a.admin into standing, admin
  from public.accounts a where a.person = whose;
  standing := coalesce(standing, 'NONE');
  admin := coalesce(admin, false);
  select coalesce(array_agg(g.node), '{}'), min(g.until) into glass, glass_until
  from public.glass_breaks g where g.person = whose and g.until > now();
end $$;

-- Which of these sessions and tokens are over, or gone: for live connections.
create function sign_ins_over(sessions uuid[], tokens uuid[], idle interval) returns setof uuid
  language plpgsql stable security definer
  set search_path = pg_catalog, public, pg_temp set row_security = off as $$
begin
  return query
    select w.id from unnest(sign_ins_over.sessions) as w(id) left join public.sessions s on s.id = w.id
    where s.id is null or s.ended_at is not null or s.expires_at <= now() or s.seen_at <= now() - idle
    union all
    select w.id from unnest(tokens) as w(id) left join public.api_tokens t on t.id = w.id
    where t.id is null or t.revoked_at is not null or t.expires_at <= now();
end $$;

-- The open invitation behind a mailed link.
create function invitation_behind(secret bytea)
  returns table (id uuid, mail text, organization uuid, role text, invited_by uuid, created_at timestamptz, expires_at timestamptz)
  language plpgsql stable security definer
  set search_path = pg_catalog, public, pg_temp set row_security = off as $$
begin
  return query
    select i.id, i.mail, i.organization, i.role, i.invited_by, i.created_at, i.expires_at from public.invitations i
    where i.token_hash = secret and i.accepted_at is null and i.revoked_at is null and i.expires_at > now();
end $$;

-- The viewer's own: they read it, and change what is theirs to change. All else,
-- such as to begin a session or to disable an account, is the hub's to do.

alter table accounts enable row level security;
create policy accounts_read on accounts for select using ((select viewer_is_hub()) or person = (select viewer_person()));
create policy accounts_add on accounts for insert with check ((select viewer_is_hub()));
create policy accounts_change on accounts for update using ((select viewer_is_hub()) or person = (select viewer_person()));
create policy accounts_remove on accounts for delete using ((select viewer_is_hub()));

-- What is not theirs to change in their own account.
create function hub_only() returns trigger language plpgsql as $$
begin
  if not public.viewer_is_hub() then
    raise exception '%.%: only the hub itself may change this', tg_table_schema, tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger accounts_hub_only before update of person, admin, disabled_at on accounts
  for each row when ((old.person, old.admin, old.disabled_at) is distinct from (new.person, new.admin, new.disabled_at))
  execute function hub_only();

alter table identities enable row level security;
create policy identities_read on identities for select using ((select viewer_is_hub()) or person = (select viewer_person()));
create policy identities_add on identities for insert with check ((select viewer_is_hub()) or person = (select viewer_person()));
create policy identities_change on identities for update using ((select viewer_is_hub()));
create policy identities_remove on identities for delete using ((select viewer_is_hub()) or person = (select viewer_person()));

alter table sessions enable row level security;
create policy sessions_read on sessions for select using ((select viewer_is_hub()) or person = (select viewer_person()));
create policy sessions_add on sessions for insert with check ((select viewer_is_hub()));
create policy sessions_change on sessions for update using ((select viewer_is_hub()) or person = (select viewer_person()));
create policy sessions_remove on sessions for delete using ((select viewer_is_hub()));

alter table api_tokens enable row level security;
create policy tokens_read on api_tokens for select using ((select viewer_is_hub()) or person = (select viewer_person()));
create policy tokens_add on api_tokens for insert with check ((select viewer_is_hub()) or person = (select viewer_person()));
create policy tokens_change on api_tokens for update using ((select viewer_is_hub()) or person = (select viewer_person()));
create policy tokens_remove on api_tokens for delete using ((select viewer_is_hub()));

-- To who answers for the body, who invited, and who is invited.
alter table invitations enable row level security;
create policy invitations_read on invitations for select using (
  (select viewer_is_hub())
  or invited_by = (select viewer_person())
  or accepted_by = (select viewer_person())
  or mail = (select a.mail from accounts a where a.person = (select viewer_person()))
  or organization = any((select viewer_uuids('teixit.organises'))::uuid[])
  or exists (
    select from nodes n where n.id = invitations.organization
      and n.home = any((select viewer_uuids('teixit.administers'))::uuid[])));
create policy invitations_add on invitations for insert with check ((select viewer_is_hub()));
create policy invitations_change on invitations for update using ((select viewer_is_hub()));
create policy invitations_remove on invitations for delete using ((select viewer_is_hub()));

-- The hub's own work: codes, mails, keys of commands, erasures.

alter table sign_in_codes enable row level security;
create policy codes_hub on sign_in_codes using ((select viewer_is_hub()));

alter table mails enable row level security;
create policy mails_hub on mails using ((select viewer_is_hub()));

alter table demo_mails enable row level security;
create policy demo_mails_hub on demo_mails using ((select viewer_is_hub()));

alter table erasures enable row level security;
create policy erasures_hub on erasures using ((select viewer_is_hub()));

alter table command_keys enable row level security;
create policy keys_own on command_keys using ((select viewer_is_hub()) or actor = (select viewer_person()));

-- Who looked inside and why: to its organisers and to who did.
alter table glass_breaks enable row level security;
create policy glass_read on glass_breaks for select using (
  (select viewer_is_hub())
  or person = (select viewer_person())
  or node = any((select viewer_uuids('teixit.organises'))::uuid[])
  or exists (
    select from nodes n where n.id = glass_breaks.node
      and n.home = any((select viewer_uuids('teixit.administers'))::uuid[])));
create policy glass_add on glass_breaks for insert with check ((select viewer_is_hub()) or person = (select viewer_person()));
create policy glass_change on glass_breaks for update using ((select viewer_is_hub()));
create policy glass_remove on glass_breaks for delete using ((select viewer_is_hub()));

-- Who read whose data: to who read, and to the organisers of where. Everybody
-- adds to it; nobody changes it (see package postgres). Whose data were read is
-- asked by the hub, for an index on them is of no use behind a policy.
alter table access_log enable row level security;
create policy access_log_read on access_log for select using (
  (select viewer_is_hub())
  or actor = (select viewer_person())
  or node = any((select viewer_uuids('teixit.organises'))::uuid[])
  or exists (
    select from nodes n where n.id = access_log.node
      and n.home = any((select viewer_uuids('teixit.administers'))::uuid[])));
create policy access_log_add on access_log for insert with check (true);
