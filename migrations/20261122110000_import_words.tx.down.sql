drop trigger participant_imports_number on participant_imports;
drop function number_import;
alter table participant_imports drop column number;
alter table participant_imports alter column message type text using message->>'ca';
alter table participant_import_problems alter column message type text using message->>'ca';
update participant_import_problems set field = lower(field);
