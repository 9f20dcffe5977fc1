-- The trail of a thing between two moments. The function of before stays for
-- instances that still run.
create function audit_journal_between(topic uuid, below bigint, most int, since timestamptz, before timestamptz)
  returns table (n4 bigint, kind text, actor uuid, on_behalf_of uuid, at timestamptz)
  language plpgsql stable security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  retired text;
  found_n int := 0;
  lowest  bigint := below;
begin
  for n4, kind, actor, on_behalf_of, at in
    select j.n4, j.kind, j.actor, j.on_behalf_of, j.at from public.journal j
    where j.node = topic and j.n4 < below and j.at >= since and j.at < before order by j.n4 desc limit most
  loop
    found_n := found_n + 1;
    lowest := n4;
    return next;
  end loop;
  for retired in
    select p.name from public.journal_partitions p where p.detached_at is not null order by p.lower_at desc
  loop
    exit when found_n >= most;
    for n4, kind, actor, on_behalf_of, at in execute format(
      'select j.n4, j.kind, j.actor, j.on_behalf_of, j.at from public.%I j
       where j.node = $1 and j.n4 < $2 and j.at >= $4 and j.at < $5 order by j.n4 desc limit $3', 'journal_' || retired)
      using topic, lowest, most - found_n, since, before
    loop
      found_n := found_n + 1;
      lowest := n4;
      return next;
    end loop;
  end loop;
end $$;
