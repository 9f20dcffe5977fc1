// Package mailhttp takes what comes back of the hub's mails:
//
//	POST /mail/bounces?to=bounces%2B<mark>@example.org   a mail, as it came in
//	GET  /mail/off/{token}                               a page that asks
//	POST /mail/off/{token}                               turns such mails off (RFC 8058)
//
// The mail server hands it over, with the secret that both know as a bearer
// token. The answer says what it was taken for; a mail that is no delivery report
// is no mistake of the server's, so that it answers nobody.
//
// Mails are turned off by POST only, without cookies: programs that look at links
// before people do turn nothing off.
package mailhttp

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/teixit/teixit/internal/platform/mail"
)

// Options is what the handler works with.
type Options struct {
	// Secret is what the mail server shows; empty: there is nothing here.
	Secret string
	// Back notes a report, and tells whether its mail is known.
	Back func(ctx context.Context, b mail.Bounce) (known bool, err error)
	// Wish reads what a link of a mail stands for, TurnOff does it.
	Wish    func(token string) (mail.Wish, bool)
	TurnOff func(ctx context.Context, w mail.Wish) error
	Log     *slog.Logger
}

type handler struct{ Options }

// New makes the handler of /mail/.
func New(o Options) http.Handler {
	h := handler{o}
	mux := http.NewServeMux()
	if o.Secret != "" {
		mux.HandleFunc("POST /mail/bounces", h.bounce)
	}
	mux.HandleFunc("GET "+mail.OffPath+"{token}", h.ask)
	mux.HandleFunc("POST "+mail.OffPath+"{token}", h.off)
	return mux
}

// What a mail was taken for.
const (
	refused = "REFUSED"
	delayed = "DELAYED"
	unknown = "UNKNOWN_MAIL" // a report about a mail that is not remembered
	none    = "NO_BOUNCE"
)

func (h handler) bounce(w http.ResponseWriter, r *http.Request) {
	if !h.allowed(r) {
		w.Header().Set("WWW-Authenticate", "Bearer")
		answer(w, http.StatusUnauthorized, map[string]any{"error": map[string]string{"code": "UNAUTHENTICATED", "message": "The secret is wrong."}})
		return
	}
	b, err := mail.ParseBounce(r.Body, r.URL.Query().Get("to"))
	if errors.Is(err, mail.ErrNoBounce) {
		h.taken(w, none)
		return
	}
	known, err := h.Back(r.Context(), b)
	switch {
	case err != nil:
		h.Log.ErrorContext(r.Context(), "note a mail that came back", "mail", b.Mail, "cause", err)
		w.Header().Set("Retry-After", "60")
		answer(w, http.StatusServiceUnavailable, map[string]any{"error": map[string]string{"code": "UNAVAILABLE", "message": "Try again later."}})
	case !known:
		h.taken(w, unknown)
	case b.Delayed:
		h.taken(w, delayed)
	default:
		h.taken(w, refused)
	}
}

// allowed compares hashes, which are of one length.
func (h handler) allowed(r *http.Request) bool {
	shown, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	a, b := sha256.Sum256([]byte(shown)), sha256.Sum256([]byte(h.Secret))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && ok
}

func (h handler) taken(w http.ResponseWriter, as string) {
	answer(w, http.StatusOK, map[string]string{"takenFor": as})
}

func answer(w http.ResponseWriter, status int, what any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(what)
}
