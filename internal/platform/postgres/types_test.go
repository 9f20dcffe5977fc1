package postgres_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/pgtest"
)

type word string

type small int8

// TestTypesOfTheirOwn reads words and numbers of the hub's own types, each row's
// anew.
func TestTypesOfTheirOwn(t *testing.T) {
	db := pgtest.New(t)
	ctx := context.Background()
	rows, err := db.Read().Query(ctx, `select w, n::smallint, interval '2 seconds' from unnest(array['a', 'b', '', 'a'], array[1, -2, 127, 0]) u(w, n)`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var words []word
	var numbers []small
	for rows.Next() {
		var w word
		var n small
		var d time.Duration
		if err := rows.Scan(&w, &n, &d); err != nil {
			t.Fatal(err)
		}
		if d != 2*time.Second {
			t.Errorf("%v, not two seconds", d)
		}
		words, numbers = append(words, w), append(numbers, n)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(words, []word{"a", "b", "", "a"}) || !slices.Equal(numbers, []small{1, -2, 127, 0}) {
		t.Errorf("%q, %v", words, numbers)
	}
	var w word
	var n small
	for sql, target := range map[string]any{`select null::text`: &w, `select null::int`: &n, `select 128::int`: &n} {
		if err := db.Read().QueryRow(ctx, sql).Scan(target); err == nil {
			t.Errorf("%s is read as %v, %v", sql, w, n)
		}
	}
}

// TestTextsAsWritten reads texts as encoding/json does, with what is escaped in
// them and what stands beside them.
func TestTextsAsWritten(t *testing.T) {
	db := pgtest.New(t)
	for _, written := range []string{
		`{}`, `{"ca": "Sí"}`, `{"ca": "a", "es": "b", "en": "c"}`, `{"en": "", "ca": "{\"}\\\n"}`, `{"es": "a,b: }{"}`,
		`{"ca": "a", "fr": "b"}`, `null`,
	} {
		read, want := lang.Text{CA: "before"}, lang.Text{}
		if err := db.Read().QueryRow(context.Background(), `select $1::text::jsonb`, written).Scan(&read); err != nil {
			t.Fatal(written, err)
		}
		if err := json.Unmarshal([]byte(written), &want); err != nil {
			t.Fatal(err)
		}
		if read != want {
			t.Errorf("%s is read as %q, not %q", written, read, want)
		}
	}
	var none *lang.Text
	if err := db.Read().QueryRow(context.Background(), `select null::jsonb`).Scan(&none); err != nil || none != nil {
		t.Errorf("NULL is read as %v, %v", none, err)
	}
}
