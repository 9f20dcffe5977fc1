drop trigger nodes_pools_changed on nodes;
drop function copy_visibility_to_pools;
drop trigger seat_pools_visibility on seat_pools;
drop function copy_visibility_to_pool;
alter table seat_pools drop column visibility, drop column home;
