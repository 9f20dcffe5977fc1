package audit_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// office is a body with somebody who answers for it.
type office struct {
	*testing.T
	db     *postgres.DB
	body   id.ID
	keeper *access.Viewer
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{T: t, db: pgtest.New(t), body: id.New()}
	o.keeper = &access.Viewer{Person: id.New(), For: o.body, Home: []id.ID{o.body}, Administers: []id.ID{o.body}}
	o.tx(func(ctx context.Context, tx *postgres.Tx) error {
		return node.Register(ctx, tx,
			node.Node{ID: o.body, Kind: node.Association, Title: lang.Text{CA: "Entitat"}, Home: o.body, Visibility: access.Home},
			node.Node{ID: o.keeper.Person, Kind: node.Person})
	})
	return o
}

func (o *office) tx(do func(ctx context.Context, tx *postgres.Tx) error) {
	o.Helper()
	if err := o.db.InTx(o.Context(), do); err != nil {
		o.Fatal(err)
	}
}

func (o *office) fact(kind string) {
	o.Helper()
	o.tx(func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, o.body); err != nil {
			return err
		}
		return journal.Append(ctx, tx, o.body, o.keeper, journal.Fact{Kind: kind, Level: access.Organisers})
	})
}

func (o *office) lines() (n int) {
	o.Helper()
	if err := postgres.Hub(o.db.Read()).QueryRow(o.Context(), `select count(*) from access_log`).Scan(&n); err != nil {
		o.Fatal(err)
	}
	return n
}

func TestOneOperationOneStatement(t *testing.T) {
	o := newOffice(t)
	ctx, log := audit.Collect(t.Context())
	one, two := id.New(), id.New()
	for range 3 {
		for _, err := range []error{
			audit.Read(ctx, nil, o.keeper, audit.People, o.body, []id.ID{one, o.keeper.Person, two, id.Zero}),
			audit.Read(ctx, nil, o.keeper, audit.Person, id.Zero, []id.ID{one}),
			audit.Read(ctx, nil, o.keeper, audit.Person, id.Zero, []id.ID{o.keeper.Person}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	counted, n := postgres.CountStatements(t.Context())
	for range 2 { // the second time there is nothing left to write
		if err := log.Write(counted, o.db); err != nil {
			t.Fatal(err)
		}
	}
	if n.N() != 1 || o.lines() != 2 {
		t.Errorf("%d statements, %d lines", n.N(), o.lines())
	}
	var subjects []id.ID
	var actor, body id.ID
	err := postgres.Hub(o.db.Read()).QueryRow(t.Context(), `select actor, on_behalf_of, subjects from access_log where what = 'PEOPLE'`).Scan(&actor, &body, &subjects)
	if err != nil || actor != o.keeper.Person || body != o.body || len(subjects) != 2 || !slices.Contains(subjects, two) {
		t.Errorf("%v for %v read %v, %v", actor, body, subjects, err)
	}
}

func TestWithoutACollectorItIsWrittenAtOnce(t *testing.T) {
	o := newOffice(t)
	read := func(q postgres.Querier) error {
		return audit.Read(t.Context(), q, o.keeper, audit.People, o.body, []id.ID{id.New()})
	}
	if err := read(o.db.Read()); err != nil || o.lines() != 1 {
		t.Errorf("%d lines, %v", o.lines(), err)
	}
	err := o.db.Snapshot(t.Context(), func(_ context.Context, q postgres.Querier) error { return read(q) })
	if err == nil {
		t.Error("a read that could not be noted was given")
	}
}

// TestTrailWalks holds that pages of any size give both lists whole, each in its
// own order.
func TestTrailWalks(t *testing.T) {
	o := newOffice(t)
	var want []string
	for i := range 12 {
		what := fmt.Sprintf("FACT_%d", i)
		if i%3 == 2 {
			what = fmt.Sprintf("READ_%d", i)
			if err := audit.Read(t.Context(), o.db.Read(), o.keeper, what, o.body, []id.ID{id.New()}); err != nil {
				t.Fatal(err)
			}
		} else {
			o.fact(what)
		}
		want = append(want, what)
	}
	slices.Reverse(want)
	for first := 1; first <= 13; first++ {
		var got []string
		for args := (page.Args{First: first}); ; {
			c, err := audit.TrailOf(t.Context(), o.db.Read(), o.keeper, o.body, audit.Filter{}, args)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range c.Nodes {
				got = append(got, e.What)
			}
			if !c.PageInfo().HasNextPage {
				break
			}
			if args.After, err = page.Decode(*c.PageInfo().EndCursor); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("in pages of %d: %v", first, got)
		}
	}
}

func TestTrailIsForWhoAdministers(t *testing.T) {
	o := newOffice(t)
	colleague := &access.Viewer{Person: id.New(), Home: []id.ID{o.body}}
	for name, c := range map[string]struct {
		viewer *access.Viewer
		node   id.ID
		want   error
	}{
		"who answers for it":     {o.keeper, o.body, nil},
		"a colleague":            {colleague, o.body, fault.ErrDenied},
		"a stranger":             {&access.Viewer{Person: id.New()}, o.body, fault.ErrNotFound},
		"nobody":                 {access.Anonymous(lang.CA), o.body, fault.ErrNotFound},
		"an administrator":       {&access.Viewer{Person: id.New(), Admin: true}, o.body, fault.ErrNotFound},
		"of what does not exist": {o.keeper, id.New(), fault.ErrNotFound},
	} {
		_, err := audit.TrailOf(t.Context(), o.db.Read(), c.viewer, c.node, audit.Filter{}, page.Args{First: 5})
		if (c.want == nil) != (err == nil) || c.want != nil && fault.From(err).Code.Name != fault.From(c.want).Code.Name {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, err := audit.AccessesTo(t.Context(), o.db.Read(), access.Anonymous(lang.CA), page.Args{First: 5}); err == nil {
		t.Error("nobody has accesses")
	}
}
