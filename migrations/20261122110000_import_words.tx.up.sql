-- What is wrong with a list is told to each of an event's organisers in their own
-- language, and each change of an import has a number: who follows it goes on
-- from there.
alter table participant_import_problems alter column message type jsonb
  using jsonb_build_object('ca', message, 'es', message, 'en', message);
alter table participant_imports alter column message type jsonb
  using jsonb_build_object('ca', message, 'es', message, 'en', message);
alter table participant_imports add column number integer not null default 1;

create function number_import() returns trigger language plpgsql as $$
begin
  new.number := old.number + 1;
  return new;
end $$;
create trigger participant_imports_number before update on participant_imports for each row execute function number_import();
update participant_import_problems set field = upper(field);
