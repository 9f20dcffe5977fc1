package document

import "github.com/teixit/teixit/internal/kernel/lang"

// Words says the kinds of facts of documents to people, as a feed shows them
// under the title of the thing the document is about.
func Words() map[string]lang.Text {
	return map[string]lang.Text{
		FactAdded:             {CA: "S'ha afegit un document", ES: "Se ha añadido un documento", EN: "A document was added"},
		FactVersionAdded:      {CA: "Hi ha una versió nova d'un document", ES: "Hay una versión nueva de un documento", EN: "There is a new version of a document"},
		FactWithdrawn:         {CA: "S'ha retirat un document", ES: "Se ha retirado un documento", EN: "A document was withdrawn"},
		FactCollectionCreated: {CA: "S'ha creat la col·lecció", ES: "Se ha creado la colección", EN: "The collection was created"},
	}
}
