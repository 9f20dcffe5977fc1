package oversight

import "github.com/teixit/teixit/internal/kernel/lang"

// Words says the kinds of facts of this package to people, as a feed shows them under the
// title of the thing they happened to.
func Words() map[string]lang.Text {
	return map[string]lang.Text{
		FactGlassBroken: {CA: "Una persona administradora de la plataforma hi mira a dins", ES: "Una persona administradora de la plataforma mira dentro", EN: "An administrator of the platform looks inside"},
	}
}
