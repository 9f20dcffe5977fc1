package node_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func day(s string) *time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return &t
}

func in(t *testing.T, db *postgres.DB, do func(ctx context.Context, tx *postgres.Tx) error) error {
	t.Helper()
	return db.InTx(context.Background(), do)
}

func register(t *testing.T, db *postgres.DB, nodes ...node.Node) {
	t.Helper()
	if err := in(t, db, func(ctx context.Context, tx *postgres.Tx) error { return node.Register(ctx, tx, nodes...) }); err != nil {
		t.Fatal(err)
	}
}

func association(name string) node.Node {
	v := id.Named(name)
	return node.Node{ID: v, Kind: node.Association, Title: lang.Text{CA: name}, Home: v}
}

func TestKindsAgreeWithTheDatabase(t *testing.T) {
	db := pgtest.New(t)
	rows, err := db.Read().Query(context.Background(), `select kind, prefix from node_kinds`)
	if err != nil {
		t.Fatal(err)
	}
	got := map[node.Kind]id.Type{}
	var kind node.Kind
	var prefix id.Type
	if _, err := pgx.ForEachRow(rows, []any{&kind, &prefix}, func() error { got[kind] = prefix; return nil }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(node.Kinds(), got); diff != "" {
		t.Errorf("table node_kinds differs (-Go +SQL):\n%s", diff)
	}
}

func TestPersonHasNoTitleAndOthersHaveOne(t *testing.T) {
	db := pgtest.New(t)
	for _, n := range []node.Node{
		{ID: id.New(), Kind: node.Person, Title: lang.Text{CA: "Berta"}},
		{ID: id.New(), Kind: node.Event},
	} {
		if err := in(t, db, func(ctx context.Context, tx *postgres.Tx) error { return node.Register(ctx, tx, n) }); err == nil {
			t.Errorf("%s with title %v was registered", n.Kind, n.Title)
		}
	}
}

func TestHiddenNodesDoNotExist(t *testing.T) {
	db := pgtest.New(t)
	open, closed := association("open"), association("closed")
	closed.Visibility = access.Home
	register(t, db, open, closed)
	ids := []id.ID{open.ID, closed.ID, id.New()}
	for name, c := range map[string]struct {
		viewer *access.Viewer
		want   int
	}{
		"anonymous":  {access.Anonymous(lang.CA), 1},
		"stranger":   {&access.Viewer{Person: id.New()}, 1},
		"its people": {&access.Viewer{Person: id.New(), Home: []id.ID{closed.ID}}, 2},
	} {
		got, err := node.ByIDs(context.Background(), db.Read(), c.viewer, ids)
		if err != nil || len(got) != c.want {
			t.Errorf("%s sees %d, want %d (%v)", name, len(got), c.want, err)
		}
	}
}

func TestDatedEdges(t *testing.T) {
	db := pgtest.New(t)
	a, b := association("a"), association("b")
	register(t, db, a, b)
	edge := node.Edge{Kind: node.MemberOf, Source: a.ID, Target: b.ID, From: day("2020-01-01"), To: day("2021-01-01")}
	later := edge
	later.From, later.To = day("2022-01-01"), nil
	if err := in(t, db, func(ctx context.Context, tx *postgres.Tx) error { return node.Connect(ctx, tx, edge, later) }); err != nil {
		t.Fatal(err)
	}
	for date, want := range map[string]int{
		"2019-12-31": 0, "2020-01-01": 1, "2020-12-31": 1, "2021-01-01": 0, "2021-12-31": 0, "2022-01-01": 1, "2100-01-01": 1,
	} {
		got, err := node.LinksOf(context.Background(), db.Read(), access.Anonymous(lang.CA), []id.ID{a.ID}, node.MemberOf, "", node.Out, *day(date), 10)
		if err != nil || len(got) != want {
			t.Errorf("on %s there are %d, want %d (%v)", date, len(got), want, err)
		}
	}
}

func TestEdgesRefuseOverlapLoopAndReversedDates(t *testing.T) {
	db := pgtest.New(t)
	a, b, c := association("a"), association("b"), association("c")
	register(t, db, a, b, c)
	first := node.Edge{Kind: node.PartOf, Role: "UNIT", Source: a.ID, Target: b.ID, From: day("2020-01-01")}
	if err := in(t, db, func(ctx context.Context, tx *postgres.Tx) error { return node.Connect(ctx, tx, first) }); err != nil {
		t.Fatal(err)
	}
	again := first
	again.From = day("2023-01-01")
	other := again
	other.Target = c.ID
	reversed := node.Edge{Kind: node.MemberOf, Source: a.ID, Target: b.ID, From: day("2020-01-02"), To: day("2020-01-01")}
	nowhere := node.Edge{Kind: node.MemberOf, Source: a.ID, Target: id.New()}
	for name, e := range map[string]struct {
		edge node.Edge
		code string
	}{
		"the same again": {again, "RELATION_OVERLAPS"}, "a second whole": {other, "PART_OF_TWO"},
		"reversed dates": {reversed, "DATES_REVERSED"}, "no such end": {nowhere, "RELATION_END_NOT_FOUND"},
	} {
		err := in(t, db, func(ctx context.Context, tx *postgres.Tx) error { return node.Connect(ctx, tx, e.edge) })
		if err == nil || fault.From(err).Code.Name != e.code {
			t.Errorf("%s: %v, want %s", name, err, e.code)
		}
	}
}

func TestDisconnect(t *testing.T) {
	db := pgtest.New(t)
	a, b := association("a"), association("b")
	register(t, db, a, b)
	edge := node.Edge{Kind: node.MemberOf, Source: a.ID, Target: b.ID, From: day("2020-01-01")}
	end := func(on string) (was bool) {
		if err := in(t, db, func(ctx context.Context, tx *postgres.Tx) (err error) {
			was, err = node.Disconnect(ctx, tx, node.MemberOf, a.ID, b.ID, "", *day(on))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return was
	}
	if err := in(t, db, func(ctx context.Context, tx *postgres.Tx) error { return node.Connect(ctx, tx, edge) }); err != nil {
		t.Fatal(err)
	}
	if end("2019-01-01") {
		t.Error("an edge was ended before it began")
	}
	if !end("2021-01-01") || end("2021-06-01") {
		t.Error("an edge did not end once")
	}
	if !end("2020-01-01") {
		t.Error("an edge was not taken back on its first day")
	}
}

func TestFailedTransactionLeavesNothing(t *testing.T) {
	db := pgtest.New(t)
	broken := errors.New("no")
	a := association("a")
	err := in(t, db, func(ctx context.Context, tx *postgres.Tx) error {
		if err := node.Register(ctx, tx, a); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	got, err := node.ByIDs(context.Background(), db.Read(), access.Anonymous(lang.CA), []id.ID{a.ID})
	if err != nil || len(got) != 0 {
		t.Errorf("%d nodes are left, %v", len(got), err)
	}
}
