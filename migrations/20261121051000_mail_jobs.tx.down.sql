drop index journal_all;
alter table journal drop column epoch;
drop table job_cursors;
drop table demo_mails;
drop table mails;
