-- An organisation may take its request to join a table back while it is open. For
-- the version before, such a request is one that was declined without a reason.
alter table table_join_requests
  add column withdrawn boolean not null default false,
  add constraint table_join_requests_withdrawn check (not withdrawn or (decided_at is not null and not accepted and reason = ''));
