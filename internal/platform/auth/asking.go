package auth

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// asking is somebody of whom it is found out who they are.
type asking struct {
	asks
	kept *rights // those they had when they asked last; nil: unknown
	lang lang.Lang
	at   *Authenticator // where they wait for it

	who
	err error
}

// Weight implements turn.Job.
func (*asking) Weight() int { return 1 }

// Alone implements turn.Job.
func (a *asking) Alone(ctx context.Context) error {
	askAll(ctx, a.at.db.Read(), a.at.idle, []*asking{a})
	return a.err
}

// maxAsking is for how many one statement finds out who they are.
const maxAsking = 64

// asksSQL finds out who they are that ask, and reads the rights of those of whom
// the kept ones hold no more: a strict function is not called for nobody.
const asksSQL = `
select w.place, w.person, w.session, w.token, w.scopes, w.used_at, now(), w.account, w.admin, w.glass, w.glass_until, w.version, w.still,
  (now() at time zone 'Europe/Madrid')::date, r.home, r.administers, r.member, r.organises, r.check_in, r.ends, coalesce(r.changes, 0)
from who_ask($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) w
left join lateral rights_of(case when not w.still then w.person end) r on true`

// askedColumns are those who ask as arrays.
type askedColumns struct {
	sessions    []*string
	tokens      [][]byte
	people      []id.ID
	whose       []id.ID
	days        []time.Time
	changes     []int64
	bodies      []id.ID
	first, last []int32
}

func askedBy(all []*asking) (c askedColumns) {
	none := &rights{}
	c.bodies = []id.ID{}
	for _, a := range all {
		kept := a.kept
		if kept == nil {
			kept = none
		}
		c.sessions, c.tokens, c.people = append(c.sessions, a.session), append(c.tokens, a.token), append(c.people, a.person)
		c.whose, c.days, c.changes = append(c.whose, kept.person), append(c.days, kept.day), append(c.changes, kept.changes)
		c.first = append(c.first, int32(len(c.bodies))+1)
		c.bodies = append(c.bodies, kept.home...)
		c.last = append(c.last, int32(len(c.bodies)))
	}
	return c
}

// askAll finds out for each who they are; nobody is UNAUTHENTICATED. idle is how
// long a session lasts without use.
func askAll(ctx context.Context, q postgres.Querier, idle time.Duration, all []*asking) {
	for _, a := range all {
		a.err = fault.ErrUnauthenticated.New()
	}
	c := askedBy(all)
	rows, err := q.Query(ctx, asksSQL, c.sessions, c.tokens, c.people, idle, c.whose, c.days, c.changes, c.bodies, c.first, c.last)
	if err == nil {
		err = foundOut(rows, all)
	}
	if err == nil {
		return
	}
	for _, a := range all {
		a.err = postgres.Translate(fmt.Errorf("read the viewer's rights: %w", err), nil)
	}
}

// foundOut gives each the row that was found.
func foundOut(rows pgx.Rows, all []*asking) error {
	var r struct {
		place        int
		who          who
		scopes       []string
		glass        []id.ID
		still        bool
		fresh        rights
		ends, broken *time.Time
	}
	var v access.Viewer
	_, err := pgx.ForEachRow(rows, []any{
		&r.place, &v.Person, &v.Session, &v.Token, &v.Scopes, &r.who.usedAt, &r.who.now, &r.who.account, &v.Admin, &r.glass, &r.broken, &v.Version, &r.still,
		&r.fresh.day, &r.fresh.home, &r.fresh.administers, &r.fresh.member, &r.fresh.organises, &r.fresh.checkedIn, &r.ends, &r.fresh.changes,
	}, func() error {
		a := all[r.place-1]
		found := v
		found.Lang = a.lang
		a.who, a.err = r.who, nil
		if a.viewer, a.rights = &found, a.kept; !r.still {
			fresh := r.fresh
			a.rights = fresh.of(found.Person, r.ends)
		}
		a.rights.grant(a.viewer)
		look(a.viewer, r.glass, r.broken)
		return nil
	})
	return err
}

// of completes what was read of a person's rights.
func (r rights) of(person id.ID, ends *time.Time) *rights {
	r.person = person
	r.organises = slices.Clip(append(r.organises, person)) // everybody organises themselves
	if ends != nil {
		r.ends = *ends
	}
	return &r
}
