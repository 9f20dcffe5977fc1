-- Seats, who has them and who waits for them. Every change happens under the
-- lock of the event's topic; the constraints below stand behind that lock, so
-- that a mistake in it is an error and never a seat sold twice.

create table seat_pools (
    id uuid primary key,
    event uuid not null references events (node),
    name jsonb not null default '{}',
    -- For whom the pool is kept, at most one of three; none: the general pool.
    reserved_audience uuid references nodes (id),
    reserved_organisation uuid references nodes (id),
    reserved_role text constraint seat_pools_role check (
        reserved_role in ('PUBLIC', 'PROFESSIONAL', 'ASSOCIATION')),
    position smallint not null,
    capacity integer not null constraint seat_pools_capacity check (capacity between 0 and 100000),
    confirmed integer not null default 0,
    waiting integer not null default 0, -- delegates in the line
    blocks integer not null default 0,  -- registrations in the line
    created_at timestamptz not null default clock_timestamp(),

    constraint seat_pools_never_oversold check (confirmed between 0 and capacity),
    constraint seat_pools_line check (waiting >= blocks and blocks >= 0),
    constraint seat_pools_one_reserve check (
        num_nonnulls(reserved_audience, reserved_organisation, reserved_role) <= 1),
    constraint seat_pools_once unique nulls not distinct
        (event, reserved_audience, reserved_organisation, reserved_role)
) with (fillfactor = 50);

create index seat_pools_event on seat_pools (event);

create table registrations (
    id uuid primary key,
    event uuid not null references events (node),
    organisation uuid not null references nodes (id),
    registered_by uuid not null references nodes (id),
    policy text not null constraint registrations_policy check (
        policy in ('WAIT_TOGETHER', 'TAKE_WHAT_THERE_IS', 'ALL_OR_NOTHING')),
    audience uuid references nodes (id),
    -- The pools it may be seated in: own reserves first, the general one last.
    pools uuid[] not null constraint registrations_pools check (cardinality(pools) > 0),
    -- The order of arrival at the event, taken under the topic's lock. Time is
    -- not used: clocks and transactions do not keep the order of the line.
    line bigint not null,
    -- Its delegates, counted by state; confirmed has all who hold a seat.
    pending smallint not null,
    confirmed smallint not null,
    waiting smallint not null,
    cancelled smallint not null default 0,
    rejected smallint not null default 0,
    arrived smallint not null default 0,
    -- Larger than its pools since their capacity was cut: in no line.
    aside boolean not null default false,
    created_at timestamptz not null default clock_timestamp(),
    decided_by uuid references nodes (id),
    decided_at timestamptz,
    state text not null generated always as (case
        when pending > 0 then 'PENDING'
        when aside then 'SET_ASIDE'
        when waiting > 0 and confirmed > 0 then 'PARTLY_CONFIRMED'
        when waiting > 0 then 'WAITLISTED'
        when confirmed > 0 then 'CONFIRMED'
        when rejected > 0 then 'REJECTED'
        else 'CANCELLED' end) stored,

    constraint registrations_line_once unique (event, line),
    constraint registrations_counts check (
        least(pending, confirmed, waiting, cancelled, rejected, arrived) >= 0 and arrived <= confirmed
        and pending + confirmed + waiting + cancelled + rejected > 0
        and (pending = 0 or confirmed + waiting + rejected = 0)),
    constraint registrations_together check (
        policy = 'TAKE_WHAT_THERE_IS' or waiting = 0 or confirmed = 0),
    constraint registrations_aside check (not aside or waiting > 0)
);

create index registrations_waiting on registrations (event, line) include (pools) where waiting > 0 and not aside;
create index registrations_aside on registrations (event, line) where aside;
create index registrations_organisation on registrations (organisation, id);
create index registrations_registered_by on registrations (registered_by, id);

-- One row per person of a block. The name, when there is one, is in
-- person_names under the delegate's or the person's identifier.
create table registration_delegates (
    id uuid primary key,
    registration uuid not null references registrations (id),
    event uuid not null,
    role text not null constraint delegates_role check (role in ('PUBLIC', 'PROFESSIONAL', 'ASSOCIATION')),
    territory uuid references nodes (id),
    position smallint not null constraint delegates_position check (position > 0),
    person uuid references nodes (id),
    -- Hash of event and mail: finds the same person twice, and no more.
    mail_key bytea,
    named boolean not null,
    state text not null constraint delegates_state check (state in (
        'PENDING', 'CONFIRMED', 'WAITLISTED', 'ATTENDED', 'NO_SHOW', 'CANCELLED',
        'REJECTED', 'REPLACED')),
    pool uuid references seat_pools (id),
    -- For the entrance; unguessable. A replacement gets a new one.
    code text not null,
    arrival uuid, -- names one arrival, so that a repeated request is known again
    arrived_at timestamptz,
    arrived_by uuid references nodes (id),

    constraint delegates_code_once unique (code),
    constraint delegates_seat check ((pool is not null) = (state in ('CONFIRMED', 'ATTENDED', 'NO_SHOW'))),
    constraint delegates_arrival check ((state = 'ATTENDED') = (arrived_at is not null))
);

create unique index delegates_place_once on registration_delegates (registration, position)
    where state <> 'REPLACED';
create unique index delegates_person_once on registration_delegates (event, person)
    where person is not null and state not in ('CANCELLED', 'REJECTED', 'REPLACED');
create unique index delegates_mail_once on registration_delegates (event, mail_key)
    where mail_key is not null and state not in ('CANCELLED', 'REJECTED', 'REPLACED');
create index delegates_event on registration_delegates (event);
create index delegates_person on registration_delegates (person) where person is not null;
