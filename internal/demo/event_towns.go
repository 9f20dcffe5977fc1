package demo

import (
	"time"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
)

// townEvents are to come in other towns.
func townEvents(social func(int) id.ID) []plan {
	return []plan{
		event("trinitat-vella", social(6), calendar.GroupSession, lang.Text{
			CA: "Cafè de veïnes i veïns de la Trinitat Vella", ES: "Café de vecinas y vecinos de la Trinitat Vella",
			EN: "Neighbours' coffee of la Trinitat Vella",
		}, lang.Text{
			CA: "Per conèixer qui viu a l'escala del costat.", ES: "Para conocer a quien vive en la escalera de al lado.",
			EN: "To get to know who lives next door.",
		}, quarter(trinitatVella)).on(when{days: 55, start: 1800, end: 2000, anyDay: true}).seats(30).
			about(fields("COMMUNITY_ACTION"), challenges("ISOLATION")).whom("RESIDENTS").
			with(func(in *calendar.EventInput) { in.CoOrganisers = []id.ID{santAndreuDistrict()} }),
		event("cornella-police", town(cornella), calendar.Training, lang.Text{
			CA: "Formació per a policia local: delictes d'odi", ES: "Formación para policía local: delitos de odio",
			EN: "Training for local police: hate crime",
		}, lang.Text{
			CA: "Dues sessions; l'ajuntament aprova cada inscripció.", ES: "Dos sesiones; el ayuntamiento aprueba cada inscripción.",
			EN: "Two sessions; the town council approves each registration.",
		}, town(cornella)).on(when{days: 35, start: 900, end: 1400}).seats(40).
			about(fields("EQUAL_TREATMENT", "LGBTI"), challenges("RACISM")).whom("LOCAL_POLICE").
			with(func(in *calendar.EventInput) { in.RequiresApproval = true }),
		event("manresa-loneliness", town(manresa), calendar.ConferenceDay, lang.Text{
			CA: "Jornada sobre soledat no volguda", ES: "Jornada sobre soledad no deseada", EN: "Day on unwanted loneliness",
		}, lang.Text{
			CA: "Experiències de pobles petits i ciutats mitjanes.", ES: "Experiencias de pueblos pequeños y ciudades medianas.",
			EN: "What small towns and middle-sized cities have tried.",
		}, town(manresa)).on(when{days: 60, start: 930, end: 1700, closes: 2}).seats(80).reserve(30).
			about(fields("LIFE_CYCLE", "COMMUNITY_CARE"), challenges("UNWANTED_LONELINESS", "ISOLATION"), axes("AGE")).
			whom("TECHNICAL_STAFF", "ASSOCIATIONS"),
		event("vic-interculturality", town(vic), calendar.Seminar, lang.Text{
			CA: "Seminari d'acollida i interculturalitat", ES: "Seminario de acogida e interculturalidad",
			EN: "Seminar on reception and interculturality",
		}, lang.Text{
			CA: "Com s'acull a la Catalunya central.", ES: "Cómo se acoge en la Cataluña central.", EN: "How people are received in central Catalonia.",
		}, town(vic)).on(when{days: 90, start: 1000, end: 1400}).seats(45).
			about(fields("INTERCULTURALITY"), goals("INCLUSION"), axes("ORIGIN")).whom("TECHNICAL_STAFF", "ASSOCIATIONS"),
		event("hospitalet-28-november", town(hospitalet), calendar.Presentation, lang.Text{
			CA: "Presentació de la guia d'entitats", ES: "Presentación de la guía de entidades", EN: "Presentation of the guide of associations",
		}, lang.Text{
			CA: "Se sap el dia i el mes; l'any encara no s'ha dit.", ES: "Se sabe el día y el mes; el año aún no se ha dicho.",
			EN: "The day and the month are known; the year has not been said yet.",
		}, town(hospitalet)).on(when{dateless: calendar.PartialDate{Month: 11, Day: 28}}).seats(70).
			about(fields("COMMUNITY_ACTION")).whom("ASSOCIATIONS"),
		event("granollers-fair", town(granollers), calendar.AwarenessActivity, lang.Text{
			CA: "Fira de la diversitat funcional", ES: "Feria de la diversidad funcional", EN: "Fair of functional diversity",
		}, lang.Text{
			CA: "Mostra a l'aire lliure.", ES: "Muestra al aire libre.", EN: "An open-air show.",
		}, town(granollers)).on(when{days: 20, start: 1100, end: 1900, anyDay: true}).
			about(fields("DISABILITY"), axes("DISABILITY")).whom("RESIDENTS", "ASSOCIATIONS").state(calendar.Cancelled),
		event("sant-andreu-draft", santAndreuDistrict(), calendar.GroupSession, lang.Text{
			CA: "Sessió de retorn de la jornada dels barris del Besòs", ES: "Sesión de retorno de la jornada de los barrios del Besòs",
			EN: "Follow-up session of the day of the Besòs neighbourhoods",
		}, lang.Text{
			CA: "Esborrany encara sense programa.", ES: "Borrador aún sin programa.", EN: "A draft without a programme yet.",
		}, quarters(bonPastor, baroDeViver, trinitatVella)...).on(when{days: 200, start: 1700, end: 1900}).seats(40).
			about(goals("INCLUSION")).state(calendar.Draft),
	}
}

// pastEvents were held in the year before. They have no registrations: nobody
// can register for what is over, in the demonstration neither.
func pastEvents(social func(int) id.ID) []plan {
	return append(pastOfTowns(social), []plan{
		event("circle-equality", equalityPolicies(), calendar.CircleClosingDay, lang.Text{
			CA: "Cloenda del cercle de comparació de serveis locals d'igualtat", ES: "Clausura del círculo de comparación de servicios locales de igualdad",
			EN: "Closing day of the comparison circle of local equality services",
		}, lang.Text{
			CA: "Resultats de l'edició anterior.", ES: "Resultados de la edición anterior.", EN: "Results of the last edition.",
		}, province()).on(when{days: -250, start: 930, end: 1400}).seats(80).
			about(fields("GENDER_EQUALITY")).whom("EQUALITY_AGENTS").at(bonnemaison).state(calendar.Closed),
		event("8-march-last", equalityPolicies(), calendar.CampaignAct, lang.Text{
			CA: "8 de març: inauguració de l'exposició", ES: "8 de marzo: inauguración de la exposición", EN: "8 March: opening of the exhibition",
		}, lang.Text{
			CA: "Acte de campanya.", ES: "Acto de campaña.", EN: "A campaign act.",
		}, province()).on(when{month: time.March, day: 8, back: true, start: 1800, end: 2000}).
			about(fields("GENDER_EQUALITY"), axes("SEX_AND_GENDER")).whom("RESIDENTS").at(bonnemaison).state(calendar.Held),
		event("28-june-last", town(vic), calendar.CampaignAct, lang.Text{
			CA: "28 de juny: acte per l'alliberament LGBTI", ES: "28 de junio: acto por la liberación LGTBI", EN: "28 June: act for LGBTI liberation",
		}, lang.Text{
			CA: "Acte de campanya.", ES: "Acto de campaña.", EN: "A campaign act.",
		}, town(vic)).on(when{month: time.June, day: 28, back: true, start: 1900, end: 2100}).
			about(fields("LGBTI"), axes("SEXUAL_ORIENTATION")).whom("RESIDENTS").state(calendar.Held).
			with(func(in *calendar.EventInput) { in.Sensitive = true }),
	}...)
}

func pastOfTowns(social func(int) id.ID) []plan {
	return []plan{
		event("terrassa-study", town(terrassa), calendar.Presentation, lang.Text{
			CA: "Presentació de l'estudi sobre el racisme a la ciutat", ES: "Presentación del estudio sobre el racismo en la ciudad",
			EN: "Presentation of the study on racism in the city",
		}, lang.Text{
			CA: "Un estudi amb recomanacions.", ES: "Un estudio con recomendaciones.", EN: "A study with recommendations.",
		}, town(terrassa)).on(when{days: -300, start: 1200, end: 1400}).
			about(fields("EQUAL_TREATMENT"), challenges("RACISM")).whom("TECHNICAL_STAFF", "ASSOCIATIONS").state(calendar.Held).
			with(func(in *calendar.EventInput) { in.CoOrganisers = []id.ID{terrassaRights()} }),
		event("terrassa-services", town(terrassa), calendar.Training, lang.Text{
			CA: "Formació: atenció intercultural als serveis municipals", ES: "Formación: atención intercultural en los servicios municipales",
			EN: "Training: intercultural attention in municipal services",
		}, lang.Text{
			CA: "Cinc hores per a taulells d'atenció.", ES: "Cinco horas para mostradores de atención.", EN: "Five hours for front desks.",
		}, town(terrassa)).on(when{days: -205, start: 900, end: 1400}).seats(25).
			about(fields("INTERCULTURALITY")).whom("TECHNICAL_STAFF").state(calendar.Closed),
		event("sabadell-coffee", town(sabadell), calendar.GroupSession, lang.Text{
			CA: "Cafè de cuidadores", ES: "Café de cuidadoras", EN: "Carers' coffee",
		}, lang.Text{
			CA: "Suport entre qui cuida.", ES: "Apoyo entre quien cuida.", EN: "Support among carers.",
		}, town(sabadell)).on(when{days: -120, start: 1700, end: 1900}).
			about(fields("COMMUNITY_CARE"), goals("EMOTIONAL_WELLBEING")).whom("RESIDENTS").state(calendar.Held),
		event("badalona-ageism", town(badalona), calendar.AwarenessActivity, lang.Text{
			CA: "Passejada contra l'edatisme", ES: "Paseo contra el edadismo", EN: "A walk against ageism",
		}, lang.Text{
			CA: "Els barris vistos per qui hi ha viscut més anys.", ES: "Los barrios vistos por quien ha vivido en ellos más años.",
			EN: "The quarters as seen by who has lived there longest.",
		}, town(badalona)).on(when{days: -90, start: 1000, end: 1300, anyDay: true}).
			about(fields("LIFE_CYCLE"), challenges("AGEISM"), axes("AGE")).whom("RESIDENTS").state(calendar.Held),
		event("mataro-mediators", town(mataro), calendar.Training, lang.Text{
			CA: "Formació de persones mediadores", ES: "Formación de personas mediadoras", EN: "Training for mediators",
		}, lang.Text{
			CA: "Casos i supervisió.", ES: "Casos y supervisión.", EN: "Cases and supervision.",
		}, town(mataro)).on(when{days: -60, start: 930, end: 1330}).seats(30).
			about(fields("COMMUNITY_ACTION")).whom("MEDIATORS").state(calendar.Held),
		event("terrassa-picnic", social(10), calendar.AwarenessActivity, lang.Text{
			CA: "Dinar de carrer intercultural", ES: "Comida intercultural en la calle", EN: "Intercultural street lunch",
		}, lang.Text{
			CA: "Cuines de trenta països.", ES: "Cocinas de treinta países.", EN: "Cooking from thirty countries.",
		}, town(terrassa)).on(when{days: -30, start: 1300, end: 1700, anyDay: true}).
			about(fields("INTERCULTURALITY"), goals("LIVING_TOGETHER")).whom("RESIDENTS").state(calendar.Held),
		event("gramenet-youth", town(gramenet), calendar.Seminar, lang.Text{
			CA: "Seminari: joves i transicions a la vida adulta", ES: "Seminario: jóvenes y transiciones a la vida adulta",
			EN: "Seminar: young people and the passage to adult life",
		}, lang.Text{
			CA: "Què funciona i què no.", ES: "Qué funciona y qué no.", EN: "What works and what does not.",
		}, town(gramenet)).on(when{days: -14, start: 930, end: 1330}).seats(40).
			about(fields("LIFE_CYCLE"), challenges("LIFE_TRANSITIONS"), axes("AGE")).whom("TECHNICAL_STAFF").state(calendar.Held),
	}
}
