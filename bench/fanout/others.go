package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// serveVariable makes this program one of the servers: stock or bare.
const serveVariable = "FANOUT_SERVE"

// addrVariable is where it listens.
const addrVariable = "FANOUT_ADDR"

// message is one message of eventChanges, with what the hub puts there.
type message struct {
	Number int      `json:"number"`
	Cursor string   `json:"cursor"`
	Kind   *string  `json:"kind"`
	At     *string  `json:"at"`
	Fields []string `json:"fields"`
}

// publication is how a change is made where it costs nothing else: a POST to
// /publish.
type publication struct {
	Topic   string  `json:"topic"`
	Message message `json:"message"`
}

// other is a server that is told what to say.
type other struct {
	*process
	what   string
	client http.Client
	mu     sync.Mutex
	say    message // of the hub, or made up
}

func startOther(ctx context.Context, o options, what string, env ...string) (*other, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	var cmd *exec.Cmd
	if what == "node" {
		cmd = exec.Command("node", filepath.Join(o.root, "bench", "fanout", "node", "server.mjs"))
		cmd.Env = append(os.Environ(), addrVariable+"="+addr, "NODE_ENV=production")
	} else {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		cmd = exec.Command(self)
		cmd.Env = append(os.Environ(), addrVariable+"="+addr, serveVariable+"="+what)
	}
	cmd.Env = append(cmd.Env, env...)
	p, _, err := startProcess(ctx, cmd, addr, "ready", o.verbose)
	if err != nil {
		return nil, err
	}
	kind, at := "EVENT_UPDATED", "2026-01-02T03:04:05.678901Z"
	s := &other{process: p, what: what, client: http.Client{Timeout: 30 * time.Second}}
	s.say = message{Number: 2, Cursor: "a cursor", Kind: &kind, At: &at, Fields: []string{"venueName"}}
	for n := range topics {
		if err := s.change(ctx, n); err != nil {
			return nil, errors.Join(err, s.end())
		}
	}
	return s, nil
}

func (s *other) name() string                                  { return s.what }
func (s *other) topic(n int) string                            { return fmt.Sprint("topic ", n) }
func (s *other) gauge(context.Context, string) (float64, bool) { return 0, false }

func (s *other) database() (time.Duration, error) { return 0, nil }

func (s *other) end() error {
	s.client.CloseIdleConnections()
	return s.process.end()
}

func (s *other) change(ctx context.Context, n int) error {
	s.mu.Lock()
	body, err := json.Marshal(publication{Topic: s.topic(n), Message: s.say})
	s.mu.Unlock()
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.addr+"/publish", bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
		return fmt.Errorf("publish: %d, %w", response.StatusCode, err)
	}
	return nil
}

// serveOther is the program as a server.
func serveOther(what string) {
	if err := raiseFiles(100); err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	if what == "stock" {
		serveStock(mux)
	} else {
		serveBare(mux)
	}
	server := &http.Server{Addr: os.Getenv(addrVariable), Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	time.AfterFunc(50*time.Millisecond, func() { fmt.Println("ready") })
	log.Fatal(server.ListenAndServe())
}

// bare writes the same bytes to all, prepared once.
type bare struct {
	upgrader websocket.Upgrader

	mu      sync.Mutex
	last    map[string]*websocket.PreparedMessage
	members map[string]map[*websocket.Conn]struct{}
}

func serveBare(mux *http.ServeMux) {
	b := &bare{
		upgrader: websocket.Upgrader{
			Subprotocols: []string{subprotocol}, ReadBufferSize: 256, WriteBufferSize: 512, WriteBufferPool: &sync.Pool{},
		},
		last: map[string]*websocket.PreparedMessage{}, members: map[string]map[*websocket.Conn]struct{}{},
	}
	mux.HandleFunc("POST /publish", b.publish)
	mux.HandleFunc("/graphql", b.listen)
}

func (b *bare) publish(w http.ResponseWriter, r *http.Request) {
	var p publication
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	text, err := json.Marshal(p.Message)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	prepared, err := websocket.NewPreparedMessage(websocket.TextMessage, fmt.Appendf(nil, `{"id":"1","type":"next","payload":{"data":{"eventChanges":%s}}}`, text))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last[p.Topic] = prepared
	for c := range b.members[p.Topic] {
		_ = c.WritePreparedMessage(prepared) // the reader notices
	}
}

func (b *bare) listen(w http.ResponseWriter, r *http.Request) {
	c, err := b.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	go b.read(c) // the request's goroutine has larger stacks
}

func (b *bare) read(c *websocket.Conn) {
	topic := ""
	defer func() {
		b.mu.Lock()
		delete(b.members[topic], c)
		b.mu.Unlock()
		_ = c.Close()
	}()
	for {
		var m struct {
			Type    string
			Payload struct{ Variables struct{ ID string } }
		}
		if err := c.ReadJSON(&m); err != nil {
			return
		}
		switch m.Type {
		case "connection_init":
			_ = c.WriteMessage(websocket.TextMessage, []byte(`{"type":"connection_ack"}`))
		case "subscribe":
			topic = m.Payload.Variables.ID
			b.mu.Lock()
			if b.members[topic] == nil {
				b.members[topic] = map[*websocket.Conn]struct{}{}
			}
			b.members[topic][c] = struct{}{}
			_ = c.WritePreparedMessage(b.last[topic])
			b.mu.Unlock()
		}
	}
}
