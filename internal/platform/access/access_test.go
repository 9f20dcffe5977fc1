package access_test

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// TestTwinsAgree holds the Go and the SQL rule together on random viewers and
// nodes.
func TestTwinsAgree(t *testing.T) {
	db := pgtest.New(t)
	sql := `select ` + access.LevelSQL("n", 4) + `, ` + access.VisibleSQL("n", 4) + `
		from (select $1::uuid as id, $2::uuid as home, $3::smallint as visibility) n`
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.SampledFrom([]id.ID{id.Named("a"), id.Named("b"), id.Named("c")})
		ids := rapid.SliceOfN(some, 0, 2)
		v := &access.Viewer{Lang: lang.CA}
		if rapid.Bool().Draw(t, "signed in") {
			v = &access.Viewer{
				Person: id.Named("p"), Lang: lang.CA,
				Home: ids.Draw(t, "home"), Administers: ids.Draw(t, "administers"),
				Member: ids.Draw(t, "member"), Organises: ids.Draw(t, "organises"),
			}
		}
		node := some.Draw(t, "node")
		home := rapid.SampledFrom([]id.ID{id.Zero, id.Named("a"), id.Named("b")}).Draw(t, "home of node")
		visibility := access.Level(rapid.IntRange(0, 4).Draw(t, "visibility"))
		var level access.Level
		var visible bool
		err := db.Read().QueryRow(context.Background(), sql, append([]any{node, home, visibility}, v.SQLArgs()...)...).Scan(&level, &visible)
		if err != nil {
			t.Fatal(err)
		}
		if want := v.LevelOn(node, home); level != want || visible != (visibility <= want) {
			t.Fatalf("SQL says level %v, visible %v; Go says %v", level, visible, want)
		}
	})
}

// TestReducedHoldsItsLevelAndNothingElse is what shared execution rests on.
func TestReducedHoldsItsLevelAndNothingElse(t *testing.T) {
	node, home := id.Named("node"), id.Named("home")
	for level := access.Public; level <= access.Organisers; level++ {
		v := access.Reduced(node, home, level, lang.EN)
		if got := v.LevelOn(node, home); got != level {
			t.Errorf("reduced to %v it has %v", level, got)
		}
		if got := v.LevelOn(id.Named("other"), id.Named("elsewhere")); got > access.Network {
			t.Errorf("reduced to %v it has %v on another node", level, got)
		}
	}
}

func TestLevelNamesReadBack(t *testing.T) {
	for level := access.Public; level <= access.Organisers; level++ {
		if got, ok := access.ParseLevel(level.String()); !ok || got != level {
			t.Errorf("%v read back as %v", level, got)
		}
	}
	if _, ok := access.ParseLevel("SECRET"); ok {
		t.Error("an unknown level was accepted")
	}
}

// TestReplace changes the viewer of a context and of those made from it, and of
// no other.
func TestReplace(t *testing.T) {
	v, now := &access.Viewer{Person: id.Named("v")}, &access.Viewer{Person: id.Named("now")}
	outer := access.With(context.Background(), v)
	inner := access.With(outer, v)
	below, cancel := context.WithCancel(inner)
	defer cancel()
	access.Replace(inner, now)
	access.Replace(context.Background(), now)
	if access.From(outer) != v || access.From(inner) != now || access.From(below) != now {
		t.Error("the wrong viewer was replaced")
	}
	if access.Known(context.Background()) || !access.Known(below) {
		t.Error("who is known is wrong")
	}
}
