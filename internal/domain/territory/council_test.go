package territory

import "testing"

func TestCouncilName(t *testing.T) {
	cases := map[string]string{
		"Terrassa":                       "Ajuntament de Terrassa",
		"Abrera":                         "Ajuntament d'Abrera",
		"Igualada":                       "Ajuntament d'Igualada",
		"Òdena":                          "Ajuntament d'Òdena",
		"Ullastrell":                     "Ajuntament d'Ullastrell",
		"L'Hospitalet de Llobregat":      "Ajuntament de l'Hospitalet de Llobregat",
		"L'Ametlla del Vallès":           "Ajuntament de l'Ametlla del Vallès",
		"El Prat de Llobregat":           "Ajuntament del Prat de Llobregat",
		"Els Hostalets de Pierola":       "Ajuntament dels Hostalets de Pierola",
		"Les Masies de Voltregà":         "Ajuntament de les Masies de Voltregà",
		"La Garriga":                     "Ajuntament de la Garriga",
		"Lliçà d'Amunt":                  "Ajuntament de Lliçà d'Amunt",
		"Esplugues de Llobregat":         "Ajuntament d'Esplugues de Llobregat",
		"Sant Sadurní d'Anoia":           "Ajuntament de Sant Sadurní d'Anoia",
		"Figaró-Montmany":                "Ajuntament de Figaró-Montmany",
		"El Pont de Vilomara i Rocafort": "Ajuntament del Pont de Vilomara i Rocafort",
	}
	for place, want := range cases {
		if got := CouncilName(place).CA; got != want {
			t.Errorf("CouncilName(%q) = %q, want %q", place, got, want)
		}
	}
	hospitalet := CouncilName("L'Hospitalet de Llobregat")
	if hospitalet.ES != "Ayuntamiento de L'Hospitalet de Llobregat" || hospitalet.EN != "L'Hospitalet de Llobregat Town Council" {
		t.Errorf("Spanish and English keep the name whole: %+v", hospitalet)
	}
}

func TestOf(t *testing.T) {
	cases := map[string]string{
		"l’Hospitalet":   "de l'Hospitalet", // typographic apostrophe
		"Horta-Guinardó": "d'Horta-Guinardó",
		"el Raval":       "del Raval",
		"Hualcalan":      "de Hualcalan",
		"Iorba":          "de Iorba",
		"Elna":           "d'Elna", // begins like an article, is none
		"Lavern":         "de Lavern",
		"":               "de ",
	}
	for place, want := range cases {
		if got := Of(place); got != want {
			t.Errorf("Of(%q) = %q, want %q", place, got, want)
		}
	}
}
