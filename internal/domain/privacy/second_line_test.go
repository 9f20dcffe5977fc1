package privacy

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// withoutPolicy are the tables about people that have no row-level security, and
// why. Decision 0011 says the same.
func withoutPolicy() map[string]string {
	const (
		identifiers = "identifiers only: they name somebody to who may read the name, and names have policies"
		counted     = "identifiers only, and boards and lines have to count every row"
		public      = "what an organisation publishes; who entered it is an identifier"
		work        = "what bodies write together, seen as its thing is; who wrote it is an identifier"
	)
	return map[string]string{
		"nodes": "a person's node has no title; visibility is inside every statement", "topics": identifiers,
		"edges": identifiers + "; paths and gaps walk all of them", "viewer_versions": identifiers, "rights_ended": identifiers, "rights_changes": identifiers,
		"journal": identifiers, "journal_about": identifiers,
		"comments":      "identifiers only, and versions are numbered by them; what is said has policies",
		"registrations": counted, "registration_delegates": counted,
		"check_ins": counted, "check_in_devices": counted, "session_attendance": counted,
		"event_series": public, "event_notices": public, "event_messages": work,
		"event_message_mails": identifiers, "participant_imports": identifiers,
		"organizations": public, "events": public, "event_documents": public, "event_sessions": public,
		"working_tables": work, "table_sessions": work, "table_papers": work, "table_minutes_versions": work, "table_resolution_notes": work, "table_join_requests": work,
		"shared_projects": work, "partner_commitments": work, "partner_commitment_moves": work, "project_activities": work, "project_notes": work,
		"programmes": work, "strategies": work, "workshops": work, "workshop_priority_projects": work, "prior_consultations": work,
		"consultation_findings": work, "document_collections": work, "documents": work, "document_versions": work,
		"document_uploads": "an upload on its way, by an identifier; gone in a day",
		"table_links":      "hashes of the secrets of links, by the seat that was asked; gone with the session",
		"rate_counters":    "keyed hashes that name nobody, gone with their window",
	}
}

// Names of columns that hold what somebody is called or reached at, whatever is
// declared about them.
var tellsWho = regexp.MustCompile(`^(mail|phone|user_agent|recipient|speakers|person|actor|subject|subjects)$|_mail$|mail_key|_by$`)

// tablesOfPeople reads from the catalogue which tables refer to people or hold
// what they are called or reached at, and whether they have policies.
func tablesOfPeople(t *testing.T, q *pgx.Conn) map[string]bool {
	t.Helper()
	rows, err := q.Query(t.Context(), columnsSQL)
	if err != nil {
		t.Fatal(err)
	}
	tables := map[string]bool{}
	var table, column string
	var points bool
	if _, err := pgx.ForEachRow(rows, []any{&table, &column, &points}, func() error {
		c, own := Columns()[table+"."+column]
		if !own {
			c = Columns()[table+".*"]
		}
		if c.Fate != Impersonal && (c.Fate != Published || tellsWho.MatchString(column)) {
			tables[table] = false
		}
		if !own && (points || tellsWho.MatchString(column)) {
			tables[table] = false
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for table := range guarded(t, q) {
		tables[table] = true
	}
	return tables
}

// guarded are the tables whose rows a policy lets through one by one.
func guarded(t *testing.T, q *pgx.Conn) map[string]bool {
	t.Helper()
	rows, err := q.Query(t.Context(), `
		select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
		where c.relrowsecurity and exists (select from pg_policy p where p.polrelid = c.oid and p.polcmd in ('r', '*'))`)
	if err != nil {
		t.Fatal(err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	set := map[string]bool{}
	for _, name := range names {
		set[name] = true
	}
	return set
}

// TestEveryTableOfPeopleHasASecondLine: what the catalogue says is about people
// has policies, or stands in the list with its reason, not both.
func TestEveryTableOfPeopleHasASecondLine(t *testing.T) {
	t.Parallel()
	open, with := withoutPolicy(), 0
	for table, policies := range tablesOfPeople(t, owner(t, pgtest.URL(t))) {
		reason, listed := open[table]
		switch {
		case policies && listed:
			t.Errorf("%s has policies: take it out of the list", table)
		case !policies && reason == "":
			t.Errorf("%s is about people and has no row-level security: give it policies, or a reason in the list", table)
		case policies:
			with++
		}
		delete(open, table)
	}
	for table := range open {
		t.Errorf("%s is in the list and not about people", table)
	}
	if with < 17 {
		t.Errorf("only %d tables have policies", with)
	}
	t.Logf("tables about people: %d with policies, %d without for a reason", with, len(withoutPolicy()))
}

// TestATableWithoutASecondLineIsFound is the negative control.
func TestATableWithoutASecondLineIsFound(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	asOwner(t, d, `create table diaries (id uuid primary key, person uuid references nodes)`,
		`create table phone_book (id uuid primary key, phone text)`, `alter table sessions disable row level security`)
	found := tablesOfPeople(t, owner(t, d))
	for _, table := range []string{"diaries", "phone_book", "sessions"} {
		if policies, known := found[table]; !known || policies {
			t.Errorf("%s is not noticed (%v, %v)", table, known, policies)
		}
	}
}

// planted puts one row about PERSON into a table; BODY, EVENT and PLACE are
// there already. own says that the person reads it themselves.
type planted struct {
	sql string
	own bool
}

const plantedMail = "plantada@prova.example"

// plants have a row for every table with policies.
func plants() map[string]planted {
	return map[string]planted{
		"accounts":                {`insert into accounts (person, mail) values (PERSON, '` + plantedMail + `')`, true},
		"identities":              {`insert into identities (issuer, subject, person) values ('https://issuer.example', 'x', PERSON)`, true},
		"sessions":                {`insert into sessions (id, token_hash, person, user_agent, expires_at) values (gen_random_uuid(), 'x', PERSON, 'Navegador', now() + interval '1 hour')`, true},
		"api_tokens":              {`insert into api_tokens (id, token_hash, person, name, scopes, expires_at) values (gen_random_uuid(), '\x01', PERSON, 'x', '{read}', now() + interval '1 hour')`, true},
		"invitations":             {`insert into invitations (id, token_hash, mail, organization, role, accepted_by, expires_at) values (gen_random_uuid(), '\x01', '` + plantedMail + `', BODY, 'DELEGATE', PERSON, now() + interval '1 hour')`, true},
		"sign_in_codes":           {`insert into sign_in_codes (id, mail, token_hash, expires_at) values (PERSON, '` + plantedMail + `', '\x01', now() + interval '1 hour')`, false},
		"mails":                   {`insert into mails (id, key_hash, template, lang, recipient, data, expires_at) values (PERSON, '\x01', 'x', 'ca', '` + plantedMail + `', '{}', now() + interval '1 hour')`, false},
		"demo_mails":              {`insert into demo_mails (id, recipient, lang, template, subject, body_text, body_html) values (PERSON, '` + plantedMail + `', 'ca', 'x', 'x', 'x', 'x')`, false},
		"command_keys":            {`insert into command_keys (actor, key, mutation, input_hash) values (PERSON, 'x', 'x', '\x01')`, true},
		"glass_breaks":            {`insert into glass_breaks (id, node, person, reason, until) values (gen_random_uuid(), BODY, PERSON, 'perquè calia', now() + interval '10 minutes')`, true},
		"erasures":                {`insert into erasures (id, person, receipt) values (gen_random_uuid(), PERSON, 'x')`, false},
		"access_log":              {`insert into access_log (actor, what, node, subjects) values (PERSON, 'NEEDS', BODY, array[PERSON])`, true},
		"organization_claims":     {`insert into organization_claims (id, organization, person) values (gen_random_uuid(), BODY, PERSON)`, true},
		"person_names":            {`insert into person_names (subject, root, name, mail) values (PERSON, BODY, 'Plantada', '` + plantedMail + `')`, true},
		"delegate_secrets":        {`insert into delegate_secrets (delegate, registration, event, person, code) values (PLACE, PLACE, EVENT, PERSON, 'x')`, true},
		"delegate_needs":          {`insert into delegate_needs (delegate, event, diet, purge_at) values (PLACE, EVENT, 'x', now())`, true},
		"delegate_answers":        {`insert into delegate_answers (delegate, question, event, answer) values (PLACE, PLACE, EVENT, '{}')`, true},
		"delegate_traits":         {`insert into delegate_traits (delegate, event, sex) values (PLACE, EVENT, 'WOMAN')`, true},
		"certificates":            {`insert into certificates (id, event, delegate, code, minutes, held_on, seal, issued_by) values (PLACE, EVENT, PLACE, 'x', 1, '2026-01-01', '\x00', OTHER)`, true},
		"delegate_links":          {`insert into delegate_links (delegate, event) values (PLACE, EVENT)`, false},
		"registration_contacts":   {`insert into registration_contacts (registration, event, mail, lang) values (PLACE, EVENT, '` + plantedMail + `', 'ca')`, false},
		"participant_import_rows": {`with i as (insert into participant_imports (id, event, asked_by, lang, dry, partial) values (PLACE, EVENT, OTHER, 'ca', false, false) returning id) insert into participant_import_rows (import, line, name, mail, role, organisation, territory) select id, 1, 'x', '` + plantedMail + `', '', '', '' from i`, false},
		"dead_addresses":          {`insert into dead_addresses (address_hash, reason) values ('\x01', 'bounced 5.1.1')`, false},
		"reminders_off":           {`insert into reminders_off (address_hash) values ('\x01')`, false},
		"registration_links":      {`insert into registration_links (token_hash, registration, expires_at) values ('\x01', PLACE, now())`, false},
		"seat_notices":            {`insert into seat_notices (subject, event, told) values (PERSON, EVENT, 'x')`, false},
		"calendar_secrets":        {`insert into calendar_secrets (person, token_hash) values (PERSON, '\x01')`, true},
		"mail_changes":            {`insert into mail_changes (id, person, mail, code_hash, expires_at) values (PLACE, PERSON, '` + plantedMail + `', '\x01', now() + interval '1 minute')`, true},
		"table_seats":             {`insert into table_seats (id, table_node, organisation, position, person, valid) values (PLACE, EVENT, BODY, 'DELEGATE', PERSON, '[2020-01-01,)')`, true},
		"table_resolution_people": {`insert into table_resolution_people (resolution, table_node, person) values (PLACE, EVENT, PERSON)`, true},
		"watches":                 {`insert into watches (person, node, era, fxid) values (PERSON, BODY, 0, '0')`, true},
		"saved_sets":              {`insert into saved_sets (id, person, title) values (PLACE, PERSON, 'x')`, true},
		"saved_set_nodes":         {`insert into saved_set_nodes (saved_set, node) values (PLACE, BODY)`, true},
		"inboxes":                 {`insert into inboxes (person, era, fxid, seq) values (PERSON, 0, '0', 0)`, true},
		"inbox_marks":             {`insert into inbox_marks (person, era, fxid, seq, is_read) values (PERSON, 0, '0', 0, true)`, true},
		"digest_preferences":      {`insert into digest_preferences (person, sort, rhythm) values (PERSON, 'ASKED', 'DAILY')`, true},
		"digest_quiet":            {`insert into digest_quiet (person, from_hour, until_hour) values (PERSON, 1, 2)`, true},
		"digests":                 {`insert into digests (person, rhythm, era, fxid, seq) values (PERSON, 'DAILY', 0, '0', 0)`, false},
		"digests_due":             {`insert into digests_due (person, next_at) values (PERSON, now())`, false},
		"private_versions":        {`insert into private_versions (person) values (PERSON)`, true},
		"comment_texts":           {`with c as (insert into comments (id, node, author, level) values (PLACE, EVENT, PERSON, 4)) insert into comment_texts (comment, version, text) values (PLACE, 1, 'x')`, false},
		"comment_mentions":        {`with c as (insert into comments (id, node, author, level) values (OTHER, EVENT, OTHER, 4)) insert into comment_mentions (comment, person) values (OTHER, PERSON)`, true},
	}
}

// TestEveryPolicyHidesRows plants a row about somebody into every table with
// policies and reads the tables whole: without settings and as others nobody
// sees it, the person sees what is theirs, the hub all of it. With row-level
// security switched off, others see it.
func TestEveryPolicyHidesRows(t *testing.T) {
	t.Parallel()
	d := pgtest.URL(t)
	db := pgtest.Open(t, d)
	person, body, event := id.New(), id.New(), id.New()
	other, elsewhere := id.New(), id.New()
	all := plants()
	tables := slices.Sorted(maps.Keys(guarded(t, owner(t, d))))
	// accounts first, and delegate_secrets before what hangs on it
	slices.SortStableFunc(tables, func(a, b string) int { return rank(a) - rank(b) })
	admin, err := pgx.Connect(t.Context(), d.Admin)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close(context.WithoutCancel(t.Context()))
	// Rows alone: what they point at need not be there.
	if _, err := admin.Exec(t.Context(), `set session_replication_role = replica`); err != nil {
		t.Fatal(err)
	}
	plant := func(sql string) {
		t.Helper()
		if _, err := admin.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	names := strings.NewReplacer("PERSON", quoted(person), "BODY", quoted(body), "EVENT", quoted(event), "PLACE", quoted(id.New()),
		"OTHER", quoted(other), "ELSEWHERE", quoted(elsewhere))
	for _, sql := range []string{
		`insert into nodes (id, kind, title_ca) values (PERSON, 'person', ''), (BODY, 'association', 'Prova'), (EVENT, 'event', 'Prova'),
			(OTHER, 'person', ''), (ELSEWHERE, 'association', 'Altra')`,
		`insert into events (node, kind, visibility, date_year, created_by) values (EVENT, 'SEMINAR', 0, 2026, OTHER)`,
		`insert into registrations (id, event, organisation, registered_by, policy, pools, line, pending, confirmed, waiting)
			values (PLACE, EVENT, BODY, BODY, 'WAIT_TOGETHER', array[PLACE], 1, 1, 0, 0)`,
		`insert into registration_delegates (id, registration, event, role, position, named, state)
			values (PLACE, PLACE, EVENT, 'PUBLIC', 1, true, 'PENDING')`,
	} {
		plant(names.Replace(sql))
	}
	viewers := map[string]postgres.Querier{
		"without settings": db.Read(),
		"nobody":           postgres.Personal(db.Read(), access.Anonymous(lang.CA)),
		"somebody else": postgres.Personal(db.Read(), &access.Viewer{
			Person: other, Home: []id.ID{elsewhere}, Administers: []id.ID{elsewhere}, Organises: []id.ID{other},
			Member: []id.ID{elsewhere}, CheckIn: []id.ID{elsewhere}, Admin: true,
		}),
	}
	self := postgres.Personal(db.Read(), &access.Viewer{Person: person, Organises: []id.ID{person}})
	for _, table := range tables {
		p, ok := all[table]
		if !ok {
			t.Errorf("%s has policies and no planted row: add one", table)
			continue
		}
		plant(names.Replace(p.sql))
		count := func(q postgres.Querier) (n int) {
			t.Helper()
			if err := q.QueryRow(t.Context(), `select count(*) from `+table).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		for who, q := range viewers {
			if n := count(q); n != 0 {
				t.Errorf("%s: %s sees %d rows", table, who, n)
			}
		}
		if n := count(self); (n == 1) != p.own {
			t.Errorf("%s: the person sees %d rows", table, n)
		}
		if n := count(postgres.Hub(db.Read())); n != 1 {
			t.Errorf("%s: the hub sees %d rows", table, n)
		}
		asOwner(t, d, `alter table `+table+` disable row level security`)
		for who, q := range viewers {
			if n := count(q); n != 1 {
				t.Errorf("negative control: %s sees %d rows of %s without its policies", who, n, table)
			}
		}
		asOwner(t, d, `alter table `+table+` enable row level security`)
	}
	t.Logf("%d tables", len(tables))
}

func rank(table string) int {
	switch table {
	case "accounts":
		return -1
	case "delegate_needs", "saved_set_nodes", "delegate_answers", "delegate_traits", "certificates":
		return 1
	}
	return 0
}

func quoted(v id.ID) string { return "'" + v.String() + "'::uuid" }

// owner connects as the tables' owner: to others the catalogue shows only what
// they may use.
func owner(t *testing.T, d pgtest.Database) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), d.Owner)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func asOwner(t *testing.T, d pgtest.Database, statements ...string) {
	t.Helper()
	conn := owner(t, d)
	for _, sql := range statements {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}
