package demo

import (
	"context"
	"fmt"

	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// The chain of the Besòs: what people were asked before led to the working day,
// the day to a workshop in three neighbourhoods, the workshop to a project in
// each, and one of those to a working table. Day, neighbourhoods and district are
// real; what was answered, noted and agreed is invented, and says so.

// slip is something that a group notes on the board.
type slip struct {
	group  int
	kind   workshop.Kind
	place  string
	text   lang.Text
	beside int // of a capacity: the place in the list of the priority, from 1
}

// groupNames are the groups around the tablets.
func groupNames() []string {
	return []string{"Bon Pastor A", "Bon Pastor B", "Baró de Viver A", "Baró de Viver B", "Trinitat Vella A", "Trinitat Vella B"}
}

// slips are what the six groups note. Those of mergers say the same.
func slips() []slip {
	return []slip{
		{0, workshop.Priority, bonPastor, lang.Text{CA: "Acompanyar qui viu sol", ES: "Acompañar a quien vive solo", EN: "Company for who lives alone"}, 0},
		{1, workshop.Priority, bonPastor, lang.Text{CA: "Que ningú estigui sol", ES: "Que nadie esté solo", EN: "Nobody alone"}, 0},
		{4, workshop.Priority, trinitatVella, lang.Text{CA: "Visites a la gent gran", ES: "Visitas a las personas mayores", EN: "Visits to older people"}, 0},
		{2, workshop.Priority, baroDeViver, lang.Text{CA: "Un espai per als joves", ES: "Un espacio para los jóvenes", EN: "A place for young people"}, 0},
		{3, workshop.Priority, baroDeViver, lang.Text{CA: "Carrers més clars de nit", ES: "Calles más claras de noche", EN: "Brighter streets at night"}, 0},
		{5, workshop.Priority, trinitatVella, lang.Text{CA: "Ajuda amb els tràmits", ES: "Ayuda con los trámites", EN: "Help with paperwork"}, 0},
		{0, workshop.Capacity, bonPastor, lang.Text{CA: "Tenim un local els matins", ES: "Tenemos un local por las mañanas", EN: "We have rooms in the morning"}, 1},
		{3, workshop.Capacity, baroDeViver, lang.Text{CA: "Tenim monitors", ES: "Tenemos monitores", EN: "We have youth workers"}, 4},
		{1, workshop.RunningProject, bonPastor, lang.Text{CA: "Un hort compartit", ES: "Un huerto compartido", EN: "A shared garden"}, 0},
		{5, workshop.RunningProject, trinitatVella, lang.Text{CA: "Conversa en català", ES: "Conversación en catalán", EN: "Conversation in Catalan"}, 0},
	}
}

// mergers are pairs of slips that groups merge, one in each direction.
func mergers() [][2]int { return [][2]int{{1, 0}, {0, 2}} }

// beginnings are the priorities that became projects, each with the association
// of the neighbourhood, by its place among them, that takes part.
func beginnings() [][2]int { return [][2]int{{2, 0}, {3, 1}, {5, 2}} }

// besos loads the chain.
type besos struct {
	*loader
	viewer   *access.Viewer // who answers for the district
	key      string
	shop     id.ID
	tokens   []string
	entries  []id.ID
	projects []id.ID
}

func (l *loader) loadWorkshop(ctx context.Context) error {
	b := &besos{loader: l, viewer: importing(santAndreuDistrict()), key: "demo:besos"}
	for _, do := range []func(context.Context) error{b.open, b.join, b.note, b.merge, b.start, b.found} {
		if err := do(ctx); err != nil {
			return fmt.Errorf("load the workshop: %w", err)
		}
	}
	return nil
}

// open records what people were asked, ties the day to it, and opens a workshop
// that comes of the day.
func (b *besos) open(ctx context.Context) error {
	answers, area := 212, quarters(bonPastor, baroDeViver, trinitatVella)
	asked, err := b.Workshops.CreateConsultation(ctx, b.viewer, workshop.ConsultationInput{
		Home: santAndreuDistrict(), Visibility: access.Public, Area: area, About: challenges("UNWANTED_LONELINESS", "INEQUALITY"), Answers: &answers,
		Title: lang.Text{CA: "Consulta prèvia al Besòs", ES: "Consulta previa en el Besòs", EN: "Prior consultation on the Besòs"},
		Description: lang.Text{
			CA: "Les respostes i els resultats són inventats: dades de demostració.", ES: "Las respuestas y los resultados son inventados: datos de demostración.",
			EN: "Answers and findings are invented: demonstration data.",
		},
		Findings: []lang.Text{
			{CA: "Molta gent gran viu sola", ES: "Muchas personas mayores viven solas", EN: "Many older people live alone"},
			{CA: "Als joves els falten espais", ES: "A los jóvenes les faltan espacios", EN: "Young people lack places to go"},
		},
	}, b.key+":consultation")
	if err != nil {
		return err
	}
	if _, err := b.Workshops.LinkEvent(ctx, b.viewer, asked.ID, b.made[keySantAndreu], b.key+":event"); err != nil {
		return err
	}
	made, err := b.Workshops.Create(ctx, b.viewer, workshop.Input{
		Home: santAndreuDistrict(), Visibility: access.Public, Places: area, About: challenges("UNWANTED_LONELINESS"),
		DerivedFrom: []id.ID{b.made[keySantAndreu]},
		Title:       lang.Text{CA: "Taller de tres barris", ES: "Taller de tres barrios", EN: "Workshop of three neighbourhoods"},
		Description: lang.Text{
			CA: "Els grups hi apunten abans de la jornada. El que hi diu és inventat: dades de demostració.",
			ES: "Los grupos anotan antes de la jornada. Lo que dice es inventado: datos de demostración.",
			EN: "Groups note before the day. What it says is invented: demonstration data.",
		},
	}, b.key+":workshop")
	if err != nil {
		return err
	}
	b.shop = made.ID
	_, err = b.Workshops.Move(ctx, b.viewer, b.shop, workshop.Open, b.key+":open")
	return err
}

func (b *besos) join(ctx context.Context) (err error) {
	b.tokens, err = join(ctx, b.Services, b.viewer, b.shop, b.key, groupNames())
	return err
}

// join lets groups into a workshop; those that are in already get a new secret.
func join(ctx context.Context, s Services, organiser *access.Viewer, shop id.ID, key string, names []string) ([]string, error) {
	found, err := workshop.ByIDs(ctx, s.DB.Read(), organiser, []id.ID{shop})
	if err != nil || len(found) == 0 {
		return nil, fmt.Errorf("there is no workshop: %w", err)
	}
	tokens := make([]string, len(names))
	for i, name := range names {
		joined, err := s.Workshops.Join(ctx, access.Anonymous(lang.CA), found[0].JoinCode, name, key+":"+name)
		if err != nil {
			return nil, fmt.Errorf("let %s in: %w", name, err)
		}
		tokens[i] = joined.Token
	}
	return tokens, nil
}

// note puts the slips onto the board that are not there: a group that joins again
// has another secret, so that its keys are not those of before.
func (b *besos) note(ctx context.Context) error {
	there, err := noted(ctx, b.Services, b.viewer, b.shop)
	if err != nil {
		return err
	}
	b.entries = make([]id.ID, len(slips()))
	for i, s := range slips() {
		if b.entries[i] = there[s.text.CA]; !b.entries[i].IsZero() {
			continue
		}
		in := workshop.EntryInput{Kind: s.kind, Territory: quarter(s.place), Text: s.text}
		if s.beside > 0 {
			in.Beside = b.entries[s.beside-1]
		}
		made, err := b.Workshops.Note(ctx, b.viewer, workshop.Pen{Token: b.tokens[s.group]}, in, fmt.Sprint(b.key, ":slip:", i))
		if err != nil {
			return err
		}
		b.entries[i] = made.Entry.ID
	}
	return nil
}

// noted are the entries of a board by their text.
func noted(ctx context.Context, s Services, v *access.Viewer, shop id.ID) (map[string]id.ID, error) {
	boards, err := workshop.BoardsOf(ctx, s.DB.Read(), v, []id.ID{shop})
	there := map[string]id.ID{}
	put := func(list []*workshop.Entry) {
		for _, e := range list {
			there[e.Text.CA] = e.ID
		}
	}
	for _, place := range boards[shop] {
		put(place.RunningProjects)
		put(place.Capacities)
		put(place.Priorities)
		for _, p := range place.Priorities {
			put(p.Merged)
			put(p.Capacities)
		}
	}
	return there, err
}

func (b *besos) merge(ctx context.Context) error {
	for i, pair := range mergers() {
		pen := workshop.Pen{Token: b.tokens[slips()[pair[0]].group]}
		entries := []id.ID{b.entries[pair[0]], b.entries[pair[1]]}
		if _, err := b.Workshops.Merge(ctx, b.viewer, pen, entries, fmt.Sprint(b.key, ":merge:", i)); err != nil {
			return err
		}
	}
	return nil
}

// start lets priorities become projects that the district leads with an
// association of the neighbourhood.
func (b *besos) start(ctx context.Context) error {
	social, err := socialOf(quarter(bonPastor))
	if err != nil {
		return err
	}
	for _, c := range beginnings() {
		slip, partner := c[0], social[c[1]]
		key := fmt.Sprint(b.key, ":project:", slip)
		_, made, err := b.Workshops.MakeProject(ctx, b.viewer, b.shop, b.entries[slip], workshop.ProjectInput{
			Lead: santAndreuDistrict(), Side: string(project.PublicSide), Visibility: access.Public,
		}, key)
		if err != nil {
			return err
		}
		summary := inventedParts(lang.Text{CA: "Coproduït al taller.", ES: "Coproducido en el taller.", EN: "Co-produced in the workshop."})
		if _, err = b.Projects.Update(ctx, b.viewer, made, nil, project.Changes{Summary: &summary}, key+":summary"); err != nil {
			return err
		}
		in := project.PartnerInput{Organization: partner, Side: project.SocialSide}
		if _, err = b.Projects.AddPartner(ctx, b.viewer, made, in, key+":partner"); err != nil {
			return err
		}
		b.projects = append(b.projects, made)
	}
	return nil
}

// found makes the table that comes of the first project.
func (b *besos) found(ctx context.Context) error {
	_, err := b.Tables.Create(ctx, b.viewer, table.Spec{
		Convenor: santAndreuDistrict(), Kind: table.Territorial, Visibility: access.Public, Inside: access.Members, Rules: table.DefaultRules(),
		Title:       lang.Text{CA: "Taula de soledat del Besòs", ES: "Mesa de soledad del Besòs", EN: "Besòs table on loneliness"},
		Description: demoText(lang.Text{CA: "Una taula de treball.", ES: "Una mesa de trabajo.", EN: "A working table."}),
		Territories: quarters(bonPastor, baroDeViver, trinitatVella), About: challenges("UNWANTED_LONELINESS"), From: b.projects[0],
	}, b.key+":table")
	return err
}

// besosNodes reads the demonstration's consultation and its workshop.
func besosNodes(ctx context.Context, q postgres.Querier) (asked, shop id.ID, err error) {
	err = q.QueryRow(ctx, `
		select (select node from prior_consultations where created_by = $1 order by created_at limit 1),
		       (select node from workshops where created_by = $1 order by created_at limit 1)`, importer()).Scan(&asked, &shop)
	if err != nil {
		return asked, shop, fmt.Errorf("read the workshop of the demonstration: %w", err)
	}
	return asked, shop, nil
}
