package authhttp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/auth"
)

// flowCookie keeps one attempt at the provider in the browser that began it.
const flowCookie = "__Host-teixit-oidc"

// start sends the browser to the provider; ?next= is the page to come back to.
// A browser that is signed in comes back to link the identity to its account.
// That only a page of the hub itself may begin: another page could have put its
// own identity into the provider's session before.
func (h handler) start(w http.ResponseWriter, r *http.Request) {
	if h.OIDC == nil {
		h.lead(w, r, auth.ErrNoProvider.New())
		return
	}
	viewer, err := h.Viewer(r)
	if err != nil {
		h.lead(w, r, err)
		return
	}
	link := viewer.Person
	if !link.IsZero() && r.Header.Get("Sec-Fetch-Site") != "same-origin" {
		h.lead(w, r, fault.ErrDenied.New())
		return
	}
	if err := h.Accounts.CountFlow(r.Context(), h.Address(r)); err != nil {
		h.lead(w, r, err)
		return
	}
	address, kept, err := h.OIDC.Start(r.Context(), local(r.URL.Query().Get("next")), link)
	if err != nil {
		h.lead(w, r, err)
		return
	}
	keep(w, kept)
	redirect(w, r, address)
}

// callback finishes what start began.
func (h handler) callback(w http.ResponseWriter, r *http.Request) {
	if h.OIDC == nil {
		h.lead(w, r, auth.ErrNoProvider.New())
		return
	}
	kept := ""
	if c, err := r.Cookie(flowCookie); err == nil {
		kept = c.Value
	}
	keep(w, "") // good once
	q := r.URL.Query()
	claims, flow, err := h.OIDC.Finish(r.Context(), kept, q.Get("state"), q.Get("iss"), q.Get("code"))
	if err == nil {
		err = h.finish(w, r, claims, flow.Link)
	}
	if err != nil {
		h.lead(w, r, err)
		return
	}
	redirect(w, r, local(flow.Return))
}

// finish links the identity to the account that began the flow, if it is still
// the one that is signed in; otherwise it signs in.
func (h handler) finish(w http.ResponseWriter, r *http.Request, claims auth.Claims, link id.ID) error {
	if !link.IsZero() {
		viewer, err := h.Viewer(r)
		if err != nil {
			return err
		}
		if viewer.Person != link {
			return auth.ErrProvider.New()
		}
		return h.Accounts.LinkIdentity(r.Context(), viewer, claims)
	}
	person, err := h.Accounts.SignInWith(r.Context(), claims)
	if err != nil {
		return err
	}
	return h.Sessions.Begin(w, r, person)
}

// keep sets the flow's cookie, or clears it. Lax: the provider's page sends the
// browser back with it.
func keep(w http.ResponseWriter, value string) {
	c := &http.Cookie{
		Name: flowCookie, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// lead brings a browser that cannot go on to the page that says why.
func (h handler) lead(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.From(err)
	if f.Code.Kind == fault.Internal {
		h.log(r, err)
	} else if f.Cause != nil {
		h.Log.WarnContext(r.Context(), "signing in with the provider failed", "code", f.Code.Name, "cause", f.Cause)
	}
	redirect(w, r, "/sign-in?error="+url.QueryEscape(f.Code.Name))
}

func redirect(w http.ResponseWriter, r *http.Request, to string) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// local is the path of the hub to come back to; anything else is the start page.
func local(path string) string {
	u, err := url.Parse(path)
	bad := err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(path, "/") ||
		strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t")
	if bad {
		return "/"
	}
	return path
}
