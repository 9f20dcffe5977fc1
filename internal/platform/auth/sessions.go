package auth

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// SessionCookie is where a browser keeps its token. The prefix makes browsers
// insist that it came over a safe connection, for this host alone.
const SessionCookie = "__Host-teixit"

// SessionLife is how long a session can last, whatever is done in it.
const SessionLife = 12 * time.Hour

// SessionIdle is how long a session lasts without use, by default.
const SessionIdle = 30 * time.Minute

// Sessions is how browsers stay signed in. The library makes tokens of 256 bits,
// rotates them and writes the cookie; what a session is stands in one row, which
// holds the token's hash. Both ends of a session, by age and by idling, are
// judged by the database's clock, so that instances with wrong clocks agree.
type Sessions struct {
	db      *postgres.DB
	manager *scs.SessionManager
	idle    time.Duration
}

// NewSessions makes them on a database. idle is how long one lasts without use;
// 0 is the default.
func NewSessions(db *postgres.DB, idle time.Duration) *Sessions {
	if idle == 0 {
		idle = SessionIdle
	}
	// Not scs.New, which begins to sweep a store in memory.
	manager := &scs.SessionManager{
		Lifetime: SessionLife, Store: sessionStore{db: db, idle: idle}, Codec: sessionCodec{}, HashTokenInStore: true,
		Cookie: scs.SessionCookie{
			Name: SessionCookie, Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode,
			// The server knows when it ends; the browser forgets it when it closes.
			Persist: false,
		},
	}
	return &Sessions{db: db, manager: manager, idle: idle}
}

// Begin signs a browser in: it gets a new token, and a session it had before
// ends. The fault is ACCOUNT_DISABLED.
func (s *Sessions) Begin(w http.ResponseWriter, r *http.Request, person id.ID) error {
	ctx, err := s.manager.Load(r.Context(), cookie(r))
	if err != nil {
		return wrap("load the session", err)
	}
	if err := s.manager.RenewToken(ctx); err != nil {
		return wrap("end the session before", err)
	}
	s.manager.Put(ctx, personKey, person.String())
	s.manager.Put(ctx, agentKey, agent(r))
	token, expiry, err := s.manager.Commit(ctx)
	if err != nil {
		return wrap("begin the session", err)
	}
	s.manager.WriteSessionCookie(ctx, w, token, expiry)
	return nil
}

// End signs a browser out, on every instance. Without a session it only clears
// the cookie.
func (s *Sessions) End(w http.ResponseWriter, r *http.Request) error {
	ctx, err := s.manager.Load(r.Context(), cookie(r))
	if err != nil {
		return wrap("load the session", err)
	}
	if s.manager.Exists(ctx, personKey) {
		if err := s.manager.Destroy(ctx); err != nil {
			return wrap("end the session", err)
		}
	}
	s.manager.WriteSessionCookie(ctx, w, "", time.Time{})
	return nil
}

func cookie(r *http.Request) string {
	c, err := r.Cookie(SessionCookie)
	if err != nil || len(c.Value) > 100 {
		return ""
	}
	return c.Value
}

// agent says what the person signed in with, as far as they need it to tell
// their sessions apart.
func agent(r *http.Request) string {
	const most = 300
	text := strings.ToValidUTF8(strings.ReplaceAll(r.UserAgent(), "\x00", ""), "")
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most])
	}
	return text
}

// The values of a session.
const (
	personKey = "person"
	agentKey  = "agent"
)

// sessionCodec writes the values as JSON, which the store takes apart again into
// columns: a session is a row that can be asked about, not a blob. The deadline
// is the store's matter.
type sessionCodec struct{}

// Encode implements scs.Codec.
func (sessionCodec) Encode(_ time.Time, values map[string]any) ([]byte, error) {
	return json.Marshal(values)
}

// Decode implements scs.Codec.
func (sessionCodec) Decode(b []byte) (deadline time.Time, values map[string]any, err error) {
	err = json.Unmarshal(b, &values)
	return time.Now().Add(SessionLife), values, err
}

// sessionStore keeps sessions in PostgreSQL, by the hashes of their tokens.
type sessionStore struct {
	db   *postgres.DB
	idle time.Duration
}

var _ scs.CtxStore = sessionStore{}

// liveSession is a condition on the row s: it has ended neither by age nor by
// idling nor by somebody. idle names the parameter.
func liveSession(idle string) string {
	return `(s.ended_at is null and s.expires_at > now() and s.seen_at > now() - ` + idle + `::interval)`
}

// FindCtx implements scs.CtxStore.
func (s sessionStore) FindCtx(ctx context.Context, hash string) ([]byte, bool, error) {
	var person id.ID
	err := s.db.Read().QueryRow(ctx, `select person from session_behind($1, $2)`, hash, s.idle).Scan(&person)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, wrap("find the session", err)
	}
	b, err := json.Marshal(map[string]any{personKey: person.String()})
	return b, true, err
}

// CommitCtx implements scs.CtxStore. The expiry by the instance's clock is not
// used. An account that was disabled in between gets no session.
func (s sessionStore) CommitCtx(ctx context.Context, hash string, b []byte, _ time.Time) error {
	var values map[string]string
	if err := json.Unmarshal(b, &values); err != nil {
		return err
	}
	person, err := id.ParseUUID(values[personKey])
	if err != nil {
		return err
	}
	return s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		tag, err := tx.Native().Exec(ctx, `
			insert into sessions (id, token_hash, person, user_agent, expires_at)
			select $1, $2, a.person, $4, now() + $5 from accounts a where a.person = $3 and a.disabled_at is null`,
			id.New(), hash, person, values[agentKey], SessionLife)
		if err == nil && tag.RowsAffected() == 0 {
			return ErrAccountDisabled.New()
		}
		return wrap("keep the session", err)
	})
}

// DeleteCtx implements scs.CtxStore: the row stays for a while, ended.
func (s sessionStore) DeleteCtx(ctx context.Context, hash string) error {
	return s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `update sessions set ended_at = now() where token_hash = $1 and ended_at is null`, hash)
		return wrap("end the session", err)
	})
}

// Find implements scs.Store, for callers without a context.
func (s sessionStore) Find(hash string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), hash)
}

// Commit implements scs.Store, for callers without a context.
func (s sessionStore) Commit(hash string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), hash, b, expiry)
}

// Delete implements scs.Store, for callers without a context.
func (s sessionStore) Delete(hash string) error {
	return s.DeleteCtx(context.Background(), hash)
}
