drop table secrets, access_log, viewer_versions, person_names, edges, edge_kinds, nodes, node_kinds;
drop collation if exists ca;
drop collation if exists es;
drop function plain(text);
