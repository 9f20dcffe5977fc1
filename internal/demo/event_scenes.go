package demo

import (
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
)

// Keys of the events to watch.
const (
	keySantAndreu = "sant-andreu"
	keyLine       = "terrassa-line"
	keyDoor       = "congress"
)

// bonnemaison is where the provincial council holds its exhibitions and
// congresses.
const bonnemaison = "Espai Francesca Bonnemaison"

// sceneOfSantAndreu is the working day of the district. That it took place, its
// subject, its three neighbourhoods, its four objectives and its two documents
// are real; their wording, the programme and the dates are not.
//
// The day's own papers name la Trinitat Nova, which is in Nou Barris, where
// they mean la Trinitat Vella. A place is kept as it was given: here the hub
// warns the organisers and corrects nothing.
func sceneOfSantAndreu() plan {
	p := event(keySantAndreu, santAndreuDistrict(), calendar.ConferenceDay, lang.Text{
		CA: "Jornada d'inclusió social als barris del Besòs: el Bon Pastor, Baró de Viver i la Trinitat Vella",
		ES: "Jornada de inclusión social en los barrios del Besòs: el Bon Pastor, Baró de Viver y la Trinitat Vella",
		EN: "Working day on social inclusion in the Besòs neighbourhoods: el Bon Pastor, Baró de Viver and la Trinitat Vella",
	}, lang.Text{
		CA: "Una jornada de treball de serveis i entitats dels tres barris.",
		ES: "Una jornada de trabajo de servicios y entidades de los tres barrios.",
		EN: "A working day of the services and associations of the three neighbourhoods.",
	}, quarters(bonPastor, baroDeViver, trinitatVella)...)
	p = p.on(when{days: 24, start: 930, end: 1400, closes: 1}).seats(60).reserve(20).
		about(fields("COMMUNITY_ACTION", "SOCIAL_SERVICES"), goals("INCLUSION", "LIVING_TOGETHER"),
			challenges("INEQUALITY", "ISOLATION", "UNWANTED_LONELINESS"), axes("ORIGIN", "AGE", "CLASS")).
		whom("ASSOCIATIONS", "TECHNICAL_STAFF", "RESIDENTS").at("Sala d'actes de demostració")
	return p.with(func(in *calendar.EventInput) {
		in.Venues = quarters(bonPastor)
		in.Places = quarters(bonPastor, baroDeViver, trinitatNova)
		in.VenueAddress = "El Bon Pastor, Barcelona (adreça de demostració)"
		in.Languages = []string{"ca", "es"}
		in.Description, in.Objectives = santAndreuFrame(), santAndreuObjectives()
		in.Sessions, in.Documents = santAndreuSessions(), santAndreuDocuments()
	})
}

func santAndreuFrame() lang.Text {
	return lang.Text{
		CA: "La jornada forma part de l'Acord Ciutadà per una Barcelona Inclusiva i de l'estratègia d'inclusió del districte.",
		ES: "La jornada forma parte del Acuerdo Ciudadano por una Barcelona Inclusiva y de la estrategia de inclusión del distrito.",
		EN: "The day belongs to the Citizens' Agreement for an Inclusive Barcelona and to the district's inclusion strategy.",
	}
}

func santAndreuObjectives() []lang.Text {
	return []lang.Text{
		{
			CA: "Compartir la diagnosi social dels tres barris.", ES: "Compartir el diagnóstico social de los tres barrios.",
			EN: "Share the social diagnosis of the three neighbourhoods.",
		},
		{
			CA: "Donar a conèixer què fan els serveis i les entitats.", ES: "Dar a conocer qué hacen los servicios y las entidades.",
			EN: "Make known what services and associations do.",
		},
		{
			CA: "Acordar prioritats per als propers anys.", ES: "Acordar prioridades para los próximos años.",
			EN: "Agree on priorities for the coming years.",
		},
		{
			CA: "Enfortir el treball en xarxa entre barris.", ES: "Fortalecer el trabajo en red entre barrios.",
			EN: "Strengthen networked working between neighbourhoods.",
		},
	}
}

func santAndreuSessions() []calendar.SessionInput {
	table := func(code, ca, es, en string) calendar.SessionInput {
		return calendar.SessionInput{
			Title:    lang.Text{CA: "Taula de treball: " + ca, ES: "Mesa de trabajo: " + es, EN: "Working table: " + en},
			StartsAt: hours(1130), EndsAt: hours(1315), Room: "Aula " + code, Track: ca, Position: 30,
			Capacity: 28, Territory: quarter(code),
		}
	}
	return []calendar.SessionInput{
		{
			Title:    lang.Text{CA: "Benvinguda i diagnosi", ES: "Bienvenida y diagnóstico", EN: "Welcome and diagnosis"},
			StartsAt: hours(930), EndsAt: hours(1100), Room: "Sala d'actes", Position: 10,
			Speakers: []calendar.Speaker{{
				Name: dayOrganiser().Name, Organisation: "Districte de Sant Andreu",
				Role: lang.Text{CA: "Coordinació de la jornada", ES: "Coordinación de la jornada", EN: "Coordination of the day"},
			}},
		},
		table(bonPastor, "el Bon Pastor", "el Bon Pastor", "el Bon Pastor"),
		table(baroDeViver, "Baró de Viver", "Baró de Viver", "Baró de Viver"),
		table(trinitatVella, "la Trinitat Vella", "la Trinitat Vella", "la Trinitat Vella"),
		{
			Title:    lang.Text{CA: "Síntesi i prioritats", ES: "Síntesis y prioridades", EN: "Synthesis and priorities"},
			StartsAt: hours(1315), EndsAt: hours(1400), Room: "Sala d'actes", Position: 40,
		},
	}
}

func santAndreuDocuments() []calendar.DocumentInput {
	note := lang.Text{
		CA: "Adreça de demostració: no hi ha cap document.", ES: "Dirección de demostración: no hay ningún documento.",
		EN: "A demonstration address: there is no document.",
	}
	return []calendar.DocumentInput{
		{
			Title: lang.Text{CA: "Programa", ES: "Programa", EN: "Programme"},
			URL:   "https://example.org/demo/sant-andreu/programa", Note: note,
		},
		{
			Title: lang.Text{CA: "Síntesi estratègica", ES: "Síntesis estratégica", EN: "Strategic synthesis"},
			URL:   "https://example.org/demo/sant-andreu/sintesi-estrategica", Note: note,
		},
	}
}

// sceneOfTheLine is small and wanted: its last seat waits for nobody small.
func sceneOfTheLine() plan {
	return event(keyLine, town(terrassa), calendar.Training, lang.Text{
		CA: "Taller: com es fa un projecte compartit", ES: "Taller: cómo se hace un proyecto compartido",
		EN: "Workshop: how to make a shared project",
	}, lang.Text{
		CA: "Per a entitats i tècnics que volen treballar junts.", ES: "Para entidades y técnicos que quieren trabajar juntos.",
		EN: "For associations and staff who want to work together.",
	}, towns(terrassa)...).
		on(when{days: 27, start: 1600, end: 2000}).seats(24).
		about(fields("COMMUNITY_ACTION"), goals("INCLUSION")).whom("ASSOCIATIONS", "TECHNICAL_STAFF")
}

// sceneOfTheDoor begins on the day of loading and lasts until the next evening,
// so that one can still register and people arrive.
func sceneOfTheDoor() plan {
	p := event(keyDoor, provincialCouncil(), calendar.Congress, lang.Text{
		CA: "Congrés de treball en xarxa per a la igualtat", ES: "Congreso de trabajo en red para la igualdad",
		EN: "Congress on networked working for equality",
	}, lang.Text{
		CA: "Dos dies de pobles, ciutats i entitats de la província.", ES: "Dos días de pueblos, ciudades y entidades de la provincia.",
		EN: "Two days of the towns, cities and associations of the province.",
	}, province())
	return p.on(when{start: 900, end: 2000, more: 1, anyDay: true}).seats(120).reserve(30).
		about(fields("GENDER_EQUALITY", "EQUAL_TREATMENT"), goals("EQUAL_TREATMENT", "EQUAL_OPPORTUNITIES")).
		whom("EQUALITY_AGENTS", "TECHNICAL_STAFF", "ASSOCIATIONS", "ELECTED_OFFICIALS").at(bonnemaison).
		with(func(in *calendar.EventInput) {
			in.Venues, in.CoOrganisers = []id.ID{town(barcelona)}, []id.ID{equalityPolicies()}
			in.Languages = []string{"ca", "es", "en"}
		})
}
