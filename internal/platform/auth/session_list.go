package auth

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Session is a browser that is signed in.
type Session struct {
	ID        id.ID
	Person    id.ID
	UserAgent string
	CreatedAt time.Time
	SeenAt    time.Time // noted about once a minute
	ExpiresAt time.Time // the latest end
	Current   bool      // the one that asks
}

const sessionPrefix = id.Type("ses")

// GlobalID is the session's public identifier. It is no secret: the token is.
func (s *Session) GlobalID() string { return sessionPrefix.GlobalPart(s.Person, s.ID) }

// ParseSession reads a session's public identifier.
func ParseSession(global string) (id.ID, error) {
	_, session, err := sessionPrefix.Part(global)
	return session, err
}

// Of reads the viewer's own live sessions, the newest first, at most 100.
func (s *Sessions) Of(ctx context.Context, q postgres.Querier, v *access.Viewer) ([]*Session, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, `
		select s.id, s.person, s.user_agent, s.created_at, s.seen_at, s.expires_at from sessions s
		where s.person = $1 and `+liveSession("$2")+` order by s.created_at desc, s.id limit 100`, v.Person, s.idle)
	if err != nil {
		return nil, wrap("read the sessions", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Session, error) {
		one := &Session{}
		err := row.Scan(&one.ID, &one.Person, &one.UserAgent, &one.CreatedAt, &one.SeenAt, &one.ExpiresAt)
		one.Current = one.ID == v.Session
		return one, err
	})
	return list, wrap("read the sessions", err)
}

// EndOne ends one of the viewer's own sessions, on every instance. The fault is
// NOT_FOUND for any other.
func (s *Sessions) EndOne(ctx context.Context, v *access.Viewer, key string, session id.ID) error {
	ended, err := s.end(ctx, v, key, "sessionEnd", `s.id = $3`, session)
	if err == nil && len(ended) == 0 {
		return fault.ErrNotFound.At("session")
	}
	return err
}

// EndOthers ends all of the viewer's sessions but the one that asks, and says
// how many.
func (s *Sessions) EndOthers(ctx context.Context, v *access.Viewer, key string) (int, error) {
	ended, err := s.end(ctx, v, key, "sessionEndOthers", `s.id is distinct from $3`, v.Session)
	return len(ended), err
}

func (s *Sessions) end(ctx context.Context, v *access.Viewer, key, mutation, which string, session id.ID) ([]id.ID, error) {
	if err := inPerson(v); err != nil {
		return nil, err
	}
	return once(ctx, s.db, v, key, mutation, session, func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		rows, err := tx.Native().Query(ctx, `update sessions s set ended_at = now()
			where s.person = $1 and `+liveSession("$2")+` and `+which+` returning s.id`, v.Person, s.idle, session)
		if err != nil {
			return nil, wrap("end sessions", err)
		}
		ended, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
		return ended, wrap("end sessions", err)
	})
}

// Seen notes that sessions are in use: a live stream is use too. One that has
// ended stays ended.
func (s *Sessions) Seen(ctx context.Context, sessions []id.ID) error {
	if len(sessions) == 0 {
		return nil
	}
	return s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `
			update sessions s set seen_at = now() where s.id in (
			  select id from sessions where id = any($1) order by id for no key update)
			and `+liveSession("$2"), sessions, s.idle)
		return wrap("note the use of sessions", err)
	})
}

// granularity is how exactly use is noted: not at every request, but often
// enough that idling is measured to a tenth.
func granularity(idle time.Duration) time.Duration { return min(time.Minute, idle/10) }

// storedHash is the hash under which the session library keeps a token.
func storedHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return b64(sum[:])
}
