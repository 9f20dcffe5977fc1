-- Detached partitions are tables of their own and go too: without the journal
-- nobody could read them.
do $$
declare
  suffix text;
begin
  for suffix in select name from journal_partitions where detached_at is not null loop
    execute format('drop table %I, %I', 'journal_' || suffix, 'journal_about_' || suffix);
  end loop;
end $$;
drop function journal_detach(interval);
drop function journal_extend(interval);
drop function journal_partition(timestamptz);
drop table command_keys, journal_partitions, journal_about, journal, topics, epoch;
drop sequence journal_seq;
