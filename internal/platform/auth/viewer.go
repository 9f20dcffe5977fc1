// Package auth turns what a request shows (a token) into a Viewer.
//
// A grant is an edge: the rights of a person are read from the edges that hold
// today, so there is no second truth about who may what. What was read is kept
// (see keeper), and held against a sum of changes at every request.
package auth

import (
	"context"
	"slices"
	"time"

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
	w, err := ask(ctx, q, asks{person: person}, l)
	return w.viewer, err
}

// asks is by what somebody is known: one of them.
type asks struct {
	session *string // the hash of its secret
	token   []byte  // the same
	person  id.ID
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

// ask finds out who one is that asks, of whom no rights are kept.
func ask(ctx context.Context, q postgres.Querier, by asks, l lang.Lang) (who, error) {
	one := &asking{asks: by, lang: l}
	askAll(ctx, q, 0, []*asking{one})
	return one.who, one.err
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
