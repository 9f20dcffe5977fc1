package calendar

import (
	"context"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/turn"
)

// Registrations takes the commands about seats: registering, cancelling,
// approving, replacing, capacity and check-in.
//
// Every command runs in one short transaction that begins by locking the
// event's topic; so all commands on one event come one after the other, in the
// order of the journal, whatever instance they reach. Every command takes a
// key chosen by the client: with the same key and input it takes effect once
// and gets the same thing as its answer again.
type Registrations struct {
	db     *postgres.DB
	late   bool
	ledger Ledger // nil: none is kept
	holds  Holds
	post   post
	bodies Bodies                        // nil: associations are not added
	all    *turn.Line[struct{}, passing] // of who registers, for whatever event
	line   *turn.Line[id.ID, *creating]  // of an event that somebody else is at
	turns  turn.Options
	works  Works // nil: no lists are taken in
	rights func(ctx context.Context, person id.ID, l lang.Lang) (*access.Viewer, error)
}

// RegistrationsOption changes how Registrations works.
type RegistrationsOption func(*Registrations)

// WithLateLock makes commands decide first and lock the event's topic only
// before they tell: the mistake that the lock is there to prevent. It exists
// for the negative control of the seats test, which proves nothing unless it
// oversells without the lock. Behind the lock stand two constraints; the
// negative control drops them, in a database of its own. Nobody takes turns
// either, which would be a lock of another kind:
//
//	alter table seat_pools drop constraint seat_pools_never_oversold;
//	alter table registrations drop constraint registrations_line_once;
func WithLateLock() RegistrationsOption {
	return func(s *Registrations) { s.late = true }
}

// NewRegistrations makes the service.
func NewRegistrations(db *postgres.DB, options ...RegistrationsOption) *Registrations {
	s := &Registrations{db: db, holds: DefaultHolds(), turns: turn.Options{Jobs: maxTogether, Weight: maxTogetherDelegates}}
	for _, set := range options {
		set(s)
	}
	s.line = turn.NewLine[id.ID](s.turns, s.createTogether)
	bounds := s.turns
	bounds.Took = nil // it is told of those who are served
	s.all = turn.NewLine[struct{}](bounds, s.createAcross)
	return s
}

// lock comes before a command reads anything that it decides upon.
func (s *Registrations) lock(ctx context.Context, tx *postgres.Tx, event id.ID) error {
	if s.late {
		return nil
	}
	return journal.Lock(ctx, tx, event)
}

// tell appends the command's facts.
func (s *Registrations) tell(ctx context.Context, d *desk) error {
	if s.late {
		if err := journal.Lock(ctx, d.tx, d.event); err != nil {
			return err
		}
	}
	return journal.Append(ctx, d.tx, d.event, d.viewer, d.facts...)
}

// request is one command as it came: on which event, by whom, under which key.
type request struct {
	viewer *access.Viewer
	event  id.ID
	key    string
	name   string // of the mutation
	input  any    // what the key stands for
	bearer id.ID  // the registration whose link is the right to this; Zero: none
}

// desk is where one request is dealt with: the event and its pools as they
// stand under the lock.
type desk struct {
	request
	tx    *postgres.Tx
	at    eventDesk
	pools []*SeatPool
	hall  *hall
	facts []journal.Fact
	// lapsed tells that seats go because nobody answered in time.
	lapsed bool
	// certain is a registration whose new seats are no offer: it was approved.
	certain id.ID
	asked   map[id.ID]*Question // nil: not read yet
	here    *present            // nil: the keys of the database say who is there
	// onPaper: what the command enters was asked on paper, or at the door; the
	// questions of the form were not put to anybody.
	onPaper bool
}

// eventDesk is what commands need to know of the event.
type eventDesk struct {
	Home             id.ID
	Visibility       access.Level
	State            EventState
	RequiresApproval bool
	Overtaking       Overtaking
	Sensitive        bool
	NotYet           bool // registration opens later, by the database's clock
	Finished         bool // registration has closed or the event is over
	Over             bool
	OpensAt          *time.Time
	ClosesAt         *time.Time
	LastLine         int64
	HoldUntil        time.Time  // of what is asked for by mail now
	OfferUntil       *time.Time // of what is promoted now; nil: promotions are no offers
	Asks             bool       // it has questions of its own
	Notice           int        // version of the notice to be accepted; 0: there is none
}

// do runs a command and then, in the same transaction, reads its answer from the
// identifiers it returned. The answer of a repeated request is read again.
func (s *Registrations) do(ctx context.Context, r request,
	change func(context.Context, *desk) ([]id.ID, error),
	answer func(context.Context, postgres.Querier, []id.ID) error,
) error {
	err := r.call(s.db).Run(ctx, func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		return s.atDesk(ctx, tx, r, change)
	}, func(ctx context.Context, tx *postgres.Tx, ids []id.ID) error {
		return answer(ctx, tx.Native(), ids)
	})
	return postgres.Translate(err, registrationConstraints())
}

func (r request) call(db *postgres.DB) command.Call {
	return command.Call{DB: db, Viewer: r.viewer, Key: r.key, Mutation: r.name, Input: struct {
		Event, For id.ID
		Input      any
	}{r.event, r.viewer.For, r.input}}
}

func (s *Registrations) atDesk(ctx context.Context, tx *postgres.Tx, r request,
	change func(context.Context, *desk) ([]id.ID, error),
) ([]id.ID, error) {
	if err := s.lock(ctx, tx, r.event); err != nil {
		return nil, err
	}
	d, err := openDesk(ctx, tx, r, s.holds)
	if err != nil {
		return nil, err
	}
	ids, err := change(ctx, d)
	if err != nil {
		return nil, err
	}
	return ids, s.tell(ctx, d)
}

// openDesk reads the event and its pools. An event that the viewer may not see
// does not exist.
func openDesk(ctx context.Context, tx *postgres.Tx, r request, holds Holds) (*desk, error) {
	desks, err := openDesks(ctx, tx, holds, r.event)
	if err != nil {
		return nil, err
	}
	d := desks[r.event]
	if d == nil {
		return nil, fault.ErrNotFound.New()
	}
	d.request = r
	return d, nil
}

func (d *desk) openHall() {
	var pools []seats
	for _, p := range d.pools {
		c := p.Counts
		pools = append(pools, seats{Pool: p.ID, Capacity: c.Capacity, Confirmed: c.Confirmed, Waiting: c.Waiting, Blocks: c.Line})
	}
	d.hall = newHall(d.at.Overtaking, pools...)
}

// subject is the event as rights are asked about it.
func (d *desk) subject() access.Subject {
	return access.Subject{Node: d.event, Home: d.at.Home, Visibility: d.at.Visibility}
}

// level is the viewer's level of sight on the event.
func (d *desk) level() access.Level { return d.viewer.On(d.subject()) }

// organisersOnly refuses everybody else.
func (d *desk) organisersOnly() error { return access.MayOrganise(d.viewer, d.subject()) }

// takesRegistrations refuses outside the event's times and states.
func (d *desk) takesRegistrations() error {
	if err := access.MaySee(d.viewer, d.subject()); err != nil {
		return access.At(err, "event")
	}
	switch {
	case d.at.State != Published:
		return ErrEventNotTaking.At("event")
	case d.at.NotYet:
		return ErrNotOpenYet.At("event").With("opens", clock(d.at.OpensAt))
	case d.at.Finished && d.at.ClosesAt != nil && !d.at.Over:
		return ErrRegistrationClosed.At("event").With("closed", clock(d.at.ClosesAt))
	case d.at.Finished:
		return ErrEventOver.At("event")
	case len(d.pools) == 0:
		return ErrNoPool.At("event")
	}
	return nil
}

// mayChangeSeats refuses changes to what was: a cancelled, held or closed event,
// and for others than organisers one that is over.
func (d *desk) mayChangeSeats() error { return tooLate(d.at.State, d.at.Over, d.level()) }

// clock shows a moment as people in the province read it.
func clock(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.In(madrid()).Format("02/01/2006 15:04:05")
}

// settle gives free seats to who waits for them, in order, and writes all that
// changed in the pools. In the pools of once, smaller blocks may pass.
func (d *desk) settle(ctx context.Context, once ...id.ID) (*promotion, error) {
	w := &promotion{hall: d.hall, once: once}
	for after, portion := int64(0), 32; d.promotes() && len(w.open()) > 0; portion = 512 {
		line, err := readLine(ctx, d.tx.Native(), d.event, w.open(), after, portion)
		if err != nil {
			return nil, err
		}
		w.walk(line)
		if len(line) < portion {
			break
		}
		after = line[len(line)-1].Line
	}
	return w, d.write(ctx, w)
}

// promotes tells that seats are still given away.
func (d *desk) promotes() bool { return d.at.State == Published && !d.at.Over }

// write stores what the walk decided and tells it.
func (d *desk) write(ctx context.Context, w *promotion) error {
	changes := d.hall.changes()
	offers, err := d.offers(ctx, w)
	if err != nil {
		return err
	}
	if err := writeSeats(ctx, d.tx.Native(), w.Grants, changes, offers); err != nil {
		return err
	}
	d.tellPromotions(w)
	d.tellSeats()
	d.hall.written()
	return nil
}
