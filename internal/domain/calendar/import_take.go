package calendar

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// errUndone undoes what a dry run did, or a list with something wrong in it.
var errUndone = errors.New("undone")

// taken is what registering some blocks came to.
type taken struct {
	upto                        int // the last block; as before: there are none left
	participants, registrations int
	problems                    []wrongAt
}

func (t *taken) add(next taken) {
	t.upto, t.problems = next.upto, append(t.problems, next.problems...)
	t.participants, t.registrations = t.participants+next.participants, t.registrations+next.registrations
}

// takeList registers what has been checked.
func (s *Registrations) takeList(ctx context.Context, v *access.Viewer, i *Import) error {
	if i.Partial && !i.Dry {
		return s.inImport(ctx, v, i, true, s.takePortion)
	}
	var whole taken
	err := s.inImport(postgres.Long(ctx), v, i, true, func(ctx context.Context, d *desk, i *Import) error {
		for {
			next, err := d.takeBlocks(ctx, i, whole.upto)
			if err != nil {
				return err
			}
			done := next.upto == whole.upto
			if whole.add(next); len(whole.problems) > 0 && !i.Partial || done && i.Dry {
				return errUndone
			}
			if done {
				return s.endTaken(ctx, d, i, ImportDone, whole)
			}
			if err := s.tell(ctx, d); err != nil {
				return err
			}
			d.facts = nil
			s.showProgress(ctx, i.ID, whole)
		}
	})
	if !errors.Is(err, errUndone) {
		return err
	}
	state := ImportDone
	if len(whole.problems) > 0 && !i.Partial {
		state = ImportRefused
	}
	return s.inImport(ctx, v, i, false, func(ctx context.Context, d *desk, i *Import) error {
		if err := noteProblems(ctx, d, i.ID, whole.problems); err != nil {
			return err
		}
		return s.endTaken(ctx, d, i, state, whole)
	})
}

// showProgress tells who watches, from outside of the transaction, how far it has
// got. It is no more than that: what counts is what commits.
func (s *Registrations) showProgress(ctx context.Context, list id.ID, so taken) {
	_, _ = s.db.Read().Exec(ctx, `update participant_imports set participants = $2, registrations = $3 where id = $1 and state = 'REGISTERING'`,
		list, so.participants, so.registrations)
}

// takePortion registers the next blocks, for good.
func (s *Registrations) takePortion(ctx context.Context, d *desk, i *Import) error {
	next, err := d.takeBlocks(ctx, i, i.upto)
	if err != nil {
		return err
	}
	if err := noteProblems(ctx, d, i.ID, next.problems); err != nil {
		return err
	}
	if next.upto == i.upto {
		return s.endImport(ctx, d.tx, i.ID, ImportDone, nil)
	}
	if err := s.tell(ctx, d); err != nil {
		return err
	}
	_, err = d.tx.Native().Exec(ctx, `
		update participant_imports set upto = $2, participants = participants + $3, registrations = registrations + $4 where id = $1`,
		i.ID, next.upto, next.participants, next.registrations)
	return err
}

// endTaken ends an import of which all was decided at once.
func (s *Registrations) endTaken(ctx context.Context, d *desk, i *Import, state ImportState, all taken) error {
	_, err := d.tx.Native().Exec(ctx, `update participant_imports set participants = $2, registrations = $3 where id = $1`,
		i.ID, all.participants, all.registrations)
	if err != nil {
		return err
	}
	return s.endImport(ctx, d.tx, i.ID, state, nil)
}

// importBlock is a block of a list on its way to become a registration.
type importBlock struct {
	number       int
	organisation id.ID
	association  bool
	ended        bool
	delegates    []DelegateInput
	lines        []int
}

func (b *importBlock) input(event id.ID) RegistrationInput {
	return RegistrationInput{Event: event, Organisation: b.organisation, Delegates: b.delegates, Policy: AllOrNothing}
}

// takeBlocks registers the blocks behind one, as many as are worked off at a time.
// What a rule refuses concerns the lines of one block.
func (d *desk) takeBlocks(ctx context.Context, i *Import, after int) (t taken, err error) {
	t.upto = after
	blocks, err := d.readBlocks(ctx, i.ID, after)
	if err != nil || len(blocks) == 0 {
		return t, err
	}
	if err := d.meetThose(ctx, blocks); err != nil {
		return t, err
	}
	var in []*newBlock
	for _, b := range blocks {
		t.upto = b.number
		made, err := d.seatListed(ctx, b)
		if refused(err) {
			for _, line := range b.lines {
				t.problems = append(t.problems, wrongAt{line, ColumnOrganisation, fault.From(err)})
			}
			if !i.Partial {
				return t, nil
			}
			continue
		}
		if err != nil {
			return t, err
		}
		in = append(in, made)
		t.registrations, t.participants = t.registrations+1, t.participants+len(b.delegates)
	}
	if len(in) == 0 {
		return t, nil
	}
	if err := d.keepBlocks(ctx, in...); err != nil {
		return t, err
	}
	return t, d.write(ctx, &promotion{hall: d.hall})
}

func (d *desk) seatListed(ctx context.Context, b *importBlock) (*newBlock, error) {
	if b.ended {
		return nil, ErrOrganisationEnded.New()
	}
	return d.seatIn(ctx, b.input(d.event), lookedUp{Association: b.association})
}

// meetThose reads who of some blocks is at the event already.
func (d *desk) meetThose(ctx context.Context, blocks []*importBlock) (err error) {
	those := make([]*creating, len(blocks))
	for i, b := range blocks {
		those[i] = &creating{request: d.request, in: b.input(d.event)}
	}
	d.here, err = readPresent(ctx, d.tx.Native(), those)
	return err
}

func (d *desk) readBlocks(ctx context.Context, list id.ID, after int) (blocks []*importBlock, err error) {
	rows, err := postgres.Hub(d.tx.Native()).Query(ctx, `
		select r.block, r.line, r.body, n.ended_at is not null, r.association, r.name, r.mail, r.role, r.place
		from participant_import_rows r join nodes n on n.id = r.body
		where r.import = $1 and r.block > $2 and r.block <= $2 + $3::int order by r.block, r.line`, list, after, blocksAtOnce)
	if err != nil {
		return nil, err
	}
	var b importBlock
	var line int
	var x DelegateInput
	_, err = pgx.ForEachRow(rows, []any{&b.number, &line, &b.organisation, &b.ended, &b.association, &x.Name, &x.Mail, &x.Role, &x.Territory}, func() error {
		if n := len(blocks); n == 0 || blocks[n-1].number != b.number {
			next := b
			blocks = append(blocks, &next)
		}
		at := blocks[len(blocks)-1]
		at.delegates, at.lines = append(at.delegates, x), append(at.lines, line)
		return nil
	})
	return blocks, err
}
