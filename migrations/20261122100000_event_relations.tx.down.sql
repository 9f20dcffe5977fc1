drop trigger nodes_event_changed on nodes;
drop trigger events_line_changed on events;
drop trigger events_line_added on events;
drop trigger edges_event_changed on edges;
drop trigger edges_event_removed on edges;
drop trigger edges_event_added on edges;
drop function note_event_node;
drop function note_event_line;
drop function note_event_relation;
drop function copy_event_relations;
drop view event_places;
drop table event_relations;

create table event_places (
  edge      uuid primary key,
  territory uuid not null,
  event     uuid not null,
  valid     daterange not null,
  kind      text not null,
  state     text not null,
  begins    timestamptz not null,
  over_by   timestamptz not null
);
create index event_places_territory on event_places (territory, kind, over_by) include (event, valid, state, begins);
create index event_places_event on event_places (event);

-- The event is held while its places are copied: whoever changes its state in
-- between waits, and then finds them.
create function copy_event_places(of_edge uuid, of_event uuid) returns void language plpgsql
  set search_path = pg_catalog, public, pg_temp as $$
begin
  perform from public.events e where e.node = of_event for share;
  insert into public.event_places (edge, territory, event, valid, kind, state, begins, over_by)
  select h.id, h.target, h.source, h.valid, e.kind, e.state, e.begins, e.over_by
  from public.edges h join public.events e on e.node = h.source
  where h.source = of_event and h.kind = 'held_at' and (of_edge is null or h.id = of_edge)
  on conflict (edge) do nothing;
end $$;

create function note_event_place() returns trigger language plpgsql
  set search_path = pg_catalog, public, pg_temp as $$
begin
  if tg_op <> 'INSERT' then
    delete from public.event_places where edge = old.id;
  end if;
  if tg_op <> 'DELETE' then
    perform public.copy_event_places(new.id, new.source);
  end if;
  return null;
end $$;
create trigger edges_place_added after insert on edges for each row
  when (new.kind = 'held_at') execute function note_event_place();
create trigger edges_place_removed after delete on edges for each row
  when (old.kind = 'held_at') execute function note_event_place();
create trigger edges_place_changed after update on edges for each row
  when (old.kind = 'held_at' or new.kind = 'held_at') execute function note_event_place();

create function note_event() returns trigger language plpgsql
  set search_path = pg_catalog, public, pg_temp as $$
begin
  case tg_op
    when 'INSERT' then perform public.copy_event_places(null, new.node);
    when 'DELETE' then delete from public.event_places where event = old.node;
    else
      update public.event_places set kind = new.kind, state = new.state, begins = new.begins, over_by = new.over_by
      where event = new.node;
  end case;
  return null;
end $$;
create trigger events_places_added after insert or delete on events for each row execute function note_event();
create trigger events_places_changed after update on events for each row
  when ((old.kind, old.state, old.begins, old.over_by) is distinct from (new.kind, new.state, new.begins, new.over_by))
  execute function note_event();

insert into event_places (edge, territory, event, valid, kind, state, begins, over_by)
select h.id, h.target, h.source, h.valid, e.kind, e.state, e.begins, e.over_by
from edges h join events e on e.node = h.source where h.kind = 'held_at';
analyze event_places;
