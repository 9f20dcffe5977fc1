drop function audit_journal_between(uuid, bigint, int, timestamptz, timestamptz);
