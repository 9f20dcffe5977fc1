drop table event_documents;
drop table event_sessions;
drop table events;
