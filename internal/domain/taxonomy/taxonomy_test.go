package taxonomy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

var anyone = access.Anonymous(lang.CA)

// keeper is an officer of the steward.
var (
	steward = id.Named("steward")
	keeper  = &access.Viewer{Person: id.Named("keeper"), Administers: []id.ID{steward}}
	green   = NewTerm{Kind: node.Field, Code: "GREEN", Title: lang.Text{CA: "Verd", ES: "Verde", EN: "Green"}, Position: 5}
)

func codes(terms []Term) []string {
	var out []string
	for _, t := range terms {
		out = append(out, t.Self().Code)
	}
	return out
}

func list(t *testing.T, db *postgres.DB, kind node.Kind) []string {
	t.Helper()
	terms, err := List(t.Context(), db.Read(), anyone, kind)
	if err != nil {
		t.Fatal(err)
	}
	return codes(terms)
}

func TestImport(t *testing.T) {
	db := pgtest.New(t)
	added, err := Import(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Import(t.Context(), db); err != nil || again != 0 {
		t.Errorf("again %d, %v", again, err)
	}
	total := 0
	for kind, want := range map[node.Kind]int{
		node.Field: 10, node.Goal: 7, node.Challenge: 7, node.Axis: 6, node.Audience: 7, node.TargetGroup: 9,
	} {
		got := list(t, db, kind)
		if len(got) != want {
			t.Errorf("%d terms of %s, want %d", len(got), kind, want)
		}
		total += len(got)
	}
	if added != total {
		t.Errorf("added %d, listed %d", added, total)
	}
	if got := list(t, db, node.Axis); got[0] != "SEX_AND_GENDER" || got[5] != "CLASS" {
		t.Errorf("order %v", got)
	}
	found, err := ByCodes(t.Context(), db.Read(), anyone, node.Field, []string{"LGBTI", "NO_SUCH"})
	if err != nil || len(found) != 1 {
		t.Fatalf("found %v, %v", found, err)
	}
	if f, ok := found[0].(*Field); !ok || f.Title.ES != "LGTBI" || f.ID != TermID(node.Field, "LGBTI") {
		t.Errorf("found %+v", found[0])
	}
}

// What an officer changed survives the next start.
func TestImportKeepsChanges(t *testing.T) {
	db := pgtest.New(t)
	if _, err := Import(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	s, age := New(db, steward), TermID(node.Axis, "AGE")
	if err := s.Update(t.Context(), keeper, "", age, Change{Title: &lang.Text{CA: "Edats", ES: "Edades", EN: "Ages"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Retire(t.Context(), keeper, "", TermID(node.Axis, "CLASS")); err != nil {
		t.Fatal(err)
	}
	if n, err := Import(t.Context(), db); err != nil || n != 0 {
		t.Errorf("added %d, %v", n, err)
	}
	terms, err := ByIDs(t.Context(), db.Read(), anyone, []id.ID{age, id.Zero})
	if err != nil || len(terms) != 1 || terms[0].Self().Title.CA != "Edats" {
		t.Errorf("read %v, %v", terms, err)
	}
	if slices.Contains(list(t, db, node.Axis), "CLASS") {
		t.Error("a retired term came back")
	}
}

func TestTermLife(t *testing.T) {
	db := pgtest.New(t)
	s := New(db, steward)
	made, err := s.Create(t.Context(), keeper, "key", green)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.Create(t.Context(), keeper, "key", green); err != nil || again != made {
		t.Errorf("the same key: %v, %v", again, err)
	}
	if err := s.Retire(t.Context(), keeper, "", made); err != nil {
		t.Fatal(err)
	}
	if got := list(t, db, node.Field); len(got) != 0 {
		t.Errorf("in use %v", got)
	}
	if _, err := s.Create(t.Context(), keeper, "", green); !errors.Is(err, ErrCodeTaken) {
		t.Errorf("a retired term's code: %v", err)
	}
	if err := s.Restore(t.Context(), keeper, "", made); err != nil {
		t.Fatal(err)
	}
	if got := list(t, db, node.Field); !slices.Equal(got, []string{"GREEN"}) {
		t.Errorf("in use %v", got)
	}
	var facts []string
	err = db.Read().QueryRow(t.Context(), `select array(select kind from journal where node = $1 order by n4)`, made).Scan(&facts)
	if err != nil || !slices.Equal(facts, []string{FactTermAdded, FactTermRetired, FactTermRestored}) {
		t.Errorf("facts %v, %v", facts, err)
	}
}

func TestWhoMayChangeTerms(t *testing.T) {
	db := pgtest.New(t)
	other := &access.Viewer{Person: id.New(), Administers: []id.ID{id.New()}}
	cases := []struct {
		name    string
		service *Service
		by      *access.Viewer
		want    error
	}{
		{"anyone", New(db, steward), anyone, fault.ErrUnauthenticated},
		{"another body's officer", New(db, steward), other, fault.ErrDenied},
		{"without a steward", New(db, id.Zero), &access.Viewer{Person: id.New(), Administers: []id.ID{id.Zero}}, fault.ErrDenied},
	}
	for _, c := range cases {
		if _, err := c.service.Create(t.Context(), c.by, "", green); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if err := New(db, steward).Retire(t.Context(), keeper, "", id.New()); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a term that is not: %v", err)
	}
}

func TestCheckNew(t *testing.T) {
	cases := map[string]struct {
		change func(*NewTerm)
		path   string
	}{
		"kind":        {func(n *NewTerm) { n.Kind = node.Event }, "kind"},
		"code":        {func(n *NewTerm) { n.Code = "gr-een" }, "code"},
		"first digit": {func(n *NewTerm) { n.Code = "1GREEN" }, "code"},
		"language":    {func(n *NewTerm) { n.Title.EN = " " }, "title"},
		"long":        {func(n *NewTerm) { n.Note.CA = string(make([]byte, MaxNote+1)) }, "note"},
	}
	for name, c := range cases {
		term := green
		c.change(&term)
		all := fault.All(checkNew(term.Kind, term.Code, term.Title, term.Note))
		if len(all) != 1 || all[0].Path[0] != c.path {
			t.Errorf("%s: %v", name, all)
		}
	}
	if err := checkNew(green.Kind, green.Code, green.Title, green.Note); err != nil {
		t.Error(err)
	}
}

func TestVocabularyHasAnEnd(t *testing.T) {
	db := pgtest.New(t)
	s := New(db, steward)
	for i := range MaxTerms {
		term := green
		term.Code = fmt.Sprintf("T%d", i)
		if _, err := s.Create(t.Context(), keeper, "", term); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Create(t.Context(), keeper, "", green); !errors.Is(err, ErrTooManyTerms) {
		t.Errorf("one more: %v", err)
	}
}

func TestCarriedBy(t *testing.T) {
	db := pgtest.New(t)
	if _, err := Import(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	thing, lgbti, racism := id.New(), TermID(node.Field, "LGBTI"), TermID(node.Challenge, "RACISM")
	err := db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		if err := node.Register(ctx, tx, node.Node{ID: thing, Kind: node.Association, Title: lang.Text{CA: "Una"}, Home: thing}); err != nil {
			return err
		}
		return node.Connect(ctx, tx,
			node.Edge{Kind: node.About, Source: thing, Target: lgbti}, node.Edge{Kind: node.About, Source: thing, Target: racism})
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := CarriedBy(t.Context(), db.Read(), anyone, []id.ID{thing}, node.Challenge)
	if err != nil || len(got) != 1 || got[0].By != thing || got[0].Term.Self().ID != racism {
		t.Errorf("carries %+v, %v", got, err)
	}
}
