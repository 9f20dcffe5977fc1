drop trigger nodes_acting_changed on nodes;
drop trigger edges_acting_changed on edges;
drop trigger edges_acting_removed on edges;
drop trigger edges_acting_added on edges;
drop function note_body_node;
drop function note_place_body;
drop function sort_name;
drop table place_bodies;
