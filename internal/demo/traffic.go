package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
)

// Bounds of the traffic. A cancelled registration stays in the database, so
// there is an end to what a forgotten terminal can write.
const (
	maxSteps  = 20_000                // of one start: eleven hours at one every two seconds
	minEvery  = 50 * time.Millisecond // between two steps
	maxQueued = 8                     // people who wait at an event before somebody cancels
	fewest    = 20                    // people with a seat below whom nobody cancels
)

// Traffic makes invented people register, cancel and arrive at the events of
// the cast, a table of Terrassa meet and groups note at a workshop, one command every so often (two seconds when every is not
// positive, never faster than fifty milliseconds), until ctx ends or its steps
// are used up. It changes only what invented people did who are not in the
// cast: whoever plays one of those keeps what they have. It starts no goroutine
// and leaves nothing behind.
func Traffic(ctx context.Context, s Services, cast Cast, every time.Duration, log *slog.Logger) {
	if every <= 0 {
		every = 2 * time.Second
	}
	t, err := newTraffic(s, cast)
	if err != nil {
		log.Error("the demonstration's traffic does not start", "cause", err)
		return
	}
	tick := time.NewTicker(max(every, minEvery))
	defer tick.Stop()
	for range maxSteps {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		// A step that has begun is finished: it takes milliseconds.
		if did, err := t.step(context.WithoutCancel(ctx)); err != nil {
			log.Warn("the demonstration's traffic failed at a step", "cause", err)
		} else {
			log.Debug("demonstration traffic", "did", did)
		}
	}
	log.Info("the demonstration's traffic has used up its steps", "steps", maxSteps)
}

// traffic is the crowd at the events of the cast.
type traffic struct {
	Services
	cast   Cast
	chance *rand.Rand
	actors []actor
	crowd  map[id.ID]actor // the same by person
	names  int
	room   *sitting // nil: no table to meet at
	meets  id.ID    // the session that goes on; Zero: none
	topics int
	bench  *bench // nil: no workshop to sit at
}

func newTraffic(s Services, cast Cast) (*traffic, error) {
	if len(cast.Events) != sceneCount {
		return nil, errors.New("the cast has no events: the network is not loaded")
	}
	councils, social, err := crowd()
	if err != nil {
		return nil, err
	}
	t := &traffic{
		Services: s, cast: cast, actors: slices.Concat(social, councils), crowd: map[id.ID]actor{},
		names: 400, chance: rand.New(rand.NewPCG(1, 2)), // any seed does; a fixed one can be repeated
	}
	for _, a := range t.actors {
		t.crowd[a.ID] = a
	}
	if len(cast.Tables) > sceneTable {
		t.room = &sitting{Services: s, viewer: importing(town(terrassa)), table: cast.Tables[sceneTable]}
	}
	if !cast.Shop.IsZero() {
		t.bench = &bench{organiser: importing(santAndreuDistrict()), shop: cast.Shop}
	}
	return t, nil
}

// step does one thing and says which. A refusal by the rules (the event has
// passed, somebody was quicker) is an answer and no failure.
func (t *traffic) step(ctx context.Context) (did string, err error) {
	switch n := t.chance.IntN(15); {
	case n >= 13:
		did, err = t.atWorkshop(ctx)
	case n >= 10:
		did, err = t.atTable(ctx)
	case n < 5:
		did, err = t.atSeats(ctx, t.cast.scene(sceneSantAndreu), dayOrganiser())
	case n < 7:
		did, err = t.atSeats(ctx, t.cast.scene(sceneLine), terrassaOfficer())
	default:
		did, err = t.atDoor(ctx, t.cast.scene(sceneDoor))
	}
	if refused(err) {
		return "was refused: " + fault.From(err).Code.Name, nil
	}
	return did, err
}

func refused(err error) bool {
	if err == nil {
		return false
	}
	switch fault.From(err).Code.Kind {
	case fault.Invalid, fault.Conflict, fault.NotFound, fault.Denied:
		return true
	}
	return false
}

// atSeats registers a block or cancels one, so that the event stays lively:
// neither empty nor with an endless line.
func (t *traffic) atSeats(ctx context.Context, event id.ID, organiser actor) (string, error) {
	v, err := viewerOf(ctx, t.DB.Read(), organiser)
	if err != nil {
		return "", err
	}
	board, err := calendar.BoardOf(ctx, t.DB.Read(), v, event)
	if err != nil {
		return "", err
	}
	cancel := t.chance.IntN(5) < 2
	switch {
	case board.Waiting >= maxQueued:
		cancel = true
	case board.Confirmed <= fewest:
		cancel = false
	}
	if !cancel {
		return t.register(ctx, event)
	}
	return t.cancel(ctx, v, event)
}

func (t *traffic) register(ctx context.Context, event id.ID) (string, error) {
	a := t.actors[t.chance.IntN(len(t.actors))]
	v, err := viewerOf(ctx, t.DB.Read(), a)
	if err != nil {
		return "", err
	}
	n := 1 + t.chance.IntN(3)
	policies := calendar.PlacesPolicies()
	_, err = t.Registrations.Create(ctx, v, calendar.RegistrationInput{
		Event: event, Organisation: a.For, Policy: policies[t.chance.IntN(len(policies))],
		Delegates: delegates(a, n, t.names),
	}, id.New().String())
	t.names += n
	return fmt.Sprintf("registered %d", n), err
}

// cancel takes back a block of the crowd, as who registered it.
func (t *traffic) cancel(ctx context.Context, organiser *access.Viewer, event id.ID) (string, error) {
	var own []*calendar.Registration
	for _, state := range []calendar.RegistrationState{
		calendar.RegistrationConfirmed, calendar.RegistrationPartlyConfirmed, calendar.RegistrationWaitlisted,
	} {
		found, err := calendar.RegistrationsOfEvents(ctx, t.DB.Read(), organiser, []id.ID{event}, state, page.Args{First: page.Max})
		if err != nil {
			return "", err
		}
		for _, r := range found[event].Nodes {
			if _, ours := t.crowd[r.RegisteredBy]; ours && r.Counts.Arrived == 0 {
				own = append(own, r)
			}
		}
	}
	if len(own) == 0 {
		return "nobody could cancel", nil
	}
	r := own[t.chance.IntN(len(own))]
	v, err := viewerOf(ctx, t.DB.Read(), t.crowd[r.RegisteredBy])
	if err != nil {
		return "", err
	}
	_, err = t.Registrations.Cancel(ctx, v, event, r.ID, id.New().String())
	return "cancelled a registration", err
}

// atDoor lets somebody in; now and then an arrival turns out to be a mistake,
// and when all are in, some are taken back.
func (t *traffic) atDoor(ctx context.Context, event id.ID) (string, error) {
	organiser, err := viewerOf(ctx, t.DB.Read(), provincialOfficer())
	if err != nil {
		return "", err
	}
	v, err := viewerOf(ctx, t.DB.Read(), doorkeeper())
	if err != nil {
		return "", err
	}
	seated, err := seatedAt(ctx, t.DB.Read(), organiser, event)
	if err != nil {
		return "", err
	}
	in, out := parted(seated)
	key := id.New().String()
	if len(in) > 0 && (len(out) == 0 || t.chance.IntN(6) == 0) {
		_, err = t.Registrations.UndoCheckIn(ctx, v, event, in[t.chance.IntN(len(in))].ID, key)
		return "took an arrival back", err
	}
	if len(out) == 0 {
		return "nobody was at the door", nil
	}
	_, err = t.Registrations.CheckIn(ctx, v, event, calendar.DelegateRef{ID: out[t.chance.IntN(len(out))].ID}, key)
	return "checked somebody in", err
}

// parted splits who has a seat into who has arrived and who has not.
func parted(seated []*calendar.Delegate) (in, out []*calendar.Delegate) {
	for _, d := range seated {
		if d.State == calendar.DelegateAttended {
			in = append(in, d)
		} else {
			out = append(out, d)
		}
	}
	return in, out
}
