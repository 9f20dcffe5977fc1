package gqlhttp

import "net/http"

// preflight answers OPTIONS: what may be sent here, and that pages of any
// origin may read, without credentials.
func (x *exchange) preflight() {
	h := x.w.Header()
	h.Set("Allow", x.allow)
	x.allowOrigins()
	if x.r.Header.Get("Access-Control-Request-Method") != "" {
		h.Set("Access-Control-Allow-Methods", "GET, POST")
		h.Set("Access-Control-Allow-Headers", "Accept, Accept-Language, Authorization, Content-Type, Teixit-Acting-For")
		h.Set("Access-Control-Max-Age", "86400")
	}
	x.outcome.Status = http.StatusNoContent
	x.w.WriteHeader(http.StatusNoContent)
}

// allowOrigins lets pages of any origin read the answer, unless the request
// brought cookies: what is answered to a session is for the hub's own pages.
func (x *exchange) allowOrigins() {
	h := x.w.Header()
	h.Add("Vary", "Accept, Accept-Language, Authorization, Cookie, Teixit-Acting-For")
	if x.r.Header.Get("Cookie") != "" {
		return
	}
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Expose-Headers", "Retry-After, X-Request-Id")
}
