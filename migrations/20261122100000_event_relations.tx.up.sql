-- What stands on a line about an event (what it is called, when it is, how it
-- stands, who may see it), beside each of its relations to an organiser, a place, a
-- term or an audience. Lists of such a body show three events or twenty out of
-- hundreds: they are read in their order from here, and nothing is looked up for
-- those that are not shown. Relations, events and nodes stay the truth: triggers
-- copy them, and only them. It takes over from event_places, which knew places only.
create table event_relations (
  edge       uuid primary key,
  relation   text not null,        -- the edge's kind
  other      uuid not null,        -- its other end
  node       uuid not null,       -- the event
  valid      daterange not null,
  visibility smallint not null,
  home       uuid,
  kind       text not null,
  state      text not null,
  begins     timestamptz not null,
  over_by    timestamptz not null,
  starts_at  timestamptz,
  ends_at    timestamptz,
  overtaking text not null,
  sensitive  boolean not null,
  title_ca   text not null,
  title_es   text not null,
  title_en   text not null
);
create index event_relations_node on event_relations (node);
-- In the order of lists.
create index event_relations_begins on event_relations (other, begins, node);
-- For finding out which events of a town are of a kind, or still to come, without
-- reading one of them.
create index event_relations_kind on event_relations (other, kind, over_by)
  include (edge, node, relation, valid, state, begins, visibility, home);

-- The event and its node are held while they are copied: whoever changes them in
-- between waits, and then finds the copies.
create function copy_event_relations(of_edge uuid, of_event uuid) returns void language plpgsql
  set search_path = pg_catalog, public, pg_temp as $$
begin
  perform from public.nodes n join public.events e on e.node = n.id where n.id = of_event for share;
  insert into public.event_relations (edge, relation, other, node, valid, visibility, home, kind, state, begins, over_by,
    starts_at, ends_at, overtaking, sensitive, title_ca, title_es, title_en)
  select g.id, g.kind, case g.kind when 'organises' then g.source else g.target end, e.node, g.valid,
    n.visibility, n.home, e.kind, e.state, e.begins, e.over_by, e.starts_at, e.ends_at, e.overtaking, e.sensitive,
    n.title_ca, n.title_es, n.title_en
  from public.events e join public.nodes n on n.id = e.node join lateral (
    select r.* from public.edges r where r.source = of_event and r.kind in ('held_at', 'about', 'audience_of')
    union all
    select r.* from public.edges r where r.target = of_event and r.kind = 'organises') g on of_edge is null or g.id = of_edge
  where e.node = of_event
  on conflict (edge) do nothing;
end $$;

create function note_event_relation() returns trigger language plpgsql
  set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op <> 'INSERT' then
    delete from public.event_relations where edge = old.id;
  end if;
  if tg_op <> 'DELETE' then
    perform public.copy_event_relations(new.id, case new.kind when 'organises' then new.target else new.source end);
  end if;
  return null;
end $$;

create function note_event_line() returns trigger language plpgsql
  set search_path = pg_catalog, public, pg_temp as $$
begin
  case tg_op
    when 'INSERT' then perform public.copy_event_relations(null, new.node);
    when 'DELETE' then delete from public.event_relations where node = old.node;
    else
      update public.event_relations set kind = new.kind, state = new.state, begins = new.begins, over_by = new.over_by,
        starts_at = new.starts_at, ends_at = new.ends_at, overtaking = new.overtaking, sensitive = new.sensitive
      where node = new.node;
  end case;
  return null;
end $$;

create function note_event_node() returns trigger language plpgsql
  set search_path = pg_catalog, public, pg_temp as $$
begin
  update public.event_relations set visibility = new.visibility, home = new.home,
    title_ca = new.title_ca, title_es = new.title_es, title_en = new.title_en
  where node = new.id;
  return null;
end $$;

drop trigger events_places_changed on events;
drop trigger events_places_added on events;
drop trigger edges_place_changed on edges;
drop trigger edges_place_removed on edges;
drop trigger edges_place_added on edges;
drop function note_event;
drop function note_event_place;
drop function copy_event_places;
drop table event_places;
-- Instances of before go on reading it.
create view event_places as
  select edge, other as territory, node as event, valid, kind, state, begins, over_by from event_relations where relation = 'held_at';

create trigger edges_event_added after insert on edges for each row
  when (new.kind in ('organises', 'held_at', 'about', 'audience_of')) execute function note_event_relation();
create trigger edges_event_removed after delete on edges for each row
  when (old.kind in ('organises', 'held_at', 'about', 'audience_of')) execute function note_event_relation();
create trigger edges_event_changed after update on edges for each row
  when ((old.kind, old.source, old.target, old.valid) is distinct from (new.kind, new.source, new.target, new.valid)
    and (old.kind in ('organises', 'held_at', 'about', 'audience_of') or new.kind in ('organises', 'held_at', 'about', 'audience_of')))
  execute function note_event_relation();
create trigger events_line_added after insert or delete on events for each row execute function note_event_line();
create trigger events_line_changed after update on events for each row
  when ((old.kind, old.state, old.begins, old.over_by, old.starts_at, old.ends_at, old.overtaking, old.sensitive)
    is distinct from (new.kind, new.state, new.begins, new.over_by, new.starts_at, new.ends_at, new.overtaking, new.sensitive))
  execute function note_event_line();
create trigger nodes_event_changed after update on nodes for each row
  when (new.kind = 'event' and (old.visibility, old.home, old.title_ca, old.title_es, old.title_en)
    is distinct from (new.visibility, new.home, new.title_ca, new.title_es, new.title_en))
  execute function note_event_node();

insert into event_relations (edge, relation, other, node, valid, visibility, home, kind, state, begins, over_by,
  starts_at, ends_at, overtaking, sensitive, title_ca, title_es, title_en)
select g.id, g.kind, case g.kind when 'organises' then g.source else g.target end, e.node, g.valid,
  n.visibility, n.home, e.kind, e.state, e.begins, e.over_by, e.starts_at, e.ends_at, e.overtaking, e.sensitive,
  n.title_ca, n.title_es, n.title_en
from edges g join events e on e.node = case g.kind when 'organises' then g.target else g.source end
join nodes n on n.id = e.node
where g.kind in ('organises', 'held_at', 'about', 'audience_of');
analyze event_relations;
