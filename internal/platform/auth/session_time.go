package auth

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// SessionTime is how much time a browser's session has left.
type SessionTime struct {
	IdleUntil   time.Time // its end without further use, never behind Latest
	Latest      time.Time // its end in any case
	SecondsLeft int       // until IdleUntil, by PostgreSQL's clock
	IdleSeconds int       // how long it lasts without use
}

// TimeOf reads how much time the session of the viewer's request has left; nil
// for programs, and when it is over. Reading it is no use of the session.
func (s *Sessions) TimeOf(ctx context.Context, q postgres.Querier, v *access.Viewer) (*SessionTime, error) {
	if v.Session.IsZero() {
		return nil, nil
	}
	t := &SessionTime{IdleSeconds: int(s.idle / time.Second)}
	err := postgres.Personal(q, v).QueryRow(ctx, `
		select e.first, s.expires_at, floor(extract(epoch from e.first - clock_timestamp()))::int
		from sessions s cross join lateral (select least(s.expires_at, s.seen_at + $2::interval) as first) e
		where s.id = $1 and `+liveSession("$2"), v.Session, s.idle).Scan(&t.IdleUntil, &t.Latest, &t.SecondsLeft)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return t, wrap("read the session's time", err)
}
