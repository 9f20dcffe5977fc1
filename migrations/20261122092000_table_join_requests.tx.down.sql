drop table table_join_requests;
