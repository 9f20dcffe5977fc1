package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

const namesRead = `select count(*) from person_names`

// named adds somebody with a name and returns them as viewer.
func named(t testing.TB, db *postgres.DB) *access.Viewer {
	t.Helper()
	v := &access.Viewer{Person: id.New()}
	err := db.InTx(t.Context(), func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Native().Exec(ctx, `insert into nodes (id, kind) values ($1, 'person')`, v.Person); err != nil {
			return err
		}
		_, err := tx.Native().Exec(ctx, `insert into person_names (subject, name) values ($1, 'Nom')`, v.Person)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func seen(t testing.TB, q postgres.Querier) (n int) {
	t.Helper()
	if err := q.QueryRow(context.Background(), namesRead).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPersonalReadsAreTheViewersOwn(t *testing.T) {
	db := pgtest.New(t)
	one := named(t, db)
	named(t, db)
	nobody := &access.Viewer{}
	for name, c := range map[string]struct {
		q    postgres.Querier
		want int
	}{
		"without settings":       {db.Read(), 0},
		"for nobody":             {postgres.Personal(db.Read(), nobody), 0},
		"for one":                {postgres.Personal(db.Read(), one), 1},
		"for the hub":            {postgres.Hub(db.Read()), 2},
		"for one, not the hub":   {postgres.Personal(postgres.Hub(db.Read()), one), 1},
		"without settings again": {db.Read(), 0},
	} {
		for range 8 { // every connection of the pool, some of them used before
			if got := seen(t, c.q); got != c.want {
				t.Errorf("%s: %d names, want %d", name, got, c.want)
			}
		}
	}
}

func TestPersonalInTransactions(t *testing.T) {
	db := pgtest.New(t)
	one, other := named(t, db), named(t, db)
	counts := func(ctx context.Context) (got [6]int) {
		err := db.InTx(ctx, func(_ context.Context, tx *postgres.Tx) error {
			q := tx.Native()
			got = [6]int{
				seen(t, q), seen(t, postgres.Personal(q, one)), seen(t, postgres.Personal(q, other)), seen(t, q),
				seen(t, postgres.Hub(q)), seen(t, q),
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	for name, c := range map[string]struct {
		ctx  context.Context
		want [6]int
	}{
		"of nobody":  {context.Background(), [6]int{0, 1, 1, 0, 2, 0}},
		"of one":     {access.With(context.Background(), one), [6]int{1, 1, 1, 1, 2, 1}},
		"of the hub": {postgres.AsHub(context.Background()), [6]int{2, 1, 1, 2, 2, 2}},
	} {
		if got := counts(c.ctx); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	err := db.Snapshot(t.Context(), func(_ context.Context, q postgres.Querier) error {
		if got := [3]int{seen(t, q), seen(t, postgres.Personal(q, one)), seen(t, q)}; got != [3]int{0, 1, 0} {
			t.Errorf("in a snapshot: %v", got)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPersonalFailsAsOthersDo(t *testing.T) {
	db := pgtest.New(t)
	one := named(t, db)
	q := postgres.Personal(db.Read(), one)
	if _, err := q.Query(t.Context(), `select nothing`); err == nil {
		t.Error("a wrong statement is right")
	}
	var n int
	if err := q.QueryRow(t.Context(), `select 1 where false`).Scan(&n); !errors.Is(err, pgx.ErrNoRows) {
		t.Errorf("no row is %v", err)
	}
	if err := q.QueryRow(t.Context(), `select 1/$1::int`, 0).Scan(&n); err == nil {
		t.Error("a division by zero is right")
	}
	if _, err := q.Exec(t.Context(), `select 1/$1::int`, 0); err == nil {
		t.Error("a division by zero is right")
	}
	tag, err := q.Exec(t.Context(), `update person_names set name = 'Un altre'`)
	if err != nil || tag.RowsAffected() != 1 {
		t.Errorf("%d names changed, %v", tag.RowsAffected(), err)
	}
	b := &pgx.Batch{}
	b.Queue(namesRead).QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
	b.Queue(`update person_names set mail = 'u@example.org'`)
	if err := q.SendBatch(t.Context(), b).Close(); err != nil || n != 1 {
		t.Errorf("a batch saw %d names, %v", n, err)
	}
	for range 40 { // no connection was lost on the way
		if got := seen(t, q); got != 1 {
			t.Fatalf("%d names", got)
		}
	}
}

func TestCheckRefusesWhoOwnsTheTables(t *testing.T) {
	d := pgtest.URL(t)
	owner, err := postgres.Open(t.Context(), postgres.Config{URL: d.Owner, ReadConns: 1, WriteConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close()
	if err := owner.Check(t.Context(), true); err == nil {
		t.Error("the owner, for whom there is no row-level security, may serve")
	}
	if err := pgtest.Open(t, d).Check(t.Context(), true); err != nil {
		t.Error(err)
	}
}

// TestCheckRefusesWhatWasSwitchedOff: one table without its policies is enough,
// and the message names it.
func TestCheckRefusesWhatWasSwitchedOff(t *testing.T) {
	d := pgtest.URL(t)
	db := pgtest.Open(t, d)
	owner, err := pgx.Connect(t.Context(), d.Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer owner.Close(context.WithoutCancel(t.Context()))
	for _, table := range []string{"sessions", "access_log"} {
		if _, err := owner.Exec(t.Context(), `alter table `+table+` disable row level security`); err != nil {
			t.Fatal(err)
		}
		if err := db.Check(t.Context(), true); err == nil || !strings.Contains(err.Error(), table) {
			t.Errorf("without row-level security on %s the hub serves: %v", table, err)
		}
		if _, err := owner.Exec(t.Context(), `alter table `+table+` enable row level security`); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Check(t.Context(), true); err != nil {
		t.Error(err)
	}
}

// BenchmarkPersonal prints what the second line costs a read: plain, with the
// settings in the same batch, and with a transaction around it.
func BenchmarkPersonal(b *testing.B) {
	db := pgtest.New(b)
	v := named(b, db)
	for range 20 {
		v.Home = append(v.Home, id.New())
	}
	const read = `select name from person_names where subject = $1`
	run := func(name string, read func(ctx context.Context) error) {
		b.Run(name, func(b *testing.B) {
			for range b.N {
				if err := read(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	exec := func(q postgres.Querier) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := q.Exec(ctx, read, v.Person)
			return err
		}
	}
	run("public table", func(ctx context.Context) error {
		_, err := db.Read().Exec(ctx, `select kind from nodes where id = $1`, v.Person)
		return err
	})
	run("policy, no settings", exec(db.Read()))
	run("settings in the batch", exec(postgres.Personal(db.Read(), v)))
	run("begin, settings, commit", func(ctx context.Context) error {
		return pgx.BeginFunc(ctx, db.Native(), func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, fmt.Sprintf(`select set_config('teixit.person', '%s', true)`, v.Person)); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, read, v.Person)
			return err
		})
	})
	run("command, begin and commit", func(ctx context.Context) error {
		return db.InTx(ctx, func(context.Context, *postgres.Tx) error { return nil })
	})
	run("command of a viewer", func(ctx context.Context) error {
		return db.InTx(access.With(ctx, v), func(context.Context, *postgres.Tx) error { return nil })
	})
}
