package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/teixit/teixit/bench/seatload"
)

// scene is two hubs, their PostgreSQL and the people.
type scene struct {
	options
	dir     string
	hubs    []*hub
	client  *seatload.Client
	officer string // token of who organises the events
	town    string // for which they act
	guests  []seatload.Person
}

// startScene starts everything; with an error nothing is left running.
func startScene(ctx context.Context, o options) (_ *scene, err error) {
	s := &scene{options: o, client: seatload.NewClient(o.workers, 10*time.Second)}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.end())
		}
	}()
	if s.dir, err = os.MkdirTemp("", "seats-"); err != nil {
		return nil, err
	}
	if err = os.Chmod(s.dir, 0o711); err != nil { // root's hub lets another user in
		return nil, err
	}
	for range 2 { // the first launches PostgreSQL, the second joins it
		addr, err := freeAddr()
		if err != nil {
			return nil, err
		}
		h := &hub{program: o.program, addr: addr, data: s.data(), verbose: o.verbose}
		if err := h.start(ctx); err != nil {
			return nil, err
		}
		s.hubs = append(s.hubs, h)
	}
	return s, s.findOfficer(ctx)
}

func (s *scene) data() string { return filepath.Join(s.dir, "data") }

// freeAddr is an address that an instance can come back to.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// end stops what was started, the launcher of PostgreSQL last.
func (s *scene) end() error {
	s.client.Close()
	var all error
	for i := len(s.hubs) - 1; i >= 0; i-- {
		all = errors.Join(all, s.hubs[i].stop())
	}
	if s.dir != "" {
		all = errors.Join(all, os.RemoveAll(s.dir))
	}
	return all
}

const townQuery = `{ municipality(by: {ineCode: "08279"}) { id } viewer { appointments { role organization { id } } } }`

// findOfficer finds, among the people of the demonstration, who answers for
// Terrassa.
func (s *scene) findOfficer(ctx context.Context) error {
	for _, token := range s.hubs[0].tokens {
		var got struct {
			Municipality struct{ ID string }
			Viewer       *struct {
				Appointments []struct {
					Role         string
					Organization *struct{ ID string }
				}
			}
		}
		if err := s.client.Ask(ctx, s.hubs[0].url(), token, townQuery, nil, &got); err != nil {
			return err
		}
		for _, a := range got.Viewer.Appointments {
			if a.Organization != nil && a.Organization.ID == got.Municipality.ID && a.Role == "OFFICER" {
				s.officer, s.town = token, got.Municipality.ID
				return nil
			}
		}
	}
	return errors.New("nobody of the demonstration answers for Terrassa")
}

const makeEvent = `mutation($in: EventCreateInput!) { eventCreate(input: $in) { event { id } errors { code path } } }`

const publishEvent = `mutation($id: ID!) { eventPublish(input: {id: $id}) { errors { code path } } }`

// newEvent makes an event with one pool and publishes it.
func (s *scene) newEvent(ctx context.Context, capacity int) (string, error) {
	starts := time.Now().Add(30 * 24 * time.Hour).UTC().Truncate(time.Second)
	name := map[string]any{"ca": "Jornada de prova"}
	input := map[string]any{
		"organiser": s.town, "kind": "CONFERENCE_DAY", "title": name, "venueName": "Sala de proves", "venues": []any{s.town},
		"startsAt": starts.Format(time.RFC3339), "endsAt": starts.Add(4 * time.Hour).Format(time.RFC3339),
		"seatPools": []any{map[string]any{"name": name, "capacity": capacity}},
	}
	var made struct {
		EventCreate struct {
			Event  *struct{ ID string }
			Errors []any
		}
	}
	if err := s.client.Ask(ctx, s.hubs[0].url(), s.officer, makeEvent, map[string]any{"in": input}, &made); err != nil {
		return "", err
	}
	if made.EventCreate.Event == nil {
		return "", fmt.Errorf("make an event: %v", made.EventCreate.Errors)
	}
	event := made.EventCreate.Event.ID
	var published struct{ EventPublish struct{ Errors []any } }
	if err := s.client.Ask(ctx, s.hubs[0].url(), s.officer, publishEvent, map[string]any{"id": event}, &published); err != nil {
		return "", err
	}
	if errs := published.EventPublish.Errors; len(errs) > 0 {
		return "", fmt.Errorf("publish the event: %v", errs)
	}
	return event, nil
}

// cutting is a swallower that listens.
type cutting struct {
	*seatload.Swallower
	url string
}

func swallower(targets []string) (c *cutting, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	c = &cutting{
		Swallower: &seatload.Swallower{Targets: targets, HTTP: &http.Client{Transport: transport}},
		url:       "http://" + l.Addr().String(),
	}
	server := &http.Server{Handler: c, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(l) }() // ends with Close
	return c, func() {
		_ = server.Close()
		transport.CloseIdleConnections()
	}, nil
}
