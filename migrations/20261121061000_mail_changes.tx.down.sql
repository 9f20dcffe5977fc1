drop table mail_changes;
