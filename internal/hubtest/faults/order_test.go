package faults

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/teixit/teixit/bench/seatload"
	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
)

// churn is people who register blocks and cancel again, all at once, while the
// organiser changes the capacity.
type churn struct {
	t      *testing.T
	hubs   []*hubtest.Hub
	client *seatload.Client
	event  id.ID
	pool   string
	lead   string
	club   id.ID

	mu       sync.Mutex
	policies map[id.ID]calendar.PlacesPolicy
	refusals map[string]int
}

// churnCapacity is what the pool has at first.
const churnCapacity = 12

func newChurn(t *testing.T, overtaking calendar.Overtaking, d pgtest.Database, options ...app.Option) *churn {
	c := &churn{t: t, client: seatload.NewClient(16, 10*time.Second), policies: map[id.ID]calendar.PlacesPolicy{}, refusals: map[string]int{}}
	t.Cleanup(c.client.Close)
	for range 2 {
		c.hubs = append(c.hubs, hubtest.Start(t, hubtest.Config{Database: d, Options: options}))
	}
	h := c.hubs[0]
	officer := h.Person(t, "Olga Prova", hubtest.Terrassa, directory.Officer)
	c.lead, c.club = h.Token(officer), h.Association(t, "Associació de prova")
	c.event = h.Event(t, officer, churnCapacity, func(in *calendar.EventInput) { in.Overtaking = overtaking })
	pools, err := calendar.SeatPoolsOf(t.Context(), h.DB.Read(), h.Viewer(t, officer), []id.ID{c.event})
	if err != nil {
		t.Fatal(err)
	}
	c.pool = pools[c.event][0].GlobalID()
	return c
}

// run lets everybody do so many things at once, and the organiser too.
func (c *churn) run(people, steps int) {
	var all sync.WaitGroup
	for i, p := range c.hubs[0].Crowd(c.t, people, c.club, directory.Representative) {
		w := &walker{churn: c, Rand: rand.New(rand.NewPCG(uint64(i), 7)), token: c.hubs[0].Token(p)}
		all.Go(func() { w.walk(steps) })
	}
	lead := &walker{churn: c, Rand: rand.New(rand.NewPCG(99, 7)), token: c.lead}
	all.Go(func() {
		for range steps {
			lead.resize()
		}
	})
	all.Wait()
}

// replayed reads the whole journal of the event.
func (c *churn) replayed(overtaking calendar.Overtaking) *replay {
	c.t.Helper()
	r := &replay{overtaking: overtaking, policies: c.policies, capacity: churnCapacity}
	entries, err := journal.After(c.t.Context(), c.hubs[0].DB.Read(), c.event, access.Organisers, 0, 100_000)
	if err != nil {
		c.t.Fatal(err)
	}
	r.read(c.t, entries)
	return r
}

// walker is one of the people.
type walker struct {
	*churn
	*rand.Rand
	token string
	own   []mine
}

// mine is a registration that was not cancelled yet.
type mine struct {
	ID        string
	Delegates []struct{ ID string }
}

func (w *walker) walk(steps int) {
	for range steps {
		switch n := w.IntN(10); {
		case n < 5 || len(w.own) == 0:
			w.register()
		case n < 8:
			w.cancel()
		default:
			w.cancelOne()
		}
	}
}

// ask sends a mutation to one of the instances, again when a busy machine kept it
// waiting for too long, and fails the test when it is refused for a reason that
// the churn does not explain.
func (w *walker) ask(mutation, field string, input map[string]any) (answer map[string]payload, ok bool) {
	hub := w.hubs[w.IntN(len(w.hubs))]
	input["idempotencyKey"] = fmt.Sprintf("%s %d", field, w.Uint64())
	var err error
	for range 5 {
		err = w.client.Ask(w.t.Context(), hub.URL, w.token, mutation, map[string]any{"in": input}, &answer)
		if !errors.As(err, new(seatload.Later)) {
			break
		}
	}
	if err != nil {
		w.t.Errorf("%s: %v", field, err)
		return nil, false
	}
	for _, e := range answer[field].Errors {
		w.mu.Lock()
		w.refusals[e.Code]++
		w.mu.Unlock()
		if !slices.Contains(expected(), e.Code) {
			w.t.Errorf("%s: %s", field, e.Code)
		}
	}
	return answer, len(answer[field].Errors) == 0
}

// expected are the refusals of churning.
func expected() []string {
	return []string{
		calendar.ErrNotEnoughSeats.Name, calendar.ErrBlockTooLarge.Name, calendar.ErrBelowConfirmed.Name,
		calendar.ErrAlreadyCancelled.Name, calendar.ErrDelegateGone.Name,
	}
}

type payload struct {
	Registration *mine
	Errors       []struct{ Code string }
}

func (w *walker) register() {
	delegates := make([]any, 1+w.IntN(4))
	for i := range delegates {
		delegates[i] = map[string]any{"role": "ASSOCIATION"}
	}
	policy := calendar.PlacesPolicies()[w.IntN(3)]
	got, ok := w.ask(`mutation($in: RegistrationCreateInput!) { registrationCreate(input: $in) {
		registration { id delegates { id } } errors { code } } }`, "registrationCreate", map[string]any{
		"event": node.Event.Global(w.event), "organization": node.Association.Global(w.club), "policy": policy, "delegates": delegates,
	})
	if !ok {
		return
	}
	reg := *got["registrationCreate"].Registration
	_, part, err := calendar.RegistrationType.Part(reg.ID)
	if err != nil {
		w.t.Error(err)
		return
	}
	w.own = append(w.own, reg)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.policies[part] = policy
}

func (w *walker) cancel() {
	i := w.IntN(len(w.own))
	w.ask(`mutation($in: RegistrationCancelInput!) { registrationCancel(input: $in) { errors { code } } }`,
		"registrationCancel", map[string]any{"id": w.own[i].ID})
	w.own = slices.Delete(w.own, i, i+1)
}

func (w *walker) cancelOne() {
	reg := w.own[w.IntN(len(w.own))]
	w.ask(`mutation($in: DelegateCancelInput!) { delegateCancel(input: $in) { errors { code } } }`,
		"delegateCancel", map[string]any{"id": reg.Delegates[w.IntN(len(reg.Delegates))].ID})
}

func (w *walker) resize() {
	w.ask(`mutation($in: SeatPoolResizeInput!) { seatPoolResize(input: $in) { errors { code } } }`,
		"seatPoolResize", map[string]any{"id": w.pool, "capacity": 2 + w.IntN(25)})
}

// TestPromotedWasFirst: whatever people cancel and organisers change at the same
// time on two instances, who gets a seat was first in line by the event's
// policy, and no seat stays free while somebody first in line would fit.
func TestPromotedWasFirst(t *testing.T) {
	for _, overtaking := range []calendar.Overtaking{calendar.InOrder, calendar.SmallerMayPass} {
		t.Run(string(overtaking), func(t *testing.T) {
			c := newChurn(t, overtaking, pgtest.URL(t))
			c.run(12, 30)
			r := c.replayed(overtaking)
			t.Logf("%d blocks, %d promotions, refused %v", len(r.line), r.promoted, c.refusals)
			for _, w := range r.wrong[:min(5, len(r.wrong))] {
				t.Error(w)
			}
			if r.promoted == 0 {
				t.Error("nobody was promoted: the test proves nothing")
			}
			if err := agree(t, c, r); err != nil {
				t.Error(err)
			}
		})
	}
}

// agree compares where the facts lead with what is stored.
func agree(t *testing.T, c *churn, r *replay) error {
	rows, err := c.hubs[0].DB.Read().Query(t.Context(),
		`select id, confirmed, waiting, aside from registrations where event = $1 order by line`, c.event)
	if err != nil {
		return err
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		var b block
		if err := rows.Scan(&b.id, &b.seats, &b.waiting, &b.aside); err != nil {
			return err
		}
		want := r.line[n]
		if b.id != want.id || b.seats != want.seats || b.waiting != want.waiting || b.aside && !want.aside {
			return fmt.Errorf("stored %+v, by the facts %+v", b, *want)
		}
	}
	if n != len(r.line) {
		return errors.Join(rows.Err(), fmt.Errorf("%d are stored, %d in the journal", n, len(r.line)))
	}
	return rows.Err()
}

// TestPromotedNegativeControl: without the lock the same replay finds the line
// out of order.
func TestPromotedNegativeControl(t *testing.T) {
	d := pgtest.URL(t)
	c := newChurn(t, calendar.InOrder, d, app.WithRegistrations(calendar.WithLateLock()))
	dropConstraints(t, d)
	people := c.hubs[0].Crowd(t, 12, c.club, directory.Representative)
	var all sync.WaitGroup
	for i, p := range people {
		w := &walker{churn: c, Rand: rand.New(rand.NewPCG(uint64(i), 7)), token: c.hubs[0].Token(p)}
		all.Go(func() {
			for range 10 {
				w.register()
			}
		})
	}
	all.Wait()
	if r := c.replayed(calendar.InOrder); len(r.wrong) == 0 {
		t.Error("the line is in order without the lock")
	} else {
		t.Logf("%d complaints, the first: %s", len(r.wrong), r.wrong[0])
	}
}
