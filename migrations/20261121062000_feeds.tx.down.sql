drop table private_versions;
drop index journal_about_order;
drop index journal_about_asked;
alter table journal_about drop column asked;
