-- The day itself: devices that were offline, hours, certificates, messages.

-- A device at the door numbers what it notes. What came up to a number is known;
-- what comes again is answered as it was.
create table check_in_devices (
  event   uuid not null references events (node),
  device  text not null constraint check_in_devices_name check (char_length(device) between 1 and 100),
  person  uuid not null references nodes (id), -- who carried it last
  last    bigint not null default 0,
  seen_at timestamptz not null default clock_timestamp(),
  primary key (event, device)
);

create table check_ins (
  event    uuid not null,
  device   text not null,
  sequence bigint not null constraint check_ins_sequence check (sequence > 0),
  sent     bytea not null, -- hash of what was sent: the number is not used for anything else
  delegate uuid references registration_delegates on delete cascade,
  outcome  text not null constraint check_ins_outcome check (outcome in ('ARRIVED', 'ALREADY', 'UNDONE', 'REFUSED')),
  refused  text, -- name of the fault
  at       timestamptz not null, -- by the database's clock
  noted_by uuid not null references nodes (id),
  primary key (event, device, sequence),
  foreign key (event, device) references check_in_devices (event, device),
  constraint check_ins_refused check ((outcome = 'REFUSED') = (refused is not null))
);
create index check_ins_delegate on check_ins (event, delegate) where delegate is not null;

-- Who was at a session of a training, for how long.
create table session_attendance (
  session  uuid not null references event_sessions on delete cascade,
  delegate uuid not null references registration_delegates on delete cascade,
  event    uuid not null references events (node),
  minutes  integer not null constraint session_attendance_minutes check (minutes between 1 and 1440),
  noted_by uuid not null references nodes (id),
  primary key (delegate, session)
);
create index session_attendance_session on session_attendance (session);

-- What is certified stays as it was; the seal is a hash of it with the name, so
-- that a name can be checked when the hub itself keeps it no longer.
create table certificates (
  id         uuid primary key,
  event      uuid not null references events (node),
  delegate   uuid not null constraint certificates_once unique references registration_delegates on delete cascade,
  code       text not null constraint certificates_code_once unique,
  minutes    integer not null constraint certificates_minutes check (minutes > 0),
  held_on    date not null,
  seal       bytea not null,
  shows_name boolean not null default false,
  issued_by  uuid not null references nodes (id),
  issued_at  timestamptz not null default clock_timestamp()
);
create index certificates_event on certificates (event);
alter table certificates enable row level security;
create policy certificates_read on certificates for select using ((select viewer_is_hub()) or may_see_delegate(delegate));
create policy certificates_add on certificates for insert with check (true);
create policy certificates_change on certificates for update using (true);
create policy certificates_remove on certificates for delete using (true);

-- What the organisers wrote to whom. The mails themselves are made from it and
-- forgotten as all mails are.
create table event_messages (
  id         uuid primary key,
  event      uuid not null references events (node),
  subject    jsonb not null,
  text       jsonb not null,
  recipients integer not null,
  sent_by    uuid not null references nodes (id),
  sent_at    timestamptz not null default clock_timestamp()
);
create index event_messages_event on event_messages (event, id);

create table event_message_mails (
  id        uuid primary key,
  message   uuid not null references event_messages on delete cascade,
  delegate  uuid not null references registration_delegates on delete cascade,
  queued_at timestamptz,
  constraint event_message_mails_once unique (message, delegate)
);
create index event_message_mails_unsent on event_message_mails (id) where queued_at is null;
