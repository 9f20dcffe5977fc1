package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// The balance of June 2019 says that Terrassa leads two cross-cutting tables and
// sits at ten tables and strategic plans. It does not say which: these have
// invented titles, and say so.
const (
	terrassaLeads  = 2
	terrassaSitsAt = 10
)

// circle is one table of the demonstration.
type circle struct {
	key      string
	convenor id.ID
	kind     table.Kind
	title    lang.Text
	about    []id.ID
	members  []id.ID
	inside   access.Level
}

func demoText(t lang.Text) lang.Text {
	return lang.Text{
		CA: t.CA + " El títol i els acords són inventats: dades de demostració.",
		ES: t.ES + " El título y los acuerdos son inventados: datos de demostración.",
		EN: t.EN + " Title and resolutions are invented: demonstration data.",
	}
}

// circles are the two tables that Terrassa leads, then the ten it sits at.
func circles(social []id.ID) []circle {
	own := append([]id.ID{terrassaRights()}, social[:6]...)
	near, others := towns(sabadell, rubi), towns(sabadell, rubi, hospitalet, badalona, mataro, manresa)
	return []circle{
		{"welcome", town(terrassa), table.CrossCutting, lang.Text{CA: "Taula transversal d'acollida i drets", ES: "Mesa transversal de acogida y derechos", EN: "Cross-cutting table of reception and rights"}, fields("INTERCULTURALITY", "EQUAL_TREATMENT"), own, access.Members},
		{"living-together", town(terrassa), table.CrossCutting, lang.Text{CA: "Taula transversal de convivència", ES: "Mesa transversal de convivencia", EN: "Cross-cutting table of living together"}, fields("COMMUNITY_ACTION"), own, access.Public},
		{"reception-network", livingTogether(), table.Network, lang.Text{CA: "Xarxa de municipis per l'acollida", ES: "Red de municipios por la acogida", EN: "Network of towns for reception"}, fields("INTERCULTURALITY"), others, access.Network},
		{"equality-plan", equalityPolicies(), table.StrategicPlan, lang.Text{CA: "Pla estratègic de polítiques d'igualtat", ES: "Plan estratégico de políticas de igualdad", EN: "Strategic plan of equality policies"}, fields("GENDER_EQUALITY"), others, access.Network},
		{"violence", equalityPolicies(), table.Thematic, lang.Text{CA: "Taula contra les violències masclistes", ES: "Mesa contra las violencias machistas", EN: "Table against male violence"}, fields("MALE_VIOLENCE"), others, access.Members},
		{"lgbti", equalityPolicies(), table.Thematic, lang.Text{CA: "Taula LGBTI intermunicipal", ES: "Mesa LGBTI intermunicipal", EN: "Intermunicipal LGBTI table"}, fields("LGBTI"), others, access.Members},
		{"loneliness", socialArea(), table.Thematic, lang.Text{CA: "Taula de soledat no volguda", ES: "Mesa de soledad no deseada", EN: "Table on unwanted loneliness"}, fields("LIFE_CYCLE"), others, access.Network},
		{"mediation", livingTogether(), table.SteeringGroup, lang.Text{CA: "Grup motor de mediació ciutadana", ES: "Grupo motor de mediación ciudadana", EN: "Steering group of citizens' mediation"}, fields("COMMUNITY_ACTION"), others, access.Network},
		{"valles", town(sabadell), table.Territorial, lang.Text{CA: "Taula d'inclusió del Vallès Occidental", ES: "Mesa de inclusión del Vallès Occidental", EN: "Inclusion table of Vallès Occidental"}, fields("SOCIAL_SERVICES"), near, access.Network},
		{"schools", town(rubi), table.Territorial, lang.Text{CA: "Taula d'instituts oberts", ES: "Mesa de institutos abiertos", EN: "Table of open schools"}, fields("COMMUNITY_ACTION"), near, access.Network},
		{"disability", socialArea(), table.StrategicPlan, lang.Text{CA: "Pla d'accessibilitat universal", ES: "Plan de accesibilidad universal", EN: "Plan of universal accessibility"}, fields("DISABILITY"), others, access.Network},
		{"antiracism", livingTogether(), table.Thematic, lang.Text{CA: "Taula contra el racisme", ES: "Mesa contra el racismo", EN: "Table against racism"}, fields("EQUAL_TREATMENT"), others, access.Network},
	}
}

func (l *loader) loadTables(ctx context.Context) error {
	social, err := socialOf(town(terrassa))
	if err != nil {
		return err
	}
	for _, c := range circles(social) {
		made, err := l.loadTable(ctx, c)
		if err != nil {
			return fmt.Errorf("load the table %s: %w", c.key, err)
		}
		if c.convenor == town(terrassa) {
			if err := l.loadSessions(ctx, c, made); err != nil {
				return fmt.Errorf("load the sessions of the table %s: %w", c.key, err)
			}
		}
	}
	return nil
}

func (l *loader) loadTable(ctx context.Context, c circle) (id.ID, error) {
	rules := table.DefaultRules()
	rules.QuorumSecond, rules.QuorumLeast, rules.Periodicity = table.Third, 3, table.Quarterly
	half := 30
	rules.SecondCallMinutes = &half
	v, key := importing(c.convenor), "demo:table:"+c.key
	made, err := l.Tables.Create(ctx, v, table.Spec{
		Convenor: c.convenor, Kind: c.kind, Title: c.title, Visibility: access.Public, Inside: c.inside, Rules: rules,
		Description: demoText(lang.Text{CA: "Una taula de treball.", ES: "Una mesa de trabajo.", EN: "A working table."}),
		FilePrefix:  "DEMO/" + c.key, Territories: towns(terrassa), About: c.about,
	}, key)
	if err != nil {
		return made, err
	}
	from := l.today.AddDate(-1, 0, 0)
	for _, member := range c.sitting() {
		if err := l.Tables.AddMember(ctx, v, made, member, table.Full, &from, nil, key+":"+member.String()); err != nil {
			return made, err
		}
	}
	return made, nil
}

// sitting are the members: Terrassa too, where it does not lead.
func (c circle) sitting() []id.ID {
	if c.convenor == town(terrassa) {
		return c.members
	}
	members := append([]id.ID{town(terrassa)}, c.members...)
	return slices.DeleteFunc(members, func(m id.ID) bool { return m == c.convenor })
}

// loadSessions notes two sessions that were held on paper, the second of which
// approves the minutes of the first, and calls one to come.
func (l *loader) loadSessions(ctx context.Context, c circle, of id.ID) error {
	s := &sitting{Services: l.Services, viewer: importing(c.convenor), table: of, key: "demo:table:" + c.key, members: c.members}
	first, err := s.record(ctx, "first", when{days: -70}.first(l.today))
	if err != nil {
		return err
	}
	due := []time.Time{l.today.AddDate(0, 0, -12), l.today.AddDate(0, 0, 20)}
	for i, text := range []lang.Text{
		{CA: "Fer el mapa d'entitats que acullen", ES: "Hacer el mapa de entidades que acogen", EN: "Map the associations that receive people"},
		{CA: "Formar l'equip d'atenció al públic", ES: "Formar al equipo de atención al público", EN: "Train the public desk team"},
	} {
		deadline := due[i]
		if err := s.adopt(ctx, first, fmt.Sprint("first:", i), table.AdoptSpec{Kind: table.Task, Text: text, Responsible: c.members[i], Deadline: &deadline}); err != nil {
			return err
		}
	}
	if _, err := s.Tables.DraftMinutes(ctx, s.viewer, of, first, lang.CA, s.key+":draft"); err != nil {
		return err
	}
	if _, err := s.Tables.CirculateMinutes(ctx, s.viewer, of, first, s.key+":circulate"); err != nil {
		return err
	}
	second, err := s.record(ctx, "second", when{days: -20}.first(l.today))
	if err != nil {
		return err
	}
	if _, err := s.Tables.ApproveMinutes(ctx, s.viewer, of, first, second, nil, s.key+":approve"); err != nil {
		return err
	}
	return s.call(ctx, when{days: 8}.first(l.today))
}

// sitting does things at one table, as its convenor.
type sitting struct {
	Services
	viewer  *access.Viewer
	table   id.ID
	key     string
	members []id.ID
}

// record notes a session on paper at which most members came.
func (s *sitting) record(ctx context.Context, key string, day time.Time) (id.ID, error) {
	at := clock(1700).on(day)
	place := "Sala de plens (demostració)"
	session, err := s.Tables.RecordSession(ctx, s.viewer, s.table, table.SessionSpec{StartsAt: &at, Place: &place}, false, s.key+":"+key)
	if err != nil {
		return session, err
	}
	for i, member := range s.members {
		as := table.AsDelegate
		if i%3 == 2 {
			as = table.AsSubstitute
		}
		if i == len(s.members)-1 {
			continue
		}
		if _, err := s.Tables.Attend(ctx, s.viewer, s.table, session, member, true, as, fmt.Sprint(s.key, ":", key, ":", i)); err != nil {
			return session, err
		}
	}
	return session, nil
}

// adopt adopts a resolution under a topic of its own.
func (s *sitting) adopt(ctx context.Context, session id.ID, key string, spec table.AdoptSpec) error {
	item, err := s.topic(ctx, session, key, spec.Text)
	if err == nil {
		_, err = s.Tables.Adopt(ctx, s.viewer, s.table, item, spec, s.key+":adopt:"+key)
	}
	return err
}

// topic puts a topic onto an agenda, last, and finds it there.
func (s *sitting) topic(ctx context.Context, session id.ID, key string, title lang.Text) (id.ID, error) {
	if _, err := s.Tables.AddItem(ctx, s.viewer, s.table, session, table.ItemSpec{Title: title}, s.key+":item:"+key); err != nil {
		return id.Zero, err
	}
	items, err := table.ItemsOf(ctx, s.DB.Read(), s.viewer, []id.ID{session})
	if err != nil {
		return id.Zero, err
	}
	for _, item := range items[session] {
		if item.Title == title {
			return item.ID, nil
		}
	}
	return id.Zero, fmt.Errorf("the topic %q is not on the agenda", title.CA)
}

// call calls a session to come.
func (s *sitting) call(ctx context.Context, day time.Time) error {
	at := clock(1730).on(day)
	place := "Sala de plens (demostració)"
	session, err := s.Tables.CreateSession(ctx, s.viewer, s.table, table.SessionSpec{StartsAt: &at, Place: &place}, s.key+":third")
	if err != nil {
		return err
	}
	title := lang.Text{CA: "Balanç del semestre", ES: "Balance del semestre", EN: "How the half-year went"}
	if _, err := s.topic(ctx, session, "third", title); err != nil {
		return err
	}
	_, err = s.Tables.Call(ctx, s.viewer, s.table, session, lang.Text{}, s.key+":call")
	return err
}

// ledTables reads the tables of the demonstration that Terrassa leads, in the
// order in which the importer made them.
func ledTables(ctx context.Context, q postgres.Querier) ([]id.ID, error) {
	var made []id.ID
	err := q.QueryRow(ctx, `
		select coalesce(array_agg(n.id order by n.created_at, n.id), '{}') from nodes n join working_tables t on t.node = n.id
		join edges e on e.target = n.id and e.kind = 'leads' and e.recorded_by = $2 where n.home = $1`, town(terrassa), importer()).Scan(&made)
	if err != nil {
		return nil, fmt.Errorf("read the tables of the demonstration: %w", err)
	}
	return made, nil
}
