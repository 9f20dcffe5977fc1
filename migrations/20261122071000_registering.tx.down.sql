drop trigger event_changed on events;
drop function event_changed();
alter table events drop column changed_at;
drop table calendar_secrets;
alter table demo_mails drop column calendar;
alter table mails drop column about, drop column calendar;
drop table event_reminders, seat_notices, registration_links, registration_contacts, event_holds;
drop trigger offer_over on registration_delegates;
drop function offer_over();
alter table registration_delegates drop column offered_until;
-- What was registered by mail has no person and perhaps no organisation: it cannot stay.
delete from registration_delegates where registration in (select id from registrations where by_link);
delete from registrations where by_link;
alter table registrations
  drop constraint registrations_by, drop constraint registrations_for,
  drop column by_link, drop column confirm_by;
alter table registrations alter column registered_by set not null;
alter table registrations alter column organisation set not null;
