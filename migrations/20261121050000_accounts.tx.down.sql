drop table rate_counters, invitations, api_tokens, sessions, sign_in_codes, identities, accounts;
drop function fixed_end();
