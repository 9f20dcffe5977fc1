drop table workshop_priority_projects, workshop_entries, workshop_groups, workshops, consultation_findings, prior_consultations;
create temp table gone on commit drop as select id from nodes where kind in ('workshop', 'prior_consultation');
delete from nodes where id in (select id from gone);
delete from node_kinds where kind in ('workshop', 'prior_consultation');
