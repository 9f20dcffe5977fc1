package auth

import (
	"context"
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/turn"
)

// ActingForHeader names the organisation acted for in a request.
const ActingForHeader = "Teixit-Acting-For"

// Tokens reads the bearer tokens of the demonstration.
type Tokens interface {
	Person(token string) (id.ID, error)
}

// Authenticator finds the viewer of a request, the same way for HTTP, WebSocket
// and SSE: by the Authorization header, which may hold a machine's token or one
// of the demonstration, else by the session's cookie.
type Authenticator struct {
	db   *postgres.DB
	demo Tokens // nil: no demonstration
	idle time.Duration
	kept *keeper
	line *turn.Line[struct{}, *asking]
}

// NewAuthenticator reads rights, sessions and tokens from db, and tokens of the
// demonstration with demo, which may be nil. idle is how long a session lasts
// without use; 0 is the default.
func NewAuthenticator(db *postgres.DB, demo Tokens, idle time.Duration) *Authenticator {
	if idle == 0 {
		idle = SessionIdle
	}
	a := &Authenticator{db: db, demo: demo, idle: idle, kept: newKeeper(keptBytes)}
	a.line = turn.NewLine[struct{}](turn.Options{Jobs: maxAsking}, a.together)
	return a
}

// Shown is what somebody shows of who they are.
type Shown struct {
	Authorization string // as in the header
	Cookie        string // the session's token; only looked at without Authorization
	ActingFor     string // public identifier of an organisation, empty for oneself
	Language      string // as in Accept-Language
}

// actingForQuery stands in for ActingForHeader where no header can be set: a
// browser's EventSource and WebSocket. Only GET takes it, which changes nothing.
const actingForQuery = "actingFor"

// FromRequest takes what the headers of a request show, and for GET its address.
func FromRequest(r *http.Request) Shown {
	s := Shown{
		Authorization: r.Header.Get("Authorization"), Cookie: cookie(r),
		ActingFor: r.Header.Get(ActingForHeader), Language: accepted(r),
	}
	if s.ActingFor == "" && r.Method == http.MethodGet && strings.Contains(r.URL.RawQuery, actingForQuery) {
		s.ActingFor = r.URL.Query().Get(actingForQuery)
	}
	return s
}

// Known reports whether anything is shown that says who asks.
func (s Shown) Known() bool { return s.Authorization != "" || s.Cookie != "" || s.ActingFor != "" }

// With takes what the payload of connection_init shows in place of a header:
// authorization, actingFor and accept-language, capitals ignored.
func (s Shown) With(payload map[string]any) Shown {
	for key, value := range payload {
		text, ok := value.(string)
		switch key := strings.ToLower(key); {
		case !ok:
		case key == "authorization":
			s.Authorization = text
		case key == "actingfor", key == strings.ToLower(ActingForHeader):
			s.ActingFor = text
		case key == "accept-language":
			s.Language = text
		}
	}
	return s
}

// Request finds the viewer of an HTTP request.
func (a *Authenticator) Request(r *http.Request) (*access.Viewer, error) {
	return a.Find(r.Context(), FromRequest(r))
}

// Find finds the viewer. Nobody, and a session that is over, are an anonymous
// viewer: what is public is for them too. Faults: BAD_TOKEN for an Authorization
// that is none, UNAUTHENTICATED, and NOT_ACTING_FOR.
func (a *Authenticator) Find(ctx context.Context, s Shown) (*access.Viewer, error) {
	v, err := a.find(ctx, s, Language(s.Language))
	if err != nil {
		return nil, err
	}
	return v, actFor(v, s.ActingFor)
}

func (a *Authenticator) find(ctx context.Context, s Shown, l lang.Lang) (*access.Viewer, error) {
	switch {
	case s.Authorization != "":
		return a.bearer(ctx, s.Authorization, l)
	case s.Cookie != "":
		return a.session(ctx, s.Cookie, l)
	}
	return access.Anonymous(l), nil
}

func (a *Authenticator) bearer(ctx context.Context, authorization string, l lang.Lang) (*access.Viewer, error) {
	scheme, token, ok := strings.Cut(authorization, " ")
	token = strings.TrimSpace(token)
	switch {
	case !ok || !strings.EqualFold(scheme, "Bearer"):
		return nil, errBadToken.New()
	case strings.HasPrefix(token, tokenPrefix):
		return a.machine(ctx, token, l)
	case a.demo == nil:
		return nil, errBadToken.New()
	}
	person, err := a.demo.Person(token)
	if err != nil {
		return nil, err
	}
	w, err := a.ask(ctx, string(person[:]), asks{person: person}, l)
	return w.viewer, err
}

// ask finds out who asks. Rights that are kept under what they show need but a look
// whether they still hold: those who wait for it meanwhile share the next look.
// What may take longer, reading them, each does alone.
func (a *Authenticator) ask(ctx context.Context, shown string, by asks, l lang.Lang) (who, error) {
	one := &asking{asks: by, kept: a.kept.find(shown), lang: l, at: a}
	var err error
	if one.kept == nil {
		err = one.Alone(ctx)
	} else {
		err = a.line.Do(ctx, struct{}{}, one)
	}
	switch {
	case err != nil:
	case one.rights == one.kept:
		a.kept.hits.Add(1)
	default:
		a.kept.misses.Add(1)
		a.kept.keep(shown, one.rights)
	}
	return one.who, err
}

// together finds out who all of them are. Nobody is tried again alone: what keeps
// one from the database keeps the others.
func (a *Authenticator) together(ctx context.Context, all []*asking) ([]error, bool) {
	askAll(ctx, a.db.Read(), a.idle, all)
	errs := make([]error, len(all))
	for i, one := range all {
		errs[i] = one.err
	}
	return errs, true
}

// Kept counts how often the rights of who asked were kept and still held, and how
// often they were read.
func (a *Authenticator) Kept() (hits, misses uint64) { return a.kept.hits.Load(), a.kept.misses.Load() }

func (a *Authenticator) session(ctx context.Context, token string, l lang.Lang) (*access.Viewer, error) {
	hash := storedHash(token)
	w, err := a.ask(ctx, hash, asks{session: &hash}, l)
	if f := fault.From(err); f != nil && f.Code.Kind == fault.Unauthenticated {
		return access.Anonymous(l), nil
	}
	if err == nil && w.stale(granularity(a.idle)) {
		err = (&Sessions{db: a.db, idle: a.idle}).Seen(ctx, []id.ID{w.viewer.Session})
	}
	return w.viewer, err
}

// noteUse is how often the use of a machine's token is noted.
const noteUse = 5 * time.Minute

func (a *Authenticator) machine(ctx context.Context, token string, l lang.Lang) (*access.Viewer, error) {
	hash := hashOf(token)
	w, err := a.ask(ctx, string(hash), asks{token: hash}, l)
	if f := fault.From(err); f != nil && f.Code.Kind == fault.Unauthenticated {
		return nil, errBadToken.New()
	}
	if err == nil && w.stale(noteUse) {
		err = used(ctx, a.db, w.viewer.Token)
	}
	return w.viewer, err
}

// actFor notes for whom the viewer acts. That they act for it is checked here
// and nowhere else.
func actFor(v *access.Viewer, organisation string) error {
	if organisation == "" {
		return nil
	}
	if !v.SignedIn() {
		return fault.ErrUnauthenticated.New()
	}
	body, err := node.ParseOf(organisation, node.Municipality, node.Association, node.PublicService, node.Institution)
	if err != nil || !v.ActsFor(body) {
		return ErrNotActingFor.New()
	}
	v.For = body
	return nil
}

var matcher = language.NewMatcher([]language.Tag{language.Catalan, language.Spanish, language.English})

// accepted is the request's Accept-Language; a header may come in several lines.
func accepted(r *http.Request) string { return strings.Join(r.Header.Values("Accept-Language"), ",") }

// LanguageOf is the language in which a request is to be answered.
func LanguageOf(r *http.Request) lang.Lang { return Language(accepted(r)) }

// Language chooses among ca, es and en by an Accept-Language value; Catalan
// when it says nothing the hub speaks.
func Language(accept string) lang.Lang {
	if accept == "" || len(accept) > 500 {
		return lang.CA
	}
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		return lang.CA
	}
	_, i, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return lang.CA
	}
	return lang.All()[i]
}
