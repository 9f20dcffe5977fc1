package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// serveVariable makes this program one of the servers: plain or static.
const serveVariable = "QUERIES_SERVE"

// serveOurs is the program as a server.
func serveOurs() {
	mux := http.NewServeMux()
	if os.Getenv(serveVariable) == static {
		serveStatic(mux)
	} else if err := servePlain(context.Background(), mux); err != nil {
		log.Fatal(err)
	}
	l, err := net.Listen("tcp", os.Getenv("QUERIES_ADDR"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("ready")
	log.Fatal((&http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}).Serve(l))
}

// largest bounds what the static server is given to say.
const largest = 4 << 20

// serveStatic says what it was given: PUT an answer, POST for it.
func serveStatic(mux *http.ServeMux) {
	var mu sync.RWMutex
	var answer []byte
	mux.HandleFunc("PUT /graphql", func(w http.ResponseWriter, r *http.Request) {
		given, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largest))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		mu.Lock()
		defer mu.Unlock()
		answer = given
	})
	mux.HandleFunc("POST /graphql", func(w http.ResponseWriter, _ *http.Request) {
		mu.RLock()
		defer mu.RUnlock()
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		_, _ = w.Write(answer)
	})
}

// plainServer knows three questions and answers them with the fewest statements
// that read as one would write them.
type plainServer struct{ pool *pgxpool.Pool }

// asked is what of a request it looks at.
type asked struct {
	OperationName string
	Variables     struct{ Town, Event, Kind string }
}

func servePlain(ctx context.Context, mux *http.ServeMux) error {
	cfg, err := pgxpool.ParseConfig(os.Getenv("QUERIES_URL"))
	if err != nil {
		return err
	}
	conns, err := strconv.Atoi(os.Getenv("QUERIES_CONNS"))
	if err != nil {
		return err
	}
	cfg.MaxConns = int32(conns)
	cfg.ConnConfig.RuntimeParams["application_name"] = os.Getenv("PGAPPNAME")
	p := &plainServer{}
	if p.pool, err = pgxpool.NewWithConfig(ctx, cfg); err != nil {
		return err
	}
	mux.HandleFunc("POST /graphql", p.answer)
	return nil
}

func (p *plainServer) answer(w http.ResponseWriter, r *http.Request) {
	var q asked
	err := json.NewDecoder(r.Body).Decode(&q)
	text := make([]byte, 0, 1024)
	if err == nil {
		switch q.OperationName {
		case "Network":
			text, err = p.network(r.Context(), make([]byte, 0, 160<<10), q.Variables.Town)
		case "Small":
			text, err = p.small(r.Context(), text, q.Variables.Event)
		case "Page":
			text, err = p.page(r.Context(), make([]byte, 0, 4096), q.Variables.Town, q.Variables.Kind)
		}
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = w.Write(text)
}

type association struct {
	id, name string
	events   []*event
}

type event struct {
	id, title, kind, state string
	starts, ends           time.Time
	pools                  []byte
}

func (p *plainServer) network(ctx context.Context, b []byte, code string) ([]byte, error) {
	var town, title, comarca string
	err := p.pool.QueryRow(ctx, `select m.id, m.title, c.title from bench.municipalities m join bench.comarques c on c.id = m.comarca where m.ine_code = $1`, code).
		Scan(&town, &title, &comarca)
	if err != nil {
		return nil, err
	}
	bodies, err := p.associations(ctx, town)
	if err != nil {
		return nil, err
	}
	if err := p.fill(ctx, bodies); err != nil {
		return nil, err
	}
	b = text(append(b, `{"data":{"municipality":{"title":`...), title)
	b = text(append(b, `,"comarca":{"title":`...), comarca)
	b = append(b, `},"organizations":{"nodes":[`...)
	for i, a := range bodies {
		b = comma(b, i)
		b = text(append(b, `{"__typename":"Association","id":`...), a.id)
		b = text(append(b, `,"name":`...), a.name)
		b = append(b, `,"events":{"nodes":[`...)
		for i, e := range a.events {
			b = e.append(comma(b, i))
		}
		b = append(b, `]}}`...)
	}
	return append(b, `]}}}}`...), nil
}

func (p *plainServer) associations(ctx context.Context, town string) ([]*association, error) {
	rows, err := p.pool.Query(ctx, `select id, name from bench.associations where municipality = $1 order by name, id limit 100`, town)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*association, error) {
		a := &association{}
		return a, row.Scan(&a.id, &a.name)
	})
}

// fill reads the events of all, and the pools of all events.
func (p *plainServer) fill(ctx context.Context, bodies []*association) error {
	ids := make([]string, len(bodies))
	of := make(map[string]*association, len(bodies))
	for i, a := range bodies {
		ids[i], of[a.id] = a.id, a
	}
	rows, err := p.pool.Query(ctx, `select o.id, e.* from unnest($1::text[]) as o(id) cross join lateral (
		select id, title, kind, state, starts_at, ends_at from bench.events where organiser = o.id order by starts_at, id limit 3) e`, ids)
	if err != nil {
		return err
	}
	var events []string
	known := map[string]*event{}
	var organiser string
	for rows.Next() {
		e := &event{}
		if err := rows.Scan(&organiser, &e.id, &e.title, &e.kind, &e.state, &e.starts, &e.ends); err != nil {
			return err
		}
		of[organiser].events = append(of[organiser].events, e)
		events, known[e.id] = append(events, e.id), e
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows, err = p.pool.Query(ctx, `select id, event, name, capacity, confirmed, availability from bench.seat_pools where event = any($1) order by event, position, id`, events)
	if err != nil {
		return err
	}
	for rows.Next() {
		var id, at, name, availability string
		var capacity, confirmed int64
		if err := rows.Scan(&id, &at, &name, &capacity, &confirmed, &availability); err != nil {
			return err
		}
		e := known[at]
		e.pools = text(append(comma(e.pools, len(e.pools)), `{"id":`...), id)
		e.pools = text(append(e.pools, `,"name":`...), name)
		e.pools = strconv.AppendInt(append(e.pools, `,"capacity":`...), capacity, 10)
		e.pools = strconv.AppendInt(append(e.pools, `,"confirmed":`...), confirmed, 10)
		e.pools = append(text(append(e.pools, `,"availability":`...), availability), '}')
	}
	return rows.Err()
}

func (e *event) append(b []byte) []byte {
	b = text(append(b, `{"id":`...), e.id)
	b = text(append(b, `,"title":`...), e.title)
	b = moment(append(b, `,"startsAt":`...), e.starts)
	b = moment(append(b, `,"endsAt":`...), e.ends)
	b = text(append(b, `,"kind":`...), e.kind)
	b = text(append(b, `,"state":`...), e.state)
	b = append(append(b, `,"seatPools":[`...), e.pools...)
	return append(b, `]}`...)
}

func (p *plainServer) small(ctx context.Context, b []byte, id string) ([]byte, error) {
	e, a := &event{}, &association{}
	err := p.pool.QueryRow(ctx, `select e.id, e.title, e.kind, e.state, e.starts_at, a.id, a.name
		from bench.events e join bench.associations a on a.id = e.organiser where e.id = $1`, id).
		Scan(&e.id, &e.title, &e.kind, &e.state, &e.starts, &a.id, &a.name)
	if err != nil {
		return nil, err
	}
	b = text(append(b, `{"data":{"event":{"id":`...), e.id)
	b = text(append(b, `,"title":`...), e.title)
	b = text(append(b, `,"kind":`...), e.kind)
	b = text(append(b, `,"state":`...), e.state)
	b = moment(append(b, `,"startsAt":`...), e.starts)
	b = text(append(b, `,"organisers":[{"lead":true,"organization":{"id":`...), a.id)
	b = text(append(b, `,"name":`...), a.name)
	return append(b, `}}]}}}`...), nil
}

func (p *plainServer) page(ctx context.Context, b []byte, town, kind string) ([]byte, error) {
	var total int64
	err := p.pool.QueryRow(ctx, `select count(*) from bench.events where municipality = $1 and kind = $2`, town, kind).Scan(&total)
	if err != nil {
		return nil, err
	}
	rows, err := p.pool.Query(ctx, `select id, title, starts_at from bench.events where municipality = $1 and kind = $2 order by starts_at, id limit 20`, town, kind)
	if err != nil {
		return nil, err
	}
	b = strconv.AppendInt(append(b, `{"data":{"events":{"totalCount":`...), total, 10)
	b = append(b, `,"nodes":[`...)
	for i := 0; rows.Next(); i++ {
		var e event
		if err := rows.Scan(&e.id, &e.title, &e.starts); err != nil {
			return nil, err
		}
		b = text(append(comma(b, i), `{"id":`...), e.id)
		b = text(append(b, `,"title":`...), e.title)
		b = append(moment(append(b, `,"startsAt":`...), e.starts), '}')
	}
	return append(b, `]}}}`...), rows.Err()
}

func comma(b []byte, before int) []byte {
	if before > 0 {
		return append(b, ',')
	}
	return b
}

func moment(b []byte, t time.Time) []byte {
	return append(t.UTC().AppendFormat(append(b, '"'), time.RFC3339), '"')
}

// text appends a JSON string; what needs an escape is rare.
func text(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) // a string cannot fail
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
