drop trigger events_places_changed on events;
drop trigger events_places_added on events;
drop function note_event;
drop trigger edges_place_changed on edges;
drop trigger edges_place_removed on edges;
drop trigger edges_place_added on edges;
drop function note_event_place;
drop function copy_event_places;
drop table event_places;
