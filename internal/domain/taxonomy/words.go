package taxonomy

import "github.com/teixit/teixit/internal/kernel/lang"

// Words says the kinds of facts of terms to people, as a feed shows them under the
// title of the thing they happened to.
func Words() map[string]lang.Text {
	return map[string]lang.Text{
		FactTermAdded:    {CA: "S'ha afegit el terme", ES: "Se ha añadido el término", EN: "The term was added"},
		FactTermUpdated:  {CA: "Ha canviat el terme", ES: "Ha cambiado el término", EN: "The term changed"},
		FactTermRetired:  {CA: "S'ha retirat el terme", ES: "Se ha retirado el término", EN: "The term was retired"},
		FactTermRestored: {CA: "S'ha recuperat el terme", ES: "Se ha recuperado el término", EN: "The term was restored"},
	}
}
