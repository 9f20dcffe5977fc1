alter table table_join_requests drop column withdrawn;
