package postgres_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// read asks one thing and returns what it hears.
func read(t *testing.T, q postgres.Querier, sql string, args ...any) string {
	t.Helper()
	rows, err := q.Query(context.Background(), sql, args...)
	if err != nil {
		t.Error(err)
		return ""
	}
	said, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(said) != 1 {
		t.Errorf("%q: %v, %v", sql, said, err)
		return ""
	}
	return said[0]
}

// What is asked side by side is one message, and so one transaction, whose time now() is.
const moment = `select $1 || now()::text`

func TestTogether(t *testing.T) {
	db := pgtest.New(t)
	ctx, statements := postgres.CountStatements(context.Background())
	var first, second, third, later, alone string
	postgres.Together(ctx, db.Read(),
		func(q postgres.Querier) { first, later = read(t, q, moment, "m"), read(t, q, moment, "m") },
		func(postgres.Querier) {}, // asks nothing
		func(q postgres.Querier) {
			second = read(t, q, moment, "m")
			if err := q.QueryRow(ctx, `select 'alone'`).Scan(&alone); err != nil {
				t.Error(err)
			}
			third = read(t, q, moment, "m")
		})
	if first == "" || first != second || later != third || first == later || alone != "alone" {
		t.Errorf("%s %s, then %s %s and %q", first, second, later, third, alone)
	}
	if n := statements.N(); n != 5 {
		t.Errorf("%d statements", n)
	}
}

func TestTogetherWithWhatFails(t *testing.T) {
	db := pgtest.New(t)
	ctx := context.Background()
	var after string
	for range 20 { // more often than there are connections
		func() {
			defer func() {
				if recover() != "fell over" {
					t.Error("who fell over was not heard of")
				}
			}()
			postgres.Together(ctx, db.Read(),
				func(q postgres.Querier) {
					rows, err := q.Query(ctx, `select 1/0`)
					if err == nil {
						rows.Close()
						err = rows.Err()
					}
					if err == nil {
						t.Error("no error")
					}
					after = read(t, q, `select 'goes on'`)
					panic("fell over")
				},
				func(q postgres.Querier) {
					for range 3 { // the first may fail with the other
						if rows, err := q.Query(ctx, `select 1`); err == nil {
							rows.Close()
						}
					}
				})
		}()
	}
	if after != "goes on" || read(t, db.Read(), `select 'there'`) != "there" {
		t.Errorf("%q", after)
	}
}

// In a transaction each reads on its one connection.
func TestTogetherInATransaction(t *testing.T) {
	db := pgtest.New(t)
	err := db.InTx(context.Background(), func(ctx context.Context, tx *postgres.Tx) error {
		var one, other string
		postgres.Together(ctx, tx.Native(),
			func(q postgres.Querier) { one = read(t, q, moment, "m") },
			func(q postgres.Querier) { other = read(t, q, moment, "m") })
		if one == "" || one != other {
			t.Errorf("%q and %q", one, other)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// Who is read beside others may have reads beside itself, and those again.
func TestTogetherWithin(t *testing.T) {
	db := pgtest.New(t)
	ctx, statements := postgres.CountStatements(context.Background())
	var said []string
	note := func(q postgres.Querier) { said = append(said, read(t, q, moment, "m")) }
	done := false
	postgres.Together(ctx, db.Read(),
		func(q postgres.Querier) {
			postgres.Together(ctx, q, note, note)
			done = len(said) == 1
		},
		func(q postgres.Querier) {
			postgres.Together(ctx, q, func(postgres.Querier) {}, func(q postgres.Querier) {
				postgres.Together(ctx, q, note, note, note)
			})
		})
	if !done || len(said) != 5 || statements.N() != 5 {
		t.Fatalf("%d statements say %v", statements.N(), said)
	}
	for _, m := range said[1:] {
		if m != said[0] {
			t.Errorf("several messages: %v", said)
		}
	}
}

// Rows that nobody read would be lost.
func TestTogetherWithUnreadRows(t *testing.T) {
	db := pgtest.New(t)
	ctx := context.Background()
	careless := func(q postgres.Querier) {
		rows, err := q.Query(ctx, `select generate_series(1, 3)`)
		if err != nil || !rows.Next() {
			t.Error(err, "no rows")
		}
		if more, err := q.Query(ctx, `select 'more'`); err == nil {
			more.Close()
		}
	}
	for _, reads := range [][2]func(postgres.Querier){
		{careless, func(postgres.Querier) {}},
		{func(q postgres.Querier) { read(t, q, `select 'careful'`) }, careless},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("rows were lost, and nobody heard of it")
				}
			}()
			postgres.Together(ctx, db.Read(), reads[0], reads[1])
		}()
	}
	if read(t, db.Read(), `select 'there'`) != "there" {
		t.Error("a connection was lost")
	}
}
