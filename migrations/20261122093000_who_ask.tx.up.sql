-- Requests that ask who asks at the same moment share a statement: what follows is
-- who_asks for many. (Instances of before go on calling that.)

-- Each of those who ask is one of the first three arrays at its place, the others
-- are null there: the hash of a session's or of a token's secret, or a person. The
-- rights that the hub has kept of it are in the next six: of whom, of which day, at
-- which sum, and which of the bodies they acted for. One row for each who may, with
-- its place; "still" tells whether the kept rights are what rights_of would read.
-- Who signed in needs an open account; who is only named may have none, for people
-- are recorded without one. Row-level security hides all of it from everybody else.
create function who_ask(sessions text[], tokens bytea[], people uuid[], idle interval,
    kept_people uuid[], kept_days date[], kept_changes bigint[], bodies uuid[], bodies_first int[], bodies_last int[])
  returns table (place int, person uuid, session uuid, token uuid, scopes text[], used_at timestamptz, account boolean, admin boolean,
    glass uuid[], glass_until timestamptz, version bigint, still boolean)
  language plpgsql stable security definer rows 8
  set search_path = pg_catalog, public, pg_temp set row_security = off
  -- Everything is found by its key, however few rows there are. Planning it takes
  -- ten times as long as doing it, so it is planned once for each connection.
  set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_memoize = off as $$
declare
  today constant date := (now() at time zone 'Europe/Madrid')::date;
begin
  return query
    select k.place::int, w.person, w.session, w.token, w.scopes, w.used_at, a.person is not null, a.admin is true,
      g.nodes, g.until,
      coalesce((select v.version from public.viewer_versions v where v.person = w.person), 0),
      coalesce(w.person = k.kept_person and k.kept_day = today
        and k.kept_sum = (select coalesce(sum(c.weight), 0) from public.rights_changes c
          where c.subject = any(array_append(bodies[k.first:k.last], k.kept_person))), false)
    from unnest(sessions, tokens, people, kept_people, kept_days, kept_changes, bodies_first, bodies_last)
      with ordinality k(by_session, by_token, by_person, kept_person, kept_day, kept_sum, first, last, place)
    cross join lateral (
      select s.person, s.id as session, null::uuid as token, null::text[] as scopes, s.seen_at as used_at
      from public.sessions s where s.token_hash = k.by_session
        and s.ended_at is null and s.expires_at > now() and s.seen_at > now() - idle
      union all
      select t.person, null, t.id, t.scopes, t.last_used_at
      from public.api_tokens t where t.token_hash = k.by_token and t.revoked_at is null and t.expires_at > now()
      union all
      select k.by_person, null, null, null, null where k.by_person is not null) w
    cross join lateral (
      select from public.nodes p where p.id = w.person and p.kind = 'person' and p.ended_at is null offset 0) p
    left join lateral (
      select a.person, a.admin, a.disabled_at from public.accounts a where a.person = w.person offset 0) a on true
    cross join lateral (
      select array_agg(g.node) as nodes, min(g.until) as until from public.glass_breaks g where g.person = w.person and g.until > now()) g
    where a.person is not null and a.disabled_at is null or a.person is null and k.by_person is not null;
end $$;
