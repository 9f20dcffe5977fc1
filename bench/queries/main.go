// Queries measures what an answer and a registration cost: the hub, beside what
// others would build, in one run on one PostgreSQL and the same data.
//
//	make build && npm ci --prefix bench/queries/node && go run ./bench/queries
//
//	hub           bin/teixit serve, authorization on; each connection signs in as another officer
//	postgraphile  PostGraphile 5 on Node.js
//	mercurius     Mercurius with graphql-jit on Node.js
//	usual         gqlgen, bun, dataloaders
//	plain         a net/http handler with four statements that appends JSON by hand
//	pgbench       one statement with json_agg; no server at all
//	static        the bytes of the answer from memory, over net/http: the limit
//
// The peers read copies of the hub's rows in tables of their own, with the indexes
// that their queries want and without rights, languages or dates. All answers are
// compared first; when one differs, nothing is measured.
//
// Servers take turns, round by round, and one is asked at a time. What is printed
// is the CPU time of the server's process and of PostgreSQL for each request (the
// client's is not in it), median of the rounds; how long requests took; how many
// statements they were; and SPEED's targets, as ratios of this run.
//
// Registrations are counted afterwards: what was acknowledged is there, and no pool
// has more than its seats. It ends with 1 when an answer differs or a seat is sold
// twice, not when a target is missed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/teixit/teixit/bench/dataset"
)

// options are what can be chosen.
type options struct {
	root      string
	program   string
	data      string
	json      string
	scale     float64
	peers     []string
	workloads []string
	conns     int
	contended int
	rounds    int
	window    time.Duration
	warm      time.Duration
	top       int
	verbose   bool
}

func main() {
	if os.Getenv(serveVariable) != "" {
		serveOurs()
		return
	}
	var o options
	var peers, workloads string
	flag.StringVar(&o.root, "root", ".", "the repository")
	flag.StringVar(&o.program, "program", "bin/teixit", "the hub, below the repository")
	flag.StringVar(&o.data, "data", "", "folder of the network, kept between runs (default: var/bench below the repository)")
	flag.Float64Var(&o.scale, "scale", 1, "how much of the network: 1 is 12,000 associations, 20,000 events, 500,000 registrations")
	flag.StringVar(&peers, "peers", strings.Join(everybody(), ","), "who takes part besides the hub")
	flag.StringVar(&workloads, "workloads", strings.Join(allWorkloads(), ","), "what is measured")
	flag.IntVar(&o.conns, "conns", 32, "connections of the client")
	flag.IntVar(&o.contended, "contended", 16, "connections of pgbench's registrations")
	flag.IntVar(&o.rounds, "rounds", 3, "turns of each server")
	flag.DurationVar(&o.window, "window", 2*time.Second, "how long a turn is measured")
	flag.DurationVar(&o.warm, "warm", 500*time.Millisecond, "how long a server is asked before that, at least")
	flag.StringVar(&o.json, "json", "", "file for all figures (default: queries.json beside the data)")
	flag.IntVar(&o.top, "top", 0, "show so many of the hub's statements that take most of the time")
	flag.BoolVar(&o.verbose, "v", false, "show what the servers write")
	flag.Parse()
	o.peers, o.workloads = split(peers), split(workloads)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "queries:", err)
		os.Exit(1)
	}
}

func split(list string) []string {
	return slices.DeleteFunc(strings.Split(list, ","), func(s string) bool { return s == "" })
}

// filling bounds a load, measuring all that comes after.
const (
	filling   = time.Hour
	measuring = 30 * time.Minute
)

func run(ctx context.Context, o options) (err error) {
	if err := o.fillIn(); err != nil {
		return err
	}
	d, err := loaded(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	ctx, cancel := context.WithTimeout(ctx, measuring)
	defer cancel()
	s, err := newStage(ctx, o, d)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.end()) }()
	var all report
	for _, name := range o.workloads {
		measure := s.reads
		if slices.Contains(registering(), name) {
			measure = s.registrations
		}
		table, err := measure(ctx, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		table.print(os.Stdout)
		if err := s.dearest(ctx); err != nil {
			return err
		}
		all.Tables = append(all.Tables, table)
	}
	all.judge()
	all.print(os.Stdout)
	return all.write(o.json)
}

// fillIn completes and checks what was chosen.
func (o *options) fillIn() error {
	for _, name := range o.workloads {
		if !slices.Contains(allWorkloads(), name) {
			return fmt.Errorf("%q is no workload: %s", name, strings.Join(allWorkloads(), ", "))
		}
	}
	for _, name := range o.peers {
		if !slices.Contains(everybody(), name) {
			return fmt.Errorf("%q does not take part: %s", name, strings.Join(everybody(), ", "))
		}
	}
	if o.conns < 1 || o.contended < 1 || o.rounds < 1 || o.window < 100*time.Millisecond || o.warm < time.Millisecond || o.scale <= 0 || o.scale > 1 {
		return errors.New("connections and rounds from 1, a window of at least 100ms, a scale above 0 and up to 1")
	}
	if o.data == "" {
		o.data = filepath.Join(o.root, "var", "bench", fmt.Sprintf("network-%g", o.scale))
	}
	if o.json == "" {
		o.json = filepath.Join(o.data, "queries.json")
	}
	return nil
}

// loaded opens the network, which is made the first time.
func loaded(ctx context.Context, o options) (*dataset.Data, error) {
	ctx, cancel := context.WithTimeout(ctx, filling)
	defer cancel()
	d, err := dataset.Open(ctx, dataset.Config{Dir: o.data, Scale: o.scale, Plans: o.top > 0, Out: os.Stderr})
	if err != nil {
		return nil, fmt.Errorf("the network: %w", err)
	}
	if len(d.Officers) < o.conns {
		return nil, errors.Join(fmt.Errorf("at most %d connections: each signs in as somebody else", len(d.Officers)), d.Close())
	}
	return d, nil
}
