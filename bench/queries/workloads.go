package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// The workloads.
const (
	network   = "network"
	small     = "small"
	listed    = "page"
	unchanged = "unchanged"
	hot       = "hot"
	spread    = "spread"
)

func allWorkloads() []string { return []string{network, small, listed, unchanged, hot, spread} }

func registering() []string { return []string{hot, spread} }

// The questions, as the hub's contract has them; Mercurius and the usual server
// serve the same part of it.
const (
	networkQuery = `query Network($town: String!) { municipality(by: {ineCode: $town}) { title comarca { title }
  organizations(first: 100) { nodes { __typename id name ... on Association {
    events(first: 3, upcoming: false) { nodes { id title startsAt endsAt kind state
      seatPools { id name capacity confirmed availability } } } } } } } }`

	smallQuery = `query Small($event: ID!) { event(id: $event) { id title kind state startsAt organisers { lead organization { id name } } } }`

	pageQuery = `query Page($town: ID!, $kind: EventKind!) { events(first: 20, filter: {territory: $town, kinds: [$kind]}) { totalCount nodes { id title startsAt } } }`
)

// The same for PostGraphile, whose contract follows from the tables.
const (
	networkOfTables = `query Network($town: String!) { municipality: municipalityByIneCode(ineCode: $town) { title comarca: comarqueByComarca { title }
  organizations: associationsByMunicipality(first: 100, orderBy: [NAME_ASC]) { nodes { __typename id: rowId name
    events: eventsByOrganiser(first: 3, orderBy: [STARTS_AT_ASC]) { nodes { id: rowId title startsAt endsAt kind state
      seatPools: seatPoolsByEventList(orderBy: [POSITION_ASC]) { id: rowId name capacity confirmed availability } } } } } } }`

	smallOfTables = `query Small($event: String!) { event: eventByRowId(rowId: $event) { id: rowId title kind state startsAt organiser: associationByOrganiser { id: rowId name } } }`

	pageOfTables = `query Page($town: String!, $kind: String!) { events: allEvents(first: 20, condition: {municipality: $town, kind: $kind}, orderBy: [STARTS_AT_ASC]) { totalCount nodes { id: rowId title startsAt } } }`
)

// The same in one statement; :n is one of the cases.
const (
	networkSQL = `select json_build_object('data', json_build_object('municipality', (
  select json_build_object('title', m.title, 'comarca', json_build_object('title', c.title), 'organizations', json_build_object('nodes', (
    select json_agg(json_build_object('__typename', 'Association', 'id', a.id, 'name', a.name, 'events', json_build_object('nodes', (
      select coalesce(json_agg(json_build_object('id', e.id, 'title', e.title, 'startsAt', e.starts_at, 'endsAt', e.ends_at, 'kind', e.kind, 'state', e.state,
        'seatPools', (select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'capacity', p.capacity, 'confirmed', p.confirmed, 'availability', p.availability)
            order by p.position, p.id), '[]') from bench.seat_pools p where p.event = e.id)) order by e.starts_at, e.id), '[]')
      from (select * from bench.events where organiser = a.id order by starts_at, id limit 3) e))) order by a.name, a.id)
    from (select * from bench.associations where municipality = m.id order by name, id limit 100) a)))
  from bench.municipalities m join bench.comarques c on c.id = m.comarca where m.ine_code = (%s))))`

	smallSQL = `select json_build_object('data', json_build_object('event', (
  select json_build_object('id', e.id, 'title', e.title, 'kind', e.kind, 'state', e.state, 'startsAt', e.starts_at,
    'organisers', json_build_array(json_build_object('lead', true, 'organization', json_build_object('id', a.id, 'name', a.name))))
  from bench.events e join bench.associations a on a.id = e.organiser where e.id = (%s))))`

	pageSQL = `select json_build_object('data', json_build_object('events', json_build_object(
  'totalCount', (select count(*) from bench.events where municipality = (%[1]s) and kind = (%[2]s)),
  'nodes', (select json_agg(json_build_object('id', e.id, 'title', e.title, 'startsAt', e.starts_at) order by e.starts_at, e.id)
    from (select * from bench.events where municipality = (%[1]s) and kind = (%[2]s) order by starts_at, id limit 20) e))))`
)

// question is a workload that reads: one question about many things.
type question struct {
	name      string
	operation string // its name
	query     string
	tables    string              // the question for PostGraphile
	sql       string              // the one statement, with a place for each parameter
	params    []string            // names of the variables, in the order of the statement's
	cases     []map[string]string // the variables, by turns
	anonymous bool
}

// question makes a workload for the network that is there.
func (s *stage) question(ctx context.Context, name string) (*question, error) {
	q := &question{name: name}
	switch name {
	case network, unchanged:
		q.operation, q.query, q.tables, q.sql, q.params = "Network", networkQuery, networkOfTables, networkSQL, []string{"town"}
		for _, t := range s.data.Towns[:min(6, len(s.data.Towns))] {
			q.cases = append(q.cases, map[string]string{"town": t.Code})
		}
	case small:
		q.operation, q.query, q.tables, q.sql, q.params = "Small", smallQuery, smallOfTables, smallSQL, []string{"event"}
		events, err := s.someEvents(ctx)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			q.cases = append(q.cases, map[string]string{"event": e})
		}
	case listed:
		q.operation, q.query, q.tables, q.sql, q.params = "Page", pageQuery, pageOfTables, pageSQL, []string{"town", "kind"}
		for _, t := range s.data.Towns {
			for _, kind := range []string{"TRAINING", "SEMINAR", "CONFERENCE_DAY"} {
				q.cases = append(q.cases, map[string]string{"town": t.ID, "kind": kind})
			}
		}
	}
	if name == unchanged {
		q.anonymous, q.cases = true, q.cases[:1]
	}
	return q, nil
}

// someEvents are spread over all there are.
func (s *stage) someEvents(ctx context.Context) ([]string, error) {
	rows, err := s.admin.Query(ctx, `
		select id from (select id, row_number() over (order by id) as n, count(*) over () as of from bench.events) e
		where n % greatest(1, of / 500) = 0 order by n limit 500`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// of is the i-th case as it is asked of a server.
func (q *question) of(server string, i int) operation {
	o := operation{Query: q.query, OperationName: q.operation, Variables: map[string]any{}}
	if server == postgraphile {
		o.Query = q.tables
	}
	for name, value := range q.cases[i%len(q.cases)] {
		o.Variables[name] = value
	}
	return o
}

// script is the statement for pgbench: each time another case.
func (q *question) script() string {
	var places []any
	for _, name := range q.params {
		var values []string
		for _, c := range q.cases {
			values = append(values, "'"+c[name]+"'")
		}
		places = append(places, "(array["+strings.Join(values, ",")+"])[:n]")
	}
	return fmt.Sprintf("\\set n random(1, %d)\n%s;\n", len(q.cases), fmt.Sprintf(q.sql, places...))
}

// statement is the statement for one case.
func (q *question) statement(i int) string {
	var places []any
	for _, name := range q.params {
		places = append(places, "'"+q.cases[i][name]+"'")
	}
	return fmt.Sprintf(q.sql, places...)
}

// examined is how many cases are compared before anything is measured.
const examined = 8

// equal refuses to measure when anybody says something else than the hub; it
// returns the size of the hub's answers.
func (s *stage) equal(ctx context.Context, q *question, all []*server) (size int, err error) {
	for i := range min(examined, len(q.cases)) {
		said, err := answerTo(ctx, s.find(hub).addr, s.tokenFor(q, i), q.of(hub, i))
		if err != nil {
			return 0, fmt.Errorf("hub: %w", err)
		}
		want, err := canonical(said)
		if err != nil {
			return 0, fmt.Errorf("hub: %w", err)
		}
		size += len(said)
		for _, p := range all {
			if p.name == hub {
				continue
			}
			got, err := s.answerOf(ctx, p, q, i, said)
			if err == nil {
				got, err = canonical(got)
			}
			if err != nil {
				return 0, fmt.Errorf("%s: %w", p.name, err)
			}
			if !slices.Equal(got, want) {
				return 0, fmt.Errorf("%s answers case %d differently %s", p.name, i, difference(want, got))
			}
		}
	}
	return size / min(examined, len(q.cases)), nil
}

// answerOf is what a peer says; the static server is told what the hub said.
func (s *stage) answerOf(ctx context.Context, p *server, q *question, i int, said []byte) ([]byte, error) {
	switch p.name {
	case pgbench:
		var text json.RawMessage
		err := s.admin.QueryRow(ctx, q.statement(i)).Scan(&text)
		return text, err
	case static:
		if err := put(ctx, p.addr, said); err != nil {
			return nil, err
		}
	}
	return answerTo(ctx, p.addr, "", q.of(p.name, i))
}

func (s *stage) tokenFor(q *question, connection int) string {
	if q.anonymous {
		return ""
	}
	return s.data.Officers[connection%len(s.data.Officers)].Token
}
