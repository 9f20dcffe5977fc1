-- Who asks is found out at every request, and what they may is read from every
-- relation of the bodies they act for. A body with a thousand events, tables and
-- projects has a thousand of them, which seldom change: so the hub keeps rights
-- and asks here whether they are still the same.

-- One row for each change of what a person, or who acts for a body, has a right
-- to. Rows are only added, and drawn together when there are many of them: two
-- who change something for the same body do not wait for each other, and nobody
-- has to keep to an order. What counts is the sum. It is of random numbers, so
-- that a database restored from a copy never has the sum of other rights.
-- No reference to nodes: a change is noted while its node is on the way out.
create table rights_changes (
  subject uuid not null,
  weight  bigint not null default 1 + floor(random() * 2147483647)::bigint
);
create index rights_changes_subject on rights_changes (subject) include (weight);

-- Relations of people, and of bodies to what their people share in: those that
-- rights_of reads.
create function note_rights() returns trigger language plpgsql
  set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op <> 'INSERT' then
    insert into public.rights_changes (subject) values (old.source);
  end if;
  if tg_op = 'INSERT' or tg_op = 'UPDATE' and new.source <> old.source then
    insert into public.rights_changes (subject) values (new.source);
  end if;
  return null;
end $$;
create trigger edges_rights_added after insert on edges for each row
  when (new.kind in ('acts_for', 'has_role', 'member_of', 'leads', 'collaborates_in') or new.kind = 'organises' and new.role = 'CO')
  execute function note_rights();
create trigger edges_rights_removed after delete on edges for each row
  when (old.kind in ('acts_for', 'has_role', 'member_of', 'leads', 'collaborates_in') or old.kind = 'organises' and old.role = 'CO')
  execute function note_rights();
create trigger edges_rights_changed after update on edges for each row
  when ((old.kind, old.source, old.target, old.role, old.valid) is distinct from (new.kind, new.source, new.target, new.role, new.valid)
    and (old.kind in ('acts_for', 'has_role', 'member_of', 'leads', 'collaborates_in') or old.kind = 'organises' and old.role = 'CO'
      or new.kind in ('acts_for', 'has_role', 'member_of', 'leads', 'collaborates_in') or new.kind = 'organises' and new.role = 'CO'))
  execute function note_rights();

-- What a person may by the relations that hold today, when the first of them
-- ends, and the sum of the changes that this stands on: theirs and those of the
-- bodies they act for. Nobody has no rights to be read.
-- A representative or officer answers for the body; where the body is
-- co-organiser of an event, a member of a group or a partner of a project, its
-- people share in that.
create function rights_of(whose uuid, out home uuid[], out administers uuid[], out member uuid[], out organises uuid[],
    out check_in uuid[], out ends timestamptz, out changes bigint)
  language plpgsql stable strict
  set search_path = pg_catalog, public, pg_temp as $$
declare
  today constant date := (now() at time zone 'Europe/Madrid')::date;
begin
  with acting as (
    select e.target as body, bool_or(e.role in ('REPRESENTATIVE', 'OFFICER')) as answers, min(upper(e.valid)) as until
    from public.edges e where e.source = whose and e.kind = 'acts_for' and e.valid @> today group by e.target),
  granted as (
    select e.target as node, e.role, upper(e.valid) as until
    from public.edges e where e.source = whose and e.kind = 'has_role' and e.valid @> today),
  shared as (
    select e.target as node, a.answers and e.kind = 'organises' as organising, upper(e.valid) as until
    from acting a join public.edges e on e.source = a.body
    where e.valid @> today and (e.kind in ('member_of', 'leads', 'collaborates_in') or e.kind = 'organises' and e.role = 'CO'))
  select
    array(select a.body from acting a),
    array(select a.body from acting a where a.answers),
    array(select g.node from granted g where g.role = 'MEMBER' union select s.node from shared s where not s.organising),
    array(select g.node from granted g where g.role = 'ORGANISER' union select s.node from shared s where s.organising),
    array(select g.node from granted g where g.role = 'CHECK_IN'),
    (select min(d.until)::timestamp at time zone 'Europe/Madrid'
     from (select a.until from acting a union all select g.until from granted g union all select s.until from shared s) d),
    (select coalesce(sum(c.weight), 0) from public.rights_changes c
     where c.subject = whose or c.subject in (select a.body from acting a))
  into home, administers, member, organises, check_in, ends, changes;
end $$;

-- Who asks, by the hash of a session's or of a token's secret or by who they are,
-- as row-level security hides it from everybody else; no row: nobody who may.
-- Who signed in needs an open account; who is only named may have none, for
-- people are recorded without one. The last four parameters say which rights the
-- hub has kept, of whom, by which bodies, of which day and at which sum; "still"
-- tells whether they are what rights_of would read.
create function who_asks(by_session text, by_token bytea, by_person uuid, idle interval,
    kept_person uuid, kept_bodies uuid[], kept_day date, kept_changes bigint)
  returns table (person uuid, session uuid, token uuid, scopes text[], used_at timestamptz, account boolean, admin boolean,
    glass uuid[], glass_until timestamptz, version bigint, still boolean)
  language plpgsql stable security definer rows 1
  set search_path = pg_catalog, public, pg_temp set row_security = off as $$
begin
  return query
    select w.person, w.session, w.token, w.scopes, w.used_at, a.person is not null, a.admin is true,
      array(select g.node from public.glass_breaks g where g.person = w.person and g.until > now()),
      (select min(g.until) from public.glass_breaks g where g.person = w.person and g.until > now()),
      coalesce((select v.version from public.viewer_versions v where v.person = w.person), 0),
      coalesce(w.person = kept_person and kept_day = (now() at time zone 'Europe/Madrid')::date
        and kept_changes = (select coalesce(sum(c.weight), 0) from public.rights_changes c
          where c.subject = any(array_append(kept_bodies, kept_person))), false)
    from (
      select s.person, s.id as session, null::uuid as token, null::text[] as scopes, s.seen_at as used_at
      from public.sessions s where s.token_hash = by_session
        and s.ended_at is null and s.expires_at > now() and s.seen_at > now() - idle
      union all
      select t.person, null, t.id, t.scopes, t.last_used_at
      from public.api_tokens t where t.token_hash = by_token and t.revoked_at is null and t.expires_at > now()
      union all
      select by_person, null, null, null, null where by_person is not null) w
    join public.nodes p on p.id = w.person and p.kind = 'person' and p.ended_at is null
    left join public.accounts a on a.person = w.person
    where a.person is not null and a.disabled_at is null or a.person is null and by_person is not null;
end $$;
