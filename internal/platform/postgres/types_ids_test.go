package postgres_test

import (
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgtype"
	"pgregory.net/rapid"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
)

// TestIdentifiersThereAndBack: identifiers and lists of them, none and NULL among
// them, are what PostgreSQL and pgx's own types take them for.
func TestIdentifiersThereAndBack(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	one := rapid.Custom(func(r *rapid.T) (v id.ID) {
		if rapid.IntRange(0, 4).Draw(r, "none") > 0 {
			copy(v[:], rapid.SliceOfN(rapid.Byte(), len(v), len(v)).Draw(r, "bytes"))
		}
		return v
	})
	rapid.Check(t, func(r *rapid.T) {
		list := rapid.SliceOfN(one, 0, 20).Draw(r, "list")
		var back, none, empty []id.ID
		var texts []*string
		var plain []pgtype.UUID
		err := db.Read().QueryRow(t.Context(), `select $1::uuid[], $1::uuid[]::text[], $1::uuid[], $2::uuid[], '{}'::uuid[]`, list, none).
			Scan(&back, &texts, &plain, &none, &empty)
		if err != nil {
			r.Fatal(err)
		}
		if !slices.Equal(back, list) || none != nil || empty == nil || len(empty) != 0 || len(texts) != len(list) || len(plain) != len(list) {
			r.Fatalf("%v became %v, none %v, empty %v", list, back, none, empty)
		}
		for i, v := range list {
			if v.IsZero() != (texts[i] == nil) || !v.IsZero() && *texts[i] != v.String() || plain[i].Valid == v.IsZero() {
				r.Fatalf("%v is %v in text and %v to pgx", v, texts[i], plain[i])
			}
			var again id.ID
			if err := db.Read().QueryRow(t.Context(), `select $1::uuid`, v).Scan(&again); err != nil || again != v {
				r.Fatalf("%v became %v: %v", v, again, err)
			}
		}
	})
	var flat []id.ID
	if err := db.Read().QueryRow(t.Context(), `select array[array[gen_random_uuid()], array[gen_random_uuid()]]`).Scan(&flat); err == nil {
		t.Errorf("an array of arrays became %v", flat)
	}
}
