-- Documents belong to a thing (a project, a workshop, a collection …): whoever
-- sees that thing at the document's level sees them. The bytes are elsewhere:
-- in blob_chunks, in a folder or in object storage.

insert into node_kinds (kind, prefix) values ('document_collection', 'col');

create table document_collections (
  node        uuid primary key references nodes,
  description jsonb not null default '{}',
  created_by  uuid not null references nodes,
  created_at  timestamptz not null default now()
);

create table documents (
  id           uuid primary key,
  root         uuid not null references nodes,
  level        smallint not null constraint documents_level check (level between 0 and 4),
  title        jsonb not null,
  created_by   uuid not null references nodes,
  created_at   timestamptz not null default now(),
  withdrawn_at timestamptz
);
create index documents_root on documents (root, created_at, id) where withdrawn_at is null;

-- A version is a file or a link, and never changes. Links are looked at now and
-- then: 0 is no answer.
create table document_versions (
  document   uuid not null references documents,
  version    integer not null check (version > 0),
  note       jsonb not null default '{}',
  blob       text unique,
  file_name  text,
  media_type text,
  size       bigint check (size > 0),
  sha256     bytea check (length(sha256) = 32),
  url        text constraint document_versions_url check (url ~* '^https?://'),
  checked_at timestamptz,
  status     integer,
  added_by   uuid not null references nodes,
  added_at   timestamptz not null default now(),
  primary key (document, version),
  constraint document_versions_one check ((url is null) = (num_nonnulls(blob, file_name, media_type, size, sha256) = 5)
    and (url is null or num_nonnulls(blob, file_name, media_type, size, sha256) = 0)),
  constraint document_versions_checked check ((checked_at is null) = (status is null))
);
create index document_versions_to_check on document_versions (checked_at nulls first) where url is not null;

-- A place for one file, made by a command and filled once within the hour by who
-- asked for it.
create table document_uploads (
  id         uuid primary key,
  root       uuid not null references nodes,
  document   uuid not null, -- that it becomes, or becomes a version of
  level      smallint not null check (level between 0 and 4),
  title      jsonb not null,
  note       jsonb not null default '{}',
  file_name  text not null,
  size       bigint not null check (size > 0),
  person     uuid not null references nodes,
  on_behalf_of uuid references nodes,
  expires_at timestamptz not null,
  done_at    timestamptz
);
create index document_uploads_expired on document_uploads (expires_at) where done_at is null;

-- Files in the database, for hubs without a folder or object storage.
create table blob_chunks (
  blob  text not null,
  n     integer not null,
  bytes bytea not null,
  primary key (blob, n)
);
alter table blob_chunks alter column bytes set storage external;
