package inbox

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Rhythm is when somebody wants to be told by mail.
type Rhythm string

// The rhythms. Daily and weekly digests go at DigestHour.
const (
	Immediately Rhythm = "IMMEDIATELY" // within a few minutes, what there is by then together
	Daily       Rhythm = "DAILY"
	Weekly      Rhythm = "WEEKLY" // on Mondays
	Never       Rhythm = "NEVER"
)

// DigestHour is when daily and weekly digests go, in Europe/Madrid.
const DigestHour = 8

// Rhythms lists those with mails.
func Rhythms() []Rhythm { return []Rhythm{Immediately, Daily, Weekly} }

// Preferences are which digests a person wants.
type Preferences struct {
	Rhythms map[Sort]Rhythm // of every sort
	Quiet   *Quiet          // nil: at any hour
}

// Quiet are hours of the day without digests, by Europe/Madrid; From later than
// Until goes over midnight. What would come in them comes at their end.
type Quiet struct{ From, Until int }

// Defaults are what is done for who has chosen nothing: at once what is meant for
// them, together what they only watch, nothing at night.
func Defaults() Preferences {
	return Preferences{
		Rhythms: map[Sort]Rhythm{Mention: Immediately, Concerned: Daily, Asked: Immediately, Comment: Daily, Change: Weekly},
		Quiet:   &Quiet{From: 21, Until: 8},
	}
}

// ErrQuietHours is raised for quiet hours that are none.
var ErrQuietHours = fault.Define(fault.Invalid, "QUIET_HOURS",
	"Les hores de silenci van de 0 a 23 i són diferents.",
	"Las horas de silencio van de 0 a 23 y son diferentes.",
	"Quiet hours are from 0 to 23 and differ.")

// Choose changes which digests the viewer wants; sorts that are not named stay.
// quiet replaces the quiet hours; with From and Until of -1 there are none; nil
// stays; remind says whether they want reminders, nil stays. Who may: everybody for themselves. Faults: ErrQuietHours at "quiet".
func (s *Service) Choose(ctx context.Context, v *access.Viewer, key string, rhythms map[Sort]Rhythm, quiet *Quiet, remind *bool) error {
	if quiet != nil && !quiet.valid() {
		return ErrQuietHours.At("quiet")
	}
	_, err := s.command(ctx, v, key, "digestPreferencesSet", []any{rhythms, quiet, remind}, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		q := tx.Native()
		for _, sort := range slices.Sorted(maps.Keys(rhythms)) {
			_, err := q.Exec(ctx, `insert into digest_preferences (person, sort, rhythm) values ($1, $2, $3)
				on conflict (person, sort) do update set rhythm = excluded.rhythm`, v.Person, sort, rhythms[sort])
			if err != nil {
				return id.Zero, wrap("choose a rhythm", err)
			}
		}
		if remind != nil {
			if err := setReminders(ctx, q, v.Person, *remind); err != nil {
				return id.Zero, err
			}
		}
		if quiet == nil {
			return v.Person, nil
		}
		_, err := q.Exec(ctx, `insert into digest_quiet (person, from_hour, until_hour) values ($1, nullif($2, -1), nullif($3, -1))
			on conflict (person) do update set from_hour = excluded.from_hour, until_hour = excluded.until_hour`, v.Person, quiet.From, quiet.Until)
		return v.Person, wrap("choose quiet hours", err)
	})
	return err
}

func setReminders(ctx context.Context, q postgres.Querier, person id.ID, on bool) error {
	address, err := addressOf(ctx, q, person)
	if err != nil || address == "" {
		return err
	}
	return mail.SetReminders(ctx, q, address, on)
}

// Reminded tells whether a person gets reminders of events that they have a seat at.
// The caller knows that it is for them.
func Reminded(ctx context.Context, q postgres.Querier, person id.ID) (bool, error) {
	address, err := addressOf(ctx, q, person)
	if err != nil {
		return false, err
	}
	off, err := mail.Unreminded(ctx, q, address)
	return !off[address], err
}

// addressOf is where somebody's mails go; empty without an account.
func addressOf(ctx context.Context, q postgres.Querier, person id.ID) (address string, err error) {
	err = postgres.Hub(q).QueryRow(ctx, `select coalesce((select mail from accounts where person = $1), '')`, person).Scan(&address)
	return address, wrap("read where mails go", err)
}

// TurnOff turns all digests of a person off: who shows the link of one of them has
// asked for it. Mails that are needed come all the same.
func (s *Service) TurnOff(ctx context.Context, person id.ID) error {
	return s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `
			insert into digest_preferences (person, sort, rhythm)
			select a.person, s.sort, $3 from accounts a cross join unnest($2::text[]) as s(sort) where a.person = $1
			on conflict (person, sort) do update set rhythm = excluded.rhythm`, person, Sorts(), Never)
		return wrap("turn digests off", err)
	})
}

// NoQuiet asks for no quiet hours.
func NoQuiet() *Quiet { return &Quiet{-1, -1} }

func (q Quiet) valid() bool {
	return q == *NoQuiet() || q.From != q.Until && q.From >= 0 && q.From < 24 && q.Until >= 0 && q.Until < 24
}

// PreferencesOf reads which digests a person wants. The caller knows that it is
// for them.
func PreferencesOf(ctx context.Context, q postgres.Querier, person id.ID) (Preferences, error) {
	p := Defaults()
	own := postgres.Personal(q, &access.Viewer{Person: person})
	rows, err := own.Query(ctx, `select sort, rhythm from digest_preferences where person = $1`, person)
	if err != nil {
		return p, wrap("read preferences", err)
	}
	var sort Sort
	var rhythm Rhythm
	if _, err := pgx.ForEachRow(rows, []any{&sort, &rhythm}, func() error {
		p.Rhythms[sort] = rhythm
		return nil
	}); err != nil {
		return p, wrap("read preferences", err)
	}
	var from, until *int
	err = own.QueryRow(ctx, `select from_hour, until_hour from digest_quiet where person = $1`, person).Scan(&from, &until)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return p, nil
	case err != nil:
		return p, wrap("read quiet hours", err)
	case from == nil || until == nil:
		p.Quiet = nil
	default:
		p.Quiet = &Quiet{*from, *until}
	}
	return p, nil
}

// next is the earliest time, from now on, at which a digest of the rhythm may go
// whose last one went at last. Times are in the zone of the hub's days.
func (p Preferences) next(r Rhythm, last, now time.Time) time.Time {
	at := now
	if r != Immediately {
		at = turn(r, last)
		if at.Before(now) {
			at = now
		}
	}
	if p.Quiet == nil {
		return at
	}
	return p.Quiet.after(at)
}

// turn is the first hour of digests after the last one.
func turn(r Rhythm, last time.Time) time.Time {
	y, m, d := last.Date()
	at := time.Date(y, m, d, DigestHour, 0, 0, 0, last.Location())
	for !at.After(last) || r == Weekly && at.Weekday() != time.Monday {
		d++
		at = time.Date(y, m, d, DigestHour, 0, 0, 0, last.Location())
	}
	return at
}

// after is the time itself, or the end of the quiet hours that it falls into.
func (q Quiet) after(at time.Time) time.Time {
	h := at.Hour()
	quiet := h >= q.From && h < q.Until
	if q.From > q.Until {
		quiet = h >= q.From || h < q.Until
	}
	if !quiet {
		return at
	}
	y, m, d := at.Date()
	if h >= q.Until { // over midnight
		d++
	}
	return time.Date(y, m, d, q.Until, 0, 0, 0, at.Location())
}
