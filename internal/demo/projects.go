package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/ground/figure"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

// What the balance of June 2019 says of Instituts Oberts: three schools, twelve
// activities, so many participants. Who takes part, what was promised and the
// money are invented, and say so.
const (
	openSchools = 3
	openActs    = 12
	openWomen   = 175
	openMen     = 55
)

func inventedParts(t lang.Text) lang.Text {
	return lang.Text{
		CA: t.CA + " Els socis, els compromisos i els imports són inventats: dades de demostració.",
		ES: t.ES + " Los socios, los compromisos y los importes son inventados: datos de demostración.",
		EN: t.EN + " Partners, commitments and amounts are invented: demonstration data.",
	}
}

// venture is one shared project of the demonstration.
type venture struct {
	Services
	viewer  *access.Viewer // who answers for its lead
	key     string
	in      project.Input
	project id.ID
}

// openInstitutes is the project that opens three schools of Terrassa in the
// afternoon.
func openInstitutes(s Services, social []id.ID) *venture {
	part := []lang.Text{
		{CA: "Tallers i esport", ES: "Talleres y deporte", EN: "Workshops and sport"},
		{CA: "Suport a l'estudi", ES: "Apoyo al estudio", EN: "Help with homework"},
	}
	return &venture{Services: s, viewer: importing(town(terrassa)), key: "instituts-oberts", in: project.Input{
		Lead: town(terrassa), Side: project.PublicSide,
		Fields: project.Fields{
			Title: lang.Text{CA: "Instituts Oberts", ES: "Institutos Abiertos", EN: "Open Schools"},
			Summary: inventedParts(lang.Text{
				CA: "Tres instituts de Terrassa obren a la tarda.", ES: "Tres institutos de Terrassa abren por la tarde.",
				EN: "Three secondary schools of Terrassa open in the afternoon.",
			}),
			Aims: []lang.Text{
				{CA: "Que els patis siguin de tothom", ES: "Que los patios sean de todo el mundo", EN: "Schoolyards for everybody"},
				{CA: "Que ningú passi la tarda sol", ES: "Que nadie pase la tarde solo", EN: "Nobody alone in the afternoon"},
			},
			StartsOn: date(2019, 1, 1), Visibility: access.Public, Area: towns(terrassa),
			About: append(fields("COMMUNITY_ACTION", "INTERCULTURALITY"), challenges("INEQUALITY")...), TargetGroups: targetGroups("YOUNG_PEOPLE"),
		},
		Partners: []project.PartnerInput{
			{Organization: terrassaRights(), Side: project.PublicSide, Part: lang.Text{CA: "Coordina", ES: "Coordina", EN: "Coordinates"}},
			{Organization: social[0], Side: project.SocialSide, Part: part[0]},
			{Organization: social[1], Side: project.SocialSide, Part: part[1]},
		},
	}}
}

// guide is a pilot of LabBonnemaison that three bodies have agreed on.
func guide(s Services) *venture {
	return &venture{Services: s, viewer: importing(equalityPolicies()), key: "guide", in: project.Input{
		Lead: equalityPolicies(), Side: project.PublicSide,
		Fields: project.Fields{
			Title: lang.Text{CA: "Guia d'atenció igualitària", ES: "Guía de atención igualitaria", EN: "Guide to equal service"},
			Summary: inventedParts(lang.Text{
				CA: "Una prova pilot en dos ajuntaments.", ES: "Una prueba piloto en dos ayuntamientos.", EN: "A pilot in two town councils.",
			}),
			Aims:       []lang.Text{{CA: "Provar la guia i corregir-la", ES: "Probar la guía y corregirla", EN: "Try the guide out and correct it"}},
			Visibility: access.Public, Area: towns(sabadell, rubi), About: fields("GENDER_EQUALITY"), TargetGroups: targetGroups("WOMEN"),
		},
		Partners: []project.PartnerInput{
			{Organization: town(sabadell), Side: project.PublicSide}, {Organization: town(rubi), Side: project.PublicSide},
		},
	}}
}

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// create makes the project and brings it as far as it is said to be.
func (p *venture) create(ctx context.Context, states ...project.State) error {
	p.key = "demo:project:" + p.key
	made, err := p.Projects.Create(ctx, p.viewer, p.in, p.key)
	if err != nil {
		return fmt.Errorf("make the project %s: %w", p.key, err)
	}
	p.project = made.Project.ID
	for _, to := range states {
		if _, err := p.Projects.Move(ctx, p.viewer, p.project, to, lang.Text{}, p.key+":"+string(to)); err != nil {
			return fmt.Errorf("bring the project %s to %s: %w", p.key, to, err)
		}
	}
	return nil
}

func (l *loader) loadProjects(ctx context.Context) error {
	social, err := socialOf(town(terrassa))
	if err != nil {
		return err
	}
	open, pilot := openInstitutes(l.Services, social), guide(l.Services)
	for _, do := range []func() error{
		func() error { return open.create(ctx, project.Agreed, project.Running) },
		func() error { return open.promise(ctx, l.today) },
		func() error { return open.account(ctx, l.today) },
		func() error { return open.group(ctx, programme()) },
		func() error { return pilot.create(ctx, project.Agreed) },
		func() error { return pilot.group(ctx, lab()) },
	} {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// socialOf are the associations of a place that somebody speaks for.
func socialOf(place id.ID) ([]id.ID, error) {
	speakers, err := representatives()
	var social []id.ID
	for _, a := range speakers {
		if a.Place == place {
			social = append(social, a.For)
		}
	}
	return social, err
}

// promise notes what partners commit to: one thing kept, one late, one to come.
func (p *venture) promise(ctx context.Context, today time.Time) error {
	var last id.ID
	for i, c := range []struct {
		days int
		text lang.Text
	}{
		{-60, lang.Text{CA: "Dos tallers a cada centre", ES: "Dos talleres en cada centro", EN: "Two workshops at each school"}},
		{-10, lang.Text{CA: "Una tarda d'estudi per setmana", ES: "Una tarde de estudio por semana", EN: "An afternoon of homework a week"}},
		{40, lang.Text{CA: "Una festa de fi de curs", ES: "Una fiesta de fin de curso", EN: "A party at the end of the year"}},
	} {
		made, err := p.Projects.AddCommitment(ctx, p.viewer, p.project, project.CommitmentInput{
			Partner: p.in.Partners[1+i%2].Organization, Text: c.text, Due: today.AddDate(0, 0, c.days),
		}, fmt.Sprint(p.key, ":promise:", i))
		if err != nil {
			return fmt.Errorf("promise: %w", err)
		}
		if i == 0 {
			last = made.Part
		}
	}
	done := project.CommitmentDone
	_, err := p.Projects.ChangeCommitment(ctx, p.viewer, p.project, last, project.CommitmentChanges{State: &done}, p.key+":kept")
	return err
}

// account tells what was done: schools, activities with who took part, money and
// what is new.
func (p *venture) account(ctx context.Context, today time.Time) error {
	for n := range openSchools {
		in := project.MilestoneInput{
			Title: lang.Text{CA: fmt.Sprintf("Centre %d obert", n+1), ES: fmt.Sprintf("Centro %d abierto", n+1), EN: fmt.Sprintf("School %d open", n+1)},
			Due:   date(2019, time.Month(2+n), 1), ReachedOn: date(2019, time.Month(2+n), 1),
		}
		if _, err := p.Projects.SetMilestone(ctx, p.viewer, p.project, id.Zero, in, fmt.Sprint(p.key, ":school:", n)); err != nil {
			return fmt.Errorf("milestone: %w", err)
		}
	}
	_, err := p.Projects.SetActivity(ctx, p.viewer, p.project, id.Zero, project.ActivityInput{
		Title: lang.Text{CA: "Activitats a tres instituts", ES: "Actividades en tres institutos", EN: "Activities in three schools"},
		Count: openActs, From: date(2019, 1, 1), Until: date(2019, 6, 30), Territory: town(terrassa),
		Source: lang.Text{CA: "Balanç de juny de 2019", ES: "Balance de junio de 2019", EN: "Balance of June 2019"},
		People: figure.People{Total: figure.Of(openWomen + openMen), BySex: []int{openWomen, openMen, 0, 0}},
	}, p.key+":acts")
	if err != nil {
		return fmt.Errorf("activity: %w", err)
	}
	_, err = p.Projects.SetFunding(ctx, p.viewer, p.project, []project.FundingInput{
		{Source: lang.Text{CA: "Pressupost municipal (import inventat)", ES: "Presupuesto municipal (importe inventado)", EN: "Municipal budget (invented amount)"}, Body: town(terrassa), Cents: 12_000_00},
		{Source: lang.Text{CA: "Aportacions de les entitats (import inventat)", ES: "Aportaciones de las entidades (importe inventado)", EN: "From the associations (invented amount)"}, Cents: 1_500_00},
	}, p.key+":money")
	if err != nil {
		return fmt.Errorf("budget: %w", err)
	}
	return p.report(ctx)
}

// report adds an update for everybody and one for the partners.
func (p *venture) report(ctx context.Context) error {
	for i, n := range []project.NoteInput{
		{Text: lang.Text{CA: "Ja són oberts els tres centres. (Dades de demostració)", ES: "Ya están abiertos los tres centros. (Datos de demostración)", EN: "All three schools are open. (Demonstration data)"}},
		{Internal: true, Text: lang.Text{CA: "Cal parlar del conserge del tercer centre. (Dades de demostració)", ES: "Hay que hablar del conserje del tercer centro. (Datos de demostración)", EN: "We have to talk about the caretaker of the third school. (Demonstration data)"}},
	} {
		if _, err := p.Projects.AddNote(ctx, p.viewer, p.project, n, fmt.Sprint(p.key, ":note:", i)); err != nil {
			return fmt.Errorf("note: %w", err)
		}
	}
	return nil
}

// programme is what Terrassa groups its project under.
func programme() project.GroupInput {
	return project.GroupInput{
		Home: town(terrassa), Kind: project.ProgrammeKind, Visibility: access.Public, About: fields("COMMUNITY_ACTION"),
		Title:       lang.Text{CA: "Programa de convivència", ES: "Programa de convivencia", EN: "Living together programme"},
		Description: demoText(lang.Text{CA: "Un programa de la ciutat.", ES: "Un programa de la ciudad.", EN: "A programme of the city."}),
	}
}

// lab is the lab of the equality service, which is real.
func lab() project.GroupInput {
	return project.GroupInput{
		Home: equalityPolicies(), Kind: project.LabKind, Visibility: access.Public, About: fields("GENDER_EQUALITY"),
		Title: lang.Text{CA: "LabBonnemaison", ES: "LabBonnemaison", EN: "LabBonnemaison"},
		Description: lang.Text{
			CA: "Els projectes que hi surten són inventats: dades de demostració.", ES: "Los proyectos que aparecen son inventados: datos de demostración.",
			EN: "The projects shown here are invented: demonstration data.",
		},
	}
}

// group makes a programme, lab or strategy and puts the project into it.
func (p *venture) group(ctx context.Context, in project.GroupInput) error {
	v := importing(in.Home)
	made, err := p.Projects.CreateGroup(ctx, v, in, p.key+":group")
	if err == nil {
		_, err = p.Projects.AddToGroup(ctx, v, made.ID, p.project, p.key+":grouped")
	}
	if err != nil {
		return fmt.Errorf("group the project %s: %w", p.key, err)
	}
	return nil
}
