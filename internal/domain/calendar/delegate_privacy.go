package calendar

import (
	"context"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// DelegateVisibility is to whom a delegate's name is shown besides the
// organisers, who registered them and who answers for their organisation. Only
// the delegate chooses it.
type DelegateVisibility string

// The choices.
const (
	ShownToOrganisers DelegateVisibility = "ORGANISERS" // nobody else
	ShownToColleagues DelegateVisibility = "COLLEAGUES" // also the others of the organisation
)

// DelegateAnswer is what somebody says to having been registered by somebody
// else.
type DelegateAnswer string

// The answers.
const (
	AnswerAccept  DelegateAnswer = "ACCEPT"
	AnswerCorrect DelegateAnswer = "CORRECT" // with the right name
	// AnswerNotMe takes the name off the seat at once. The seat stays with the
	// organisation, which can name somebody else.
	AnswerNotMe DelegateAnswer = "NOT_ME"
)

// Facts about what delegates say and what is forgotten, for the organisers.
const (
	FactDelegateAnswered = "DELEGATE_ANSWERED" // DelegateChanged
	FactDelegateErased   = "DELEGATE_ERASED"   // DelegateChanged
	FactNamesPurged      = "NAMES_PURGED"      // NamesPurged
)

// NamesPurged counts the places whose names went.
type NamesPurged struct {
	Delegates int `json:"delegates"`
}

// How long data of delegates are kept after the end of an event. An event whose
// date nobody ever completed counts as over two years after it was made.
const (
	NameDays  = 365 // names, mails and persons, unless the organisers say otherwise
	CodeDays  = 30  // entrance codes
	NeedsDays = 7   // diet and access needs
	// MaxNameDays is the longest an event's organisers can choose.
	MaxNameDays = 3650
)

// overSQL is when the event e is over for what is kept about its delegates.
const overSQL = `(case when e.over_by = 'infinity' then e.created_at + interval '2 years' else e.over_by end)`

// Ledger keeps outside of the database what was erased in it, so that a restored
// backup can be told.
type Ledger interface {
	// Forgotten is told, before it happens, from which delegate the name goes. Its
	// error stops the command.
	Forgotten(ctx context.Context, delegate id.ID) error
}

// WithLedger has names that delegates take off their seats written into a
// ledger.
func WithLedger(l Ledger) RegistrationsOption {
	return func(s *Registrations) { s.ledger = l }
}

var (
	// ErrLinkEnded is the one answer to links that are no link, have ended, or
	// whose seat went to somebody else.
	ErrLinkEnded = fault.Define(fault.NotFound, "LINK_ENDED",
		"Aquest enllaç no val o ha caducat.", "Este enlace no es válido o ha caducado.",
		"This link is not valid or has expired.")
	errRetention = fault.Define(fault.Invalid, "RETENTION_RANGE",
		"Els noms es poden conservar entre 1 i {max} dies.",
		"Los nombres se pueden conservar entre 1 y {max} días.",
		"Names can be kept between 1 and {max} days.")
)

// SetVisibility chooses to whom the viewer's own name is shown at an event.
//
// Who may: the delegate, and nobody for them. Refusals: fault.ErrDenied,
// ErrDelegateGone.
func (s *Registrations) SetVisibility(ctx context.Context, v *access.Viewer, event, delegate id.ID, to DelegateVisibility, key string) (x *Delegate, err error) {
	if !oneOf(to, []DelegateVisibility{ShownToOrganisers, ShownToColleagues}) {
		return nil, ErrBadPolicy.At("visibility")
	}
	r := request{viewer: v, event: event, key: key, name: "delegateVisibilitySet", input: []any{delegate, to}}
	err = s.do(ctx, r, func(ctx context.Context, d *desk) ([]id.ID, error) {
		f, err := d.fileOf(ctx, delegate)
		if err != nil {
			return nil, err
		}
		switch who := f.delegate(delegate); {
		case who.State == DelegateReplaced:
			return nil, ErrDelegateGone.New()
		case who.Person != v.Person:
			return nil, fault.ErrDenied.New()
		default:
			d.tellDelegates(FactDelegateAnswered, f, []fileDelegate{who})
		}
		_, err = d.tx.Native().Exec(ctx, `update registration_delegates set shown_to = $2 where id = $1`, delegate, to)
		return []id.ID{delegate}, registrationError("show the delegate", err)
	}, func(ctx context.Context, q postgres.Querier, ids []id.ID) (err error) {
		x, err = oneDelegate(ctx, q, v, ids[0])
		return err
	})
	return x, err
}

// KeepNames sets for how many days after its end the names of an event's
// delegates are kept. Who may: the event's organisers.
func (s *Registrations) KeepNames(ctx context.Context, v *access.Viewer, event id.ID, days int, key string) error {
	if days < 1 || days > MaxNameDays {
		return errRetention.At("days").With("max", MaxNameDays)
	}
	r := request{viewer: v, event: event, key: key, name: "eventNamesKeep", input: days}
	return s.do(ctx, r, func(ctx context.Context, d *desk) ([]id.ID, error) {
		if err := d.organisersOnly(); err != nil {
			return nil, err
		}
		d.tell(FactEventUpdated, id.Zero, EventUpdated{Fields: []string{"namesKeptDays"}})
		_, err := d.tx.Native().Exec(ctx, `
			insert into event_retention (event, name_days) values ($1, $2)
			on conflict (event) do update set name_days = excluded.name_days`, event, days)
		return nil, registrationError("keep names", err)
	}, func(context.Context, postgres.Querier, []id.ID) error { return nil })
}

// NamesKeptOf reads for how many days the names of events' delegates are kept.
// It is public: whoever registers is told.
func NamesKeptOf(ctx context.Context, q postgres.Querier, events []id.ID) (map[id.ID]int, error) {
	rows, err := q.Query(ctx, `select event, name_days from event_retention where event = any(`+postgres.Keys+`)`, events)
	if err != nil {
		return nil, registrationError("read for how long names are kept", err)
	}
	defer rows.Close()
	days := make(map[id.ID]int, len(events))
	for _, event := range events {
		days[event] = NameDays
	}
	for rows.Next() {
		var event id.ID
		var n int
		if err := rows.Scan(&event, &n); err != nil {
			return nil, registrationError("read for how long names are kept", err)
		}
		days[event] = n
	}
	return days, registrationError("read for how long names are kept", rows.Err())
}

// Invitation is what the holder of a delegate's link is shown.
type Invitation struct {
	Delegate     id.ID
	EventID      id.ID
	Event        lang.Text
	StartsAt     *time.Time
	Organization lang.Text
	Name         string
	State        DelegateState
	Visibility   DelegateVisibility
	Diet, Access string
	Answer       DelegateAnswer // empty: none yet
	Until        time.Time
}
