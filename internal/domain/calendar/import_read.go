package calendar

import (
	"context"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

const importColumnsSQL = `i.id, i.event, i.number, i.state, i.dry, i.partial, i.total, i.checked, i.participants, i.registrations, i.problems,
  i.fault, i.message, i.created_at, i.finished_at, i.asked_by, i.acting_for, i.lang, i.upto`

const importSQL = `select ` + importColumnsSQL + ` from participant_imports i where i.id = $1`

func scanImport(row pgx.CollectableRow) (*Import, error) {
	i := &Import{}
	var code *string
	var message *lang.Text
	err := row.Scan(&i.ID, &i.Event, &i.Number, &i.State, &i.Dry, &i.Partial, &i.Total, &i.Checked, &i.Participants, &i.Registrations, &i.ProblemCount,
		&code, &message, &i.CreatedAt, &i.FinishedAt, &i.By, &i.For, &i.lang, &i.upto)
	if code != nil && message != nil {
		i.Refusal = &ImportRefusal{*code, *message}
	}
	return i, err
}

func readImport(ctx context.Context, q postgres.Querier, list id.ID) (*Import, error) {
	rows, err := q.Query(ctx, importSQL, list)
	if err != nil {
		return nil, registrationError("read an import", err)
	}
	i, err := pgx.CollectExactlyOneRow(rows, scanImport)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fault.ErrNotFound.New()
	}
	return i, registrationError("read an import", err)
}

// ImportNumber is the number of the last change of an import. It tells nothing
// else, and asks for no right: who follows one reads it only when it has changed.
func ImportNumber(ctx context.Context, q postgres.Querier, list id.ID) (number int, err error) {
	err = q.QueryRow(ctx, `select number from participant_imports where id = $1`, list).Scan(&number)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, fault.ErrNotFound.New()
	}
	return number, registrationError("read an import", err)
}

var importsOfEventsSQL = `
select ` + importColumnsSQL + ` from unnest(` + postgres.Keys + `) with ordinality as p(id, place) join nodes n on n.id = p.id
cross join lateral (
  select * from participant_imports i where i.event = p.id and ($7::uuid is null or i.id < $7) order by i.id desc limit $8) i
where ` + access.LevelSQL("n", 2) + ` = 4 order by p.place, i.id desc`

// ImportsOfEvents reads a page of the lists of each event, newest first, for its
// organisers.
func ImportsOfEvents(ctx context.Context, q postgres.Querier, v *access.Viewer, events []id.ID, args page.Args) (map[id.ID]*page.Connection[*Import], error) {
	after, err := afterID(args)
	if err != nil {
		return nil, err
	}
	var before *id.ID
	if !after.IsZero() {
		before = &after
	}
	rows, err := q.Query(ctx, importsOfEventsSQL, append(append([]any{events}, v.SQLArgs()...), before, args.Rows())...)
	if err != nil {
		return nil, registrationError("read imports", err)
	}
	list, err := pgx.CollectRows(rows, scanImport)
	if err != nil {
		return nil, registrationError("read imports", err)
	}
	return pagesOf(events, list, args, func(i *Import) id.ID { return i.Event }, func(i *Import) page.Cursor {
		return page.Cursor{i.ID.String()}
	}), nil
}

const problemsOfImportsSQL = `
select p.id, x.line, x.field, x.code, x.message from unnest(` + postgres.Keys + `) with ordinality as p(id, place)
cross join lateral (
  select line, field, code, message from participant_import_problems where import = p.id and (line, field, code) > ($2, $3, $4)
  order by line, field, code limit $5) x
order by p.place, x.line, x.field, x.code`

// ProblemsOfImports reads a page of the problems of each import, by line. They are
// of imports that the reader was given by another read.
func ProblemsOfImports(ctx context.Context, q postgres.Querier, imports []id.ID, args page.Args) (map[id.ID]*page.Connection[Problem], error) {
	line, field, code, err := problemKeys(args.After)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, problemsOfImportsSQL, imports, line, field, code, args.Rows())
	if err != nil {
		return nil, registrationError("read the problems of imports", err)
	}
	of := map[id.ID][]Problem{}
	var list id.ID
	var p Problem
	_, err = pgx.ForEachRow(rows, []any{&list, &p.Line, &p.Column, &p.Code, &p.Message}, func() error {
		of[list] = append(of[list], p)
		return nil
	})
	if err != nil {
		return nil, registrationError("read the problems of imports", err)
	}
	pages := make(map[id.ID]*page.Connection[Problem], len(imports))
	for _, list := range imports {
		pages[list] = page.NewConnection(of[list], args, func(p Problem) page.Cursor {
			return page.Cursor{strconv.Itoa(p.Line), string(p.Column), p.Code}
		})
	}
	return pages, nil
}

func problemKeys(after page.Cursor) (line int, field, code string, err error) {
	keys, err := after.Keys(3)
	if err != nil || keys == nil {
		return 0, "", "", err
	}
	if line, err = strconv.Atoi(keys[0]); err != nil {
		return 0, "", "", fault.ErrBadCursor.At("after").Because(err)
	}
	return line, keys[1], keys[2], nil
}

// ProblemsAtOnce is how many problems of an import are read at a time.
const ProblemsAtOnce = 500

// ImportOf reads how far an import has got, and its problems on the lines behind
// one; more tells that there are further ones.
//
// Who may: the event's organisers.
func ImportOf(ctx context.Context, q postgres.Querier, v *access.Viewer, event, list id.ID, after int) (i *Import, problems []Problem, more bool, err error) {
	if i, err = ImportIn(ctx, q, v, event, list); err != nil {
		return nil, nil, false, err
	}
	rows, err := q.Query(ctx, `
		select line, field, code, message from participant_import_problems
		where import = $1 and line > $2 order by line, field, code fetch first $3 rows with ties`, list, after, ProblemsAtOnce)
	if err == nil {
		problems, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Problem])
	}
	if err != nil {
		return nil, nil, false, registrationError("read the problems of an import", err)
	}
	return i, problems, len(problems) >= ProblemsAtOnce, nil
}

// ImportIn reads how far an import of an event has got.
//
// Who may: the event's organisers.
func ImportIn(ctx context.Context, q postgres.Querier, v *access.Viewer, event, list id.ID) (*Import, error) {
	var s access.Subject
	err := q.QueryRow(ctx, `select id, home, visibility from nodes where id = $1 and kind = 'event'`, event).Scan(&s.Node, &s.Home, &s.Visibility)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fault.ErrNotFound.New()
	}
	if err != nil {
		return nil, registrationError("read an import", err)
	}
	if err := access.MayOrganise(v, s); err != nil {
		return nil, err
	}
	i, err := readImport(ctx, q, list)
	if err == nil && i.Event != event {
		return nil, fault.ErrNotFound.New()
	}
	return i, err
}
