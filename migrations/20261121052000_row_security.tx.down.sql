drop policy names_read on person_names;
drop policy names_add on person_names;
drop policy names_change on person_names;
drop policy names_remove on person_names;
alter table person_names disable row level security;
drop policy claims_read on organization_claims;
drop policy claims_add on organization_claims;
drop policy claims_change on organization_claims;
drop policy claims_remove on organization_claims;
alter table organization_claims disable row level security;

drop trigger delegate_gone on registration_delegates;
drop function delegate_gone();
alter table registration_delegates drop column shown_to;
alter table registration_delegates add column person uuid references nodes (id), add column mail_key bytea,
  add column code text;
update registration_delegates d set person = s.person, mail_key = s.mail_key,
  code = coalesce(s.code, 'purged-' || d.id)
from delegate_secrets s where s.delegate = d.id;
alter table registration_delegates alter column code set not null;
drop table delegate_secrets;
alter table registration_delegates add constraint delegates_code_once unique (code);
create unique index delegates_person_once on registration_delegates (event, person)
  where person is not null and state not in ('CANCELLED', 'REJECTED', 'REPLACED');
create unique index delegates_mail_once on registration_delegates (event, mail_key)
  where mail_key is not null and state not in ('CANCELLED', 'REJECTED', 'REPLACED');
create index delegates_person on registration_delegates (person) where person is not null;
drop function may_see_name(uuid);
drop function viewer_is_hub();
drop function viewer_person();
drop function viewer_uuids(text);
