-- A secret leads to one row at most. Without knowing that, PostgreSQL thought of a
-- thousand, and to find out who asks it read and hashed every person there is, for
-- each request that is signed in.
alter function token_behind(bytea) rows 1;
alter function session_behind rows 1;
alter function invitation_behind(bytea) rows 1;

-- All delegates of a registration, those who were replaced among them: who tells
-- them what became of their seats read all delegates of all events before.
create index delegates_registration on registration_delegates (registration);
