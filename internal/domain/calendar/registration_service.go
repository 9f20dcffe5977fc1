package calendar

import (
	"context"
	"slices"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Create registers a block of delegates for an organisation.
//
// Who may: a signed-in person who acts for the organisation, on an event they
// may see. The answer says what became of the block, and its place in the line,
// as of the moment it was decided. Refusals: ErrNotOpenYet,
// ErrRegistrationClosed, ErrEventNotTaking, ErrEventOver, ErrNoPool,
// ErrMixedRoles, ErrBlockTooLarge, ErrNotEnoughSeats (all or nothing),
// ErrAlreadyRegistered, and INVALID for wrong fields.
func (s *Registrations) Create(ctx context.Context, v *access.Viewer, in RegistrationInput, key string) (*Registration, error) {
	in.Delegates = slices.Clone(in.Delegates)
	if err := in.check(); err != nil {
		return nil, err
	}
	if err := mayRegisterFor(v, in.Organisation); err != nil {
		return nil, err
	}
	mails, err := readMails(ctx, s.db.Read(), v, in)
	if err != nil {
		return nil, err
	}
	c := &creating{
		Registrations: s, request: request{viewer: v, event: in.Event, key: key, name: "registrationCreate", input: in},
		in: in, mails: mails,
	}
	if err := s.inTurn(ctx, c); err != nil {
		return nil, err
	}
	return c.made, nil
}

// register decides on a new block and stores it with its delegates.
func (d *desk) register(ctx context.Context, in RegistrationInput, known lookedUp) (*Registration, error) {
	block, err := d.decide(ctx, in, known)
	if err != nil {
		return nil, err
	}
	if err := d.store(ctx, block); err != nil {
		return nil, err
	}
	return block.answer, nil
}

// decide lets a new block in, seats it or gives it its place, and tells it. From
// then on it stands in the hall; nothing is stored yet.
func (d *desk) decide(ctx context.Context, in RegistrationInput, known lookedUp) (*newBlock, error) {
	if err := d.takesRegistrations(); err != nil {
		return nil, err
	}
	if err := d.takeForm(ctx, in); err != nil {
		return nil, err
	}
	block, err := d.newBlock(in, known)
	if err != nil {
		return nil, err
	}
	if err := d.hall.admit(block.party); err != nil {
		return nil, d.discreet(err)
	}
	if err := d.here.meet(d.event, block.delegates); err != nil {
		return nil, err
	}
	var grants []grant
	if !d.at.RequiresApproval {
		if grants, err = d.hall.arrive(block.party); err != nil {
			return nil, err
		}
	}
	if in.byLink {
		block.by, block.confirmBy = id.Zero, &d.at.HoldUntil
	}
	block.seat(grants, d.at.RequiresApproval)
	d.at.LastLine++
	block.answer, block.changes = block.registration(d), d.hall.changes()
	d.tellRegistration(FactRegistrationCreated, block.party, block.counts.Confirmed, block.counts.Waiting)
	d.tellSeats()
	d.hall.written()
	return block, nil
}

// store puts a block that was let in into the database.
func (d *desk) store(ctx context.Context, block *newBlock) error {
	return storeBlocks(ctx, d.tx, block)
}

// storeBlocks puts blocks that were let in, at whatever desks, into the database.
func storeBlocks(ctx context.Context, tx *postgres.Tx, blocks ...*newBlock) error {
	if err := insertBlocks(ctx, tx.Native(), changesOf(blocks), blocks...); err != nil {
		return err
	}
	for _, b := range blocks {
		b.answer.CreatedAt = b.createdAt
	}
	return keepForms(ctx, tx, blocks...)
}

// newBlock makes the block that stands last in the line.
func (d *desk) newBlock(in RegistrationInput, known lookedUp) (*newBlock, error) {
	c := claim{
		Organisation: in.Organisation, Association: known.Association,
		Audience: in.Audience, Role: commonRole(in.Delegates),
	}
	if in.byLink { // which body it is for was only said
		c.Organisation = id.Zero
	}
	pools := eligible(d.pools, c)
	if len(pools) == 0 && c.Role == "" {
		return nil, ErrMixedRoles.At("delegates")
	}
	if len(pools) == 0 {
		return nil, ErrNoPool.At("event")
	}
	b := &newBlock{
		event: d.event, input: in, by: d.viewer.Person,
		party: party{
			Registration: id.New(), Organisation: in.Organisation, Line: d.at.LastLine + 1,
			Policy: in.Policy, Pools: pools, Waiting: len(in.Delegates),
		},
	}
	for i, given := range in.Delegates {
		mail := known.mail(given)
		if in.byLink { // nobody is told, and nothing found out, before it is confirmed
			mail = ""
		}
		b.delegates = append(b.delegates, newDelegate(in.Event, given, mail, i+1))
	}
	return b, nil
}

// newBlock is a registration on its way into the database.
type newBlock struct {
	party
	event     id.ID
	input     RegistrationInput
	by        id.ID
	confirmBy *time.Time // held until then; nil: it is certain
	delegates []delegateRow
	counts    DelegateCounts
	createdAt time.Time // by the database's clock, once stored
	answer    *Registration
	changes   []seatChange // of the pools, by this block
}

// delegateRow is a delegate on the way into the database.
type delegateRow struct {
	DelegateInput
	ID       id.ID
	MailKey  []byte
	Position int
	State    DelegateState
	Pool     id.ID
	Code     string
}

func newDelegate(event id.ID, given DelegateInput, mail string, position int) delegateRow {
	return delegateRow{
		DelegateInput: given, ID: id.New(), MailKey: mailKey(event, mail),
		Position: position, State: DelegateWaitlisted, Code: newCode(),
	}
}

// seat hands the granted seats to the first delegates.
func (b *newBlock) seat(grants []grant, pending bool) {
	next := 0
	for _, g := range grants {
		for range g.Seats {
			b.delegates[next].State, b.delegates[next].Pool = DelegateConfirmed, g.Pool
			next++
		}
	}
	b.counts = DelegateCounts{Confirmed: next, Waiting: len(b.delegates) - next}
	if !pending {
		return
	}
	b.counts = DelegateCounts{Pending: len(b.delegates)}
	for i := range b.delegates {
		b.delegates[i].State = DelegatePending
	}
}

// registration is the answer: the block as it was decided upon.
func (b *newBlock) registration(d *desk) *Registration {
	r := &Registration{
		ID: b.Registration, Event: d.event, Organisation: b.Organisation, RegisteredBy: b.by,
		Policy: b.Policy, Audience: b.input.Audience, Counts: b.counts, Pool: b.Pools[0],
		Number: b.Line, MayChange: true, ConfirmBy: b.confirmBy, ByLink: b.confirmBy != nil,
	}
	r.State = r.Counts.state()
	if r.Counts.Confirmed > 0 {
		r.Pool = b.delegates[0].Pool
	}
	if r.Counts.Waiting == 0 {
		return r
	}
	for _, s := range d.hall.of(b.party) {
		r.Lines = append(r.Lines, PlaceInLine{s.Pool, s.Blocks}) // it stands last
	}
	return r
}

// state tells the state of a block that was just made.
func (c DelegateCounts) state() RegistrationState {
	switch {
	case c.Pending > 0:
		return RegistrationPending
	case c.Waiting > 0 && c.Confirmed > 0:
		return RegistrationPartlyConfirmed
	case c.Waiting > 0:
		return RegistrationWaitlisted
	}
	return RegistrationConfirmed
}

// Approve lets a registration take its seats or its place in the line, in the
// order in which it arrived.
//
// Who may: the event's organisers. Refusals: ErrNotPending, ErrNotEnoughSeats
// for a block that wants all or nothing, ErrEventOver.
func (s *Registrations) Approve(ctx context.Context, v *access.Viewer, event, registration id.ID, key string) (*Registration, error) {
	r := request{viewer: v, event: event, key: key, name: "registrationApprove", input: registration}
	return s.change(ctx, r, func(ctx context.Context, d *desk) (id.ID, error) {
		f, err := d.pending(ctx, registration)
		if err != nil {
			return id.Zero, err
		}
		return registration, d.approve(ctx, f)
	})
}

func (d *desk) approve(ctx context.Context, f *file) error {
	p := f.party
	p.Waiting = len(f.delegates)
	p.Aside = d.hall.stand(p)
	if err := f.approve(ctx, d.tx.Native(), d.viewer.Person, p.Aside); err != nil {
		return err
	}
	d.certain = p.Registration
	walk, err := d.settle(ctx)
	if err != nil {
		return err
	}
	seats := walk.got(p.Registration)
	if p.Policy == AllOrNothing && seats < p.Waiting {
		return ErrNotEnoughSeats.New().With("wanted", p.Waiting).With("free", d.hall.reach(p))
	}
	d.tellRegistration(FactRegistrationApproved, p, seats, p.Waiting-seats)
	if p.Aside {
		d.tellRegistration(FactBlockSetAside, p, 0, p.Waiting)
	}
	return nil
}

// Reject refuses a registration that awaits approval.
//
// Who may: the event's organisers. Refusals: ErrNotPending, ErrEventOver.
func (s *Registrations) Reject(ctx context.Context, v *access.Viewer, event, registration id.ID, key string) (*Registration, error) {
	r := request{viewer: v, event: event, key: key, name: "registrationReject", input: registration}
	return s.change(ctx, r, func(ctx context.Context, d *desk) (id.ID, error) {
		f, err := d.pending(ctx, registration)
		if err != nil {
			return id.Zero, err
		}
		if err := f.withdraw(ctx, d.tx.Native(), f.delegates, DelegateRejected, false); err != nil {
			return id.Zero, err
		}
		d.tellRegistration(FactRegistrationRejected, f.party, 0, 0)
		return registration, nil
	})
}

// pending fetches a registration that awaits the organisers' decision.
func (d *desk) pending(ctx context.Context, registration id.ID) (*file, error) {
	if err := d.organisersOnly(); err != nil {
		return nil, err
	}
	if err := d.mayChangeSeats(); err != nil {
		return nil, err
	}
	f, err := readFile(ctx, d.tx.Native(), d.event, registration)
	if err != nil {
		return nil, err
	}
	if f.delegates = f.in(DelegatePending); len(f.delegates) == 0 {
		return nil, ErrNotPending.New()
	}
	return f, nil
}

// change runs a command that changes one registration, and answers with it.
func (s *Registrations) change(ctx context.Context, r request, command func(context.Context, *desk) (id.ID, error)) (reg *Registration, err error) {
	err = s.do(ctx, r, func(ctx context.Context, d *desk) ([]id.ID, error) {
		v, err := command(ctx, d)
		return []id.ID{v}, err
	}, func(ctx context.Context, q postgres.Querier, ids []id.ID) (err error) {
		reg, err = oneRegistration(ctx, q, r.viewer, ids)
		return err
	})
	if err != nil {
		return nil, err
	}
	return reg, nil
}

// oneRegistration reads the answer of a command by the identifier it left.
func oneRegistration(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) (*Registration, error) {
	list, err := RegistrationsByIDs(ctx, q, v, ids)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.ErrNotFound.New()
	}
	return list[0], nil
}
