// Package authhttp signs people in and out over plain HTTP, beside GraphQL: only
// an HTTP answer can set the session's cookie, which no script reads.
//
//	POST   /auth/code           {mail}: sends a code and a link there
//	POST   /auth/session        {mail, code} or {token}: signs in, sets the cookie
//	DELETE /auth/session        signs out, clears the cookie
//	GET    /auth/methods        what one can sign in with
//	GET    /auth/oidc/start     sends the browser to the provider
//	GET    /auth/oidc/callback  where it comes back to
//
// What is refused answers {"error": {"code", "message"}}, in the reader's
// language. Bodies are JSON and nothing else, which pages of other origins
// cannot send without asking; the server in front refuses cross-origin requests
// besides. Asking for a code answers the same, after the same work, whether or
// not there is an account.
//
// The two addresses of the provider are for browsers, not programs: what fails
// there leads to the page /sign-in, with the code of the fault as ?error=.
package authhttp

import (
	"encoding/json"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/node"
)

// Options is what the handler works with. OIDC may be nil: there is no provider.
type Options struct {
	Accounts *auth.Accounts
	Sessions *auth.Sessions
	OIDC     *auth.OIDC
	// Viewer finds who asks, as everywhere.
	Viewer func(*http.Request) (*access.Viewer, error)
	// Address is the network address that tries are counted for.
	Address func(*http.Request) string
	Log     *slog.Logger
}

type handler struct{ Options }

// New makes the handler of everything below /auth/.
func New(o Options) http.Handler {
	h := handler{o}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /auth/code", h.answer(h.code))
	mux.HandleFunc("POST /auth/session", h.answer(h.signIn))
	mux.HandleFunc("DELETE /auth/session", h.answer(h.signOut))
	mux.HandleFunc("GET /auth/methods", h.answer(h.methods))
	mux.HandleFunc("GET /auth/oidc/start", h.start)
	mux.HandleFunc("GET /auth/oidc/callback", h.callback)
	return mux
}

// maxBody is more than any of these requests needs.
const maxBody = 4 << 10

var (
	errBody = fault.Define(fault.Invalid, "BAD_REQUEST",
		"La petició no està ben formada.", "La petición no está bien formada.", "The request is malformed.")
	errMedia = fault.Define(fault.Invalid, "UNSUPPORTED_MEDIA_TYPE",
		"El cos de la petició ha de ser application/json.", "El cuerpo de la petición debe ser application/json.",
		"The body of the request has to be application/json.")
	errTooLarge = fault.Define(fault.Invalid, "BODY_TOO_LARGE",
		"La petició és massa gran.", "La petición es demasiado grande.", "The request is too large.")
)

var codeSent = lang.Text{
	CA: "Us hem enviat un codi i un enllaç. Serveixen durant 10 minuts.",
	ES: "Le hemos enviado un código y un enlace. Sirven durante 10 minutos.",
	EN: "We have sent you a code and a link. They are good for 10 minutes.",
}

// reply is what a request is answered with; the zero one is an empty answer.
type reply struct {
	status int
	body   any
}

// answer gives handlers a bounded body and their answers one form.
func (h handler) answer(do func(w http.ResponseWriter, r *http.Request) (reply, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Vary", "Accept-Language, Cookie")
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(5 * time.Second))
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		out, err := do(w, r)
		if err != nil {
			h.refuse(w, r, err)
			return
		}
		write(w, out)
	}
}

func write(w http.ResponseWriter, out reply) {
	if out.body == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	b, err := json.Marshal(out.body)
	if err != nil { // maps of texts always marshal
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(out.status)
	_, _ = w.Write(b)
}

func language(r *http.Request) lang.Lang { return auth.LanguageOf(r) }

// read takes a JSON body.
func read(r *http.Request, into any) error {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" {
		return errMedia.New()
	}
	err = json.NewDecoder(r.Body).Decode(into)
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return errTooLarge.New()
	}
	if err != nil {
		return errBody.New().Because(err)
	}
	return nil
}

func (h handler) code(_ http.ResponseWriter, r *http.Request) (reply, error) {
	var in struct {
		Mail string `json:"mail"`
	}
	if err := read(r, &in); err != nil {
		return reply{}, err
	}
	if err := h.Accounts.RequestCode(r.Context(), in.Mail, language(r), h.Address(r)); err != nil {
		return reply{}, err
	}
	return reply{http.StatusAccepted, map[string]string{"message": codeSent.In(language(r))}}, nil
}

// proof is how somebody shows that they read their mail.
type proof struct {
	Mail  string `json:"mail"`
	Code  string `json:"code"`
	Token string `json:"token"`
}

func readProof(r *http.Request) (auth.Proof, error) {
	var in proof
	if err := read(r, &in); err != nil {
		return auth.Proof{}, err
	}
	return auth.Proof(in), nil
}

func (h handler) signIn(w http.ResponseWriter, r *http.Request) (reply, error) {
	p, err := readProof(r)
	if err != nil {
		return reply{}, err
	}
	person, err := h.Accounts.SignIn(r.Context(), p, language(r), h.Address(r))
	if err != nil {
		return reply{}, err
	}
	return h.begin(w, r, person)
}

func (h handler) begin(w http.ResponseWriter, r *http.Request, person id.ID) (reply, error) {
	if err := h.Sessions.Begin(w, r, person); err != nil {
		return reply{}, err
	}
	return reply{http.StatusOK, map[string]string{"person": node.Person.Global(person)}}, nil
}

func (h handler) signOut(w http.ResponseWriter, r *http.Request) (reply, error) {
	return reply{}, h.Sessions.End(w, r)
}

func (h handler) methods(http.ResponseWriter, *http.Request) (reply, error) {
	methods := map[string]any{"code": true, "oidc": nil}
	if h.OIDC != nil {
		methods["oidc"] = map[string]string{"name": h.OIDC.Name()}
	}
	return reply{http.StatusOK, methods}, nil
}

// refuse answers with a fault. The cause of ours goes into the log, under a
// reference.
func (h handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.From(err)
	told := map[string]any{"code": f.Code.Name, "message": f.Message(language(r))}
	if len(f.Path) > 0 {
		told["field"] = f.Path
	}
	if seconds, ok := f.Args["retryAfter"].(int); ok {
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	if f.Code.Kind == fault.Internal {
		told["reference"] = h.log(r, err)
	}
	status := statusOf(f)
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "2")
	}
	write(w, reply{status, map[string]any{"error": told}})
}

func (h handler) log(r *http.Request, err error) (reference string) {
	reference = id.New().String()
	h.Log.ErrorContext(r.Context(), "signing in: internal fault", "reference", reference, "path", r.URL.Path, "cause", err)
	return reference
}

func statusOf(f *fault.Fault) int {
	switch f.Code.Kind {
	case fault.Invalid:
		switch f.Code.Name {
		case errMedia.Name:
			return http.StatusUnsupportedMediaType
		case errTooLarge.Name:
			return http.StatusRequestEntityTooLarge
		}
		return http.StatusBadRequest
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Denied:
		return http.StatusForbidden
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Limited:
		if f.Code.Name == auth.ErrTooOften.Name {
			return http.StatusTooManyRequests
		}
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}
