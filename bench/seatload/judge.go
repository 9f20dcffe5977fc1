package seatload

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"
)

// States of a registration of one delegate.
const (
	Confirmed  = "CONFIRMED"
	Waitlisted = "WAITLISTED"
)

// Verdict is what came of a load. All but the first group must be zero.
type Verdict struct {
	Confirmed, Waiting int
	Retried            int // answers that took more than one try

	Refused   int // told something that is neither a seat nor a place
	Lost      int // acknowledged, and not there any more as acknowledged
	Doubled   int // registrations beyond one for each person
	Oversold  int // seats beyond the capacity
	Misplaced int // places in the line that are not 1, 2, 3 …
	Disorder  int // answered before another asked, and yet stands behind it

	Linear     porcupine.CheckResult // the answers are those of one clerk
	LinearTook time.Duration
	Slowest    time.Duration // to get an answer
	Took       time.Duration // until everybody had one
}

// String gives the figures on one line.
func (v Verdict) String() string {
	return fmt.Sprintf("confirmed %d, waiting %d, refused %d, acknowledged and lost %d, doubled %d, oversold %d, "+
		"misplaced %d, order violations %d, linearizable %s (checked in %v), asked more than once %d, "+
		"slowest answer %v, all in %v",
		v.Confirmed, v.Waiting, v.Refused, v.Lost, v.Doubled, v.Oversold, v.Misplaced, v.Disorder,
		strings.ToLower(string(v.Linear)), v.LinearTook.Round(time.Millisecond), v.Retried,
		v.Slowest.Round(time.Millisecond), v.Took.Round(time.Millisecond))
}

// Right reports whether nothing went wrong and everybody was served.
func (v Verdict) Right(capacity, people int) bool {
	return v.Confirmed == min(capacity, people) && v.Waiting == max(0, people-capacity) &&
		v.Refused+v.Lost+v.Doubled+v.Oversold+v.Misplaced+v.Disorder == 0 && v.Linear == porcupine.Ok
}

// Judge compares the answers with the line at the end, at an event with one pool
// from which nobody cancelled. patience bounds the search for a linearization.
func Judge(capacity int, answers []Answer, line []Entry, patience time.Duration) Verdict {
	var v Verdict
	v.count(capacity, line)
	at := map[string]int{}
	for i, e := range line {
		at[e.Registration] = i
	}
	var served []Answer
	for _, a := range answers {
		if a.Refused != nil || a.Registration == "" {
			v.Refused++
			continue
		}
		served = append(served, a)
		i, there := at[a.Registration]
		if !there || line[i].State != a.State || line[i].Place != a.Place || line[i].Name != Name(a.Person) {
			v.Lost++
		}
		if a.Tries > 1 {
			v.Retried++
		}
		v.Slowest, v.Took = max(v.Slowest, a.Answered-a.Asked), max(v.Took, a.Answered)
	}
	v.Disorder = disorder(served, at)
	began := time.Now()
	v.Linear = porcupine.CheckOperationsTimeout(clerk(capacity), history(served), patience)
	v.LinearTook = time.Since(began)
	return v
}

// count looks at the line alone.
func (v *Verdict) count(capacity int, line []Entry) {
	names := map[string]bool{}
	for _, e := range line {
		if names[e.Name] {
			v.Doubled++
		}
		names[e.Name] = true
		switch e.State {
		case Confirmed:
			v.Confirmed++
		case Waitlisted:
			v.Waiting++
			if e.Place != v.Waiting {
				v.Misplaced++
			}
		}
	}
	v.Oversold = max(0, v.Confirmed-capacity)
}

// disorder counts who stands behind somebody that asked only after they had
// their answer.
func disorder(answers []Answer, at map[string]int) int {
	asked, answered := slices.Clone(answers), slices.Clone(answers)
	slices.SortFunc(asked, func(a, b Answer) int { return cmp.Compare(a.Asked, b.Asked) })
	slices.SortFunc(answered, func(a, b Answer) int { return cmp.Compare(a.Answered, b.Answered) })
	n, last, done := 0, -1, 0
	for _, a := range asked {
		for ; done < len(answered) && answered[done].Answered < a.Asked; done++ {
			last = max(last, at[answered[done].Registration])
		}
		if at[a.Registration] < last {
			n++
		}
	}
	return n
}

// told is the answer as the clerk gives it.
type told struct {
	state string
	place int
}

// desk is the clerk's slate.
type desk struct{ seats, waiting int }

// clerk is the specification: one after the other, everybody gets a seat while
// there is one, and then the next place in the line. The place makes the check
// quick: without it, histories with an oversell take for ever to refute.
func clerk(capacity int) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return desk{} },
		Step: func(state, _, output any) (bool, any) {
			d, got := state.(desk), output.(told)
			if d.seats < capacity {
				d.seats++
				return got == told{Confirmed, 0}, d
			}
			d.waiting++
			return got == told{Waitlisted, d.waiting}, d
		},
		DescribeOperation: func(_, output any) string { return fmt.Sprint(output) },
	}
}

// history is what the clients saw. An answer that took several tries may have
// been decided at any moment between the first request and the answer.
func history(answers []Answer) []porcupine.Operation {
	list := make([]porcupine.Operation, len(answers))
	for i, a := range answers {
		list[i] = porcupine.Operation{
			ClientId: a.Person, Call: int64(a.Asked), Return: int64(a.Answered), Output: told{a.State, a.Place},
		}
	}
	return list
}
