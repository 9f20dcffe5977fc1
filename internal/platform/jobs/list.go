package jobs

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Job is a piece of work as the operator sees it. What it is about is left out.
type Job struct {
	Number      int64
	Kind        string // as in Count
	State       string // of River
	Attempts    int
	MaxAttempts int
	CreatedAt   time.Time
	ScheduledAt time.Time
	AttemptedAt *time.Time
	FinishedAt  *time.Time
	LastError   *string // without addresses and quoted values
}

// GlobalID is the job's public identifier.
func (j *Job) GlobalID() string { return "job_" + strconv.FormatInt(j.Number, 10) }

const listSQL = `
	select id, concat_ws(':', kind, args->>'name'), state::text, attempt, max_attempts, created_at, scheduled_at,
	  attempted_at, finalized_at, errors[array_length(errors, 1)]->>'error'
	from river_job where (state::text = any($1) or $1 is null) and id < $2 order by id desc limit $3`

// List reads work in the background, newest first; states are those of River,
// nil is all. Who may: access.MayOperate.
func List(ctx context.Context, q postgres.Querier, v *access.Viewer, states []string, args page.Args) (*page.Connection[*Job], error) {
	if err := access.MayOperate(v); err != nil {
		return nil, err
	}
	below, err := below(args)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, listSQL, states, below, args.Rows())
	if err != nil {
		return nil, postgres.Translate(fmt.Errorf("list jobs: %w", err), nil)
	}
	list, err := pgx.CollectRows(rows, scanJob)
	if err != nil {
		return nil, postgres.Translate(fmt.Errorf("list jobs: %w", err), nil)
	}
	c := page.NewConnection(list, args, func(j *Job) page.Cursor { return page.Cursor{strconv.FormatInt(j.Number, 10)} })
	if args.Total {
		c.TotalCount, err = total(ctx, q, states)
	}
	return c, err
}

func below(args page.Args) (int64, error) {
	keys, err := args.After.Keys(1)
	if err != nil || keys == nil {
		return 1 << 62, err
	}
	number, err := strconv.ParseInt(keys[0], 10, 64)
	if err != nil {
		return 0, fault.ErrBadCursor.At("after").Because(err)
	}
	return number, nil
}

func scanJob(row pgx.CollectableRow) (*Job, error) {
	j := &Job{}
	err := row.Scan(&j.Number, &j.Kind, &j.State, &j.Attempts, &j.MaxAttempts, &j.CreatedAt, &j.ScheduledAt,
		&j.AttemptedAt, &j.FinishedAt, &j.LastError)
	if j.LastError != nil {
		told := harmless(*j.LastError)
		j.LastError = &told
	}
	return j, err
}

func total(ctx context.Context, q postgres.Querier, states []string) (*int, error) {
	var n int
	err := q.QueryRow(ctx, `select count(*) from river_job where (state::text = any($1) or $1 is null)`, states).Scan(&n)
	if err != nil {
		return nil, postgres.Translate(fmt.Errorf("count jobs: %w", err), nil)
	}
	return &n, nil
}

// What an error may carry of a person: an address, and values that PostgreSQL,
// a mail relay or Go quotes. Whoever needs them looks into the log.
var (
	addresses = regexp.MustCompile(`[^\s<>"'()]*@[^\s<>"'()]*`)
	quoted    = regexp.MustCompile(`"[^"]*"|'[^']*'|«[^»]*»|“[^”]*”|=\([^)]*\)`)
)

// maxTold is how much of an error is told, in characters.
const maxTold = 300

// harmless is the first line of an error without what could be about a person.
func harmless(text string) string {
	text, _, _ = strings.Cut(strings.ToValidUTF8(text, ""), "\n")
	text = quoted.ReplaceAllString(addresses.ReplaceAllString(text, "…"), "…")
	if utf8.RuneCountInString(text) > maxTold {
		text = string([]rune(text)[:maxTold-1]) + "…"
	}
	return text
}
