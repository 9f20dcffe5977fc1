package calendar

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Limits of what a device sends at once, and for how long after the event it may
// come with what it noted offline.
const (
	MaxBatch = 200
	LateDays = 14
)

// Noted is one thing that a device noted at the door. Sequence counts on the
// device, from 1, without gaps.
type Noted struct {
	Sequence int64
	At       time.Time // by the device's clock
	Code     string
	Delegate id.ID // instead of the code
	Undo     bool  // the arrival was a mistake
}

// Batch is what a device sends when it has a network again.
type Batch struct {
	Device string
	// SentAt is what the device's clock shows now: by how much it is wrong is taken
	// off what it noted.
	SentAt time.Time
	Noted  []Noted
}

// Outcome is what became of one thing noted.
type Outcome string

// The outcomes.
const (
	OutcomeArrived Outcome = "ARRIVED" // this made the arrival
	OutcomeAlready Outcome = "ALREADY" // had arrived before
	OutcomeUndone  Outcome = "UNDONE"
	OutcomeRefused Outcome = "REFUSED"
)

// Result is the answer to one thing noted.
type Result struct {
	Sequence int64
	Outcome  Outcome
	Refused  *fault.Fault // why, when it was refused
	Delegate *Delegate    // nil when it was refused for want of one
	delegate id.ID
}

// Doubled tells a device that somebody whom it let in was seen at another one too.
type Doubled struct {
	Sequence int64 // of this device
	Device   string
	At       time.Time
}

// Synced is the answer to a batch.
type Synced struct {
	Last    int64 // the highest number that was taken
	Results []Result
	Doubled []Doubled
}

// FactSeenAgain tells who is before the board or at the door that somebody who had
// arrived was shown in at another device: one arrival.
const FactSeenAgain = "DELEGATE_SEEN_AGAIN" // DelegateChanged

var (
	// ErrSequenceGap means that something the device noted before has not come.
	ErrSequenceGap = fault.Define(fault.Conflict, "SEQUENCE_GAP",
		"Falten apunts d'aquest dispositiu: torneu a enviar a partir del número {expected}.",
		"Faltan apuntes de este dispositivo: vuelva a enviar a partir del número {expected}.",
		"Notes of this device are missing: send again from number {expected}.")
	// ErrSequenceReused means that the device gave one number to two things.
	ErrSequenceReused = fault.Define(fault.Conflict, "SEQUENCE_REUSED",
		"Aquest número del dispositiu ja és d'un altre apunt.",
		"Este número del dispositivo ya es de otro apunte.",
		"This number of the device stands for something else already.")
	// ErrSyncTooLate means that the event is over for too long.
	ErrSyncTooLate = fault.Define(fault.Conflict, "SYNC_TOO_LATE",
		"L'acte va acabar fa més de {days} dies: escriviu l'assistència a mà.",
		"El acto acabó hace más de {days} días: escriba la asistencia a mano.",
		"The event ended more than {days} days ago: type the attendance by hand.")
	// ErrOtherEvent is about the code of somebody who is registered elsewhere.
	ErrOtherEvent = fault.Define(fault.Conflict, "CODE_OF_ANOTHER_EVENT",
		"Aquest codi és d'un altre acte.", "Este código es de otro acto.", "This code is for another event.")
	// ErrCodeReplaced and ErrCodeCancelled say more than ErrCodeDead to who stands
	// at the door and has the person in front of them.
	ErrCodeReplaced = fault.Define(fault.Conflict, "CODE_REPLACED",
		"Aquest codi ja no val: la plaça va passar a una altra persona, amb un codi nou.",
		"Este código ya no vale: la plaza pasó a otra persona, con un código nuevo.",
		"This code is no longer valid: the seat went to somebody else, who has a new one.")
	ErrCodeCancelled = fault.Define(fault.Conflict, "CODE_CANCELLED",
		"Aquest codi ja no val: la plaça es va anul·lar.",
		"Este código ya no vale: la plaza se anuló.", "This code is no longer valid: the seat was cancelled.")
)

func (b *Batch) check() error {
	var c findings
	b.Device = strings.TrimSpace(b.Device)
	c.Line(b.Device, 100, "device")
	if len(b.Noted) > MaxBatch {
		c.Max(ErrTooMany, MaxBatch, "items")
	}
	for i := range b.Noted {
		n := &b.Noted[i]
		n.Code = cleanCode(n.Code)
		path := []string{"items", strconv.Itoa(i)}
		if n.Sequence < 1 || i > 0 && n.Sequence != b.Noted[i-1].Sequence+1 {
			c.Add(ErrSequenceGap, append(path, "sequence")...)
			c.Faults[len(c.Faults)-1] = c.Faults[len(c.Faults)-1].With("expected", b.Noted[max(i-1, 0)].Sequence+1)
		}
		if !form.Storable(n.Code) || len(n.Code) > 100 {
			c.Add(fault.ErrBadText, append(path, "code")...)
		}
	}
	return c.Err()
}

// Sync takes what a device noted while it had no network. What was taken before is
// answered as it was then; so a device sends until it has an answer. Nothing of
// a batch is taken when something before it is missing; what one item says does
// not hold up the others.
//
// Who may: as CheckIn. Refusals of the whole: ErrSequenceGap, ErrSequenceReused,
// ErrSyncTooLate, ErrEventOver.
func (s *Registrations) Sync(ctx context.Context, v *access.Viewer, event id.ID, b Batch, key string) (*Synced, error) {
	if err := b.check(); err != nil {
		return nil, err
	}
	done := &Synced{}
	r := request{viewer: v, event: event, key: key, name: "eventCheckInSync", input: b}
	err := s.do(ctx, r, func(ctx context.Context, d *desk) ([]id.ID, error) {
		if err := d.maySync(ctx); err != nil {
			return nil, err
		}
		return nil, d.sync(ctx, b)
	}, func(ctx context.Context, q postgres.Querier, _ []id.ID) (err error) {
		done, err = readSynced(ctx, q, v, event, b)
		return err
	})
	if err != nil {
		return nil, err
	}
	return done, nil
}

func (d *desk) maySync(ctx context.Context) error {
	if err := d.mayCheckIn(); err != nil {
		return err
	}
	var late bool
	err := d.tx.Native().QueryRow(ctx, `select clock_timestamp() > over_by + $2::int * interval '1 day' from events where node = $1`,
		d.event, LateDays).Scan(&late)
	if err == nil && late {
		return ErrSyncTooLate.New().With("days", LateDays)
	}
	return registrationError("look how late it is", err)
}

func (d *desk) sync(ctx context.Context, b Batch) error {
	var last int64
	var now time.Time
	err := d.tx.Native().QueryRow(ctx, `
		insert into check_in_devices (event, device, person) values ($1, $2, $3)
		on conflict (event, device) do update set person = excluded.person, seen_at = clock_timestamp()
		returning last, clock_timestamp()`, d.event, b.Device, d.viewer.Person).Scan(&last, &now)
	if err != nil {
		return registrationError("find the device", err)
	}
	if len(b.Noted) > 0 && b.Noted[0].Sequence > last+1 {
		return ErrSequenceGap.At("items", "0", "sequence").With("expected", last+1)
	}
	for i, n := range b.Noted {
		hash, err := hashOf(n)
		if err != nil {
			return err
		}
		if n.Sequence <= last {
			if err := d.sameAsBefore(ctx, b.Device, n.Sequence, hash, i); err != nil {
				return err
			}
			continue
		}
		if err := d.note(ctx, b.Device, n, b.happened(n, now), hash); err != nil {
			return err
		}
		last = n.Sequence
	}
	_, err = d.tx.Native().Exec(ctx, `update check_in_devices set last = $3 where event = $1 and device = $2`, d.event, b.Device, last)
	return registrationError("count what the device sent", err)
}

// happened is when it was, by the database's clock: as long ago as the device
// says. What cannot be is now.
func (b Batch) happened(n Noted, now time.Time) time.Time {
	ago := b.SentAt.Sub(n.At)
	if n.At.IsZero() || b.SentAt.IsZero() || ago < 0 || ago > 60*24*time.Hour {
		return now
	}
	return now.Add(-ago)
}

func hashOf(n Noted) ([]byte, error) { return command.Hash(n) }

func (d *desk) sameAsBefore(ctx context.Context, device string, sequence int64, hash []byte, i int) error {
	var same bool
	err := d.tx.Native().QueryRow(ctx, `select sent = $4 from check_ins where event = $1 and device = $2 and sequence = $3`,
		d.event, device, sequence, hash).Scan(&same)
	if err != nil {
		return registrationError("read what the device sent", err)
	}
	if !same {
		return ErrSequenceReused.At("items", strconv.Itoa(i), "sequence")
	}
	return nil
}

// note carries out one thing noted, and keeps what became of it.
func (d *desk) note(ctx context.Context, device string, n Noted, at time.Time, hash []byte) error {
	x, outcome, err := d.carryOut(ctx, n, at)
	f := fault.From(err)
	refused := (*string)(nil)
	switch {
	case err == nil:
	case f.Code.Kind == fault.Conflict, f.Code.Kind == fault.NotFound:
		outcome, refused = OutcomeRefused, &f.Code.Name
	default:
		return err
	}
	delegate := id.Zero
	if x != nil {
		delegate = x.ID
	}
	_, err = d.tx.Native().Exec(ctx, `
		insert into check_ins (event, device, sequence, sent, delegate, outcome, refused, at, noted_by)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		d.event, device, n.Sequence, hash, delegate, outcome, refused, at, d.viewer.Person)
	return registrationError("keep what the device noted", err)
}

func (d *desk) carryOut(ctx context.Context, n Noted, at time.Time) (*arriving, Outcome, error) {
	x, err := readArriving(ctx, d.tx.Native(), d.event, DelegateRef{ID: n.Delegate, Code: n.Code})
	if errors.Is(err, ErrUnknownCode) {
		return nil, "", d.whyUnknown(ctx, n.Code)
	}
	if err != nil {
		return nil, "", err
	}
	switch {
	case n.Undo && x.State == DelegateAttended:
		d.tellArrival(FactArrivalUndone, x)
		return x, OutcomeUndone, x.undo(ctx, d.tx.Native())
	case n.Undo:
		return x, "", ErrNotArrived.New()
	case x.State == DelegateAttended:
		d.tellArrival(FactSeenAgain, x)
		return x, OutcomeAlready, nil
	case x.State == DelegatePending, x.State == DelegateWaitlisted:
		return x, "", ErrNoSeatYet.New()
	case x.State == DelegateReplaced:
		return x, "", ErrCodeReplaced.New()
	case x.State == DelegateCancelled, x.State == DelegateRejected:
		return x, "", ErrCodeCancelled.New()
	}
	d.tellArrival(FactDelegateArrived, x)
	return x, OutcomeArrived, x.arriveAt(ctx, d.tx.Native(), d.viewer.Person, at)
}

// whyUnknown tells a code of another event from one of none. Who stands at a door
// learns no more than that: the person with the code is before them.
func (d *desk) whyUnknown(ctx context.Context, code string) error {
	var elsewhere bool
	err := postgres.Hub(d.tx.Native()).QueryRow(ctx, `
		select exists (select from delegate_secrets where code = $1 and event <> $2)`, code, d.event).Scan(&elsewhere)
	if err == nil && elsewhere {
		return ErrOtherEvent.At("code")
	}
	if err == nil {
		return ErrUnknownCode.At("code")
	}
	return registrationError("look whose code it is", err)
}

// arriveAt notes an arrival that was earlier.
func (x *arriving) arriveAt(ctx context.Context, q postgres.Querier, by id.ID, at time.Time) error {
	if err := x.arrive(ctx, q, id.New(), by); err != nil {
		return err
	}
	_, err := q.Exec(ctx, `update registration_delegates set arrived_at = $2 where id = $1`, x.ID, at)
	return registrationError("note when it was", err)
}

// refusals are the faults that an item can be refused with, by their names.
func refusals() map[string]fault.Code {
	all := map[string]fault.Code{}
	for _, c := range []fault.Code{
		ErrUnknownCode, ErrOtherEvent, ErrCodeReplaced, ErrCodeCancelled, ErrNoSeatYet, ErrNotArrived, fault.ErrNotFound,
	} {
		all[c.Name] = c
	}
	return all
}

func readSynced(ctx context.Context, q postgres.Querier, v *access.Viewer, event id.ID, b Batch) (*Synced, error) {
	done := &Synced{}
	err := q.QueryRow(ctx, `select last from check_in_devices where event = $1 and device = $2`, event, b.Device).Scan(&done.Last)
	if err != nil {
		return nil, registrationError("read the device", err)
	}
	first, last := int64(0), int64(-1)
	if n := len(b.Noted); n > 0 {
		first, last = b.Noted[0].Sequence, b.Noted[n-1].Sequence
	}
	rows, err := q.Query(ctx, `
		select sequence, outcome, coalesce(refused, ''), delegate from check_ins
		where event = $1 and device = $2 and sequence between $3 and $4 order by sequence`, event, b.Device, first, last)
	if err != nil {
		return nil, registrationError("read what the device sent", err)
	}
	known := refusals()
	done.Results, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (r Result, err error) {
		var refused string
		if err = row.Scan(&r.Sequence, &r.Outcome, &refused, &r.delegate); err == nil && refused != "" {
			r.Refused = known[refused].New()
		}
		return r, err
	})
	if err != nil {
		return nil, registrationError("read what the device sent", err)
	}
	if err := done.name(ctx, q, v); err != nil {
		return nil, err
	}
	done.Doubled, err = readDoubled(ctx, q, event, b.Device)
	return done, err
}

// name adds the delegates, as the viewer may see them.
func (s *Synced) name(ctx context.Context, q postgres.Querier, v *access.Viewer) error {
	var ids []id.ID
	for _, r := range s.Results {
		if !r.delegate.IsZero() {
			ids = append(ids, r.delegate)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	list, err := DelegatesByIDs(ctx, q, v, ids)
	of := make(map[id.ID]*Delegate, len(list))
	for _, x := range list {
		of[x.ID] = x
	}
	for i := range s.Results {
		s.Results[i].Delegate = of[s.Results[i].delegate]
	}
	return err
}

// readDoubled finds, newest first, whom this device let in and another one saw
// too, so that both are told.
func readDoubled(ctx context.Context, q postgres.Querier, event id.ID, device string) ([]Doubled, error) {
	rows, err := q.Query(ctx, `
		select distinct on (o.at, o.device, o.sequence) m.sequence, o.device, o.at
		from check_ins m join check_ins o on o.event = m.event and o.delegate = m.delegate and o.device <> m.device
		where m.event = $1 and m.device = $2 and m.outcome = 'ARRIVED' and o.outcome = 'ALREADY'
		order by o.at desc, o.device, o.sequence limit 100`, event, device)
	if err != nil {
		return nil, registrationError("read who was seen twice", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d Doubled, err error) {
		return d, row.Scan(&d.Sequence, &d.Device, &d.At)
	})
	return list, registrationError("read who was seen twice", err)
}

// MarshalJSON keeps what a number stands for independent of how Go writes it.
func (n Noted) MarshalJSON() ([]byte, error) {
	b, err := json.Marshal([]any{n.Sequence, n.At.UTC().Format(time.RFC3339), n.Code, n.Delegate, n.Undo})
	if err != nil {
		return nil, fmt.Errorf("write what was noted: %w", err)
	}
	return b, nil
}
