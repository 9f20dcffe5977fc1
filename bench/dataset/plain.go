package dataset

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/node"
)

// copyPlain fills the peers' tables from the hub's. Identifiers are those that the
// API writes, so that answers can be compared byte for byte.
func copyPlain(ctx context.Context, conn *pgx.Conn) error {
	for _, t := range []struct {
		name    string
		columns []string
		from    string
		ids     map[int]func(id.ID) string // which columns are identifiers
	}{
		{
			"comarques",
			[]string{"id", "title"},
			`select t.node, n.title_ca from territories t join nodes n on n.id = t.node where t.kind = 'comarca'`,
			map[int]func(id.ID) string{0: node.Comarca.Global},
		},
		{
			"municipalities",
			[]string{"id", "ine_code", "title", "comarca"},
			`
			select t.node, t.code, n.title_ca, e.target from territories t join nodes n on n.id = t.node
			left join (edges e join territories c on c.node = e.target and c.kind = 'comarca')
			  on e.source = t.node and e.kind = 'part_of' and e.valid @> (now() at time zone 'Europe/Madrid')::date
			where t.kind = 'municipality'`,
			map[int]func(id.ID) string{0: node.Municipality.Global, 3: node.Comarca.Global},
		},
		{
			"associations",
			[]string{"id", "municipality", "name"},
			`
			select n.id, e.target, n.title_ca from nodes n join edges e on e.source = n.id and e.kind = 'acts_in' where n.kind = 'association'`,
			map[int]func(id.ID) string{0: node.Association.Global, 1: node.Municipality.Global},
		},
		{
			"events",
			[]string{"id", "organiser", "municipality", "title", "kind", "state", "starts_at", "ends_at"},
			`
			select e.node, n.home, h.target, n.title_ca, e.kind, e.state, e.starts_at, e.ends_at from events e join nodes n on n.id = e.node
			join edges h on h.source = e.node and h.kind = 'held_at' order by e.begins`,
			map[int]func(id.ID) string{0: node.Event.Global, 1: node.Association.Global, 2: node.Municipality.Global},
		},
	} {
		if err := copyTable(ctx, conn, t.name, t.columns, t.from, t.ids); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return copyPools(ctx, conn)
}

func copyTable(ctx context.Context, conn *pgx.Conn, name string, columns []string, from string, ids map[int]func(id.ID) string) error {
	rows, err := conn.Query(ctx, from)
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) {
		values, err := row.Values()
		for i, global := range ids {
			if uuid, ok := values[i].([16]byte); ok {
				values[i] = global(id.ID(uuid))
			}
		}
		return values, err
	})
	if err != nil {
		return err
	}
	_, err = conn.CopyFrom(ctx, pgx.Identifier{"bench", name}, columns, pgx.CopyFromRows(all))
	return err
}

// copyPools copies the pools with the word that the hub says for how full they
// are.
func copyPools(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, `
		select p.id, p.event, p.name ->> 'ca', p.capacity, p.confirmed,
		  case when p.confirmed >= p.capacity or p.blocks > 0 then 'FULL'
		    when p.capacity - p.confirmed <= greatest(1, p.capacity / 10) then 'FEW' else 'PLACES' end,
		  p.position
		from seat_pools p`)
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) ([]any, error) {
		values, err := row.Values()
		if err != nil {
			return nil, err
		}
		event := id.ID(values[1].([16]byte))
		values[0], values[1] = calendar.SeatPoolType.GlobalPart(event, id.ID(values[0].([16]byte))), node.Event.Global(event)
		return values, nil
	})
	if err != nil {
		return err
	}
	_, err = conn.CopyFrom(ctx, pgx.Identifier{"bench", "seat_pools"}, []string{"id", "event", "name", "capacity", "confirmed", "availability", "position"}, pgx.CopyFromRows(all))
	return err
}

// PeerRole is who the peers connect as: it sees their tables and nothing else.
const PeerRole = "bench"

// PeerPassword gives the peers' role a new password and returns it.
func (d *Data) PeerPassword(ctx context.Context) (string, error) {
	password := rand.Text()
	return password, d.admin(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, fmt.Sprintf(`alter role %s password '%s'`, PeerRole, password))
		return err
	})
}

// EventUUIDs reads the identifiers of events as the API writes them.
func EventUUIDs(global []string) ([]string, error) {
	uuids := make([]string, len(global))
	for i, text := range global {
		event, err := node.Event.Prefix().Node(text)
		if err != nil {
			return nil, err
		}
		uuids[i] = event.String()
	}
	return uuids, nil
}
