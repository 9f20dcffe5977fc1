package id_test

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/id"
)

func anID(t *rapid.T, name string) id.ID {
	return id.ID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, name))
}

func TestGlobalTextReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		root, part := anID(t, "root"), anID(t, "part")
		kind := id.Type(rapid.StringMatching(`[a-z]{2,4}`).Draw(t, "type"))
		got, err := kind.Node(kind.Global(root))
		if err != nil || got != root {
			t.Fatalf("node %v read back as %v, %v", root, got, err)
		}
		if part.IsZero() {
			return
		}
		r, p, err := kind.Part(kind.GlobalPart(root, part))
		if err != nil || r != root || p != part {
			t.Fatalf("part read back as %v %v, %v", r, p, err)
		}
		if _, err := kind.Node(kind.GlobalPart(root, part)); err == nil {
			t.Fatal("a part was taken for a node")
		}
	})
}

func TestOneTextForEachIdentifier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`ev_[0-9a-hjkmnp-tv-z]{26}`).Draw(t, "text")
		v, err := id.Type("ev").Node(text)
		if err == nil && id.Type("ev").Global(v) != text {
			t.Fatalf("%s and %s name the same node", text, id.Type("ev").Global(v))
		}
	})
}

func TestRefusesWhatIsNoIdentifier(t *testing.T) {
	good := id.Type("ev").Global(id.Named("x"))
	for _, text := range []string{
		"", "ev", "ev_", good[3:], "reg" + good[2:], good + "0", good[:28], "ev_" + good[4:] + "\x00",
		"ev_" + string(bytes.Repeat([]byte("z"), 26)), "EV_" + good[3:], good + good,
	} {
		if v, err := id.Type("ev").Node(text); err == nil {
			t.Errorf("%q was taken for %v", text, v)
		}
	}
}

func TestNewIsOrderedAndNamedIsStable(t *testing.T) {
	a := id.New()
	for range 100 {
		b := id.New()
		if bytes.Compare(a[:6], b[:6]) > 0 {
			t.Fatalf("%v came after %v", b, a)
		}
		a = b
	}
	if first, again := id.Named("a"), id.Named("a"); first != again || first == id.Named("b") {
		t.Error("named identifiers are not stable or not distinct")
	}
	parsed, err := id.ParseUUID(a.String())
	if err != nil || parsed != a {
		t.Errorf("%v read back as %v, %v", a, parsed, err)
	}
}
