drop function audit_journal(uuid, bigint, int);
drop index access_log_subjects;
drop table erasures, event_retention, delegate_links, delegate_needs;
alter table registration_delegates drop column answer, drop column erased;
