// Package listing builds the questions behind filtered lists: conditions and
// their arguments.
package listing

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// maxWords is how many words of a text filter count.
const maxWords = 8

// Query collects conditions and their arguments. Each combination of filters is
// one text and so one prepared statement.
type Query struct {
	where []string
	args  []any
	// planned says to plan for these very arguments: only then does the planner
	// know that a word is rare enough for the trigram index.
	planned bool
}

// For begins a question of the viewer, whose parameters are the first five; the
// condition says what they may see of it.
func For(v *access.Viewer, visible string) *Query {
	return &Query{args: v.SQLArgs(), where: []string{visible}}
}

// And adds a condition; each %s in it is replaced by the next argument's name.
func (q *Query) And(condition string, args ...any) {
	q.where = append(q.where, q.With(condition, args...))
}

// With adds only the arguments, and returns the condition with their names: for a
// place of its own in the question.
func (q *Query) With(condition string, args ...any) string {
	names := make([]any, len(args))
	for i, a := range args {
		q.args = append(q.args, a)
		names[i] = fmt.Sprintf("$%d", len(q.args))
	}
	return fmt.Sprintf(condition, names...)
}

// Titled asks for every word of the text in a title of the node n, in whatever
// case and with whatever accents.
func (q *Query) Titled(text string) {
	escape := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
	words := strings.Fields(text)
	for _, word := range words[:min(len(words), maxWords)] {
		q.planned = true
		q.And(`n.plain_title like plain(%s)`, "%"+escape.Replace(word)+"%")
	}
}

// Where is all conditions together.
func (q *Query) Where() string { return strings.Join(q.where, " and ") }

// Limit is the clause for so many rows.
func (q *Query) Limit(n int) string {
	q.args = append(q.args, n)
	return fmt.Sprintf(" limit $%d", len(q.args))
}

// Params are the arguments as pgx takes them.
func (q *Query) Params() []any {
	if q.planned {
		return append([]any{pgx.QueryExecModeCacheDescribe}, q.args...)
	}
	return q.args
}

// Count counts the rows of from, such as "events e join nodes n on …", when that
// is wanted; nil otherwise. Conditions of a cursor come after it.
func (q *Query) Count(ctx context.Context, db postgres.Querier, from string, wanted bool) (*int, error) {
	if !wanted {
		return nil, nil
	}
	var n int
	if err := db.QueryRow(ctx, `select count(*) from `+from+` where `+q.Where(), q.Params()...).Scan(&n); err != nil {
		return nil, fmt.Errorf("count: %w", err)
	}
	return &n, nil
}

// After takes a cursor of two keys apart: a text that the list is ordered by and
// the identifier that decides among equals. It checks what came back from a
// client before the database reads it. The text is nil at the beginning of a
// list.
func After(c page.Cursor) (text *string, last id.ID, err error) {
	keys, err := c.Keys(2)
	if err != nil || keys == nil {
		return nil, id.Zero, err
	}
	if last, err = id.ParseUUID(keys[1]); err != nil || !form.Storable(keys[0]) {
		return nil, id.Zero, fault.ErrBadCursor.At("after")
	}
	return &keys[0], last, nil
}

// AfterTitle asks for what stands behind the cursor in a list of nodes n by
// their title.
func (q *Query) AfterTitle(c page.Cursor) error {
	title, last, err := After(c)
	if title != nil {
		q.And(`(n.title_ca, n.id) > (%s::text collate ca, %s::uuid)`, *title, last)
	}
	return err
}
