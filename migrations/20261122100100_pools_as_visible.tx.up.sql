-- Seats are shown to who may see the event: its visibility and home stand beside
-- them, so that a list of events does not look up each event's node for its seats.
alter table seat_pools
  add column visibility smallint not null default 4,
  add column home uuid;
update seat_pools p set visibility = n.visibility, home = n.home from nodes n where n.id = p.event;

-- The node is held while it is copied: whoever hides it in between waits, and then
-- finds the pool.
create function copy_visibility_to_pool() returns trigger language plpgsql
  set search_path = pg_catalog, public, pg_temp as $$
begin
  select n.visibility, n.home into new.visibility, new.home from public.nodes n where n.id = new.event for share;
  return new;
end $$;
create trigger seat_pools_visibility before insert or update of event on seat_pools for each row
  execute function copy_visibility_to_pool();

create function copy_visibility_to_pools() returns trigger language plpgsql
  set search_path = pg_catalog, public, pg_temp as $$
begin
  update public.seat_pools set visibility = new.visibility, home = new.home where event = new.id;
  return null;
end $$;
create trigger nodes_pools_changed after update on nodes for each row
  when (new.kind = 'event' and (old.visibility, old.home) is distinct from (new.visibility, new.home))
  execute function copy_visibility_to_pools();
