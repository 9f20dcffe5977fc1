-- Mails that people can do without say how to turn them off with one click.
alter table mails add column off text; -- the address behind which that is done

-- Who wants no reminders: addresses, as hashes, for many who come have no account.
create table reminders_off (
  address_hash bytea primary key,
  since        timestamptz not null default clock_timestamp()
);
alter table reminders_off enable row level security;
create policy reminders_off_hub on reminders_off
  using ((select viewer_is_hub())) with check ((select viewer_is_hub()));
