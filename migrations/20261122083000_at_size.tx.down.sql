drop index delegates_registration;
alter function token_behind(bytea) rows 1000;
alter function session_behind rows 1000;
alter function invitation_behind(bytea) rows 1000;
