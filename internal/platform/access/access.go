// Package access says who is asking and what they may see. It is pure: it
// reads no database. The level of a viewer on a node exists twice, as Go
// (LevelOn) and as SQL (LevelSQL), and a test holds the two together.
//
// Levels of sight on a node, each including those before it:
//
//	public     anyone
//	network    anyone signed in
//	home       people who act for the node's home organisation
//	members    people with a member's grant on the node, or acting for a member
//	organisers people with an organiser's grant, and those who administer the home
//
// A node is visible when its visibility is not above the viewer's level. What
// is not visible does not exist: lists, counts, paths and identifiers answer as
// if it were not there.
package access

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
)

// Level is a level of sight on one node.
type Level int16

// The levels, from everybody to the few.
const (
	Public Level = iota
	Network
	Home
	Members
	Organisers
)

// Levels is how many levels there are.
const Levels = 5

// String names the level as the schema does.
func (l Level) String() string {
	return [Levels]string{"PUBLIC", "NETWORK", "HOME", "MEMBERS", "ORGANISERS"}[l]
}

// ParseLevel reads a level's name.
func ParseLevel(s string) (Level, bool) {
	for l := Public; l <= Organisers; l++ {
		if l.String() == s {
			return l, true
		}
	}
	return Public, false
}

// Viewer is who asks. It is made once per request and not changed.
type Viewer struct {
	Person id.ID     // Zero for an anonymous viewer
	For    id.ID     // the organisation acted for in this request, Zero for oneself
	Lang   lang.Lang // of messages and labels
	// Home holds the organisations the person acts for in any role.
	Home []id.ID
	// Administers holds those where the role lets them answer for the body.
	Administers []id.ID
	// Member and Organises hold the nodes with a grant of that level.
	Member, Organises []id.ID
	// CheckIn holds events at whose door the person may check people in.
	CheckIn []id.ID
	Version int64 // of the person's rights; rises when one is taken away
	// Until is when the earliest of these rights ends by its date, by the
	// database's clock; zero when none has an end.
	Until time.Time
	// Session and Token say what the viewer signed in with: a browser's session
	// or a machine's token, by the identifier of its row. Both are Zero for
	// anonymous viewers and in the demonstration.
	Session, Token id.ID
	// Scopes bounds what a machine's token may change; nil for people.
	Scopes []string
	// Admin is set for administrators of the platform. It gives no sight: they
	// run the hub and do not read inside.
	Admin bool
}

// Anonymous is the viewer without an account, the same for all who speak the
// language: there may be ten thousand of them. Nobody changes a viewer.
func Anonymous(l lang.Lang) *Viewer {
	if v := anonymous[l]; v != nil {
		return v
	}
	return &Viewer{Lang: l}
}

var anonymous = map[lang.Lang]*Viewer{lang.CA: {Lang: lang.CA}, lang.ES: {Lang: lang.ES}, lang.EN: {Lang: lang.EN}}

// SignedIn reports whether the viewer has an account.
func (v *Viewer) SignedIn() bool { return !v.Person.IsZero() }

// ActsFor reports whether the viewer acts for the organisation in any role.
func (v *Viewer) ActsFor(organisation id.ID) bool { return slices.Contains(v.Home, organisation) }

// MayAdminister reports whether the viewer answers for the organisation.
func (v *Viewer) MayAdminister(organisation id.ID) bool {
	return slices.Contains(v.Administers, organisation)
}

// MayCheckIn reports whether the viewer may stand at the door of the event,
// whose home is given.
func (v *Viewer) MayCheckIn(event, home id.ID) bool {
	return slices.Contains(v.CheckIn, event) || v.LevelOn(event, home) == Organisers
}

// LevelOn is the viewer's level of sight on a node with this home.
func (v *Viewer) LevelOn(node, home id.ID) Level {
	switch {
	case slices.Contains(v.Organises, node), !home.IsZero() && slices.Contains(v.Administers, home):
		return Organisers
	case slices.Contains(v.Member, node):
		return Members
	case !home.IsZero() && slices.Contains(v.Home, home):
		return Home
	case v.SignedIn():
		return Network
	}
	return Public
}

// Reduced is a viewer that holds only level on the one node (whose home is
// given): what a shared execution runs with, so that nothing of one person's
// other rights leaks in.
func Reduced(node, home id.ID, level Level, l lang.Lang) *Viewer {
	v := &Viewer{Lang: l}
	if level >= Network {
		v.Person = reducedPerson
	}
	switch level {
	case Organisers:
		v.Organises = []id.ID{node}
	case Members:
		v.Member = []id.ID{node}
	case Home:
		v.Home = []id.ID{home}
	}
	return v
}

var reducedPerson = id.Named("a signed-in viewer without any other right")

// LevelSQL is the SQL twin of LevelOn for a row of nodes called alias. It uses
// the five parameters from $first on, which SQLArgs fills.
func LevelSQL(alias string, first int) string { return levelSQL(alias, "id", first) }

func levelSQL(alias, key string, first int) string {
	return fmt.Sprintf(`(case when %[1]s.%[7]s = any($%[6]d::uuid[]) or %[1]s.home = any($%[4]d::uuid[]) then 4`+
		` when %[1]s.%[7]s = any($%[5]d::uuid[]) then 3 when %[1]s.home = any($%[3]d::uuid[]) then 2`+
		` when $%[2]d::boolean then 1 else 0 end)`,
		alias, first, first+1, first+2, first+3, first+4, key)
}

// VisibleSQL is a condition: the row of nodes called alias exists for the
// viewer. Parameters as for LevelSQL.
func VisibleSQL(alias string, first int) string { return VisibleCopySQL(alias, "id", first) }

// VisibleCopySQL is VisibleSQL for a table into which triggers copy visibility and
// home of the node that its column key names.
func VisibleCopySQL(alias, key string, first int) string {
	return fmt.Sprintf("(%[1]s.visibility = 0 or %[1]s.visibility <= %[2]s)", alias, levelSQL(alias, key, first))
}

// SQLArgs are the five parameters of LevelSQL and VisibleSQL.
func (v *Viewer) SQLArgs() []any {
	return []any{v.SignedIn(), some(v.Home), some(v.Administers), some(v.Member), some(v.Organises)}
}

// some keeps an empty list from becoming NULL.
func some(ids []id.ID) []id.ID {
	if ids == nil {
		return []id.ID{}
	}
	return ids
}

type viewerKey struct{}

// holder lets the viewer of a live stream be replaced while it goes on.
type holder struct{ viewer atomic.Pointer[Viewer] }

// With returns a context that carries the viewer.
func With(ctx context.Context, v *Viewer) context.Context {
	h := &holder{}
	h.viewer.Store(v)
	return context.WithValue(ctx, viewerKey{}, h)
}

// Replace puts another viewer into a context made by With, and so into those
// made from it: for a live stream that goes on after its viewer's rights have
// changed.
func Replace(ctx context.Context, v *Viewer) {
	if h, ok := ctx.Value(viewerKey{}).(*holder); ok {
		h.viewer.Store(v)
	}
}

// Known reports whether the context carries a viewer.
func Known(ctx context.Context) bool {
	_, ok := ctx.Value(viewerKey{}).(*holder)
	return ok
}

// From returns the viewer of the context; without one, an anonymous viewer that
// reads Catalan.
func From(ctx context.Context) *Viewer {
	if h, ok := ctx.Value(viewerKey{}).(*holder); ok {
		return h.viewer.Load()
	}
	return Anonymous(lang.CA)
}
