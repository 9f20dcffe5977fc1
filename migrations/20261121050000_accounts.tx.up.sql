-- Accounts: who may sign in, with what, from where, and who was asked to come.
-- Secrets (tokens, codes) are kept as hashes only. Every end of validity is
-- judged by this server's clock.

-- What was promised to end does not get longer, whoever asks.
create function fixed_end() returns trigger language plpgsql as $$
begin
  raise exception '%.%: % and what it stands for cannot be changed', tg_table_schema, tg_table_name, 'expires_at'
    using errcode = 'integrity_constraint_violation';
end $$;

-- A person who may sign in. Not every person has an account: people are
-- recorded by others too.
create table accounts (
  person      uuid primary key references nodes on delete cascade,
  -- Proven by a code or by a provider that vouches for it; null: none is.
  mail        text constraint accounts_mail unique constraint accounts_mail_form check (mail = lower(mail) and mail <> ''),
  lang        text not null default 'ca' check (lang in ('ca', 'es', 'en')),
  admin       boolean not null default false, -- administrator of the platform
  disabled_at timestamptz,
  created_at  timestamptz not null default clock_timestamp()
);

-- Who an OpenID Connect provider says somebody is.
create table identities (
  issuer    text not null check (issuer <> ''),
  subject   text not null check (subject <> ''),
  person    uuid not null references accounts on delete cascade,
  linked_at timestamptz not null default clock_timestamp(),
  constraint identities_once primary key (issuer, subject)
);
create index identities_person on identities (person);

-- A code and a link sent to a mail address: either signs in, once.
create table sign_in_codes (
  id         uuid primary key,
  mail       text not null,
  code_hash  bytea, -- keyed hash; null: by the link only
  token_hash bytea not null unique,
  made_at    timestamptz not null default now(),
  expires_at timestamptz not null,
  attempts   smallint not null default 0, -- wrong codes tried against it
  used_at    timestamptz,
  constraint sign_in_codes_short check (expires_at <= made_at + interval '1 day')
);
create index sign_in_codes_mail on sign_in_codes (mail, expires_at);

-- Signed-in browsers. expires_at is the absolute end; a session that nobody
-- used for long enough (seen_at) is over too.
create table sessions (
  id         uuid primary key,
  token_hash text not null unique,
  person     uuid not null references accounts on delete cascade,
  user_agent text not null default '',
  created_at timestamptz not null default now(),
  seen_at    timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at   timestamptz,
  constraint sessions_absolute check (expires_at <= created_at + interval '7 days')
);
create index sessions_person on sessions (person) where ended_at is null;
create trigger sessions_fixed before update of person, created_at, expires_at, token_hash on sessions
  for each row when ((old.person, old.created_at, old.expires_at, old.token_hash)
    is distinct from (new.person, new.created_at, new.expires_at, new.token_hash)) execute function fixed_end();

-- What machines sign in with, in a person's name.
create table api_tokens (
  id           uuid primary key,
  token_hash   bytea not null unique,
  person       uuid not null references accounts on delete cascade,
  name         text not null check (name <> ''),
  scopes       text[] not null constraint api_tokens_scopes check (cardinality(scopes) > 0 and scopes <@
                 array['read', 'events:write', 'registrations:write', 'directory:write', 'all']),
  created_at   timestamptz not null default now(),
  expires_at   timestamptz not null,
  revoked_at   timestamptz,
  last_used_at timestamptz,
  constraint api_tokens_a_year check (expires_at <= created_at + interval '366 days')
);
create index api_tokens_person on api_tokens (person);
create trigger api_tokens_fixed before update of person, scopes, created_at, expires_at, token_hash on api_tokens
  for each row when ((old.person, old.scopes, old.created_at, old.expires_at, old.token_hash)
    is distinct from (new.person, new.scopes, new.created_at, new.expires_at, new.token_hash)) execute function fixed_end();

-- Somebody who answers for a body asks whoever reads a mail address to act for
-- it. Used once, within its time, and not extended by anything.
create table invitations (
  id           uuid primary key,
  token_hash   bytea not null unique,
  mail         text not null,
  organization uuid not null references nodes on delete cascade,
  role         text not null check (role in ('REPRESENTATIVE', 'OFFICER', 'TECHNICIAN', 'DELEGATE', 'SUBSTITUTE')),
  invited_by   uuid references nodes on delete set null,
  created_at   timestamptz not null default now(),
  expires_at   timestamptz not null,
  accepted_at  timestamptz,
  accepted_by  uuid references nodes on delete set null,
  revoked_at   timestamptz,
  constraint invitations_14_days check (expires_at <= created_at + interval '14 days'),
  constraint invitations_one_end check (accepted_at is null or revoked_at is null)
);
create index invitations_organization on invitations (organization, created_at);
create index invitations_mail on invitations (mail) where accepted_at is null and revoked_at is null;
create index invitations_invited_by on invitations (invited_by);
create trigger invitations_fixed before update of organization, role, created_at, expires_at, token_hash on invitations
  for each row when ((old.organization, old.role, old.created_at, old.expires_at, old.token_hash)
    is distinct from (new.organization, new.role, new.created_at, new.expires_at, new.token_hash)) execute function fixed_end();
-- Ended is ended: neither used nor withdrawn invitations come back.
create trigger invitations_ended before update of accepted_at, revoked_at on invitations
  for each row when ((old.accepted_at is not null and new.accepted_at is null)
    or (old.revoked_at is not null and new.revoked_at is null)) execute function fixed_end();

-- How often something was tried within a window, so that all instances agree.
-- The key is a hash: it names nobody.
create table rate_counters (
  key   bytea primary key,
  since timestamptz not null,
  until timestamptz not null,
  n     integer not null
) with (fillfactor = 70);
create index rate_counters_until on rate_counters (until);
