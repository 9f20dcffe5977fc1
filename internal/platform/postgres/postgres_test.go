package postgres_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// TestOneTransactionForBoth shows that bun and native pgx see the same
// uncommitted rows, and nobody else does.
func TestOneTransactionForBoth(t *testing.T) {
	db := pgtest.New(t)
	ctx := context.Background()
	v := id.New()
	err := db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Bun().NewRaw(`insert into nodes (id, kind) values (?, 'person')`, v).Exec(ctx); err != nil {
			return err
		}
		var inside, outside int
		if err := tx.Native().QueryRow(ctx, `select count(*) from nodes where id = $1`, v).Scan(&inside); err != nil {
			return err
		}
		if err := db.Read().QueryRow(ctx, `select count(*) from nodes where id = $1`, v).Scan(&outside); err != nil {
			return err
		}
		if inside != 1 || outside != 0 {
			t.Errorf("inside the transaction %d, outside %d", inside, outside)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestZeroIdentifierIsNull(t *testing.T) {
	db := pgtest.New(t)
	ctx := context.Background()
	var isNull bool
	var back id.ID
	var list []id.ID
	v := id.New()
	err := db.Read().QueryRow(ctx, `select $1::uuid is null, $1::uuid, $2::uuid[]`, id.Zero, []id.ID{v, id.Zero}).Scan(&isNull, &back, &list)
	if err != nil {
		t.Fatal(err)
	}
	if !isNull || !back.IsZero() || len(list) != 2 || list[0] != v || !list[1].IsZero() {
		t.Errorf("null %v, back %v, list %v", isNull, back, list)
	}
}

func TestTouchedTopicsAreToldAfterTheCommitOnly(t *testing.T) {
	db := pgtest.New(t)
	var told []id.ID
	topic, other, broken := id.New(), id.New(), errors.New("no")
	db.OnTouched(func(all []postgres.Touched) {
		for _, one := range all {
			told = append(told, one.Topic)
			if one.News != "news" {
				t.Errorf("told %v of it", one.News)
			}
		}
	}, func(t id.ID) bool { return t == topic })
	err := db.InTx(context.Background(), func(_ context.Context, tx *postgres.Tx) error {
		tx.Touch(topic, "news")
		return broken
	})
	if !errors.Is(err, broken) || len(told) != 0 {
		t.Fatalf("a rolled back transaction told %v (%v)", told, err)
	}
	err = db.InTx(context.Background(), func(_ context.Context, tx *postgres.Tx) error {
		tx.Touch(topic, "news")
		if len(told) != 0 {
			t.Error("told before the commit")
		}
		if !tx.Follows(topic) || tx.Follows(other) {
			t.Error("who waits is not asked for")
		}
		return nil
	})
	if err != nil || len(told) != 1 || told[0] != topic {
		t.Fatalf("told %v (%v)", told, err)
	}
}

func TestPanicRollsBack(t *testing.T) {
	db := pgtest.New(t)
	v := id.New()
	func() {
		defer func() { _ = recover() }()
		_ = db.InTx(context.Background(), func(ctx context.Context, tx *postgres.Tx) error {
			if _, err := tx.Native().Exec(ctx, `insert into nodes (id, kind) values ($1, 'person')`, v); err != nil {
				t.Error(err)
			}
			panic("on purpose")
		})
	}()
	var n int
	if err := db.Read().QueryRow(context.Background(), `select count(*) from nodes where id = $1`, v).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d rows are left (%v)", n, err)
	}
}

// TestCancelKeepsTheConnection: a client that goes away must not cost the pool
// a connection.
func TestCancelKeepsTheConnection(t *testing.T) {
	db := pgtest.New(t)
	var before, after uint32
	pid := func(to *uint32) {
		if err := db.Read().QueryRow(context.Background(), `select pg_backend_pid()`).Scan(to); err != nil {
			t.Fatal(err)
		}
	}
	pid(&before)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err := db.Read().Exec(ctx, `select pg_sleep(5)`)
	if err == nil {
		t.Fatal("the statement was not cancelled")
	}
	if f := fault.From(postgres.Translate(err, nil)); f.Code.Name != "TIMEOUT" {
		t.Errorf("a statement out of time is %v", f)
	}
	pid(&after)
	if before != after {
		t.Errorf("connection %d was lost, now %d", before, after)
	}
}

// TestCancelledInTheMiddle ends the context of transactions at random moments,
// while bun and native pgx take turns on the connection: the race detector and
// pgx's own checks must find nothing, and the pool must work afterwards.
func TestCancelledInTheMiddle(t *testing.T) {
	db := pgtest.New(t)
	for i := range 60 {
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(time.Duration(i%30)*150*time.Microsecond, cancel)
		_ = db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
			for range 20 {
				if _, err := tx.Native().Exec(ctx, `select $1::int + 1`, i); err != nil {
					return err
				}
				if _, err := tx.Bun().NewRaw(`select ?`, i).Exec(ctx); err != nil {
					return err
				}
			}
			return nil
		})
		cancel()
	}
	if err := db.InTx(context.Background(), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `select 1`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestSnapshotIsOfOneInstantAndSharable(t *testing.T) {
	db := pgtest.New(t)
	ctx := context.Background()
	count := func(ctx context.Context, q postgres.Querier) (n int) {
		if err := q.QueryRow(ctx, `select count(*) from nodes`).Scan(&n); err != nil {
			t.Error(err)
		}
		return n
	}
	err := db.Snapshot(ctx, func(ctx context.Context, q postgres.Querier) error {
		first := count(ctx, q)
		if err := db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Native().Exec(ctx, `insert into nodes (id, kind) values ($1, 'person')`, id.New())
			return err
		}); err != nil {
			return err
		}
		var readers sync.WaitGroup
		for range 8 {
			readers.Go(func() {
				rows, err := q.Query(ctx, `select generate_series(1, 100)`)
				if err != nil {
					t.Error(err)
					return
				}
				n := 0
				for rows.Next() {
					n++
				}
				if n != 100 || count(ctx, q) != first {
					t.Errorf("read %d rows; the snapshot moved", n)
				}
			})
		}
		readers.Wait()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestConstraintsGetTheirFaults(t *testing.T) {
	db := pgtest.New(t)
	_, err := db.Read().Exec(context.Background(), `insert into nodes (id, kind, title_ca) values ($1, 'dragon', 'Drac')`, id.New())
	translated := postgres.Translate(err, map[string]fault.Code{"nodes_kind_fkey": fault.ErrNotFound})
	if !errors.Is(translated, fault.ErrNotFound) {
		t.Errorf("got %v", translated)
	}
	_, err = db.Read().Exec(context.Background(), `select $1::text`, "a\x00b")
	if !errors.Is(postgres.Translate(err, nil), fault.ErrBadText) {
		t.Errorf("NUL is %v", err)
	}
}

func TestApplicationCannotRewriteTheRecord(t *testing.T) {
	db := pgtest.New(t)
	for _, statement := range []string{
		`update journal set kind = 'x'`, `delete from journal`, `delete from access_log`, `truncate journal`,
		`create table mine (x int)`, `alter table nodes add column x int`, `drop table nodes`,
	} {
		if _, err := db.Read().Exec(context.Background(), statement); err == nil {
			t.Errorf("the application's role may %s", statement)
		}
	}
}

func TestTwoInstancesMigrateOnce(t *testing.T) {
	d := pgtest.Empty(t)
	var done sync.WaitGroup
	for range 4 {
		done.Go(func() {
			if err := postgres.Migrate(context.Background(), d.Owner, "teixit_app"); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	db := pgtest.Open(t, d)
	var twice int
	err := db.Read().QueryRow(context.Background(), `
		select count(*) from (select name from bun_migrations group by name having count(*) > 1) x`).Scan(&twice)
	if err != nil || twice != 0 {
		t.Errorf("%d migrations ran twice (%v)", twice, err)
	}
}

func TestStatementsAreCounted(t *testing.T) {
	db := pgtest.New(t)
	ctx, n := postgres.CountStatements(context.Background())
	for range 3 {
		if _, err := db.Read().Exec(ctx, `select 1`); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Read().Exec(context.Background(), `select 1`); err != nil {
		t.Fatal(err)
	}
	if n.N() != 3 {
		t.Errorf("counted %d, want 3", n.N())
	}
}
