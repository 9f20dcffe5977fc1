-- Feeds over many things, whom a fact asks for something, and what is private to
-- one person and changes while they look.

-- The thing is asked for something by the fact: its people find it in their inbox.
alter table journal_about add column asked boolean not null default false;
create index journal_about_asked on journal_about (about, epoch, fxid, seq) where asked;
-- What was touched lately, for those who follow feeds.
create index journal_about_order on journal_about (epoch, fxid, seq);

-- Counts the changes of what one person keeps for themselves (what they watch,
-- what they have read), so that their other screens notice.
create table private_versions (
  person  uuid primary key references nodes on delete cascade,
  version bigint not null default 1
) with (fillfactor = 60);

alter table private_versions enable row level security;
create policy private_versions_own on private_versions
  using ((select viewer_is_hub()) or person = (select viewer_person()))
  with check ((select viewer_is_hub()) or person = (select viewer_person()));
