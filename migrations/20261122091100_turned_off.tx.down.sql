drop table reminders_off;
alter table mails drop column off;
