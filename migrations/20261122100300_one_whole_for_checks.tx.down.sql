alter table edges drop constraint edges_one_whole;
alter table edges add constraint edges_one_whole exclude using gist
  ((source::text || ' ' || role) with =, valid with &&) where (kind = 'part_of');
