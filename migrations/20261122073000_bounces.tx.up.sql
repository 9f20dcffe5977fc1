-- Mails that come back: which address a mail went to, as a hash, for as long as
-- the mail itself is remembered; and addresses that no mail arrives at.
alter table mails
  add column to_hash bytea,
  add column delayed_at timestamptz; -- a server said that it is still trying
create index mails_to_hash on mails (to_hash) where to_hash is not null;

create table dead_addresses (
  address_hash bytea primary key,
  reason       text not null, -- why it was refused; never an address
  since        timestamptz not null default clock_timestamp()
);
alter table dead_addresses enable row level security;
create policy dead_addresses_hub on dead_addresses
  using ((select viewer_is_hub())) with check ((select viewer_is_hub()));

-- What is late is looked for too.
create index mails_about on mails (about) where about is not null;
drop index mails_refused_about;

-- What was mailed before an address died does not show that it is read.
alter table registration_links add column made_at timestamptz not null default clock_timestamp();
