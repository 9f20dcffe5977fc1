// Seats is the proof that the last seat is not sold twice, with real processes:
//
//	make build && go run ./bench/seats
//
// It starts two instances of the hub on one private PostgreSQL, lets thousands
// of people register for the same event at once, kills PostgreSQL and an
// instance with kill -9 meanwhile, and prints the figures. Then it cuts a
// thousand answers after their commit and counts the effects. It ends with 1
// when a figure is not what it has to be.
//
// It speaks to the hub over HTTP only. From PostgreSQL it takes what a client
// has no business with: the key that signs demo tokens, to be many people.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/teixit/teixit/bench/seatload"
)

// options are what can be chosen.
type options struct {
	program       string
	capacity      int
	people        int
	workers       int
	databaseKills int
	instanceKills int
	answers       int
	verbose       bool
}

func main() {
	var o options
	flag.StringVar(&o.program, "program", "bin/teixit", "the hub")
	flag.IntVar(&o.capacity, "seats", 100, "seats of the event")
	flag.IntVar(&o.people, "people", 5_000, "people who register")
	flag.IntVar(&o.workers, "workers", 48, "registrations in flight")
	flag.IntVar(&o.databaseKills, "database-kills", 2, "times PostgreSQL is killed")
	flag.IntVar(&o.instanceKills, "instance-kills", 1, "times an instance is killed")
	flag.IntVar(&o.answers, "answers", 1_000, "answers cut after their commit")
	flag.BoolVar(&o.verbose, "v", false, "show what the hubs write")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 20*time.Minute)
	defer cancel()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "seats:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	s, err := startScene(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end()) }()
	if err := s.invite(ctx, max(o.people, o.answers)); err != nil {
		return err
	}
	return errors.Join(s.rush(ctx), s.cutAnswers(ctx))
}

// rush is the first proof.
func (s *scene) rush(ctx context.Context) error {
	event, err := s.newEvent(ctx, s.capacity)
	if err != nil {
		return err
	}
	kills := s.killsDuring(s.people)
	load := s.load(event, s.people)
	load.Acknowledged = kills.at
	answers, err := load.Run(ctx)
	if err := errors.Join(err, kills.wait()); err != nil {
		return err
	}
	v, err := s.judge(ctx, load, s.capacity, answers)
	if err != nil {
		return err
	}
	fmt.Printf("%d seats, %d registrations by %d people over 2 instances, PostgreSQL killed %d times, an instance %d times\n  %v\n",
		s.capacity, s.people, s.people, s.databaseKills, s.instanceKills, v)
	if !v.Right(s.capacity, s.people) {
		return errors.New("seats were given wrongly")
	}
	return nil
}

// cutAnswers is the second: whoever gets no answer asks again and is not
// registered twice.
func (s *scene) cutAnswers(ctx context.Context) error {
	event, err := s.newEvent(ctx, s.answers/2)
	if err != nil {
		return err
	}
	load := s.load(event, s.answers)
	swallow, stop, err := swallower(load.URLs)
	if err != nil {
		return err
	}
	defer stop()
	direct := load.URLs
	load.URLs = []string{swallow.url}
	answers, err := load.Run(ctx)
	if err != nil {
		return err
	}
	load.URLs = direct
	v, err := s.judge(ctx, load, s.answers/2, answers)
	if err != nil {
		return err
	}
	fmt.Printf("%d answers cut after the commit and asked for again: %d effects\n  %v\n", len(swallow.Kept()), v.Confirmed+v.Waiting, v)
	if !v.Right(s.answers/2, s.answers) || v.Retried != s.answers || len(swallow.Kept()) != s.answers {
		return errors.New("an answer that was cut had not exactly one effect")
	}
	return nil
}

func (s *scene) load(event string, people int) *seatload.Load {
	return &seatload.Load{
		Client: s.client, URLs: []string{s.hubs[0].url(), s.hubs[1].url()}, Event: event,
		People: s.guests[:people], Workers: s.workers,
	}
}

func (s *scene) judge(ctx context.Context, load *seatload.Load, capacity int, answers []seatload.Answer) (seatload.Verdict, error) {
	line, err := seatload.Line(ctx, s.client, load.URLs[0], s.officer, load.Event)
	if err != nil {
		return seatload.Verdict{}, err
	}
	for _, a := range answers {
		if a.Refused != nil {
			fmt.Printf("  person %d after %d tries: %v\n", a.Person, a.Tries, a.Refused)
			break
		}
	}
	return seatload.Judge(capacity, answers, line, time.Minute), nil
}
