drop index edges_superseded;
alter table organization_claims drop column reason;
drop table glass_breaks;
drop table rights_ended;
