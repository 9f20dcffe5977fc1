package gqlhttp

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/99designs/gqlgen/graphql"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// What can be wrong with a request before its document is looked at. The names
// are part of the public contract.
var (
	ErrMethod = fault.Define(fault.Invalid, "METHOD_NOT_ALLOWED",
		"Envieu la consulta amb POST o GET.", "Envíe la consulta con POST o GET.", "Send the query with POST or GET.")
	ErrMutationByGet = fault.Define(fault.Invalid, "MUTATION_BY_GET",
		"Els canvis s'envien amb POST.", "Los cambios se envían con POST.", "Changes are sent with POST.")
	ErrNotAcceptable = fault.Define(fault.Invalid, "NOT_ACCEPTABLE",
		"La resposta només pot ser application/json o application/graphql-response+json.",
		"La respuesta solo puede ser application/json o application/graphql-response+json.",
		"The answer can only be application/json or application/graphql-response+json.")
	ErrNeedsStream = fault.Define(fault.Invalid, "SUBSCRIPTION_NEEDS_STREAM",
		"Una subscripció demana WebSocket o Accept: text/event-stream.",
		"Una suscripción requiere WebSocket o Accept: text/event-stream.",
		"A subscription needs WebSocket or Accept: text/event-stream.")
	ErrMediaType = fault.Define(fault.Invalid, "UNSUPPORTED_MEDIA_TYPE",
		"El cos ha de ser application/json en UTF-8.",
		"El cuerpo debe ser application/json en UTF-8.",
		"The body has to be application/json in UTF-8.")
	ErrEncoding = fault.Define(fault.Invalid, "UNSUPPORTED_ENCODING",
		"El cos no pot venir comprimit.", "El cuerpo no puede venir comprimido.", "The body may not be compressed.")
	ErrBodyTooLarge = fault.Define(fault.Limited, "BODY_TOO_LARGE",
		"La petició passa de {limit} bytes.", "La petición supera los {limit} bytes.", "The request is larger than {limit} bytes.")
	ErrBodyCut = fault.Define(fault.Invalid, "BODY_INCOMPLETE",
		"El cos no ha arribat sencer.", "El cuerpo no ha llegado entero.", "The body did not arrive whole.")
	ErrJSON = fault.Define(fault.Invalid, "MALFORMED_JSON",
		"El cos no és un objecte JSON vàlid.", "El cuerpo no es un objeto JSON válido.", "The body is not a valid JSON object.")
	ErrJSONLimit = fault.Define(fault.Limited, "JSON_LIMIT",
		"El JSON té massa nivells o massa valors.", "El JSON tiene demasiados niveles o demasiados valores.", "The JSON has too many levels or too many values.")
	ErrParameter = fault.Define(fault.Invalid, "BAD_PARAMETER",
		"El paràmetre {parameter} falta o no és del tipus esperat.",
		"El parámetro {parameter} falta o no es del tipo esperado.",
		"The parameter {parameter} is missing or of another type.")
)

// ownStatus are the codes whose status does not depend on the media type: they
// are about the request or the hub, not about the document.
func ownStatus(code string) (int, bool) {
	switch code {
	case ErrMethod.Name, ErrMutationByGet.Name:
		return http.StatusMethodNotAllowed, true
	case ErrNotAcceptable.Name, ErrNeedsStream.Name:
		return http.StatusNotAcceptable, true
	case ErrMediaType.Name, ErrEncoding.Name:
		return http.StatusUnsupportedMediaType, true
	case ErrBodyTooLarge.Name:
		return http.StatusRequestEntityTooLarge, true
	case ErrBodyCut.Name, ErrJSON.Name, ErrJSONLimit.Name, ErrParameter.Name:
		return http.StatusBadRequest, true
	case "RATE_LIMITED":
		return http.StatusTooManyRequests, true
	case fault.ErrOverloaded.Name, fault.ErrUnavailable.Name:
		return http.StatusServiceUnavailable, true
	case fault.ErrTimeout.Name:
		return http.StatusGatewayTimeout, true
	case fault.ErrInternal.Name:
		return http.StatusInternalServerError, true
	}
	return 0, false
}

// status is the HTTP status of a response in a media type. A response without
// data is a request error; one with data is an answer, whatever errors stand
// in it, unless nothing was answered because the hub is cut off.
func (o *Options) status(media string, resp *graphql.Response) int {
	code := codeOf(resp.Errors)
	if resp.Data != nil {
		if s, ok := o.fixedStatus(code); ok && s == http.StatusServiceUnavailable && answersNothing(resp.Data) {
			return s
		}
		return http.StatusOK
	}
	if code == "" {
		return http.StatusOK
	}
	if s, ok := o.fixedStatus(code); ok {
		return s
	}
	if media == mediaJSON { // a well-formed response, says the specification
		return http.StatusOK
	}
	switch code {
	case fault.ErrUnauthenticated.Name:
		return http.StatusUnauthorized
	case fault.ErrDenied.Name:
		return http.StatusForbidden
	}
	return http.StatusBadRequest
}

func (o *Options) fixedStatus(code string) (int, bool) {
	if s, ok := o.Statuses[code]; ok {
		return s, true
	}
	return ownStatus(code)
}

// codeOf is the code the status follows: the first that speaks of the hub's
// state, else the first.
func codeOf(errs gqlerror.List) string {
	first := ""
	for _, err := range errs {
		code, _ := err.Extensions["code"].(string)
		if code == fault.ErrUnavailable.Name || code == fault.ErrOverloaded.Name {
			return code
		}
		if first == "" {
			first = code
		}
	}
	return first
}

// answersNothing reports whether every root field is null.
func answersNothing(data []byte) bool {
	if bytes.Equal(data, []byte("null")) {
		return true
	}
	var roots map[string]json.RawMessage
	if json.Unmarshal(data, &roots) != nil {
		return false
	}
	for _, root := range roots {
		if !bytes.Equal(root, []byte("null")) {
			return false
		}
	}
	return true
}
