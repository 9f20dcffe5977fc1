package gqldoc

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// Automatic persisted queries, as clients know them: a request names its document
// by a hash and leaves the text out; where the hub does not know it (any more),
// the client sends both once. Only documents that have passed every check are
// remembered under their hash, with their text, in the same bounded memory; and
// what the reader may ask for is checked each time, whichever way it was sent.
var (
	ErrPersistedUnknown = fault.Define(fault.Invalid, "PERSISTED_QUERY_NOT_FOUND",
		"No es coneix cap consulta amb aquest resum. Envieu-ne també el text.",
		"No se conoce ninguna consulta con este resumen. Envíe también el texto.",
		"No query of this hash is known. Send its text too.")
	ErrPersistedHash = fault.Define(fault.Invalid, "PERSISTED_QUERY_MISMATCH",
		"El resum de persistedQuery no és el SHA-256 de la consulta.",
		"El resumen de persistedQuery no es el SHA-256 de la consulta.",
		"The hash of persistedQuery is not the SHA-256 of the query.")
)

// Persisted is the hash by which a request names its document; empty: it names
// none.
func (r Request) Persisted() string {
	named, ok := r.Extensions["persistedQuery"].(map[string]any)
	if !ok {
		return ""
	}
	hash, _ := named["sha256Hash"].(string)
	return hash
}

// resolve fills in the text of a document that is named by its hash, or checks
// the hash of one that is sent with it.
func (p *Preparer) resolve(req *Request) *fault.Fault {
	hash := req.Persisted()
	switch {
	case hash == "":
		return nil
	case req.Query == "":
		d := p.cache.named(hash)
		if d == nil {
			return ErrPersistedUnknown.New()
		}
		req.Query = d.query
		return nil
	case hash == hashOf(req.Query):
		return nil
	}
	return ErrPersistedHash.New()
}

func hashOf(query string) string {
	sum := sha256.Sum256([]byte(query))
	return hex.EncodeToString(sum[:])
}
