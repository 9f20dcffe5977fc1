package gqldoc

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"strings"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// A request may name its document by a hash and leave the text out, in two ways
// that clients know: extensions.persistedQuery.sha256Hash, and documentId with
// "sha256:" in front or without.
//
// Registered documents are those of the hub's own client: they are known from the
// start and never forgotten. Any other is remembered when it is sent with its
// hash, after it has passed every check, in the same bounded memory; where the
// hub does not know a hash (any more), the client sends both. What the reader may
// ask for is checked each time, whichever way it was sent.
var (
	ErrPersistedUnknown = fault.Define(fault.Invalid, "PERSISTED_QUERY_NOT_FOUND",
		"No es coneix cap consulta amb aquest resum. Envieu-ne també el text.",
		"No se conoce ninguna consulta con este resumen. Envíe también el texto.",
		"No query of this hash is known. Send its text too.")
	ErrPersistedHash = fault.Define(fault.Invalid, "PERSISTED_QUERY_MISMATCH",
		"El resum de persistedQuery no és el SHA-256 de la consulta.",
		"El resumen de persistedQuery no es el SHA-256 de la consulta.",
		"The hash of persistedQuery is not the SHA-256 of the query.")
	ErrNotRegistered = fault.Define(fault.Denied, "OPERATION_NOT_REGISTERED",
		"Aquest servidor només respon les consultes del seu propi client. Els programes entren amb un testimoni.",
		"Este servidor solo responde a las consultas de su propio cliente. Los programas entran con un testigo.",
		"This hub answers only the operations of its own client. Programs sign in with a token.")
)

const persistedQuery = "persistedQuery"

// Persisted is the hash by which a request names its document; empty: it names
// none.
func (r Request) Persisted() string {
	if r.DocumentID != "" {
		return strings.TrimPrefix(r.DocumentID, "sha256:")
	}
	named, ok := r.Extensions[persistedQuery].(map[string]any)
	if !ok {
		return ""
	}
	hash, _ := named["sha256Hash"].(string)
	return hash
}

// unnamed is the request as it would be with its text alone, so that nobody
// behind tells by which way it came.
func (r Request) unnamed() Request {
	r.DocumentID = ""
	if _, named := r.Extensions[persistedQuery]; !named {
		return r
	}
	r.Extensions = maps.Clone(r.Extensions)
	if delete(r.Extensions, persistedQuery); len(r.Extensions) == 0 {
		r.Extensions = nil
	}
	return r
}

// resolve fills in the text of a document that is named by its hash, or checks
// the hash of one that is sent with it.
func (p *Preparer) resolve(req *Request) *fault.Fault {
	hash := req.Persisted()
	switch {
	case hash == "":
		return nil
	case req.Query == "":
		d := p.registered[hash]
		if d == nil {
			d = p.cache.named(hash)
		}
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

// Register makes documents known from the start, by the SHA-256 of their text,
// and for good. They have to pass every check; it is called before the first
// request.
func (p *Preparer) Register(documents map[string]string) error {
	for hash, query := range documents {
		if hash != hashOf(query) {
			return fmt.Errorf("gqldoc: %s is not the hash of the operation registered under it", hash)
		}
		d, wrong := p.build(query, Reader{SignedIn: true})
		if len(wrong) > 0 {
			return fmt.Errorf("gqldoc: operation %s: %w", hash, wrong[0].fault)
		}
		p.registered[hash], p.registeredText[query] = d, d
	}
	return nil
}

// known finds a validated document by its text.
func (p *Preparer) known(query string) *document {
	if d := p.registeredText[query]; d != nil {
		return d
	}
	return p.cache.get(query)
}

// mayAsk refuses what is not registered for who may ask nothing else.
func (p *Preparer) mayAsk(query string, r Reader) *fault.Fault {
	if r.RegisteredOnly && p.registeredText[query] == nil {
		return ErrNotRegistered.New()
	}
	return nil
}

func hashOf(query string) string {
	sum := sha256.Sum256([]byte(query))
	return hex.EncodeToString(sum[:])
}
