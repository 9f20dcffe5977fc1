update api_tokens set revoked_at = now() where 'projects:write' = any(scopes) and revoked_at is null;
alter table api_tokens drop constraint api_tokens_scopes;
alter table api_tokens add constraint api_tokens_scopes check (cardinality(scopes) > 0 and scopes <@
  array['read', 'events:write', 'registrations:write', 'directory:write', 'all']) not valid;
drop table strategies, programmes, project_notes, project_funding, project_activities, project_milestones,
  partner_commitment_moves, partner_commitments, shared_projects;
create temp table gone on commit drop as
  select id from nodes where kind in ('shared_project', 'programme', 'strategy');
delete from nodes where id in (select id from gone);
delete from node_kinds where kind in ('shared_project', 'programme', 'strategy');
