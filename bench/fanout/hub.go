package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// hub is bin/teixit with the demonstration network, which nobody else uses.
type hub struct {
	*process
	dir     string
	client  http.Client
	officer string // token of who organises the events
	town    string
	events  []string
	serial  atomic.Int64
}

func startHub(ctx context.Context, o options, env ...string) (_ *hub, err error) {
	h := &hub{client: http.Client{Timeout: 10 * time.Second}}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.end())
		}
	}()
	if h.dir, err = os.MkdirTemp("", "fanout-"); err != nil {
		return nil, err
	}
	if err = os.Chmod(h.dir, 0o711); err != nil { // root's hub lets another user in
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(filepath.Join(o.root, o.program), "serve", "--demo")
	cmd.Env = append(os.Environ(), "TEIXIT_ADDR="+addr, "TEIXIT_DATA="+filepath.Join(h.dir, "data"), "DATABASE_URL=",
		"TEIXIT_LOG_LEVEL=warn", "TEIXIT_TRAFFIC=false", "TEIXIT_SOCKETS_PER_ADDRESS=100000")
	cmd.Env = append(cmd.Env, env...)
	p, said, err := startProcess(ctx, cmd, addr, "Ctrl-C", o.verbose)
	if err != nil {
		return nil, err
	}
	h.process = p
	if err := h.findOfficer(ctx, said); err != nil {
		return nil, err
	}
	for range topics {
		event, err := h.newEvent(ctx)
		if err != nil {
			return nil, err
		}
		h.events = append(h.events, event)
	}
	return h, nil
}

func (h *hub) name() string       { return "hub" }
func (h *hub) topic(n int) string { return h.events[n] }

// database is the private PostgreSQL's, all of its processes.
func (h *hub) database() (time.Duration, error) {
	first, err := filepath.Glob(filepath.Join(h.dir, "data", "*", "postmaster.pid"))
	if err != nil || len(first) != 1 {
		return 0, errors.Join(errors.New("the hub's PostgreSQL is not found"), err)
	}
	text, err := os.ReadFile(first[0])
	if err != nil {
		return 0, err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		return 0, err
	}
	sum, err := cpuOf(pid, utime, stime, cutime, cstime)
	if err != nil {
		return 0, err
	}
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return 0, err
	}
	for _, child := range strings.Fields(string(children)) {
		pid, err := strconv.Atoi(child)
		if err != nil {
			return 0, err
		}
		if used, err := cpuOf(pid, utime, stime); err == nil { // it may have ended
			sum += used
		}
	}
	return sum, nil
}

func (h *hub) end() error {
	var err error
	if h.process != nil {
		err = h.process.end()
	}
	h.client.CloseIdleConnections()
	if h.dir != "" {
		err = errors.Join(err, os.RemoveAll(h.dir))
	}
	return err
}

// ask posts an operation and reads its data.
func (h *hub) ask(ctx context.Context, token, query string, variables map[string]any, answer any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+h.addr+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	response, err := h.client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	var got struct {
		Data   json.RawMessage
		Errors json.RawMessage
	}
	if err := json.Unmarshal(text, &got); err != nil || got.Errors != nil {
		return fmt.Errorf("the hub answers %d %.300s", response.StatusCode, text)
	}
	return json.Unmarshal(got.Data, answer)
}

const townQuery = `{ municipality(by: {ineCode: "08279"}) { id } viewer { appointments { role organization { id } } } }`

// findOfficer finds, among the people of the demonstration, who answers for
// Terrassa.
func (h *hub) findOfficer(ctx context.Context, said []string) error {
	for _, token := range said {
		if !strings.HasPrefix(token, "demo.") {
			continue
		}
		var got struct {
			Municipality struct{ ID string }
			Viewer       *struct {
				Appointments []struct {
					Role         string
					Organization *struct{ ID string }
				}
			}
		}
		if err := h.ask(ctx, token, townQuery, nil, &got); err != nil {
			return err
		}
		for _, a := range got.Viewer.Appointments {
			if a.Organization != nil && a.Organization.ID == got.Municipality.ID && a.Role == "OFFICER" {
				h.officer, h.town = token, got.Municipality.ID
				return nil
			}
		}
	}
	return errors.New("nobody of the demonstration answers for Terrassa")
}

func (h *hub) newEvent(ctx context.Context) (string, error) {
	starts := time.Now().Add(30 * 24 * time.Hour).UTC().Truncate(time.Second)
	name := map[string]any{"ca": "Jornada de prova"}
	var made struct {
		EventCreate struct {
			Event  *struct{ ID string }
			Errors []any
		}
	}
	err := h.ask(ctx, h.officer, `mutation($in: EventCreateInput!) { eventCreate(input: $in) { event { id } errors { code path } } }`, map[string]any{"in": map[string]any{
		"organiser": h.town, "kind": "CONFERENCE_DAY", "title": name, "venueName": "Sala de proves", "venues": []any{h.town},
		"startsAt": starts.Format(time.RFC3339), "endsAt": starts.Add(4 * time.Hour).Format(time.RFC3339),
		"seatPools": []any{map[string]any{"name": name, "capacity": 100}},
	}}, &made)
	if err != nil {
		return "", err
	}
	if made.EventCreate.Event == nil {
		return "", fmt.Errorf("make an event: %v", made.EventCreate.Errors)
	}
	event := made.EventCreate.Event.ID
	var published struct{ EventPublish struct{ Errors []any } }
	err = h.ask(ctx, h.officer, `mutation($id: ID!) { eventPublish(input: {id: $id}) { errors { code path } } }`, map[string]any{"id": event}, &published)
	if err == nil && len(published.EventPublish.Errors) > 0 {
		err = fmt.Errorf("publish the event: %v", published.EventPublish.Errors)
	}
	return event, err
}

func (h *hub) change(ctx context.Context, n int) error {
	var changed struct{ EventUpdate struct{ Errors []any } }
	err := h.ask(ctx, h.officer, `mutation($in: EventUpdateInput!) { eventUpdate(input: $in) { errors { code path } } }`, map[string]any{
		"in": map[string]any{"id": h.events[n], "venueName": fmt.Sprint("Sala ", h.serial.Add(1))},
	}, &changed)
	if err == nil && len(changed.EventUpdate.Errors) > 0 {
		err = fmt.Errorf("change the event: %v", changed.EventUpdate.Errors)
	}
	return err
}

func (h *hub) gauge(ctx context.Context, name string) (float64, bool) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+h.addr+"/metrics", nil)
	if err != nil {
		return 0, false
	}
	response, err := h.client.Do(r)
	if err != nil {
		return 0, false
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, false
	}
	for _, line := range strings.Split(string(text), "\n") {
		if rest, ok := strings.CutPrefix(line, name+" "); ok {
			n, err := strconv.ParseFloat(rest, 64)
			return n, err == nil
		}
	}
	return 0, false
}
