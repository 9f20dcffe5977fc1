package privacy

// Fate is what an erasure does to a column.
type Fate string

// The fates.
const (
	// Removed: the row goes, or the column is emptied.
	Removed Fate = "removed"
	// NamesNobody: the identifier stays; after the erasure it names nobody.
	NamesNobody Fate = "names nobody"
	// Fades: it goes by itself within days: queues, counters, codes.
	Fades Fate = "fades"
	// Published: text that an organisation publishes or writes under its own
	// responsibility. Who finds their name in it turns to that organisation.
	Published Fate = "published"
	// Impersonal: it does not refer to a person.
	Impersonal Fate = "impersonal"
)

// Column says what becomes of a column of the database: which tables of the
// export show it, and what an erasure does to it.
type Column struct {
	Exports string // names of tables of the export, separated by spaces
	Fate    Fate
}

// Columns declares every column of the database that refers to a person or could
// hold something about one, and the rest of each table as "table.*". A test
// compares it with the database: a new column has to be thought about here
// before it can be merged.
func Columns() map[string]Column {
	return map[string]Column{
		// Who people are.
		"person_names.subject":     {"person places_at_events", Removed},
		"person_names.root":        {"", Removed},
		"person_names.name":        {"person places_at_events", Removed},
		"person_names.mail":        {"person places_at_events", Removed},
		"nodes.id":                 {"person", NamesNobody},
		"nodes.home":               {"roles", NamesNobody},
		"nodes.*":                  {"", Impersonal}, // a person's node has no title
		"topics.node":              {"", NamesNobody},
		"topics.*":                 {"", Impersonal},
		"viewer_versions.person":   {"", NamesNobody},
		"rights_ended.person":      {"", Fades},
		"rights_changes.subject":   {"", NamesNobody},
		"rights_ended.topic":       {"", Impersonal},
		"edges.source":             {"roles", NamesNobody},
		"edges.target":             {"roles", NamesNobody},
		"edges.recorded_by":        {"relations_recorded", NamesNobody},
		"edges.recorded_in":        {"", Impersonal},
		"edges.*":                  {"", Impersonal},
		"accounts.person":          {"account", Removed},
		"accounts.mail":            {"account", Removed},
		"accounts.*":               {"account", Removed},
		"identities.person":        {"identities", Removed},
		"identities.subject":       {"identities", Removed},
		"identities.*":             {"identities", Removed},
		"sign_in_codes.mail":       {"sign_in_codes", Removed},
		"sign_in_codes.*":          {"sign_in_codes", Removed},
		"mail_changes.person":      {"mail_changes", Removed},
		"mail_changes.mail":        {"mail_changes", Removed},
		"mail_changes.*":           {"mail_changes", Removed},
		"sessions.person":          {"sessions", Removed},
		"sessions.user_agent":      {"sessions", Removed},
		"sessions.*":               {"sessions", Removed},
		"api_tokens.person":        {"api_tokens", Removed},
		"api_tokens.name":          {"api_tokens", Removed},
		"api_tokens.*":             {"api_tokens", Removed},
		"invitations.mail":         {"invitations_received", Removed},
		"invitations.accepted_by":  {"invitations_received", Removed},
		"invitations.invited_by":   {"invitations_sent", NamesNobody},
		"invitations.organization": {"invitations_received", Impersonal},
		"invitations.*":            {"", Impersonal},
		"rate_counters.*":          {"", Fades}, // keyed hashes, gone with their window

		// Organisations.
		"organization_claims.person":            {"claims", NamesNobody},
		"organization_claims.decided_by":        {"claims_decided", NamesNobody},
		"organization_claims.reason":            {"claims", Removed},
		"organization_claims.organization":      {"claims", Impersonal},
		"organization_claims.*":                 {"", Impersonal},
		"organizations.added_by":                {"organisations_added", NamesNobody},
		"organizations.verified_by":             {"", Impersonal}, // a body
		"organizations.node":                    {"", Impersonal},
		"organizations.mail":                    {"", Published},
		"organizations.phone":                   {"", Published},
		"organizations.*":                       {"", Published},
		"organization_identifiers.organization": {"", Impersonal},
		"place_bodies.*":                        {"", Published},
		"organization_identifiers.*":            {"", Impersonal},
		"organization_links.organization":       {"", Impersonal},
		"organization_links.*":                  {"", Published},

		// Events and places at them.
		"events.created_by":                 {"events_created", NamesNobody},
		"events.node":                       {"", Impersonal},
		"events.venue_address":              {"", Impersonal},
		"events.venue_name":                 {"", Impersonal},
		"events.cancellation_reason":        {"", Published},
		"events.*":                          {"", Published},
		"event_documents.added_by":          {"documents_added", NamesNobody},
		"event_documents.*":                 {"", Published},
		"event_sessions.speakers":           {"", Published},
		"event_sessions.territory":          {"", Impersonal},
		"event_sessions.*":                  {"", Published},
		"event_retention.*":                 {"", Impersonal},
		"event_relations.*":                 {"", Published},
		"seat_pools.name":                   {"", Impersonal},
		"seat_pools.reserved_audience":      {"", Impersonal},
		"seat_pools.reserved_organisation":  {"", Impersonal},
		"seat_pools.*":                      {"", Impersonal},
		"registrations.registered_by":       {"registrations_made", NamesNobody},
		"registrations.decided_by":          {"registrations_decided", NamesNobody},
		"registrations.organisation":        {"registrations_made", Impersonal},
		"registrations.audience":            {"", Impersonal},
		"registrations.*":                   {"registrations_made", Impersonal},
		"registration_delegates.id":         {"", NamesNobody},
		"registration_delegates.arrived_by": {"people_checked_in", NamesNobody},
		"registration_delegates.territory":  {"places_at_events", NamesNobody}, // counted
		"registration_delegates.*":          {"places_at_events", NamesNobody}, // state and role are counted
		"delegate_secrets.delegate":         {"", NamesNobody},
		"delegate_secrets.person":           {"places_at_events", Removed},
		"delegate_secrets.mail_key":         {"", Removed},
		"delegate_secrets.code":             {"places_at_events", Removed},
		"delegate_secrets.*":                {"", Impersonal},
		"delegate_needs.diet":               {"places_at_events", Removed},
		"delegate_needs.access":             {"places_at_events", Removed},
		"delegate_needs.*":                  {"", Removed},
		"delegate_links.*":                  {"", Removed},

		// Registering by mail, and calendars.
		"registration_contacts.mail":               {"registrations_by_mail", Removed},
		"registration_contacts.name":               {"registrations_by_mail", Removed},
		"registration_contacts.association_name":   {"registrations_by_mail", Removed},
		"registration_contacts.association_number": {"", Removed},
		"registration_contacts.association_town":   {"", Removed},
		"registration_contacts.*":                  {"registrations_by_mail", Removed},
		"registration_links.*":                     {"", Removed},
		"seat_notices.subject":                     {"", Fades}, // what was mailed last about a seat
		"seat_notices.*":                           {"", Fades},
		"event_holds.*":                            {"", Impersonal},
		"event_reminders.*":                        {"", Impersonal},
		"calendar_secrets.person":                  {"own_calendar", Removed},
		"calendar_secrets.*":                       {"", Removed},
		// The organisers' form, the day and its papers.
		"event_series.created_by":          {"series_made", NamesNobody},
		"event_series.home":                {"", Impersonal}, // a body
		"event_series.*":                   {"", Published},
		"event_questions.*":                {"", Published},
		"delegate_answers.answer":          {"answers_at_events", Removed},
		"delegate_answers.*":               {"answers_at_events", Removed},
		"delegate_traits.*":                {"counted_at_events", Removed},
		"event_notices.written_by":         {"work_at_events", NamesNobody},
		"event_notices.*":                  {"", Published},
		"session_choices.*":                {"sessions_chosen", Impersonal}, // a place in a block
		"check_in_devices.person":          {"work_at_events", NamesNobody},
		"check_in_devices.device":          {"", Impersonal},
		"check_in_devices.*":               {"", Impersonal},
		"check_ins.delegate":               {"seen_at_doors", NamesNobody},
		"check_ins.noted_by":               {"work_at_events", NamesNobody},
		"check_ins.*":                      {"seen_at_doors", Impersonal},
		"session_attendance.delegate":      {"hours_at_sessions", NamesNobody}, // counted
		"session_attendance.noted_by":      {"work_at_events", NamesNobody},
		"session_attendance.*":             {"hours_at_sessions", Impersonal},
		"certificates.delegate":            {"certificates", Removed},
		"certificates.issued_by":           {"work_at_events", NamesNobody},
		"certificates.*":                   {"certificates", Removed},
		"event_messages.sent_by":           {"work_at_events", NamesNobody},
		"participant_imports.asked_by":     {"registrations_imported", NamesNobody},
		"participant_imports.acting_for":   {"", Impersonal}, // a body
		"participant_imports.*":            {"", Impersonal},
		"participant_import_rows.name":     {"", Fades}, // while a list is taken in
		"participant_import_rows.mail":     {"", Fades},
		"participant_import_rows.mail_key": {"", Fades},
		"participant_import_rows.*":        {"", Fades},
		"participant_import_problems.*":    {"", Impersonal}, // where something is wrong, and not what
		"event_messages.subject":           {"", Published},  // of a mail
		"event_messages.*":                 {"", Published},
		"event_message_mails.delegate":     {"messages_received", NamesNobody},
		"event_message_mails.*":            {"messages_received", Impersonal},

		// Working tables. What people write there is the table's own.
		"working_tables.proposed_by":     {"tables_proposed", NamesNobody},
		"working_tables.decision_reason": {"", Published},
		"working_tables.node":            {"", Impersonal},
		"working_tables.*":               {"", Published},
		"table_seats.person":             {"seats_at_tables", Removed},
		"table_seats.organisation":       {"seats_at_tables", Impersonal},
		"table_seats.*":                  {"seats_at_tables", Impersonal},
		"table_sessions.created_by":      {"table_sessions_created", NamesNobody},
		"table_sessions.*":               {"", Published},
		"table_agenda_items.*":           {"", Published},
		"table_papers.added_by":          {"table_papers_added", NamesNobody},
		"table_papers.*":                 {"", Published},
		"table_attendance.organisation":  {"", Impersonal},
		"table_attendance.*":             {"", Impersonal}, // by organisation
		"table_resolutions.responsible":  {"", Impersonal}, // a body
		"table_resolutions.linked":       {"", Impersonal},
		"table_resolutions.*":            {"", Published},

		"table_resolution_people.person":      {"resolutions_in_charge", Removed},
		"table_resolution_people.*":           {"resolutions_in_charge", Impersonal},
		"table_resolution_votes.organisation": {"", Impersonal},
		"table_resolution_votes.*":            {"", Impersonal}, // of organisations
		"table_join_requests.organisation":    {"", Impersonal},
		"table_join_requests.asked_by":        {"requests_to_join_tables", NamesNobody},
		"table_join_requests.decided_by":      {"requests_to_join_answered", NamesNobody},
		"table_join_requests.*":               {"requests_to_join_tables", Published},
		"table_join_requests.reason":          {"requests_to_join_tables", Published},
		"table_resolution_notes.noted_by":     {"notes_on_resolutions", NamesNobody},
		"table_resolution_notes.*":            {"notes_on_resolutions", Published},
		"table_minutes.*":                     {"", Impersonal},
		"table_minutes_versions.written_by":   {"minutes_written", NamesNobody},
		"table_minutes_versions.*":            {"minutes_written", Published},
		"table_polls.*":                       {"", Impersonal},
		"table_poll_dates.*":                  {"", Impersonal},
		"table_poll_answers.organisation":     {"", Impersonal},
		"table_poll_answers.*":                {"", Impersonal}, // of organisations
		"table_links.*":                       {"", Fades},      // until the session
		// Shared projects.
		"shared_projects.created_by":            {"projects_created", NamesNobody},
		"shared_projects.node":                  {"", Impersonal},
		"shared_projects.drop_reason":           {"", Published},
		"shared_projects.*":                     {"", Published},
		"partner_commitments.created_by":        {"project_work", NamesNobody},
		"partner_commitments.partner":           {"", Impersonal}, // a body
		"partner_commitments.*":                 {"project_work", Published},
		"partner_commitment_moves.moved_by":     {"project_work", NamesNobody},
		"partner_commitment_moves.from_partner": {"", Impersonal},
		"partner_commitment_moves.to_partner":   {"", Impersonal},
		"partner_commitment_moves.*":            {"", Impersonal},
		"project_milestones.*":                  {"", Published},
		"project_activities.created_by":         {"project_work", NamesNobody},
		"project_activities.territory":          {"", Impersonal},
		"project_activities.*":                  {"project_work", Published},
		"project_funding.body":                  {"", Impersonal},
		"project_funding.*":                     {"", Published},
		"project_notes.created_by":              {"project_work", NamesNobody},
		"project_notes.on_behalf_of":            {"", Impersonal},
		"project_notes.*":                       {"project_work", Published},
		"programmes.created_by":                 {"projects_created", NamesNobody},
		"programmes.node":                       {"", Impersonal},
		"programmes.*":                          {"", Published},
		"strategies.created_by":                 {"projects_created", NamesNobody},
		"strategies.node":                       {"", Impersonal},
		"strategies.*":                          {"", Published},

		// Workshops: groups, no people.
		"prior_consultations.created_by":     {"workshops_created", NamesNobody},
		"prior_consultations.node":           {"", Impersonal},
		"prior_consultations.*":              {"", Published},
		"consultation_findings.added_by":     {"workshops_created", NamesNobody},
		"consultation_findings.*":            {"", Published},
		"workshops.created_by":               {"workshops_created", NamesNobody},
		"workshops.node":                     {"", Impersonal},
		"workshops.*":                        {"", Published},
		"workshop_groups.name":               {"", Published}, // of a group
		"workshop_groups.*":                  {"", Impersonal},
		"workshop_entries.territory":         {"", Impersonal},
		"workshop_entries.project":           {"", Impersonal},
		"workshop_entries.*":                 {"", Published},
		"workshop_priority_projects.made_by": {"workshops_created", NamesNobody},
		"workshop_priority_projects.project": {"", Impersonal},
		"workshop_priority_projects.*":       {"", Impersonal},

		// Documents.
		"document_collections.created_by": {"documents_uploaded", NamesNobody},
		"document_collections.node":       {"", Impersonal},
		"document_collections.*":          {"", Published},
		"documents.created_by":            {"documents_uploaded", NamesNobody},
		"documents.root":                  {"", Impersonal},
		"documents.*":                     {"documents_uploaded", Published},
		"document_versions.added_by":      {"documents_uploaded", NamesNobody},
		"document_versions.file_name":     {"documents_uploaded", Published},
		"document_versions.*":             {"", Published},
		"document_uploads.person":         {"documents_uploaded", NamesNobody},
		"document_uploads.on_behalf_of":   {"", Impersonal},
		"document_uploads.root":           {"", Impersonal},
		"document_uploads.file_name":      {"", Fades},
		"document_uploads.*":              {"", Fades},
		"blob_chunks.*":                   {"", Published},

		// What was done and read.
		"journal.actor":           {"", NamesNobody},
		"journal.on_behalf_of":    {"", Impersonal},
		"journal.data":            {"", NamesNobody}, // identifiers only
		"journal.*":               {"", Impersonal},
		"journal_about.about":     {"", NamesNobody},
		"journal_about.*":         {"", Impersonal},
		"journal_partitions.*":    {"", Impersonal},
		"journal_partitions.name": {"", Impersonal},
		"command_keys.actor":      {"", Removed},
		"command_keys.*":          {"", Removed}, // a week at most
		"access_log.actor":        {"reads_by_you", NamesNobody},
		"access_log.subjects":     {"reads_of_your_data", NamesNobody},
		"access_log.on_behalf_of": {"reads_of_your_data", Impersonal},
		"access_log.*":            {"reads_by_you reads_of_your_data", Impersonal},
		"glass_breaks.person":     {"glass_broken", NamesNobody},
		"glass_breaks.reason":     {"glass_broken", NamesNobody}, // why an administrator looked inside: accounted for
		"glass_breaks.node":       {"glass_broken", NamesNobody},
		"glass_breaks.*":          {"glass_broken", Impersonal},
		"erasures.person":         {"erasures", NamesNobody},
		"erasures.asked_by":       {"erasures", NamesNobody},
		"erasures.*":              {"erasures", NamesNobody},

		// What people follow and say.
		"watches.person":            {"watched", Removed},
		"watches.node":              {"watched", Removed},
		"saved_sets.person":         {"saved_sets", Removed},
		"saved_sets.*":              {"saved_sets", Removed},
		"saved_set_nodes.node":      {"saved_sets", Removed},
		"saved_set_nodes.*":         {"saved_sets", Removed},
		"inboxes.person":            {"inbox_read", Removed},
		"inbox_marks.person":        {"inbox_read", Removed},
		"digest_preferences.person": {"digests", Removed},
		"digest_preferences.*":      {"digests", Removed},
		"digest_quiet.person":       {"digests", Removed},
		"digests.person":            {"digests", Removed},
		"digests.*":                 {"digests", Removed},
		"digests_due.person":        {"digests", Removed},
		"private_versions.person":   {"", Removed},
		"comments.author":           {"comments", NamesNobody},
		"comments.node":             {"comments", Impersonal},
		"comments.on_behalf_of":     {"", Impersonal},
		"comments.*":                {"comments", Impersonal},
		"comment_texts.*":           {"comments", Removed},
		"comment_mentions.person":   {"comments_that_mention_you", Removed},
		"comment_mentions.*":        {"comments_that_mention_you", Removed},

		// Mails and jobs.
		"mails.recipient":            {"mails_waiting", Removed},
		"mails.data":                 {"", Removed},
		"mails.calendar":             {"", Removed},
		"mails.about":                {"", NamesNobody},
		"mails.off":                  {"", Removed},
		"reminders_off.address_hash": {"reminders_off", Removed},
		"reminders_off.*":            {"reminders_off", Removed},
		"mails.reason":               {"", Impersonal}, // why a server refused, never an address
		"mails.to_hash":              {"", Removed},
		"mails.*":                    {"mails_waiting", Fades},
		// A hash of an address.
		"dead_addresses.address_hash": {"addresses_without_mail", Removed},
		"dead_addresses.reason":       {"addresses_without_mail", Removed},
		"demo_mails.recipient":        {"", Removed},
		"demo_mails.subject":          {"", Removed},
		"demo_mails.*":                {"", Removed},
		"job_cursors.*":               {"", Impersonal},
		"job_cursors.name":            {"", Impersonal},

		// The furniture.
		"edge_kinds.*":                   {"", Impersonal},
		"node_kinds.*":                   {"", Impersonal},
		"taxonomy_terms.node":            {"", Impersonal},
		"taxonomy_terms.*":               {"", Impersonal},
		"territories.node":               {"", Impersonal},
		"territories.*":                  {"", Impersonal},
		"populations.*":                  {"", Impersonal},
		"secrets.name":                   {"", Impersonal},
		"secrets.*":                      {"", Impersonal},
		"bun_migrations.*":               {"", Impersonal},
		"bun_migrations.name":            {"", Impersonal},
		"bun_migration_locks.*":          {"", Impersonal},
		"bun_migration_locks.table_name": {"", Impersonal},
	}
}
