// Seats is the proof that the last seat is not sold twice, with real processes:
//
//	make build && go run ./bench/seats
//
// It starts two instances of the hub on one private PostgreSQL, lets thousands
// of people register for the same event at once, kills PostgreSQL and an
// instance with kill -9 meanwhile, and prints the figures. Then it cuts a
// thousand answers after their commit and counts the effects. It ends with 1
// when a figure is not what it has to be.
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

	"github.com/teixit/teixit/bench/scene"
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
	s, err := scene.Start(ctx, scene.Options{Program: o.program, Workers: o.workers, Verbose: o.verbose})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.End()) }()
	if err := s.Invite(ctx, max(o.people, o.answers)); err != nil {
		return err
	}
	p := &proof{options: o, Scene: s}
	return errors.Join(p.rush(ctx), p.cutAnswers(ctx))
}

// proof is the scene and what is to happen there.
type proof struct {
	options
	*scene.Scene
}

// rush is the first proof.
func (p *proof) rush(ctx context.Context) error {
	event, err := p.NewEvent(ctx, p.capacity)
	if err != nil {
		return err
	}
	kills := p.killsDuring(p.people)
	load := p.load(event, p.people)
	load.Acknowledged = kills.at
	answers, err := load.Run(ctx)
	if err := errors.Join(err, kills.wait()); err != nil {
		return err
	}
	v, err := p.judge(ctx, load, p.capacity, answers)
	if err != nil {
		return err
	}
	fmt.Printf("%d seats, %d registrations by %d people over 2 instances, PostgreSQL killed %d times, an instance %d times\n  %v\n",
		p.capacity, p.people, p.people, p.databaseKills, p.instanceKills, v)
	if err := p.turns(ctx); err != nil {
		return err
	}
	if !v.Right(p.capacity, p.people) {
		return errors.New("seats were given wrongly")
	}
	return nil
}

// turns prints how many registrations shared a transaction, on the instances that
// run, since they were started.
func (p *proof) turns(ctx context.Context) error {
	var transactions, registrations float64
	for _, h := range p.Hubs {
		n, err := h.Metric(ctx, "teixit_batch_size_count")
		if err != nil {
			return err
		}
		sum, err := h.Metric(ctx, "teixit_batch_size_sum")
		if err != nil {
			return err
		}
		transactions, registrations = transactions+n, registrations+sum
	}
	fmt.Printf("  %.0f registrations in %.0f transactions: %.1f in each\n", registrations, transactions, registrations/transactions)
	return nil
}

// cutAnswers is the second: whoever gets no answer asks again and is not
// registered twice.
func (p *proof) cutAnswers(ctx context.Context) error {
	event, err := p.NewEvent(ctx, p.answers/2)
	if err != nil {
		return err
	}
	load := p.load(event, p.answers)
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
	v, err := p.judge(ctx, load, p.answers/2, answers)
	if err != nil {
		return err
	}
	fmt.Printf("%d answers cut after the commit and asked for again: %d effects\n  %v\n", len(swallow.Kept()), v.Confirmed+v.Waiting, v)
	if !v.Right(p.answers/2, p.answers) || v.Retried != p.answers || len(swallow.Kept()) != p.answers {
		return errors.New("an answer that was cut had not exactly one effect")
	}
	return nil
}

func (p *proof) load(event string, people int) *seatload.Load {
	return &seatload.Load{
		Client: p.Client, URLs: []string{p.Hubs[0].URL(), p.Hubs[1].URL()}, Event: event,
		People: p.Guests[:people], Workers: p.workers,
	}
}

func (p *proof) judge(ctx context.Context, load *seatload.Load, capacity int, answers []seatload.Answer) (seatload.Verdict, error) {
	line, err := seatload.Line(ctx, p.Client, load.URLs[0], p.Officer, load.Event)
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
