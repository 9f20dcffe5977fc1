-- That an organisation asks to belong to a table. One that is refused may ask
-- again; of one, only one request is open.
create table table_join_requests (
  id           uuid primary key,
  table_node   uuid not null references working_tables (node) on delete cascade,
  organisation uuid not null references nodes (id),
  message      text not null default '',
  asked_by     uuid not null references nodes (id),
  at           timestamptz not null default clock_timestamp(),
  decided_at   timestamptz,
  decided_by   uuid references nodes (id),
  accepted     boolean,
  reason       text not null default '', -- of a refusal
  constraint table_join_requests_decided check ((decided_at is null) = (accepted is null)),
  constraint table_join_requests_reason check (accepted is not distinct from false or reason = '')
);
create unique index table_join_requests_open on table_join_requests (table_node, organisation) where decided_at is null;
create index table_join_requests_of on table_join_requests (table_node, at desc);
create index table_join_requests_by on table_join_requests (organisation);
