package calendar

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/turn"
)

// How many registrations are stored in one transaction: so many that the commit
// is shared, so few that the transaction stays short.
const (
	maxTogether          = 64
	maxTogetherDelegates = 256
)

// WithTurns changes how registrations for one event are served together: how
// many at most, and who is told how many they were. What is 0 stays as it is; with
// one job nobody takes turns, and all ask for the lock at once.
func WithTurns(o turn.Options) RegistrationsOption {
	return func(s *Registrations) {
		s.turns = turn.Options{
			Jobs: cmp.Or(o.Jobs, s.turns.Jobs), Weight: cmp.Or(o.Weight, s.turns.Weight), Took: o.Took,
		}
	}
}

// creating is a new registration as it waits for its event's turn: its input is
// checked, and what it names is looked up.
type creating struct {
	*Registrations
	request
	in    RegistrationInput
	known lookedUp
	made  *Registration
}

// Weight implements turn.Job.
func (c *creating) Weight() int { return len(c.in.Delegates) }

// Alone implements turn.Job: a command like all others.
func (c *creating) Alone(ctx context.Context) error {
	return c.do(ctx, c.request, func(ctx context.Context, d *desk) (ids []id.ID, err error) {
		if c.made, err = d.register(ctx, c.in, c.known); err != nil {
			return nil, err
		}
		return []id.ID{c.made.ID}, nil
	}, func(ctx context.Context, q postgres.Querier, ids []id.ID) (err error) {
		if c.made == nil { // the same key again
			c.made, err = oneRegistration(ctx, q, c.viewer, ids)
		}
		return err
	})
}

// inTurn carries it out when it is the turn of who registers for the event.
func (s *Registrations) inTurn(ctx context.Context, c *creating) error {
	switch {
	case s.late, s.turns.Jobs == 1:
		return c.Alone(ctx)
	case !c.viewer.SignedIn():
		return fault.ErrUnauthenticated.New()
	}
	return s.line.Do(ctx, c.event, c)
}

// createTogether makes the registrations of all who wait for an event, in the
// order of their arrival, in one transaction. What a rule refuses concerns one of
// them; anything else, and nobody is served: then each is tried alone. Only when
// the database is away or too slow, or may have committed, all are told.
func (s *Registrations) createTogether(ctx context.Context, jobs []*creating) ([]error, bool) {
	t := &together{Registrations: s, jobs: jobs, errs: make([]error, len(jobs))}
	var undone error
	err := s.inCommon(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		undone = t.run(ctx, tx)
		return undone
	})
	switch {
	case err == nil:
		return t.errs, true
	case undone == nil, errors.Is(err, fault.ErrUnavailable), errors.Is(err, fault.ErrTimeout):
		return t.all(err), true
	}
	t.clear()
	return nil, false
}

// inCommon begins a transaction that is nobody's: it sees no personal data,
// whoever of those who share it leads. Each is judged by their own rights, and
// what is read for one of them is read as that one (see postgres.Personal).
func (s *Registrations) inCommon(ctx context.Context, do func(context.Context, *postgres.Tx) error) error {
	return s.db.InTx(access.With(ctx, &access.Viewer{}), do)
}

// together is one transaction of several.
type together struct {
	*Registrations
	jobs   []*creating
	errs   []error
	blocks []*newBlock
	deeds  []journal.Deed
	// before are those whose key has been used, here or earlier.
	before map[*creating][]id.ID
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
	if err := t.lock(ctx, tx, t.jobs[0].event); err != nil {
		return err
	}
	d, err := openDesk(ctx, tx, request{event: t.jobs[0].event, viewer: &access.Viewer{}}, t.holds)
	if err != nil {
		return err
	}
	if err := d.prepare(ctx, t.jobs); err != nil {
		return err
	}
	if err := t.decide(ctx, d, ring); err != nil {
		return err
	}
	if err := t.write(ctx, d); err != nil {
		return err
	}
	if err := ring.Close(ctx); err != nil {
		return err
	}
	return t.readBefore(ctx, tx)
}

// prepare reads ahead what the rules need to know of all of them, so that
// deciding asks the database nothing.
func (d *desk) prepare(ctx context.Context, jobs []*creating) (err error) {
	answered := d.at.Asks
	for _, c := range jobs {
		answered = answered || c.in.answered()
	}
	if answered {
		if _, err := d.questions(ctx); err != nil {
			return err
		}
	}
	d.here, err = readPresent(ctx, d.tx.Native(), d.event, jobs)
	return err
}

// decide goes through them in the order of their arrival.
func (t *together) decide(ctx context.Context, d *desk, ring *journal.Keyring) error {
	t.before = map[*creating][]id.ID{}
	for i, c := range t.jobs {
		own := *d
		own.request, own.facts = c.request, nil
		ids, err := ring.Once(i, func() ([]id.ID, error) {
			block, err := own.decide(ctx, c.in, c.known)
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
		t.deeds = append(t.deeds, journal.Deed{By: c.viewer, Facts: own.facts})
	}
	return nil
}

// refused tells that a rule said no: the transaction is as good as before.
func refused(err error) bool {
	return err != nil && fault.From(err).Code.Kind != fault.Internal
}

func (t *together) write(ctx context.Context, d *desk) error {
	if len(t.blocks) == 0 {
		return nil
	}
	if err := d.store(ctx, t.blocks...); err != nil {
		return err
	}
	return journal.AppendEach(ctx, d.tx, d.event, t.deeds...)
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

// present are the people who have a seat at the event already, or wait for one,
// as far as somebody asks for them: so that one who is there twice is refused
// alone, and not found by a key for all.
type present struct{ keys map[string]bool }

const presentSQL = `
select 'person ' || person from delegate_secrets where event = $1 and live and person = any($2)
union all select 'mail ' || encode(mail_key, 'hex') from delegate_secrets where event = $1 and live and mail_key = any($3)`

// readPresent looks on the hub's own authority: it only tells that somebody is
// there, as the keys do.
func readPresent(ctx context.Context, q postgres.Querier, event id.ID, jobs []*creating) (*present, error) {
	p := &present{keys: map[string]bool{}}
	persons, mails := []id.ID{}, [][]byte{}
	for _, c := range jobs {
		for _, x := range c.in.Delegates {
			if !x.Person.IsZero() {
				persons = append(persons, x.Person)
			}
			if key := mailKey(event, c.known.mail(x)); key != nil {
				mails = append(mails, key)
			}
		}
	}
	if len(persons)+len(mails) == 0 {
		return p, nil
	}
	rows, err := postgres.Hub(q).Query(ctx, presentSQL, event, persons, mails)
	if err != nil {
		return nil, registrationError("look who is there", err)
	}
	var key string
	_, err = pgx.ForEachRow(rows, []any{&key}, func() error {
		p.keys[key] = true
		return nil
	})
	return p, registrationError("look who is there", err)
}

// meet refuses who is there already; otherwise they are from now on.
func (p *present) meet(delegates []delegateRow) error {
	if p == nil {
		return nil
	}
	var keys []string
	for _, x := range delegates {
		keys = append(keys, x.presence()...)
	}
	met := map[string]bool{}
	for _, key := range keys {
		if p.keys[key] || met[key] {
			return ErrAlreadyRegistered.At("delegates")
		}
		met[key] = true
	}
	for key := range met {
		p.keys[key] = true
	}
	return nil
}

// presence is by what somebody is known to be there; see presentSQL.
func (d delegateRow) presence() (keys []string) {
	if !d.Person.IsZero() {
		keys = append(keys, "person "+d.Person.String())
	}
	if d.MailKey != nil {
		keys = append(keys, "mail "+hex.EncodeToString(d.MailKey))
	}
	return keys
}
