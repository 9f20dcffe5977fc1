package calendar

import (
	"context"
	"encoding/hex"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// together is one transaction of several registrations, in the order of their
// arrival.
type together struct {
	*Registrations
	jobs   []*creating
	across bool // for several events, those that are free; else for one
	errs   []error
	desks  map[id.ID]*desk
	found  kinds
	blocks []*newBlock
	deeds  []journal.Deed
	// before are those whose key has been used, here or earlier.
	before map[*creating][]id.ID
}

// carryOut makes the registrations, and says whether anybody was served. What a
// rule refuses concerns one of them; anything else, and nobody is. Only when the
// database is away or too slow, or may have committed, all are told.
func (t *together) carryOut(ctx context.Context) (served bool) {
	t.errs = make([]error, len(t.jobs))
	var undone error
	err := t.inCommon(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		undone = t.run(ctx, tx)
		return undone
	})
	switch {
	case err == nil:
		return true
	case undone != nil && postgres.Busy(undone):
	case undone == nil, errors.Is(err, fault.ErrUnavailable), errors.Is(err, fault.ErrTimeout):
		t.all(err)
		return true
	}
	t.clear()
	return false
}

// inCommon begins a transaction that is nobody's: it sees no personal data,
// whoever of those who share it leads, and waits long for nothing but the event.
// Each is judged by their own rights, and what is read for one of them is read as
// that one (see postgres.Personal).
func (s *Registrations) inCommon(ctx context.Context, do func(context.Context, *postgres.Tx) error) error {
	return s.db.InTx(postgres.PlannedOnce(postgres.Hurried(access.With(ctx, &access.Viewer{}))), do)
}

func (t *together) all(err error) []error {
	t.clear()
	for i := range t.errs {
		t.errs[i] = err
	}
	return t.errs
}

// clear takes back what was answered in a transaction that is no more.
func (t *together) clear() {
	for _, c := range t.jobs {
		c.made = nil
	}
}

func (t *together) run(ctx context.Context, tx *postgres.Tx) error {
	keyed := make([]journal.Keyed, len(t.jobs))
	for i, c := range t.jobs {
		var err error
		if keyed[i], err = c.call(t.db).Keyed(); err != nil {
			return err
		}
	}
	ring, err := journal.OpenKeyring(ctx, tx, keyed)
	if err != nil {
		return err
	}
	if err := t.openDesks(ctx, tx); err != nil {
		return err
	}
	if err := t.prepare(ctx, tx); err != nil {
		return err
	}
	if err := t.decide(ctx, ring); err != nil {
		return err
	}
	if err := t.write(ctx, tx); err != nil {
		return err
	}
	if err := ring.Close(ctx); err != nil {
		return err
	}
	return t.readBefore(ctx, tx)
}

// openDesks locks the events and reads how they stand.
func (t *together) openDesks(ctx context.Context, tx *postgres.Tx) (err error) {
	events := []id.ID{t.jobs[0].event}
	if !t.across {
		if err := tx.TakeTime(ctx); err != nil {
			return err
		}
		if err := t.lock(ctx, tx, events[0]); err != nil {
			return err
		}
		t.desks, err = openDesks(ctx, tx, t.holds, events...)
		if err == nil && len(t.desks) == 0 {
			return fault.ErrNotFound.New()
		}
		return err
	}
	for _, c := range t.jobs[1:] {
		events = append(events, c.event)
	}
	if events, err = journal.LockFree(ctx, tx, events...); err != nil || len(events) == 0 {
		return err
	}
	t.desks, err = openDesks(ctx, tx, t.holds, events...)
	return err
}

// prepare reads ahead what the rules need to know of all of them, so that
// deciding asks the database nothing.
func (t *together) prepare(ctx context.Context, tx *postgres.Tx) (err error) {
	var inputs []RegistrationInput
	for _, c := range t.jobs {
		d := t.desks[c.event]
		if d == nil {
			continue
		}
		inputs = append(inputs, c.in)
		if d.at.Asks || c.in.answered() {
			if _, err := d.questions(ctx); err != nil {
				return err
			}
		}
	}
	if len(inputs) == 0 {
		return nil
	}
	if t.found, err = readKinds(ctx, tx.Native(), inputs...); err != nil {
		return err
	}
	here, err := readPresent(ctx, tx.Native(), t.jobs)
	for _, d := range t.desks {
		d.here = here
	}
	return err
}

// decide goes through them in the order of their arrival.
func (t *together) decide(ctx context.Context, ring *journal.Keyring) error {
	t.before = map[*creating][]id.ID{}
	for i, c := range t.jobs {
		d := t.desks[c.event]
		if d == nil {
			t.errs[i] = errAside
			continue
		}
		own := *d
		own.request, own.facts = c.request, nil
		ids, err := ring.Once(i, func() ([]id.ID, error) {
			known, err := c.lookUp(t.found)
			if err != nil {
				return nil, err
			}
			block, err := own.decide(ctx, c.in, known)
			if err != nil {
				return nil, err
			}
			c.made, t.blocks = block.answer, append(t.blocks, block)
			return []id.ID{block.Registration}, nil
		})
		switch {
		case refused(err):
			t.errs[i] = err
		case err != nil:
			return err
		case c.made == nil:
			t.before[c] = ids
		}
		d.at.LastLine = own.at.LastLine
		t.deeds = append(t.deeds, journal.Deed{Topic: c.event, By: c.viewer, Facts: own.facts})
	}
	return nil
}

// refused tells that a rule said no: the transaction is as good as before.
func refused(err error) bool {
	return err != nil && fault.From(err).Code.Kind != fault.Internal
}

func (t *together) write(ctx context.Context, tx *postgres.Tx) error {
	if len(t.blocks) == 0 {
		return nil
	}
	if err := storeBlocks(ctx, tx, t.blocks...); err != nil {
		return err
	}
	return journal.AppendEach(ctx, tx, t.deeds...)
}

// readBefore answers those who sent their command twice: with what is theirs to see.
func (t *together) readBefore(ctx context.Context, tx *postgres.Tx) error {
	for i, c := range t.jobs {
		ids, again := t.before[c]
		if !again {
			continue
		}
		made, err := oneRegistration(ctx, tx.Native(), c.viewer, ids)
		if err != nil && !refused(err) {
			return err
		}
		c.made, t.errs[i] = made, err
	}
	return nil
}

// present are the people who have a seat at an event already, or wait for one,
// as far as somebody asks for them: so that one who is there twice is refused
// alone, and not found by a key for all.
type present struct{ keys map[presence]bool }

// presence is by what somebody is known to be at an event.
type presence struct {
	event   id.ID
	by, key string
}

const presentSQL = `
select s.event, 'person', s.person::text from unnest(` + postgres.Keys + `, (select $2::uuid[])::uuid[]) as c(event, person)
join delegate_secrets s on s.event = c.event and s.live and s.person = c.person
union all
select s.event, 'mail', encode(s.mail_key, 'hex') from unnest((select $3::uuid[])::uuid[], (select $4::bytea[])::bytea[]) as c(event, mail_key)
join delegate_secrets s on s.event = c.event and s.live and s.mail_key = c.mail_key`

// readPresent looks on the hub's own authority: it only tells that somebody is
// there, as the keys do.
func readPresent(ctx context.Context, q postgres.Querier, jobs []*creating) (*present, error) {
	p := &present{keys: map[presence]bool{}}
	var personsAt, mailsAt, persons []id.ID
	var mails [][]byte
	for _, c := range jobs {
		for _, x := range c.in.Delegates {
			if !x.Person.IsZero() {
				personsAt, persons = append(personsAt, c.event), append(persons, x.Person)
			}
			if key := mailKey(c.event, lookedUp{mails: c.mails}.mail(x)); key != nil {
				mailsAt, mails = append(mailsAt, c.event), append(mails, key)
			}
		}
	}
	if len(persons)+len(mails) == 0 {
		return p, nil
	}
	rows, err := postgres.Hub(q).Query(ctx, presentSQL, personsAt, persons, mailsAt, mails)
	if err != nil {
		return nil, registrationError("look who is there", err)
	}
	var x presence
	_, err = pgx.ForEachRow(rows, []any{&x.event, &x.by, &x.key}, func() error {
		p.keys[x] = true
		return nil
	})
	return p, registrationError("look who is there", err)
}

// meet refuses who is at the event already; otherwise they are from now on.
func (p *present) meet(event id.ID, delegates []delegateRow) error {
	if p == nil {
		return nil
	}
	met := map[presence]bool{}
	for _, d := range delegates {
		for _, x := range d.presence(event) {
			if p.keys[x] || met[x] {
				return ErrAlreadyRegistered.At("delegates")
			}
			met[x] = true
		}
	}
	for x := range met {
		p.keys[x] = true
	}
	return nil
}

// presence is as presentSQL.
func (d delegateRow) presence(event id.ID) (all []presence) {
	if !d.Person.IsZero() {
		all = append(all, presence{event, "person", d.Person.String()})
	}
	if d.MailKey != nil {
		all = append(all, presence{event, "mail", hex.EncodeToString(d.MailKey)})
	}
	return all
}
