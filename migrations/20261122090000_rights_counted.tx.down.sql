drop function who_asks;
drop function rights_of;
drop trigger edges_rights_changed on edges;
drop trigger edges_rights_removed on edges;
drop trigger edges_rights_added on edges;
drop function note_rights;
drop table rights_changes;
