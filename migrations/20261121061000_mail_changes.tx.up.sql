-- A change of mail address that is asked for and not shown to be read yet. The
-- code is kept as a keyed hash; the table names who asks, so it answers only to
-- them and to the hub.
create table mail_changes (
  id         uuid primary key,
  person     uuid not null references accounts on delete cascade,
  mail       text not null constraint mail_changes_form check (mail = lower(mail) and mail <> ''),
  code_hash  bytea not null,
  made_at    timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at    timestamptz, -- taken, or replaced by a later one
  constraint mail_changes_short check (expires_at <= made_at + interval '1 hour')
);
-- Who asks again takes back what they asked for before.
create unique index mail_changes_one_open on mail_changes (person) where used_at is null;
create trigger mail_changes_fixed before update of person, mail, code_hash, expires_at on mail_changes
  for each row when ((old.person, old.mail, old.code_hash, old.expires_at)
    is distinct from (new.person, new.mail, new.code_hash, new.expires_at)) execute function fixed_end();

alter table mail_changes enable row level security;
create policy mail_changes_own on mail_changes
  using ((select viewer_is_hub()) or person = (select viewer_person()));
