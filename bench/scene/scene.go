// Package scene is what the programs that break real hubs stand on: instances as
// processes on one private PostgreSQL with the demonstration network, invented
// people, and ways to kill any of them.
//
// It speaks to the hub over HTTP. From PostgreSQL it takes what a client has no
// business with: the key that signs demo tokens, to be many people.
package scene

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/teixit/teixit/bench/seatload"
)

// Options are what can be chosen.
type Options struct {
	Program   string   // the hub
	Instances int      // how many; 2 by default
	Workers   int      // requests in flight
	Verbose   bool     // show what the hubs write
	Env       []string // further settings of the hubs
}

// Scene is hubs, their PostgreSQL and the people.
type Scene struct {
	Hubs    []*Instance
	Client  *seatload.Client
	Officer string // token of who organises the events
	Town    string // for which they act
	Guests  []seatload.Person
	dir     string
}

// Start starts everything; with an error nothing is left running.
func Start(ctx context.Context, o Options) (_ *Scene, err error) {
	s := &Scene{Client: seatload.NewClient(o.Workers, 10*time.Second)}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.End())
		}
	}()
	if s.dir, err = os.MkdirTemp("", "teixit-bench-"); err != nil {
		return nil, err
	}
	if err = os.Chmod(s.dir, 0o711); err != nil { // root's hub lets another user in
		return nil, err
	}
	if o.Instances == 0 {
		o.Instances = 2
	}
	for range o.Instances { // the first launches PostgreSQL, the second joins it
		addr, err := freeAddr()
		if err != nil {
			return nil, err
		}
		h := &Instance{program: o.Program, addr: addr, data: s.data(), verbose: o.Verbose, env: o.Env}
		if err := h.Start(ctx); err != nil {
			return nil, err
		}
		s.Hubs = append(s.Hubs, h)
	}
	return s, s.findOfficer(ctx)
}

func (s *Scene) data() string { return filepath.Join(s.dir, "data") }

// freeAddr is an address that an instance can come back to.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// End stops what was started, the launcher of PostgreSQL last.
func (s *Scene) End() error {
	s.Client.Close()
	var all error
	for i := len(s.Hubs) - 1; i >= 0; i-- {
		all = errors.Join(all, s.Hubs[i].Stop())
	}
	if s.dir != "" {
		all = errors.Join(all, os.RemoveAll(s.dir))
	}
	return all
}

const townQuery = `{ municipality(by: {ineCode: "08279"}) { id } viewer { appointments { role organization { id } } } }`

// findOfficer finds, among the people of the demonstration, who answers for
// Terrassa.
func (s *Scene) findOfficer(ctx context.Context) error {
	for _, token := range s.Hubs[0].tokens {
		var got struct {
			Municipality struct{ ID string }
			Viewer       *struct {
				Appointments []struct {
					Role         string
					Organization *struct{ ID string }
				}
			}
		}
		if err := s.Client.Ask(ctx, s.Hubs[0].URL(), token, townQuery, nil, &got); err != nil {
			return err
		}
		for _, a := range got.Viewer.Appointments {
			if a.Organization != nil && a.Organization.ID == got.Municipality.ID && a.Role == "OFFICER" {
				s.Officer, s.Town = token, got.Municipality.ID
				return nil
			}
		}
	}
	return errors.New("nobody of the demonstration answers for Terrassa")
}

const makeEvent = `mutation($in: EventCreateInput!) { eventCreate(input: $in) { event { id } errors { code path } } }`

const publishEvent = `mutation($id: ID!) { eventPublish(input: {id: $id}) { errors { code path } } }`

// NewEvent makes an event with one pool and publishes it.
func (s *Scene) NewEvent(ctx context.Context, capacity int) (string, error) {
	starts := time.Now().Add(30 * 24 * time.Hour).UTC().Truncate(time.Second)
	name := map[string]any{"ca": "Jornada de prova"}
	input := map[string]any{
		"organiser": s.Town, "kind": "CONFERENCE_DAY", "title": name, "venueName": "Sala de proves", "venues": []any{s.Town},
		"startsAt": starts.Format(time.RFC3339), "endsAt": starts.Add(4 * time.Hour).Format(time.RFC3339),
		"seatPools": []any{map[string]any{"name": name, "capacity": capacity}},
	}
	var made struct {
		EventCreate struct {
			Event  *struct{ ID string }
			Errors []any
		}
	}
	if err := s.Client.Ask(ctx, s.Hubs[0].URL(), s.Officer, makeEvent, map[string]any{"in": input}, &made); err != nil {
		return "", err
	}
	if made.EventCreate.Event == nil {
		return "", fmt.Errorf("make an event: %v", made.EventCreate.Errors)
	}
	event := made.EventCreate.Event.ID
	var published struct{ EventPublish struct{ Errors []any } }
	if err := s.Client.Ask(ctx, s.Hubs[0].URL(), s.Officer, publishEvent, map[string]any{"id": event}, &published); err != nil {
		return "", err
	}
	if errs := published.EventPublish.Errors; len(errs) > 0 {
		return "", fmt.Errorf("publish the event: %v", errs)
	}
	return event, nil
}

// KillInstance kills the second instance and starts it again.
func (s *Scene) KillInstance() error {
	h := s.Hubs[1]
	if err := h.Kill(); err != nil {
		return fmt.Errorf("kill an instance: %w", err)
	}
	return h.Start(context.Background())
}

// KillDatabase kills PostgreSQL's first process, which takes the others along;
// the instances bring it back.
func (s *Scene) KillDatabase() error {
	text, err := os.ReadFile(filepath.Join(s.data(), "data", "postmaster.pid"))
	if err != nil {
		return fmt.Errorf("kill PostgreSQL: %w", err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil {
		return fmt.Errorf("kill PostgreSQL: %w", err)
	}
	return syscall.Kill(pid, syscall.SIGKILL)
}
