// Streams is the proof that nobody who watches misses anything, with real
// processes:
//
//	make build && go run ./bench/streams
//
// Two hundred subscribers, half over WebSocket and half over server-sent events,
// a third of them organisers and the rest the public, follow events over two
// instances of the hub on one private PostgreSQL while people register: ten
// thousand changes. Meanwhile subscribers are cut off at random and come back at
// the other instance, an instance and PostgreSQL are killed with kill -9, and
// transactions are held open for up to five seconds, some of them with the lock
// of an event. It prints how many messages were lost, doubled or out of order,
// and ends with 1 when one was, or when a subscriber did not get to the end.
//
// The short version, in `make test`, is TestStreamsOverCrash.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/teixit/teixit/bench/scene"
	"github.com/teixit/teixit/bench/seatload"
	"github.com/teixit/teixit/bench/streamload"
)

// options are what can be chosen.
type options struct {
	program       string
	subscribers   int
	events        int
	changes       int
	workers       int
	databaseKills int
	instanceKills int
	holders       int
	verbose       bool
}

func main() {
	var o options
	flag.StringVar(&o.program, "program", "bin/teixit", "the hub")
	flag.IntVar(&o.subscribers, "subscribers", 200, "who watches")
	flag.IntVar(&o.events, "events", 5, "events they watch")
	flag.IntVar(&o.changes, "changes", 10_000, "changes, as organisers count them")
	flag.IntVar(&o.workers, "workers", 20, "registrations in flight")
	flag.IntVar(&o.databaseKills, "database-kills", 2, "times PostgreSQL is killed")
	flag.IntVar(&o.instanceKills, "instance-kills", 2, "times an instance is killed")
	flag.IntVar(&o.holders, "holders", 3, "who holds transactions open")
	flag.BoolVar(&o.verbose, "v", false, "show what the hubs write")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Minute)
	defer cancel()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "streams:", err)
		os.Exit(1)
	}
}

// factsEach is how many facts organisers see of one registration: that it was
// made, and the seats.
const factsEach = 2

func run(ctx context.Context, o options) (err error) {
	s, err := scene.Start(ctx, scene.Options{
		Program: o.program, Workers: o.workers, Verbose: o.verbose,
		Env: []string{"TEIXIT_SOCKETS_PER_PERSON=10000", "TEIXIT_SOCKETS_PER_ADDRESS=10000"},
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.End()) }()
	people := (o.changes + factsEach*o.events - 1) / (factsEach * o.events)
	if err := s.Invite(ctx, people); err != nil {
		return err
	}
	p := &proof{options: o, Scene: s, people: people}
	for range o.events {
		event, err := s.NewEvent(ctx, people/2)
		if err != nil {
			return err
		}
		p.watched = append(p.watched, &watched{event: event})
	}
	return p.run(ctx)
}

// watched is one event and how far its followers have to come.
type watched struct {
	event              string
	public, organisers atomic.Int64
}

// proof is the scene and what happens there.
type proof struct {
	options
	*scene.Scene
	people    int
	watched   []*watched
	followers []*streamload.Follower
	held      atomic.Int64
	answered  atomic.Int64
}

func (p *proof) run(ctx context.Context) error {
	p.subscribe()
	var following, breaking sync.WaitGroup
	for _, f := range p.followers {
		following.Go(func() { f.Follow(ctx) })
	}
	chaos, calm := context.WithCancel(ctx)
	for range p.holders {
		breaking.Go(func() { p.holdOpen(chaos) })
	}
	kills := make(chan error, 1)
	go func() { kills <- p.kill(chaos) }()
	begun := time.Now()
	err := p.rush(ctx)
	took := time.Since(begun)
	calm()
	breaking.Wait()
	err = errors.Join(err, <-kills)
	if err == nil {
		err = p.findEnds(ctx)
	}
	if err != nil {
		return err
	}
	within, late := context.WithTimeout(ctx, time.Minute)
	defer late()
	done := make(chan struct{})
	go func() { following.Wait(); close(done) }()
	select {
	case <-done:
	case <-within.Done():
	}
	return p.report(took, done)
}

// subscribe makes the followers: every other one over events, every third an
// organiser, each cut off after a number of messages of its own.
func (p *proof) subscribe() {
	addrs := []string{p.Hubs[0].Addr(), p.Hubs[1].Addr()}
	for i := range p.subscribers {
		w := p.watched[i%len(p.watched)]
		f := &streamload.Follower{
			Name: fmt.Sprint("subscriber ", i), How: streamload.OverWebSocket, Addrs: addrs, Event: w.event, UpTo: &w.public,
			CutAt: func() int { return 1 + rand.IntN(300) },
		}
		if i/len(p.watched)%2 == 1 {
			f.How = streamload.OverEvents
		}
		if i%3 == 0 {
			f.Token, f.UpTo = p.Officer, &w.organisers
		}
		p.followers = append(p.followers, f)
	}
}

// rush registers everybody for every event.
func (p *proof) rush(ctx context.Context) error {
	var loads sync.WaitGroup
	failed := make([]error, len(p.watched))
	for i, w := range p.watched {
		load := &seatload.Load{
			Client: p.Client, URLs: []string{p.Hubs[0].URL(), p.Hubs[1].URL()}, Event: w.event,
			People: p.Guests[:p.people], Workers: max(p.workers/len(p.watched), 1),
			Acknowledged: func(int) { p.answered.Add(1) },
		}
		loads.Go(func() {
			answers, err := load.Run(ctx)
			for _, a := range answers {
				if err == nil && a.Refused != nil {
					err = fmt.Errorf("a registration was refused: %w", a.Refused)
				}
			}
			failed[i] = err
		})
	}
	loads.Wait()
	return errors.Join(failed...)
}

// findEnds asks how far each event has come, at both levels of sight.
func (p *proof) findEnds(ctx context.Context) error {
	for _, w := range p.watched {
		for _, level := range []struct {
			token string
			upTo  *atomic.Int64
		}{{"", &w.public}, {p.Officer, &w.organisers}} {
			s, err := streamload.OverWebSocket(ctx, p.Hubs[0].Addr(), level.token, w.event, "")
			if err != nil {
				return err
			}
			state, err := s.Next(20 * time.Second)
			s.Cut()
			if err != nil {
				return err
			}
			level.upTo.Store(int64(state.Number))
		}
	}
	return nil
}

func (p *proof) report(took time.Duration, done <-chan struct{}) error {
	select {
	case <-done:
	default: // they may still be written to: only the names are read
		return errors.New("not everybody got to the end within a minute after the last change")
	}
	var sum streamload.Tally
	connections, messages, unfinished := 0, 0, 0
	changes := int64(0)
	for _, w := range p.watched {
		changes += w.organisers.Load()
	}
	for _, f := range p.followers {
		sum.Add(f.Tally)
		connections, messages = connections+f.Cuts, messages+f.Received
		if !f.Done() {
			unfinished++
			fmt.Printf("  %s is at %d of %d\n", f.Name, f.Number, f.UpTo.Load())
		}
	}
	fmt.Printf("%d subscribers over WebSocket and events, %d changes of %d events in %v, %d connections, %d messages;\n"+
		"PostgreSQL killed %d times, an instance %d times, %d transactions held open for up to %v\n  %v\n",
		len(p.followers), changes, len(p.watched), took.Round(time.Second), connections, messages,
		p.databaseKills, p.instanceKills, p.held.Load(), holdAtMost, sum)
	if sum != (streamload.Tally{}) || unfinished > 0 {
		return errors.New("a stream was not whole")
	}
	return nil
}
