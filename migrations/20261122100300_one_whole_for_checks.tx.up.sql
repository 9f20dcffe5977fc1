-- The rule that a place is in one comarca at a time is kept by an index that the
-- planner took for "which relations hold today": it then read those of all places
-- for the comarca of one. With the dates as an expression it serves the rule alone.
alter table edges drop constraint edges_one_whole;
alter table edges add constraint edges_one_whole exclude using gist
  ((source::text || ' ' || role) with =, (valid * '(,)'::daterange) with &&) where (kind = 'part_of');
