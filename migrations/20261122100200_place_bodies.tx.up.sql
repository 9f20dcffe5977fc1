-- Who acts in a place, by name: what stands on a line about a body, beside each of
-- its relations to a place. A page of a town's bodies is read in its order from
-- here; before, all of them were looked up and sorted for it. Relations and nodes stay
-- the truth: triggers copy them, and only them.
create table place_bodies (
  edge       uuid primary key,
  place      uuid not null,
  node       uuid not null,        -- the body
  valid      daterange not null,
  sort       text not null collate ca,
  kind       text not null,
  visibility smallint not null,
  home       uuid,
  title_ca   text not null,
  title_es   text not null,
  title_en   text not null,
  created_at timestamptz not null,
  ended_at   timestamptz
);
create index place_bodies_node on place_bodies (node);
create index place_bodies_sort on place_bodies (place, sort, node);

-- The name that a body sorts by: its Catalan one, or what it has.
create function sort_name(ca text, es text, en text) returns text language sql immutable parallel safe
  return coalesce(nullif(ca collate "C", ''), nullif(es collate "C", ''), en collate "C");

-- The node is held while it is copied: whoever changes it in between waits, and then
-- finds the copies.
create function note_place_body() returns trigger language plpgsql
  set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op <> 'INSERT' then
    delete from public.place_bodies where edge = old.id;
  end if;
  if tg_op <> 'DELETE' and new.kind = 'acts_in' then
    perform from public.nodes where id = new.source for share;
    insert into public.place_bodies (edge, place, node, valid, sort, kind, visibility, home, title_ca, title_es, title_en, created_at, ended_at)
    select new.id, new.target, n.id, new.valid, public.sort_name(n.title_ca, n.title_es, n.title_en), n.kind, n.visibility, n.home,
      n.title_ca, n.title_es, n.title_en, n.created_at, n.ended_at
    from public.nodes n where n.id = new.source;
  end if;
  return null;
end $$;

create function note_body_node() returns trigger language plpgsql
  set search_path = pg_catalog, public, pg_temp as $$
begin
  update public.place_bodies set sort = public.sort_name(new.title_ca, new.title_es, new.title_en), kind = new.kind,
    visibility = new.visibility, home = new.home, title_ca = new.title_ca, title_es = new.title_es, title_en = new.title_en,
    ended_at = new.ended_at
  where node = new.id;
  return null;
end $$;

create trigger edges_acting_added after insert on edges for each row
  when (new.kind = 'acts_in') execute function note_place_body();
create trigger edges_acting_removed after delete on edges for each row
  when (old.kind = 'acts_in') execute function note_place_body();
create trigger edges_acting_changed after update on edges for each row
  when ((old.kind, old.source, old.target, old.valid) is distinct from (new.kind, new.source, new.target, new.valid)
    and (old.kind = 'acts_in' or new.kind = 'acts_in'))
  execute function note_place_body();
create trigger nodes_acting_changed after update on nodes for each row
  when (new.kind not in ('person', 'event') and (old.kind, old.visibility, old.home, old.title_ca, old.title_es, old.title_en, old.ended_at)
    is distinct from (new.kind, new.visibility, new.home, new.title_ca, new.title_es, new.title_en, new.ended_at))
  execute function note_body_node();

insert into place_bodies (edge, place, node, valid, sort, kind, visibility, home, title_ca, title_es, title_en, created_at, ended_at)
select a.id, a.target, n.id, a.valid, sort_name(n.title_ca, n.title_es, n.title_en), n.kind, n.visibility, n.home,
  n.title_ca, n.title_es, n.title_en, n.created_at, n.ended_at
from edges a join nodes n on n.id = a.source where a.kind = 'acts_in';
analyze place_bodies;
