drop policy names_at_tables on person_names;
drop table table_links, table_poll_answers, table_poll_dates, table_polls, table_minutes_versions, table_minutes, table_attendance,
  table_papers, table_resolution_notes, table_resolution_votes, table_resolution_people, table_seats;
alter table table_sessions drop constraint table_sessions_item;
alter table table_resolutions drop constraint table_resolutions_item;
drop table table_agenda_items, table_resolutions, table_sessions, working_tables;
delete from nodes where kind = 'working_table';
delete from node_kinds where kind = 'working_table';
