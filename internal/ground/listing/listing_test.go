package listing

import (
	"testing"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
)

// TestQuery: conditions keep their arguments, words that look like patterns are
// taken as they are, and no more than eight of them count.
func TestQuery(t *testing.T) {
	t.Parallel()
	q := For(&access.Viewer{}, "seen")
	before := len(q.args)
	q.And("a = %s and b = %s", 1, 2)
	q.Titled(`100% d_un \ a b c d e f g h i`)
	if got, want := q.where[1], "a = $6 and b = $7"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := q.args[before+2:]; len(got) != maxWords || got[0] != `%100\%%` || got[1] != `%d\_un%` || got[2] != `%\\%` {
		t.Errorf("words %q", got)
	}
	if got, want := q.Limit(21), " limit $16"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := len(q.Params()); got != 17 { // the mode comes first
		t.Errorf("%d parameters", got)
	}
}

// TestAfter: what a client sends back is checked before the database reads it.
func TestAfter(t *testing.T) {
	t.Parallel()
	of := id.New()
	title, last, err := After(page.Cursor{"Mercè", of.String()})
	if err != nil || *title != "Mercè" || last != of {
		t.Errorf("%v %v %v", title, last, err)
	}
	for _, bad := range []page.Cursor{{"one"}, {"a", "b"}, {"a\x00", of.String()}, {"a\xff", of.String()}} {
		if _, _, err := After(bad); fault.From(err) == nil || fault.From(err).Code.Kind != fault.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if title, _, err := After(nil); title != nil || err != nil {
		t.Errorf("the beginning: %v %v", title, err)
	}
}
