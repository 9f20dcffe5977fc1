alter table registration_links drop column made_at;
drop table dead_addresses;
create index mails_refused_about on mails (about) where about is not null and state = 'refused';
drop index mails_about;
drop index mails_to_hash;
alter table mails drop column to_hash, drop column delayed_at;
