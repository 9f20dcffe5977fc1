package calendar

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// WorkImport does the next part of an import, and tells whether there is more. It
// has the rights of who asked for it, as they are now. A part that is broken off
// leaves nothing, and is done again.
func (s *Registrations) WorkImport(ctx context.Context, list id.ID) (more bool, err error) {
	i, err := readImport(ctx, s.db.Read(), list)
	switch {
	case errors.Is(err, fault.ErrNotFound):
		return false, nil // forgotten
	case err != nil:
		return false, err
	case i.State.Final():
		return false, nil
	}
	err = s.workImport(ctx, i)
	if !refused(err) || fault.From(err).Code.Kind == fault.Limited { // which passes
		return err == nil, err
	}
	return false, s.db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		return s.endImport(ctx, tx, i.ID, ImportRefused, fault.From(err))
	})
}

func (s *Registrations) workImport(ctx context.Context, i *Import) error {
	v, err := s.rights(ctx, i.By, i.lang)
	if err != nil {
		return err
	}
	v.For = i.For
	if i.State == ImportChecking { // behind the last portion, all lines are compared: nobody else waits for it
		return s.inImport(postgres.Long(ctx), v, i, false, s.checkPortion)
	}
	return s.takeList(ctx, v, i)
}

// inImport runs do in a transaction of who asked for the import, at the event's
// desk; locked, behind the lock of the event's topic. What another instance did
// meanwhile is not done again.
func (s *Registrations) inImport(ctx context.Context, v *access.Viewer, i *Import, locked bool, do func(context.Context, *desk, *Import) error) error {
	r := request{viewer: v, event: i.Event}
	err := s.db.InTx(access.With(ctx, v), func(ctx context.Context, tx *postgres.Tx) error {
		if locked {
			if err := s.lock(ctx, tx, i.Event); err != nil {
				return err
			}
		} else if _, err := tx.Native().Exec(ctx, `select from participant_imports where id = $1 for no key update`, i.ID); err != nil {
			return err
		}
		now, err := readImport(ctx, tx.Native(), i.ID)
		if err != nil || now.State != i.State || now.upto != i.upto {
			return err
		}
		d, err := openDesk(ctx, tx, r, s.holds)
		if err != nil {
			return err
		}
		if err := d.takesLists(); err != nil {
			return err
		}
		d.onPaper = true
		return do(ctx, d, now)
	})
	return postgres.Translate(err, registrationConstraints())
}

// checkPortion checks the next lines by themselves; behind the last, all together.
func (s *Registrations) checkPortion(ctx context.Context, d *desk, i *Import) error {
	hub := postgres.Hub(d.tx.Native())
	rows, err := hub.Query(ctx, `
		select line, name, mail, role, organisation, territory from participant_import_rows
		where import = $1 and line > $2 order by line limit $3`, i.ID, i.upto, checkedAtOnce)
	if err != nil {
		return err
	}
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ImportRow])
	if err != nil {
		return err
	}
	if len(lines) == 0 {
		return s.checkTogether(ctx, d, i)
	}
	names, err := lookUpNames(ctx, d.tx.Native(), d.viewer, lines)
	if err != nil {
		return err
	}
	c := checkedLines{event: d.event, home: d.at.Home, names: names}
	for _, line := range lines {
		c.check(line)
	}
	if err := c.write(ctx, hub, i.ID); err != nil {
		return err
	}
	if err := noteProblems(ctx, d, i.ID, c.problems); err != nil {
		return err
	}
	_, err = hub.Exec(ctx, `update participant_imports set checked = checked + $2, upto = $3 where id = $1`,
		i.ID, len(lines), lines[len(lines)-1].Line)
	return err
}

// wrongAt is a fault in a cell.
type wrongAt struct {
	line   int
	column ImportColumn
	fault  *fault.Fault
}

// checkedLines are lines with what was found of them.
type checkedLines struct {
	event, home id.ID
	names       foundNames
	problems    []wrongAt

	lines          []int
	written, mails []string
	bodies, places []id.ID
	associations   []bool
	keys           [][]byte
	wrong          []bool
}

func (c *checkedLines) check(row ImportRow) {
	before := len(c.problems)
	note := func(column ImportColumn, f *fault.Fault) {
		if f != nil {
			c.problems = append(c.problems, wrongAt{row.Line, column, f})
		}
	}
	body, f := c.names.organisation(row.Organisation, c.home)
	note(ColumnOrganisation, f)
	place, f := c.names.territory(row.Territory)
	note(ColumnTerritory, f)
	if strings.TrimSpace(row.Name) == "" {
		note(ColumnName, fault.ErrRequired.New())
	}
	d := DelegateInput{Name: row.Name, Mail: row.Mail, Role: row.Role, Territory: place}
	for _, f := range d.check() {
		note(ImportColumn(strings.ToUpper(f.Path[0])), &fault.Fault{Code: f.Code, Args: f.Args})
	}
	c.lines, c.written, c.mails = append(c.lines, row.Line), append(c.written, d.Name), append(c.mails, d.Mail)
	c.bodies, c.places = append(c.bodies, body), append(c.places, place)
	c.associations = append(c.associations, c.names.associations[body])
	c.keys, c.wrong = append(c.keys, mailKey(c.event, d.Mail)), append(c.wrong, len(c.problems) > before)
}

func (c *checkedLines) write(ctx context.Context, hub postgres.Querier, list id.ID) error {
	_, err := hub.Exec(ctx, `
		update participant_import_rows r set name = c.name, mail = c.mail, body = c.body, place = c.place, association = c.association,
		  mail_key = c.mail_key, wrong = c.wrong
		from unnest($2::int[], $3::text[], $4::text[], $5::uuid[], $6::uuid[], $7::bool[], $8::bytea[], $9::bool[])
		  as c(line, name, mail, body, place, association, mail_key, wrong)
		where r.import = $1 and r.line = c.line`,
		list, c.lines, c.written, c.mails, c.bodies, c.places, c.associations, c.keys, c.wrong)
	return err
}

// noteProblems keeps what is wrong, in words of all languages.
func noteProblems(ctx context.Context, d *desk, list id.ID, problems []wrongAt) error {
	for some := range slices.Chunk(problems, checkedAtOnce) {
		var lines []int
		var columns, codes []string
		var messages []lang.Text
		for _, p := range some {
			lines, columns = append(lines, p.line), append(columns, string(p.column))
			codes, messages = append(codes, p.fault.Code.Name), append(messages, inWords(p.fault))
		}
		_, err := d.tx.Native().Exec(ctx, `
			with noted as (
			  insert into participant_import_problems (import, line, field, code, message)
			  select $1, p.* from unnest($2::int[], $3::text[], $4::text[], $5::jsonb[]) p on conflict do nothing returning line)
			update participant_imports set problems = problems + (select count(*) from noted) where id = $1`,
			list, lines, columns, codes, messages)
		if err != nil {
			return err
		}
	}
	return nil
}

// inWords is what a fault says, in all languages.
func inWords(f *fault.Fault) lang.Text {
	return lang.Text{CA: f.Message(lang.CA), ES: f.Message(lang.ES), EN: f.Message(lang.EN)}
}

// Two lines with one mail are one person, and so is who is registered already. The
// hub's own look: it only tells that somebody is there.
const togetherSQL = `
with found as (
  select line, $3::text as code, $4::jsonb as message from (
    select line, row_number() over (partition by mail_key order by line) as nth from participant_import_rows
    where import = $1 and mail_key is not null) w where nth > 1
  union all
  select r.line, $5, $6::jsonb from participant_import_rows r join delegate_secrets s on s.event = $2 and s.live and s.mail_key = r.mail_key
  where r.import = $1
), noted as (
  insert into participant_import_problems (import, line, field, code, message)
  select $1, line, 'MAIL', code, message from found on conflict do nothing returning line
), marked as (
  update participant_import_rows r set wrong = true where import = $1 and not wrong and line in (select line from found)
)
update participant_imports set problems = problems + (select count(*) from noted) where id = $1`

// Blocks are of one organisation, of at most so many, in the order of the list.
const blocksSQL = `
update participant_import_rows r set block = b.block from (
  select line, dense_rank() over (order by first, nth) as block from (
    select line, min(line) over (partition by body) as first, (row_number() over (partition by body order by line) - 1) / $2::int as nth
    from participant_import_rows where import = $1 and not wrong) x) b
where r.import = $1 and r.line = b.line`

// checkTogether finds what is wrong with lines only beside others, and makes blocks
// of those that are right.
func (s *Registrations) checkTogether(ctx context.Context, d *desk, i *Import) error {
	hub := postgres.Hub(d.tx.Native())
	twice, here := ErrSameDelegateTwice.New(), ErrAlreadyRegistered.New()
	_, err := hub.Exec(ctx, togetherSQL, i.ID, d.event, twice.Code.Name, inWords(twice), here.Code.Name, inWords(here))
	if err != nil {
		return err
	}
	now, err := readImport(ctx, d.tx.Native(), i.ID)
	if err != nil {
		return err
	}
	if now.ProblemCount > 0 && !i.Partial {
		return s.endImport(ctx, d.tx, i.ID, ImportRefused, nil)
	}
	if _, err := hub.Exec(ctx, blocksSQL, i.ID, MaxBlock); err != nil {
		return err
	}
	_, err = hub.Exec(ctx, `update participant_imports set state = 'REGISTERING', upto = 0 where id = $1`, i.ID)
	return err
}

// endImport ends an import, with why the whole was refused, and forgets its lines.
func (s *Registrations) endImport(ctx context.Context, tx *postgres.Tx, list id.ID, state ImportState, why *fault.Fault) error {
	i, err := readImport(ctx, tx.Native(), list)
	if err != nil || i.State.Final() {
		return err
	}
	var name *string
	var message *lang.Text
	if why != nil {
		words := inWords(why)
		name, message = &why.Code.Name, &words
	}
	_, err = postgres.Hub(tx.Native()).Exec(ctx, `
		with gone as (delete from participant_import_rows where import = $1)
		update participant_imports set state = $2, fault = $3, message = $4, finished_at = clock_timestamp(),
		  participants = case when $2 = 'REFUSED' then 0 else participants end,
		  registrations = case when $2 = 'REFUSED' then 0 else registrations end
		where id = $1`, list, string(state), name, message)
	return err
}
