package journal_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// once carries out do in a transaction of its own.
func once(db *postgres.DB, v *access.Viewer, key, mutation, hash string, do func() ([]id.ID, error)) (result []id.ID, err error) {
	err = db.InTx(context.Background(), func(ctx context.Context, tx *postgres.Tx) error {
		result, err = journal.Once(ctx, tx, v, key, mutation, []byte(hash), do)
		return err
	})
	return result, err
}

func TestOnceRunsOnce(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	anna, pere := &access.Viewer{Person: id.New()}, &access.Viewer{Person: id.New()}
	want, runs := []id.ID{id.New(), id.New()}, 0
	do := func() ([]id.ID, error) { runs++; return want, nil }
	for range 3 {
		got, err := once(db, anna, "k", "create", "h", do)
		must(t, err)
		if !slices.Equal(got, want) {
			t.Errorf("got %v", got)
		}
	}
	if runs != 1 {
		t.Errorf("ran %d times", runs)
	}
	for name, again := range map[string]func() error{
		"other input":    func() error { _, err := once(db, anna, "k", "create", "other", do); return err },
		"other mutation": func() error { _, err := once(db, anna, "k", "cancel", "h", do); return err },
	} {
		if err := again(); !errors.Is(err, journal.ErrKeyReused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, v := range map[string]*access.Viewer{"another person": pere, "nobody": access.Anonymous("ca")} {
		before := runs
		_, err := once(db, v, "k", "create", "h", do)
		must(t, err)
		if runs != before+1 {
			t.Errorf("%s did not run", name)
		}
	}
	for range 2 {
		before := runs
		_, err := once(db, anna, "", "create", "h", do)
		must(t, err)
		if runs != before+1 {
			t.Error("without a key it must run each time")
		}
	}
	if _, err := once(db, anna, strings.Repeat("k", 201), "create", "h", do); !errors.Is(err, fault.ErrTooLong) {
		t.Errorf("a long key: %v", err)
	}
}

func TestOnceForgetsFailures(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	v := &access.Viewer{Person: id.New()}
	if _, err := once(db, v, "k", "create", "h", func() ([]id.ID, error) { return nil, fault.ErrDenied.New() }); !errors.Is(err, fault.ErrDenied) {
		t.Fatal(err)
	}
	want := []id.ID{id.New()}
	got, err := once(db, v, "k", "create", "other input", func() ([]id.ID, error) { return want, nil })
	must(t, err)
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

// Many at once with one key: one runs, the others wait and get its result.
func TestOnceAtTheSameTime(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	v := &access.Viewer{Person: id.New()}
	var runs atomic.Int64
	results := make([][]id.ID, 20)
	var all errgroup.Group
	for i := range results {
		all.Go(func() (err error) {
			results[i], err = once(db, v, "k", "create", "h", func() ([]id.ID, error) {
				runs.Add(1)
				return []id.ID{id.New()}, nil
			})
			return err
		})
	}
	must(t, all.Wait())
	if runs.Load() != 1 {
		t.Errorf("ran %d times", runs.Load())
	}
	for _, got := range results {
		if !slices.Equal(got, results[0]) || len(got) != 1 {
			t.Errorf("results differ: %v and %v", got, results[0])
		}
	}
}

func TestKeysAreForgotten(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	v := &access.Viewer{Person: id.New()}
	do := func() ([]id.ID, error) { return []id.ID{id.New()}, nil }
	first, err := once(db, v, "k", "create", "h", do)
	must(t, err)
	n, err := journal.ForgetKeys(t.Context(), db, time.Hour)
	must(t, err)
	if n != 0 {
		t.Error("forgot a young key")
	}
	n, err = journal.ForgetKeys(t.Context(), db, 0)
	must(t, err)
	second, err := once(db, v, "k", "create", "h", do)
	must(t, err)
	if n != 1 || slices.Equal(first, second) {
		t.Errorf("forgot %d, then %v and %v", n, first, second)
	}
}
