package demo

import (
	"time"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

// keyApproval is the training for which each registration is approved, keySilent
// the sensitive one.
const (
	keyApproval = "terrassa-mediation"
	keySilent   = "25-november"
)

// terrassaEvents are to come in Terrassa; with the scene of the line there are
// seven of them in sight and a draft.
func terrassaEvents(social func(int) id.ID) []plan {
	home, here := town(terrassa), towns(terrassa)
	return []plan{
		event(keyApproval, home, calendar.Training, lang.Text{
			CA: "Formació: mediació i convivència a les comunitats de veïns", ES: "Formación: mediación y convivencia en las comunidades de vecinos",
			EN: "Training: mediation and living together in neighbours' communities",
		}, lang.Text{
			CA: "Vint hores; el servei aprova cada inscripció.", ES: "Veinte horas; el servicio aprueba cada inscripción.",
			EN: "Twenty hours; the service approves each registration.",
		}, here...).on(when{days: 6, start: 930, end: 1330}).seats(25).
			about(fields("COMMUNITY_ACTION"), goals("LIVING_TOGETHER")).whom("MEDIATORS", "LOCAL_POLICE").
			with(func(in *calendar.EventInput) { in.RequiresApproval = true }),
		event("terrassa-reception", home, calendar.GroupSession, lang.Text{
			CA: "Sessió grupal de primera acollida", ES: "Sesión grupal de primera acogida", EN: "Group session of first reception",
		}, lang.Text{
			CA: "Per a persones acabades d'arribar a la ciutat.", ES: "Para personas recién llegadas a la ciudad.",
			EN: "For people who have just arrived in the city.",
		}, here...).on(when{days: 13, start: 1000, end: 1200}).seats(30).
			about(fields("INTERCULTURALITY"), axes("ORIGIN")).whom("RESIDENTS").
			with(func(in *calendar.EventInput) {
				in.CoOrganisers, in.Languages = []id.ID{terrassaRights()}, []string{"ca", "es", "ar", "fr"}
			}),
		event("terrassa-tea", social(8), calendar.AwarenessActivity, lang.Text{
			CA: "Te de tarda contra la soledat", ES: "Té de tarde contra la soledad", EN: "Afternoon tea against loneliness",
		}, lang.Text{
			CA: "Tertúlia entre generacions.", ES: "Tertulia entre generaciones.", EN: "A talk between generations.",
		}, here...).on(when{days: 18, start: 1700, end: 1900, anyDay: true}).seats(40).
			about(fields("LIFE_CYCLE"), challenges("UNWANTED_LONELINESS", "AGEISM"), axes("AGE")).whom("RESIDENTS"),
		event("terrassa-rumours", home, calendar.AwarenessActivity, lang.Text{
			CA: "Taller antirumors als equipaments cívics", ES: "Taller antirrumores en los equipamientos cívicos",
			EN: "Anti-rumour workshop in civic centres",
		}, lang.Text{
			CA: "Eines per desmuntar prejudicis.", ES: "Herramientas para desmontar prejuicios.", EN: "Tools to take prejudice apart.",
		}, here...).on(when{days: 41, start: 1800, end: 2000}).seats(35).
			about(fields("EQUAL_TREATMENT"), challenges("RACISM"), axes("ORIGIN")).whom("ASSOCIATIONS", "RESIDENTS"),
		event("terrassa-rights", home, calendar.Seminar, lang.Text{
			CA: "Seminari: drets de les persones migrades", ES: "Seminario: derechos de las personas migradas", EN: "Seminar: the rights of migrants",
		}, lang.Text{
			CA: "Novetats legals per a qui atén persones.", ES: "Novedades legales para quien atiende a personas.",
			EN: "What is new in law for who attends to people.",
		}, here...).on(when{days: 75, start: 930, end: 1400, closes: 3}).seats(60).
			about(fields("INTERCULTURALITY", "EQUAL_TREATMENT"), goals("SOCIAL_RIGHTS")).whom("TECHNICAL_STAFF").
			with(func(in *calendar.EventInput) { in.CoOrganisers = []id.ID{terrassaRights()} }),
		event("terrassa-day", home, calendar.ConferenceDay, lang.Text{
			CA: "Jornada del teixit associatiu de Terrassa", ES: "Jornada del tejido asociativo de Terrassa",
			EN: "Day of the associations of Terrassa",
		}, lang.Text{
			CA: "Les entitats es troben i es presenten.", ES: "Las entidades se encuentran y se presentan.",
			EN: "The associations meet and present themselves.",
		}, here...).on(when{days: 110, start: 1000, end: 1800}).seats(100).reserve(50).
			about(fields("COMMUNITY_ACTION"), goals("INCLUSION")).whom("ASSOCIATIONS").
			with(func(in *calendar.EventInput) { in.CoOrganisers = []id.ID{social(7), social(9)} }),
		event("terrassa-draft", home, calendar.Presentation, lang.Text{
			CA: "Presentació del balanç de drets socials", ES: "Presentación del balance de derechos sociales",
			EN: "Presentation of the balance of social rights",
		}, lang.Text{
			CA: "Esborrany encara sense programa.", ES: "Borrador aún sin programa.", EN: "A draft without a programme yet.",
		}, here...).on(when{days: 130, start: 1200, end: 1330}).about(goals("SOCIAL_RIGHTS")).state(calendar.Draft),
	}
}

// provincialEvents are those of the provincial council and its services.
func provincialEvents() []plan {
	equality, home := equalityPolicies(), provincialCouncil()
	return []plan{
		event(keySilent, equality, calendar.CampaignAct, lang.Text{
			CA: "25 de novembre: acte contra les violències masclistes", ES: "25 de noviembre: acto contra las violencias machistas",
			EN: "25 November: act against male violence",
		}, lang.Text{
			CA: "Taula rodona i lectura del manifest. Les inscripcions només les veu l'organització.",
			ES: "Mesa redonda y lectura del manifiesto. Las inscripciones solo las ve la organización.",
			EN: "Round table and reading of the manifesto. Only the organisers see registrations.",
		}, province()).on(when{month: time.November, day: 25, start: 1700, end: 1930}).seats(50).
			about(fields("MALE_VIOLENCE"), challenges("MALE_VIOLENCE"), axes("SEX_AND_GENDER")).
			whom("EQUALITY_AGENTS", "ASSOCIATIONS", "RESIDENTS").at(bonnemaison).
			with(func(in *calendar.EventInput) {
				in.Sensitive, in.Venues, in.CoOrganisers = true, []id.ID{town(barcelona)}, []id.ID{home}
			}),
		event("8-march-next", equality, calendar.CampaignAct, lang.Text{
			CA: "8 de març: trobada en línia d'agents d'igualtat", ES: "8 de marzo: encuentro en línea de agentes de igualdad",
			EN: "8 March: online meeting of equality agents",
		}, lang.Text{
			CA: "Què fa cada poble i cada ciutat.", ES: "Qué hace cada pueblo y cada ciudad.", EN: "What each town and city does.",
		}).on(when{month: time.March, day: 8, start: 1000, end: 1200}).seats(200).
			about(fields("GENDER_EQUALITY"), goals("EQUAL_OPPORTUNITIES"), axes("SEX_AND_GENDER")).whom("EQUALITY_AGENTS").at("").
			with(func(in *calendar.EventInput) {
				in.OnlineURL, in.Visibility, in.Areas = "https://example.org/demo/8-marc", access.Network, []id.ID{province()}
			}),
		event("circle-mediation", livingTogether(), calendar.CircleClosingDay, lang.Text{
			CA: "Cloenda del cercle de comparació de mediació ciutadana", ES: "Clausura del círculo de comparación de mediación ciudadana",
			EN: "Closing day of the comparison circle on citizen mediation",
		}, lang.Text{
			CA: "Resultats de l'edició i bones pràctiques.", ES: "Resultados de la edición y buenas prácticas.",
			EN: "Results of the edition and good practice.",
		}, province()).on(when{days: 150, start: 930, end: 1400}).seats(90).
			about(fields("COMMUNITY_ACTION"), goals("LIVING_TOGETHER")).whom("MEDIATORS", "TECHNICAL_STAFF").at(bonnemaison).
			with(func(in *calendar.EventInput) {
				in.Venues, in.CoOrganisers = []id.ID{town(barcelona)}, []id.ID{home}
			}),
		event("provincial-draft", socialArea(), calendar.Congress, lang.Text{
			CA: "Congrés de cicle de vida i comunitat", ES: "Congreso de ciclo de vida y comunidad", EN: "Congress on life cycle and community",
		}, lang.Text{
			CA: "Esborrany encara sense programa.", ES: "Borrador aún sin programa.", EN: "A draft without a programme yet.",
		}, province()).on(when{days: 260, start: 900, end: 1830, more: 1}).seats(300).
			about(fields("LIFE_CYCLE", "COMMUNITY_CARE"), challenges("LIFE_TRANSITIONS")).state(calendar.Draft),
	}
}
