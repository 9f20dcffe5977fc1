// Package seatload lets many people register for the same event at once, over
// any number of instances, and judges what came of it. It speaks to the hub
// over the wire only, so that a test with two hubs in its own process and a
// program that kills real ones ask the same and judge by the same rules.
//
// Everybody registers one delegate and, as careful clients do, asks again under
// the same idempotency key until there is an answer. Judge then compares the
// answers with what the organisers read at the end, and with what a single
// counter clerk would have answered.
package seatload

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Person is somebody who registers.
type Person struct {
	Token string
	// Organization is the identifier of the body they act for.
	Organization string
}

// Load is what is to be done.
type Load struct {
	Client  *Client
	URLs    []string // of /graphql of each instance
	Event   string
	People  []Person
	Workers int // registrations in flight
	// Acknowledged, when set, is told after each answer how many there are. It
	// is called by the workers: it must not block.
	Acknowledged func(n int)
}

// Answer is what one person was told.
type Answer struct {
	Person       int
	Asked        time.Duration // since the start of the load: the first request was sent
	Answered     time.Duration // the answer was there
	Tries        int
	Registration string
	State        string
	Place        int   // in the line; 0 with a seat
	Refused      error // an answer that asking again would not change
}

// Name is what the delegate of the i-th person is called.
func Name(i int) string { return fmt.Sprintf("Persona de prova %d", i) }

// Run registers everybody once and returns the answers by person. It fails when
// ctx ends before everybody has one.
func (l *Load) Run(ctx context.Context) ([]Answer, error) {
	answers := make([]Answer, len(l.People))
	begun := time.Now()
	var next, done atomic.Int64
	var workers sync.WaitGroup
	for range l.Workers {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(l.People) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				answers[i] = l.register(ctx, begun, i)
				if l.Acknowledged != nil && answers[i].Registration != "" {
					l.Acknowledged(int(done.Add(1)))
				}
			}
		})
	}
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return answers, fmt.Errorf("only %d of %d were answered: %w", done.Load(), len(l.People), err)
	}
	return answers, nil
}

const registerMutation = `mutation Register($in: RegistrationCreateInput!) { registrationCreate(input: $in) {
	registration { id state place } errors { code message } } }`

type registered struct {
	RegistrationCreate struct {
		Registration *struct {
			ID    string
			State string
			Place *int
		}
		Errors []struct{ Code, Message string }
	}
}

// register asks until there is an answer, each time another instance.
func (l *Load) register(ctx context.Context, begun time.Time, i int) Answer {
	a := Answer{Person: i, Asked: time.Since(begun)}
	for ctx.Err() == nil {
		var got registered
		url := l.URLs[(i+a.Tries)%len(l.URLs)]
		a.Tries++
		err := l.Client.Ask(ctx, url, l.People[i].Token, registerMutation, l.input(i), &got)
		if err == nil {
			a.Answered = time.Since(begun)
			return a.filled(got)
		}
		if !errors.As(err, new(Later)) {
			a.Refused = err
			return a
		}
		Pause(ctx, a.Tries)
	}
	return a
}

func (l *Load) input(i int) map[string]any {
	return map[string]any{"in": map[string]any{
		"idempotencyKey": fmt.Sprintf("%s %d", l.Event, i),
		"event":          l.Event,
		"organization":   l.People[i].Organization,
		"policy":         "WAIT_TOGETHER",
		"delegates":      []any{map[string]any{"name": Name(i), "role": "ASSOCIATION"}},
	}}
}

func (a Answer) filled(got registered) Answer {
	reg := got.RegistrationCreate.Registration
	if reg == nil {
		a.Refused = fmt.Errorf("refused: %+v", got.RegistrationCreate.Errors)
		return a
	}
	a.Registration, a.State = reg.ID, reg.State
	if reg.Place != nil {
		a.Place = *reg.Place
	}
	return a
}
