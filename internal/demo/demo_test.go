package demo

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/discussion"
	"github.com/teixit/teixit/internal/domain/inbox"
	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// empty is a hub with places and terms, before the demonstration.
func empty(t *testing.T) Services {
	t.Helper()
	db := pgtest.New(t)
	if _, err := territory.Import(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if _, err := taxonomy.Import(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	projects := project.New(db)
	return Services{
		Projects: projects, Workshops: workshop.New(db, fromPriorities{projects}),
		DB: db, Events: calendar.NewEvents(db), Registrations: calendar.NewRegistrations(db), Directory: directory.New(db),
		Tables: table.New(db),
		Inbox:  inbox.New(db, nil, "", inbox.Told{}), Discussion: discussion.New(db, directory.VisiblePeople),
	}
}

// fromPriorities lets priorities become projects, as the hub does.
type fromPriorities struct{ *project.Service }

func (p fromPriorities) CreateFrom(ctx context.Context, tx *postgres.Tx, v *access.Viewer, spec workshop.ProjectSpec) (id.ID, error) {
	return p.CreateIn(ctx, tx, v, project.Input{
		Lead: spec.Lead, Side: project.Side(spec.Side), DerivedFrom: []id.ID{spec.Workshop},
		Fields: project.Fields{Title: spec.Title, Visibility: spec.Visibility, Area: spec.Area},
	})
}

func loaded(t *testing.T) (Services, Cast) {
	t.Helper()
	s := empty(t)
	cast, err := Load(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s, cast
}

func count(t *testing.T, s Services, sql string, args ...any) (n int) {
	t.Helper()
	if err := postgres.Hub(s.DB.Read()).QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// rows counts the rows of every table the load writes to.
func rows(t *testing.T, s Services) map[string]int {
	t.Helper()
	counted := map[string]int{}
	for _, table := range []string{
		"nodes", "topics", "edges", "organizations", "organization_claims", "person_names", "events", "event_sessions",
		"event_documents", "seat_pools", "registrations", "registration_delegates", "journal", "command_keys",
		"working_tables", "table_sessions", "table_agenda_items", "table_resolutions", "table_attendance",
		"shared_projects", "partner_commitments", "project_milestones", "project_activities", "project_funding", "project_notes", "programmes",
		"prior_consultations", "consultation_findings", "workshops", "workshop_groups", "workshop_entries", "workshop_priority_projects",
	} {
		counted[table] = count(t, s, "select count(*) from "+table)
	}
	return counted
}

func TestLoadTwiceAddsNothing(t *testing.T) {
	t.Parallel()
	s := empty(t)
	begun := time.Now()
	first, err := Load(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	before := rows(t, s)
	t.Logf("loaded in %v: %v", time.Since(begun).Round(time.Millisecond), before)
	second, err := Load(t.Context(), s, func(step string) { t.Errorf("the second load began %q", step) })
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(first, second); d != "" {
		t.Error("another cast:", d)
	}
	if d := cmp.Diff(before, rows(t, s)); d != "" {
		t.Error("the second load wrote:", d)
	}
}

// A load that broke off anywhere is taken up again and ends with the same
// network.
func TestLoadIsTakenUp(t *testing.T) {
	t.Parallel()
	whole, _ := loaded(t)
	s := empty(t)
	for _, most := range []int{3, 40, 110, 30} {
		breakOff(t, s, most)
	}
	s.DB.OnTouched(func([]postgres.Touched) {}, nobody)
	if _, err := Load(t.Context(), s, nil); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(rows(t, whole), rows(t, s)); d != "" {
		t.Error("a load taken up differs from one in one go:", d)
	}
}

// nobody waits for facts.
func nobody(id.ID) bool { return false }

// breakOff loads until so many transactions have been committed.
func breakOff(t *testing.T, s Services, most int) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	commits := 0
	s.DB.OnTouched(func([]postgres.Touched) {
		if commits++; commits == most {
			stop()
		}
	}, nobody)
	if _, err := Load(ctx, s, nil); err == nil {
		t.Fatalf("the load was not broken off after %d commits", commits)
	}
}

// TestNetwork holds what must be true of a loaded network; the checks share one.
func TestNetwork(t *testing.T) {
	t.Parallel()
	s, cast := loaded(t)
	for name, check := range map[string]func(*testing.T, Services, Cast){
		"canaries": canaries, "the day of Sant Andreu": theDay, "a stray place draws a warning": strayPlace,
		"the line waits for its first": waitingLine, "the door is open": openedDoor,
		"Terrassa has events to come": terrassaToCome, "the sensitive act is discreet": discreetAct, "the cast": theCast,
	} {
		t.Run(name, func(t *testing.T) { check(t, s, cast) })
	}
}

func canaries(t *testing.T, s Services, _ Cast) {
	for what, c := range map[string]struct {
		want int
		sql  string
	}{
		"municipalities":                    {311, `select count(*) from nodes where kind = 'municipality'`},
		"municipalities changed":            {0, `select count(*) from organizations o join nodes n on n.id = o.node where n.kind = 'municipality'`},
		"associations":                      {400, `select count(*) from nodes where kind = 'association'`},
		"associations not said to be so":    {0, `select count(*) from organizations o join nodes n on n.id = o.node where n.kind = 'association' and not invented`},
		"real bodies said to be invented":   {0, `select count(*) from organizations o join nodes n on n.id = o.node where n.kind <> 'association' and invented`},
		"real bodies with invented dates":   {0, `select count(*) from edges where kind = 'part_of' and role = 'UNIT' and (not lower_inf(valid) or not upper_inf(valid))`},
		"associations of one name":          {0, `select count(*) - count(distinct title_ca) from nodes where kind = 'association'`},
		"lapsed boards, at least one":       {50, `select count(*) from organizations where board_until < current_date`},
		"events":                            {31, `select count(*) from events`},
		"events without the word":           {0, `select count(*) from events where summary->>'ca' not like '%dades de demostració%' or summary->>'es' not like '%datos de demostración%' or summary->>'en' not like '%demonstration data%'`},
		"drafts":                            {3, `select count(*) from events where state = 'DRAFT'`},
		"cancelled":                         {1, `select count(*) from events where state = 'CANCELLED'`},
		"held or closed":                    {10, `select count(*) from events where state in ('HELD', 'CLOSED') and over_by < now()`},
		"to come":                           {17, `select count(*) from events where state = 'PUBLISHED' and over_by > now()`},
		"without a year":                    {1, `select count(*) from events where starts_at is null and date_year is null and state = 'PUBLISHED'`},
		"oversold pools":                    {0, `select count(*) from seat_pools p where confirmed > capacity or confirmed <> (select count(*) from registration_delegates d where d.pool = p.id)`},
		"names outside their table":         {0, `select count(*) from nodes where kind = 'person' and title_ca <> ''`},
		"people with a plausible surname":   {0, `select count(*) from person_names where name !~ '(Invent|Prova|Exemple|Mostra|Assaig|Maqueta|Fictici)'`},
		"mail that could reach somebody":    {0, `select count(*) from person_names where mail not like '%@example.org'`},
		"links that lead somewhere":         {0, `select count(*) from organization_links where url not like 'https://example.org/%'`},
		"documents that lead somewhere":     {0, `select count(*) from event_documents where url not like 'https://example.org/%'`},
		"what the importer may do":          {0, `select count(*) from edges where source = '` + importer().String() + `'`},
		"associations of Terrassa":          {30, `select count(distinct source) from edges where kind = 'acts_in' and target = '` + town(terrassa).String() + `' and source in (select id from nodes where kind = 'association' and title_ca like '%Terrassa')`},
		"associations verified or claimed":  {63, `select count(*) from organizations where invented and (verified_at is not null or claimed_at is not null)`},
		"tables that Terrassa leads":        {terrassaLeads, `select count(*) from edges where kind = 'leads' and source = '` + town(terrassa).String() + `' and target in (select node from working_tables where kind = 'CROSS_CUTTING')`},
		"tables it sits at":                 {terrassaSitsAt, `select count(*) from edges where kind = 'member_of' and source = '` + town(terrassa).String() + `'`},
		"tables without the word":           {0, `select count(*) from working_tables where description->>'ca' not like '%dades de demostració%' or description->>'es' not like '%datos de demostración%' or description->>'en' not like '%demonstration data%'`},
		"approved minutes":                  {2, `select count(*) from table_sessions where state = 'MINUTES_APPROVED'`},
		"called sessions":                   {2, `select count(*) from table_sessions where state = 'CALLED'`},
		"promises that are late":            {2, `select count(*) from table_resolutions where state = 'OPEN' and deadline < current_date`},
		"shared projects":                   {5, `select count(*) from shared_projects`},
		"projects without the word":         {0, `select count(*) from shared_projects where summary->>'ca' not like '%dades de demostració%' or summary->>'es' not like '%datos de demostración%' or summary->>'en' not like '%demonstration data%'`},
		"participants of Instituts Oberts":  {230, `select sum(participants) from project_activities where women = 175 and men = 55 and count = 12`},
		"schools that are open":             {openSchools, `select count(*) from project_milestones where reached_on is not null`},
		"commitments that are late":         {1, `select count(*) from partner_commitments where closed_at is null and due < current_date`},
		"groups of the workshop":            {6, `select count(*) from workshop_groups`},
		"priorities merged":                 {2, `select count(*) from workshop_entries where same_as <> id`},
		"priorities that became projects":   {3, `select count(*) from workshop_priority_projects`},
		"tables that came of a project":     {1, `select count(*) from edges e join working_tables t on t.node = e.source join shared_projects p on p.node = e.target where e.kind = 'derived_from'`},
		"workshops that came of an event":   {1, `select count(*) from edges e join workshops w on w.node = e.source join events v on v.node = e.target where e.kind = 'derived_from'`},
		"events that came of a question":    {1, `select count(*) from edges e join prior_consultations c on c.node = e.target join events v on v.node = e.source where e.kind = 'derived_from'`},
		"names in minutes":                  {0, `select count(*) from table_minutes_versions where text like '%persona inventada%'`},
		"claims that wait for the officer":  {2, `select count(*) from organization_claims where decided_at is null`},
		"units with seven and three fields": {2, `select count(*) from (select source, count(*) as n from edges where kind = 'about' and source in ('` + socialArea().String() + `', '` + equalityPolicies().String() + `') group by source) x where n in (3, 7)`},
	} {
		if got := count(t, s, c.sql); got != c.want {
			t.Errorf("%s: %d, want %d", what, got, c.want)
		}
	}
}

func theDay(t *testing.T, s Services, cast Cast) {
	day := cast.scene(sceneSantAndreu)
	if cast.Event != node.Event.Global(day) {
		t.Errorf("the event to watch is %s", cast.Event)
	}
	organiser := as(t, s, dayOrganiser())
	found, err := calendar.EventsByIDs(t.Context(), s.DB.Read(), access.Anonymous(lang.EN), []id.ID{day}, calendar.Full)
	if err != nil || len(found) != 1 {
		t.Fatalf("found %d, %v", len(found), err)
	}
	e := found[0]
	if !e.Title.Complete() || len(e.Objectives) != 4 || e.RegistrationPhase(time.Now()) != calendar.RegistrationOpen {
		t.Errorf("title %v, %d objectives, registration %s", e.Title, len(e.Objectives), e.RegistrationPhase(time.Now()))
	}
	documents, err := calendar.DocumentsOf(t.Context(), s.DB.Read(), organiser, []id.ID{day})
	if err != nil || len(documents[day]) != 2 {
		t.Errorf("%d documents, %v", len(documents[day]), err)
	}
	board, err := calendar.BoardOf(t.Context(), s.DB.Read(), organiser, day)
	if err != nil {
		t.Fatal(err)
	}
	seats := 0
	for _, p := range board.Pools {
		seats += p.Counts.Capacity
	}
	if seats != SantAndreuSeats || board.Confirmed != SantAndreuConfirmed || board.Waiting != 0 {
		t.Errorf("%d seats, %d confirmed, %d waiting", seats, board.Confirmed, board.Waiting)
	}
	areas := count(t, s, `select count(*) from edges where source = $1 and kind = 'held_at' and role = 'AREA' and target = any($2)`,
		day, quarters(bonPastor, baroDeViver, trinitatVella))
	if areas != 3 {
		t.Errorf("%d of the three neighbourhoods", areas)
	}
}

// The day's papers name a neighbourhood of another district: the organiser is
// told, the place stays.
func strayPlace(t *testing.T, s Services, cast Cast) {
	day := cast.scene(sceneSantAndreu)
	r, err := s.Events.Update(t.Context(), as(t, s, dayOrganiser()), day, nil, calendar.EventChanges{}, "")
	if err != nil {
		t.Fatal(err)
	}
	if w := r.Warnings; len(w) != 1 || w[0].Node != quarter(trinitatNova) || w[0].Suggestion != quarter(trinitatVella) {
		t.Errorf("warned of %+v", w)
	}
}

func waitingLine(t *testing.T, s Services, cast Cast) {
	board, err := calendar.BoardOf(t.Context(), s.DB.Read(), as(t, s, terrassaOfficer()), cast.scene(sceneLine))
	if err != nil {
		t.Fatal(err)
	}
	p := board.Pools[0].Counts
	if want := (calendar.SeatCounts{Capacity: lineSeats, Confirmed: lineConfirmed, Waiting: 6, Line: 3}); *p != want {
		t.Errorf("the line is %+v, want %+v", *p, want)
	}
}

func openedDoor(t *testing.T, s Services, cast Cast) {
	board, err := calendar.BoardOf(t.Context(), s.DB.Read(), as(t, s, provincialOfficer()), cast.scene(sceneDoor))
	if err != nil {
		t.Fatal(err)
	}
	if board.Arrived != doorArrived || board.Confirmed <= doorArrived {
		t.Errorf("%d of %d arrived", board.Arrived, board.Confirmed)
	}
	if v := as(t, s, doorkeeper()); !v.MayCheckIn(cast.scene(sceneDoor), provincialCouncil()) || v.MayAdminister(provincialCouncil()) {
		t.Error("the person at the door may the wrong things")
	}
}

func terrassaToCome(t *testing.T, s Services, _ Cast) {
	n := count(t, s, `select count(distinct e.node) from events e join edges x on x.source = e.node
		where e.state = 'PUBLISHED' and e.over_by > now() and x.kind = 'held_at' and x.role = 'VENUE' and x.target = $1`, town(terrassa))
	if n < 6 {
		t.Errorf("%d events to come in Terrassa", n)
	}
}

// The sensitive act tells nobody but its organisers who comes.
func discreetAct(t *testing.T, s Services, _ Cast) {
	var act id.ID
	if err := s.DB.Read().QueryRow(t.Context(), `select node from events where sensitive and state = 'PUBLISHED'`).Scan(&act); err != nil {
		t.Fatal(err)
	}
	pools, err := calendar.SeatPoolsOf(t.Context(), s.DB.Read(), access.Anonymous(lang.CA), []id.ID{act})
	if err != nil || len(pools[act]) != 1 || pools[act][0].Counts != nil {
		t.Errorf("an anonymous reader gets %+v, %v", pools[act], err)
	}
	if n := count(t, s, `select count(*) from registrations where event = $1`, act); n == 0 {
		t.Error("nobody comes: the test proves nothing")
	}
}

func theCast(t *testing.T, s Services, cast Cast) {
	if len(cast.People) < 3 || len(cast.Events) != sceneCount {
		t.Fatalf("%d people, %d events", len(cast.People), len(cast.Events))
	}
	for _, p := range cast.People {
		if !strings.Contains(p.Name, "persona inventada") || p.Role == "" {
			t.Errorf("%q, %q does not say that the person is invented", p.Name, p.Role)
		}
		v := as(t, s, actor{ID: p.ID, For: p.For})
		if !v.ActsFor(p.For) {
			t.Errorf("%s does not act for their organisation", p.Name)
		}
		if n := count(t, s, `select count(*) from registrations where registered_by = $1`, p.ID); n != 0 {
			t.Errorf("%s has made %d registrations", p.Name, n)
		}
	}
}

func as(t *testing.T, s Services, a actor) *access.Viewer {
	t.Helper()
	v, err := viewerOf(t.Context(), s.DB.Read(), a)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
