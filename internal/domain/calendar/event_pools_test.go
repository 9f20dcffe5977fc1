package calendar

import (
	"testing"
	"time"
)

// A change of the rule of the line takes effect at once, in the same
// transaction: no seat waits for the next cancellation.
func TestLettingSmallerBlocksPassSeatsThem(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(3))
	events := NewEvents(x.db)
	x.registers(x.from("Primera"), 2, WaitTogether)
	large := x.registers(x.from("Gran"), 3, WaitTogether)
	small := x.registers(x.from("Petita"), 1, WaitTogether)
	x.stands(small, "WAITLISTED 0+1 at 2")
	_, err := events.Update(x.ctx, x.organiser, x.event, nil, EventChanges{Overtaking: ptr(SmallerMayPass)}, "")
	x.ok(err)
	x.stands(small, "CONFIRMED 1+0")
	x.stands(large, "WAITLISTED 0+3 at 1")
}

// Seats given back after the event was over go to nobody; when its end is moved
// into the future, who waits gets them.
func TestMovingTheEndSeatsWhoWaits(t *testing.T) {
	t.Parallel()
	x := seatsFor(t, general(2))
	events := NewEvents(x.db)
	first := x.registers(x.from("Primera"), 2, WaitTogether)
	second := x.registers(x.from("Segona"), 1, WaitTogether)
	past := time.Date(2020, 1, 1, 9, 0, 0, 0, time.UTC)
	_, err := events.Update(x.ctx, x.organiser, x.event, nil, EventChanges{StartsAt: &past}, "")
	x.ok(err)
	_, err = x.desk.Cancel(x.ctx, x.organiser, x.event, first.ID, "")
	x.ok(err)
	x.stands(second, "WAITLISTED 0+1 at 1")
	_, err = events.Update(x.ctx, x.organiser, x.event, nil, EventChanges{StartsAt: ptr(past.AddDate(100, 0, 0))}, "")
	x.ok(err)
	x.stands(second, "CONFIRMED 1+0")
	x.audit()
}
