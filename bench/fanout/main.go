// Fanout measures what it takes to tell many subscribers of one change: the hub,
// beside three others in the same run.
//
//	make build && (cd bench/fanout && go build -o ../../bin/fanout .) && bin/fanout
//
//	hub     bin/teixit serve on a real PostgreSQL, authorization on; a change is a mutation
//	stock   gqlgen v0.17.90 with its own transport, a channel for each subscriber
//	node    graphql-ws on Node.js, an async iterator for each subscriber
//	bare    gorilla writing the same bytes, prepared once: the limit
//
// All get the same operation over graphql-transport-ws and send equal bytes, which
// is checked first. Servers take turns, round by round, and only one has sockets
// at a time. What is printed: CPU of the server's process for each delivered
// message, without what the change itself costs it with nobody listening; the
// time from asking for a change to its last receipt, and from its first receipt to
// its last (the spread: the hub's change is a commit, the others' is none); each
// as a ratio to bare and to stock. Of the hub also what its database took, in the
// same way, and how many executions a change took, against the number of groups
// that watch.
//
// Scenarios: identical (all ask for the same), topics (spread over 100), selections
// (each asks for something else), slow (some stop reading and go on sending pongs),
// memory (resident memory for each idle socket).
//
// A machine's noise is in all of them alike: quote ratios, not times.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// options are what can be chosen.
type options struct {
	program   string
	root      string
	servers   []string
	scenarios []string
	sockets   []int
	rounds    int
	changes   int
	slow      int
	settle    time.Duration
	verbose   bool
}

func main() {
	if serve := os.Getenv(serveVariable); serve != "" {
		serveOther(serve)
		return
	}
	var o options
	var servers, scenarios, sockets string
	flag.StringVar(&o.root, "root", ".", "the repository")
	flag.StringVar(&o.program, "program", "bin/teixit", "the hub, below the repository")
	flag.StringVar(&servers, "servers", "hub,stock,node,bare", "who takes part")
	flag.StringVar(&scenarios, "scenarios", "identical,topics,selections,slow,memory", "what is measured")
	flag.StringVar(&sockets, "sockets", "1000,10000", "how many subscribers")
	flag.IntVar(&o.rounds, "rounds", 3, "turns of each server")
	flag.IntVar(&o.changes, "changes", 20, "changes in a round")
	flag.IntVar(&o.slow, "slow", 20, "readers that stop, in the scenario slow")
	flag.DurationVar(&o.settle, "settle", 150*time.Second, "before memory is read, in the scenario memory")
	flag.BoolVar(&o.verbose, "v", false, "show what the servers write")
	flag.Parse()
	o.servers, o.scenarios = strings.Split(servers, ","), strings.Split(scenarios, ",")
	for _, text := range strings.Split(sockets, ",") {
		var n int
		if _, err := fmt.Sscan(text, &n); err != nil || n < 1 {
			fmt.Fprintf(os.Stderr, "fanout: %q is no number of sockets\n", text)
			os.Exit(2)
		}
		o.sockets = append(o.sockets, n)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "fanout:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) (err error) {
	if err := raiseFiles(slices.Max(o.sockets) + 1000); err != nil {
		return err
	}
	var all []server // memory is measured in servers of its own
	if slices.ContainsFunc(o.scenarios, func(s string) bool { return s != "memory" }) {
		all, err = startServers(ctx, o)
		defer func() { err = errors.Join(err, endServers(all)) }()
		if err != nil {
			return err
		}
		if err := checkEqual(ctx, all); err != nil {
			return err
		}
	}
	for _, scenario := range o.scenarios {
		for _, sockets := range o.sockets {
			switch scenario {
			case "identical", "topics", "selections":
				err = fanOut(ctx, o, all, scenario, sockets)
			case "slow":
				err = slowReaders(ctx, o, all, sockets)
			case "memory":
				err = idleMemory(ctx, o, sockets)
			default:
				err = errors.New("no such scenario")
			}
			if err != nil {
				return fmt.Errorf("%s, %d sockets: %w", scenario, sockets, err)
			}
		}
	}
	return nil
}

// raiseFiles allows as many open files as there will be sockets.
func raiseFiles(n int) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	if limit.Max < uint64(n) {
		return fmt.Errorf("only %d files may be open, %d are needed: ulimit -n", limit.Max, n)
	}
	limit.Cur = limit.Max
	return syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
}
