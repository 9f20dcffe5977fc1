package demo

import "github.com/teixit/teixit/internal/kernel/lang"

// sort is a sort of association, with the fields it works in.
type sort struct {
	title  string
	fields []string
	about  lang.Text
}

func sorts() []sort {
	return []sort{
		{"Associació de veïnes i veïns", []string{"COMMUNITY_ACTION"}, lang.Text{
			CA: "Veïnat que cuida el barri i la convivència.", ES: "Vecindario que cuida el barrio y la convivencia.",
			EN: "Neighbours who look after their quarter and living together.",
		}},
		{"Associació intercultural", []string{"INTERCULTURALITY", "COMMUNITY_ACTION"}, lang.Text{
			CA: "Trobades entre veïnat d'orígens diversos.", ES: "Encuentros entre vecindario de orígenes diversos.",
			EN: "Meetings of neighbours of many origins.",
		}},
		{"Casal de joves", []string{"LIFE_CYCLE"}, lang.Text{
			CA: "Espai d'adolescents i joves.", ES: "Espacio de adolescentes y jóvenes.", EN: "A place for adolescents and young people.",
		}},
		{"Casal de gent gran", []string{"LIFE_CYCLE", "COMMUNITY_CARE"}, lang.Text{
			CA: "Activitats i companyia per a persones grans.", ES: "Actividades y compañía para personas mayores.",
			EN: "Activities and company for older people.",
		}},
		{"Associació de dones", []string{"GENDER_EQUALITY"}, lang.Text{
			CA: "Dones per la igualtat.", ES: "Mujeres por la igualdad.", EN: "Women for equality.",
		}},
		{"Grup d'acompanyament", []string{"MALE_VIOLENCE", "GENDER_EQUALITY"}, lang.Text{
			CA: "Acompanyament davant les violències masclistes.", ES: "Acompañamiento ante las violencias machistas.",
			EN: "Support in the face of male violence.",
		}},
		{"Col·lectiu LGBTI", []string{"LGBTI", "EQUAL_TREATMENT"}, lang.Text{
			CA: "Drets i suport mutu de persones LGBTI.", ES: "Derechos y apoyo mutuo de personas LGTBI.",
			EN: "Rights and mutual support of LGBTI people.",
		}},
		{"Associació de famílies per la discapacitat", []string{"DISABILITY"}, lang.Text{
			CA: "Famílies de persones amb discapacitat.", ES: "Familias de personas con discapacidad.",
			EN: "Families of people with disabilities.",
		}},
		{"Xarxa de suport mutu", []string{"COMMUNITY_CARE", "SOCIAL_SERVICES"}, lang.Text{
			CA: "Ajuda entre veïnes i veïns.", ES: "Ayuda entre vecinas y vecinos.", EN: "Help among neighbours.",
		}},
		{"Rebost solidari", []string{"SOCIAL_SERVICES"}, lang.Text{
			CA: "Aliments per a qui en necessita.", ES: "Alimentos para quien los necesita.", EN: "Food for who needs it.",
		}},
		{"Grup de mediació", []string{"COMMUNITY_ACTION"}, lang.Text{
			CA: "Mediació voluntària entre veïnat.", ES: "Mediación voluntaria entre vecindario.",
			EN: "Voluntary mediation among neighbours.",
		}},
		{"Plataforma antiracista", []string{"EQUAL_TREATMENT", "INTERCULTURALITY"}, lang.Text{
			CA: "Contra el racisme i la discriminació.", ES: "Contra el racismo y la discriminación.",
			EN: "Against racism and discrimination.",
		}},
		{"Grup de lleure", []string{"LIFE_CYCLE"}, lang.Text{
			CA: "Lleure educatiu d'infants.", ES: "Ocio educativo de la infancia.", EN: "Educational leisure for children.",
		}},
		{"Grup de cures", []string{"COMMUNITY_CARE"}, lang.Text{
			CA: "Suport a qui cuida i a qui és cuidat.", ES: "Apoyo a quien cuida y a quien es cuidado.",
			EN: "Support for who cares and who is cared for.",
		}},
		{"Escola de llengua", []string{"INTERCULTURALITY"}, lang.Text{
			CA: "Parelles i classes de llengua.", ES: "Parejas y clases de lengua.", EN: "Language pairs and lessons.",
		}},
		{"Associació de persones migrades", []string{"INTERCULTURALITY", "SOCIAL_SERVICES"}, lang.Text{
			CA: "Acollida feta per qui ha migrat.", ES: "Acogida hecha por quien ha migrado.",
			EN: "Welcome given by who has migrated.",
		}},
	}
}

// nameBox has the invented proper names; there must be more of them than rounds
// through the sorts, so that titles are unique.
func nameBox() []string {
	return []string{
		"el Fil de Llana", "la Finestra Groga", "els Tres Cargols", "la Taula Llarga", "el Banc de Fusta",
		"la Baldufa Blava", "el Rellotge de Sorra", "la Clau de Paper", "els Mil Botons", "la Lluna de Cartró",
		"el Pont de Corda", "la Cullera de Pal", "el Far de Butxaca", "la Maleta Verda", "el Gat de Pedra",
		"les Set Sabates", "el Paraigua Vermell", "la Cadira Coixa", "el Drac de Roba", "la Poma de Vidre",
		"el Tren de Suro", "la Gavina de Terra", "els Quatre Nusos", "la Porta Rodona", "el Sol de Butxaca",
		"la Teula Ballarina", "el Mussol Despert", "la Sal i la Farigola", "el Camí de Guix", "la Nau de Nous",
		"les Mans de Farina", "el Núvol de Llauna", "la Roda Petita", "el Peix de Fang", "la Veu de Molts",
		"el Cabdell", "la Capsa de Mistos", "el Llum d'Oli Nou", "la Petja de Formiga", "el Pati de les Olles",
		"la Corda Fluixa", "el Mapa Arrugat", "la Llavor de Síndria", "els Vint Dits", "la Campana de Fang",
	}
}

func capacities() []lang.Text {
	return []lang.Text{
		{CA: "Sala per a 40 persones", ES: "Sala para 40 personas", EN: "Room for 40 people"},
		{CA: "Interpretació d'àrab i amazic", ES: "Interpretación de árabe y amazig", EN: "Arabic and Amazigh interpreting"},
		{CA: "Voluntariat d'acompanyament", ES: "Voluntariado de acompañamiento", EN: "Volunteers who accompany"},
		{CA: "Furgoneta adaptada", ES: "Furgoneta adaptada", EN: "Adapted van"},
		{CA: "Monitoratge de lleure", ES: "Monitorado de ocio", EN: "Leisure monitors"},
		{CA: "Assessorament jurídic", ES: "Asesoramiento jurídico", EN: "Legal advice"},
		{CA: "Cuina comunitària", ES: "Cocina comunitaria", EN: "Community kitchen"},
		{CA: "Interpretació de llengua de signes catalana", ES: "Interpretación de lengua de signos catalana", EN: "Catalan sign language interpreting"},
		{CA: "Equip de so i projector", ES: "Equipo de sonido y proyector", EN: "Sound system and projector"},
	}
}

// personName makes a name that nobody has: a given name and two words for
// things that are not real. The first 1,600 or so differ.
func personName(n int) string {
	given, made := givenNames(), madeUpSurnames()
	first := n / len(given) % len(made)
	second := (first + 1 + n/(len(given)*len(made))%(len(made)-1)) % len(made)
	return given[n%len(given)] + " " + made[first] + " " + made[second]
}

func madeUpSurnames() []string {
	return []string{"Invent", "Prova", "Exemple", "Mostra", "Assaig", "Maqueta", "Fictici"}
}

func givenNames() []string {
	return []string{
		"Berta", "Jordi", "Amina", "Pau", "Fatou", "Mercè", "Omar", "Laia", "Ioana", "Ramon", "Wei", "Núria",
		"Youssef", "Carme", "Andrei", "Salma", "Quim", "Lucía", "Bakary", "Montserrat", "Aitana", "Karim",
		"Dolors", "Mamadou", "Ariadna", "Josep", "Precious", "Blanca", "Iker", "Nadia", "Martí", "Rosa",
		"Hamza", "Gemma", "Valentina", "Oriol", "Zineb", "Toni", "Meritxell", "Sílvia",
	}
}
