create or replace function delegate_gone() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update public.delegate_secrets set live = false where delegate = new.id;
  return null;
end $$;
drop table session_choices;
drop function session_chosen();
alter table event_sessions drop constraint event_sessions_never_overfull, drop column chosen;
alter table registrations drop column notice_version, drop column notice_accepted_at;
drop table event_notices, delegate_traits, delegate_answers;
drop function may_see_delegate(uuid);
drop table event_questions;
alter table events drop column series;
drop table event_series;
