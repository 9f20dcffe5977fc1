// Package auth turns what a request shows (a token) into a Viewer.
//
// A grant is an edge: the rights of a person are read from the edges that hold
// today, so there is no second truth about who may what. What was read is kept
// (see keeper), and held against a sum of changes at every request.
package auth

import (
	"context"
	"errors"
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

// Viewer reads the rights a person has today, in one statement. The fault is
// UNAUTHENTICATED when the person no longer exists or may not sign in any more.
// People who were recorded and have no account have rights too: what signs in
// with a session or a token needs one (see Renewed).
func Viewer(ctx context.Context, q postgres.Querier, person id.ID, l lang.Lang) (*access.Viewer, error) {
	w, err := ask(ctx, q, asks{person: &person}, nil, l)
	return w.viewer, err
}

// asks is by what somebody is known: one of them.
type asks struct {
	session *string // the hash of its secret
	token   []byte  // the same
	person  *id.ID
	idle    *time.Duration // how long a session lasts without use
}

// who is what one statement finds out about who asks.
type who struct {
	viewer  *access.Viewer
	rights  *rights // of the relations alone
	usedAt  *time.Time
	now     time.Time
	account bool // they have one, which is open
}

// stale tells that the use was last noted longer ago.
func (w who) stale(than time.Duration) bool { return w.usedAt == nil || w.now.Sub(*w.usedAt) > than }

// asksSQL finds out who asks, and reads their rights where those that are kept
// hold no more: a strict function is not called for nobody.
const asksSQL = `
select w.person, w.session, w.token, w.scopes, w.used_at, now(), w.account, w.admin, w.glass, w.glass_until, w.version, w.still,
  (now() at time zone 'Europe/Madrid')::date, r.home, r.administers, r.member, r.organises, r.check_in, r.ends, coalesce(r.changes, 0)
from who_asks($1, $2, $3, $4, $5, $6, $7, $8) w
left join lateral rights_of(case when not w.still then w.person end) r on true`

// ask finds out who asks. kept are the rights they had when they asked last, nil
// for unknown. No row is UNAUTHENTICATED.
func ask(ctx context.Context, q postgres.Querier, a asks, kept *rights, l lang.Lang) (w who, err error) {
	var whose *id.ID
	if kept == nil {
		kept = &rights{}
	} else {
		whose = &kept.person
	}
	v := &access.Viewer{Lang: l}
	fresh := &rights{}
	var glass []id.ID
	var ends, broken *time.Time
	var still bool
	err = q.QueryRow(ctx, asksSQL, a.session, a.token, a.person, a.idle, whose, kept.home, kept.day, kept.changes).Scan(
		&v.Person, &v.Session, &v.Token, &v.Scopes, &w.usedAt, &w.now, &w.account, &v.Admin, &glass, &broken, &v.Version, &still,
		&fresh.day, &fresh.home, &fresh.administers, &fresh.member, &fresh.organises, &fresh.checkedIn, &ends, &fresh.changes)
	if errors.Is(err, pgx.ErrNoRows) {
		return who{}, fault.ErrUnauthenticated.New()
	}
	if err != nil {
		return who{}, postgres.Translate(fmt.Errorf("read the viewer's rights: %w", err), nil)
	}
	if w.viewer, w.rights = v, kept; !still {
		fresh.person = v.Person
		fresh.organises = slices.Clip(append(fresh.organises, v.Person)) // everybody organises themselves
		if ends != nil {
			fresh.ends = *ends
		}
		w.rights = fresh
	}
	w.rights.grant(v)
	look(v, glass, broken)
	return w, nil
}

// grant gives the rights to a viewer.
func (r *rights) grant(v *access.Viewer) {
	v.Home, v.Administers, v.Member, v.Organises, v.CheckIn, v.Until = r.home, r.administers, r.member, r.organises, r.checkedIn, r.ends
}

// look gives a viewer what they have broken the glass of: they organise it until
// the half hour is over.
func look(v *access.Viewer, glass []id.ID, until *time.Time) {
	if until == nil {
		return
	}
	v.Organises = append(slices.Clip(v.Organises), glass...)
	if v.Until.IsZero() || until.Before(v.Until) {
		v.Until = *until
	}
}
