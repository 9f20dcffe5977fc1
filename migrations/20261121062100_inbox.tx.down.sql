drop table digest_cursor, digests_due, digests, digest_quiet, digest_preferences,
  inbox_marks, inboxes, saved_set_nodes, saved_sets, watches;
