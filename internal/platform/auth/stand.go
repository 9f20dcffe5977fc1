package auth

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Why a live connection ends. Clients of the first may connect again at once,
// and get what they may still see; those of the other sign in first.
var (
	ErrRightsChanged = access.ErrRightsChanged
	ErrSignedOut     = fault.Define(fault.Unauthenticated, "SIGNED_OUT",
		"La sessió s'ha tancat.", "La sesión se ha cerrado.", "The session is over.")
)

// stand is what a connected viewer stands on. Connections that stand on the
// same are looked at once.
type stand struct {
	person         id.ID
	version        int64
	until          time.Time
	session, token id.ID
}

func standOf(v *access.Viewer) stand {
	return stand{v.Person, v.Version, v.Until.UTC(), v.Session, v.Token}
}

// standingSQL answers only for those under whom something has changed, and
// whether it is the sign-in itself. It is the one statement of the watcher, and
// what a stream asks before it sends; with thousands of people connected it is
// one pass over each table. Whatever else puts a person out (a disabled account,
// an erasure) raises their version.
const standingSQL = `
select w.place, false
from unnest($1::uuid[], $2::bigint[], $3::timestamptz[]) with ordinality as w(person, version, until, place)
left join viewer_versions v on v.person = w.person
where coalesce(v.version, 0) <> w.version or w.until <= now()
union all
select w.place, true
from unnest($4::uuid[] || $6::uuid[], $5::bigint[] || $7::bigint[]) as w(id, place)
where w.id in (select sign_ins_over($4, $6, $8))`

// standColumns are stands as arrays.
type standColumns struct {
	people, sessions, tokens             []id.ID
	versions, sessionPlaces, tokenPlaces []int64
	untils                               []*time.Time
}

func columnsOf(stands []stand) (c standColumns) {
	for i, s := range stands {
		c.people, c.versions = append(c.people, s.person), append(c.versions, s.version)
		var until *time.Time
		if !s.until.IsZero() {
			until = &s.until
		}
		c.untils = append(c.untils, until)
		if !s.session.IsZero() {
			c.sessions, c.sessionPlaces = append(c.sessions, s.session), append(c.sessionPlaces, int64(i)+1)
		}
		if !s.token.IsZero() {
			c.tokens, c.tokenPlaces = append(c.tokens, s.token), append(c.tokenPlaces, int64(i)+1)
		}
	}
	return c
}

// standing tells under which of the stands something changed, and whether it is
// the sign-in itself.
func standing(ctx context.Context, q postgres.Querier, idle time.Duration, stands []stand) (changed map[stand]bool, err error) {
	c := columnsOf(stands)
	rows, err := q.Query(ctx, standingSQL, c.people, c.versions, c.untils, c.sessions, c.sessionPlaces, c.tokens, c.tokenPlaces, idle)
	if err != nil {
		return nil, fmt.Errorf("look at rights: %w", err)
	}
	changed = map[stand]bool{}
	var place int
	var signedOut bool
	_, err = pgx.ForEachRow(rows, []any{&place, &signedOut}, func() error {
		changed[stands[place-1]] = changed[stands[place-1]] || signedOut
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look at rights: %w", err)
	}
	return changed, nil
}

// Renewed reads the viewer's rights again, signed in as before. The fault is
// SIGNED_OUT when the person may not sign in any more. Who no longer acts for
// the organisation they acted for acts for nobody.
func Renewed(ctx context.Context, q postgres.Querier, v *access.Viewer) (*access.Viewer, error) {
	if !v.SignedIn() {
		return v, nil
	}
	w, err := ask(ctx, q, asks{person: v.Person}, v.Lang)
	if err == nil && !w.account && (!v.Session.IsZero() || !v.Token.IsZero()) {
		err = fault.ErrUnauthenticated.New()
	}
	if errors.Is(err, fault.ErrUnauthenticated) {
		return nil, ErrSignedOut.New().Because(err)
	}
	if err != nil {
		return nil, err
	}
	return signedInAs(w.viewer, v), nil
}

// signedInAs is a viewer with the rights of one and the sign-in of another.
func signedInAs(rights, before *access.Viewer) *access.Viewer {
	v := *rights
	v.Lang, v.Session, v.Token, v.Scopes = before.Lang, before.Session, before.Token, before.Scopes
	v.For = id.Zero
	if v.ActsFor(before.For) {
		v.For = before.For
	}
	return &v
}

// endedAt is the number, at the level, of the last fact on the topic that the
// viewer may see although a right was taken away since it was read: the fact
// that took it. It is zero when the right was lost by something else: then
// nothing more may be seen.
func endedAt(ctx context.Context, q postgres.Querier, v *access.Viewer, topic id.ID, level access.Level) (last int64, err error) {
	err = q.QueryRow(ctx, endedAtSQL[level], v.Person, v.Version, topic).Scan(&last)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look where rights ended: %w", err)
	}
	return last, nil
}

// Of several rights lost the first counts: behind it nothing is certain.
var endedAtSQL = func() (sql [access.Levels]string) {
	for level := range sql {
		sql[level] = strings.ReplaceAll(`
			select j.n# from (
			  select topic, number from rights_ended where person = $1 and version > $2 order by version limit 1) f
			cross join lateral (
			  select j.n# from journal j
			  where j.node = f.topic and j.n4 <= f.number and j.n# is not null order by j.n4 desc limit 1) j
			where f.topic = $3`, "#", strconv.Itoa(level))
	}
	return sql
}()

// levelOn is the viewer's level of sight on a node as it is now; Public when it
// is gone.
func levelOn(ctx context.Context, q postgres.Querier, v *access.Viewer, node id.ID) (level access.Level, sees bool, err error) {
	err = q.QueryRow(ctx, levelOnSQL, append([]any{node}, v.SQLArgs()...)...).Scan(&level, &sees)
	if errors.Is(err, pgx.ErrNoRows) {
		return access.Public, false, nil
	}
	if err != nil {
		return access.Public, false, fmt.Errorf("read the level of sight: %w", err)
	}
	return level, sees, nil
}

var levelOnSQL = `select ` + access.LevelSQL("n", 2) + `, ` + access.VisibleSQL("n", 2) + ` from nodes n where n.id = $1`
