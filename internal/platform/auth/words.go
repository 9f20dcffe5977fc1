package auth

import "github.com/teixit/teixit/internal/kernel/lang"

// Words says the kinds of facts of invitations to people, as a feed shows them under the
// title of the thing they happened to.
func Words() map[string]lang.Text {
	return map[string]lang.Text{
		FactInvitationCreated:  {CA: "S'ha convidat una persona", ES: "Se ha invitado a una persona", EN: "A person was invited"},
		FactInvitationRevoked:  {CA: "S'ha retirat una invitació", ES: "Se ha retirado una invitación", EN: "An invitation was withdrawn"},
		FactInvitationAccepted: {CA: "S'ha acceptat una invitació", ES: "Se ha aceptado una invitación", EN: "An invitation was accepted"},
	}
}
