-- Mails, cursors of those who act upon facts, and the journal in one order.
-- The queue itself (river_*) is made by its own migrations, see package jobs.

-- Mails that were queued. Whom one goes to and what it says are forgotten when
-- it has been sent or given up; the hash of its key stays for a while, so that
-- the same mail is not sent again.
create table mails (
  id          uuid primary key,
  key_hash    bytea not null constraint mails_once unique,
  template    text not null,
  lang        text not null,
  recipient   text,
  data        jsonb,
  state       text not null default 'queued' check (state in ('queued', 'sent', 'refused', 'expired', 'forgotten')),
  reason      text, -- why it was refused; never an address
  queued_at   timestamptz not null default clock_timestamp(),
  expires_at  timestamptz not null, -- not sent later than this
  claimed_until timestamptz, -- an instance is sending it; by PostgreSQL's clock
  settled_at  timestamptz,
  constraint mails_settled check ((state = 'queued') = (settled_at is null)),
  constraint mails_content check ((state = 'queued') = (recipient is not null) and (state = 'queued') = (data is not null))
);
create index mails_queued on mails (expires_at) where state = 'queued';
create index mails_recipient on mails (lower(recipient)) where state = 'queued';
create index mails_settled_at on mails (settled_at) where state <> 'queued';

-- The demonstration's outbox: rendered mails, shown on a local page.
create table demo_mails (
  id        uuid primary key,
  recipient text not null,
  lang      text not null,
  template  text not null,
  subject   text not null,
  body_text text not null,
  body_html text not null,
  at        timestamptz not null default clock_timestamp()
);
create index demo_mails_at on demo_mails (at desc);

-- Up to where each follower has turned facts into jobs.
create table job_cursors (
  name       text primary key,
  epoch      bigint not null,
  fxid       xid8   not null,
  seq        bigint not null,
  updated_at timestamptz not null default clock_timestamp()
) with (fillfactor = 60);

-- Facts of all topics in one order. Transaction numbers are of an epoch, so the
-- journal has to say of which.
alter table journal add column epoch bigint not null default 0;
create index journal_all on journal (epoch, fxid, seq);
