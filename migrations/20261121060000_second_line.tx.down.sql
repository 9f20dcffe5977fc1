drop policy access_log_add on access_log;
drop policy access_log_read on access_log;
alter table access_log disable row level security;

drop policy glass_remove on glass_breaks;
drop policy glass_change on glass_breaks;
drop policy glass_add on glass_breaks;
drop policy glass_read on glass_breaks;
alter table glass_breaks disable row level security;

drop policy keys_own on command_keys;
alter table command_keys disable row level security;
drop policy erasures_hub on erasures;
alter table erasures disable row level security;
drop policy demo_mails_hub on demo_mails;
alter table demo_mails disable row level security;
drop policy mails_hub on mails;
alter table mails disable row level security;
drop policy codes_hub on sign_in_codes;
alter table sign_in_codes disable row level security;

drop policy invitations_remove on invitations;
drop policy invitations_change on invitations;
drop policy invitations_add on invitations;
drop policy invitations_read on invitations;
alter table invitations disable row level security;

drop policy tokens_remove on api_tokens;
drop policy tokens_change on api_tokens;
drop policy tokens_add on api_tokens;
drop policy tokens_read on api_tokens;
alter table api_tokens disable row level security;

drop policy sessions_remove on sessions;
drop policy sessions_change on sessions;
drop policy sessions_add on sessions;
drop policy sessions_read on sessions;
alter table sessions disable row level security;

drop policy identities_remove on identities;
drop policy identities_change on identities;
drop policy identities_add on identities;
drop policy identities_read on identities;
alter table identities disable row level security;

drop trigger accounts_hub_only on accounts;
drop function hub_only;
drop policy accounts_remove on accounts;
drop policy accounts_change on accounts;
drop policy accounts_add on accounts;
drop policy accounts_read on accounts;
alter table accounts disable row level security;

drop function invitation_behind;
drop function sign_ins_over;
drop function viewer_standing;
drop function token_behind;
drop function session_behind;
