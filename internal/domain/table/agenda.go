package table

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// ItemKind is what sort of agenda item it is.
type ItemKind string

// The kinds. The last two come onto the agenda by themselves.
const (
	Topic           ItemKind = "TOPIC"
	FollowUp        ItemKind = "FOLLOW_UP"        // of a resolution
	MinutesApproval ItemKind = "MINUTES_APPROVAL" // of an earlier session
)

// Item is one point of an agenda.
type Item struct {
	link.Slots
	ID          id.ID
	Table       id.ID
	Session     id.ID
	Position    int
	Kind        ItemKind
	Title       lang.Text
	Description lang.Text
	Late        bool // came after the call
	Resolution  id.ID
	MinutesOf   id.ID
	Carried     bool     // from an earlier session that did not deal with it
	Outcome     *Outcome // nil: not dealt with
	Note        lang.Text
	ClosedAt    *time.Time
}

// GlobalID is its public identifier.
func (i *Item) GlobalID() string { return ItemType.GlobalPart(i.Table, i.ID) }

// Paper is a document for a session. A late one came after the call.
type Paper struct {
	ID      id.ID
	Table   id.ID
	Session id.ID
	Item    id.ID // Zero: for the session as a whole
	Title   lang.Text
	URL     string
	Late    bool
	AddedAt time.Time
}

// GlobalID is its public identifier.
func (p *Paper) GlobalID() string { return PaperType.GlobalPart(p.Table, p.ID) }

// ItemID is the item it belongs to; nil for the whole session.
func (p *Paper) ItemID() *string {
	if p.Item.IsZero() {
		return nil
	}
	s := ItemType.GlobalPart(p.Table, p.Item)
	return &s
}

const itemColumns = `i.id, i.table_node, i.session, i.position, i.kind, i.title, i.description, i.late, i.resolution, i.minutes_of,
	i.carried_from is not null, i.outcome, i.note, i.closed_at`

func scanItem(row pgx.CollectableRow) (*Item, id.ID, error) {
	i := &Item{}
	err := row.Scan(&i.ID, &i.Table, &i.Session, &i.Position, &i.Kind, &i.Title, &i.Description, &i.Late, &i.Resolution, &i.MinutesOf,
		&i.Carried, &i.Outcome, &i.Note, &i.ClosedAt)
	return i, i.Session, err
}

var itemsSQL = `select ` + itemColumns + ` from table_agenda_items i join table_sessions s on s.id = i.session
	join working_tables t on t.node = s.table_node join nodes n on n.id = s.table_node
	where i.session = any(` + postgres.Keys + `) and ` + seenSession(2) + ` order by i.session, i.position, i.id`

// ItemsOf reads the agendas of the sessions that the viewer can see, in order.
func ItemsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, sessions []id.ID) (map[id.ID][]*Item, error) {
	rows, err := q.Query(ctx, itemsSQL, with(v, sessions)...)
	if err != nil {
		return nil, wrap("read agendas", err)
	}
	return collect(rows, scanItem)
}

var itemsByIDsSQL = `select ` + itemColumns + ` from table_agenda_items i join table_sessions s on s.id = i.session
	join working_tables t on t.node = s.table_node join nodes n on n.id = s.table_node where i.id = any(` + postgres.Keys + `) and ` + seenSession(2)

// ItemsByIDs reads agenda items of sessions that the viewer can see.
func ItemsByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) (map[id.ID]*Item, error) {
	rows, err := q.Query(ctx, itemsByIDsSQL, with(v, ids)...)
	if err != nil {
		return nil, wrap("read agenda items", err)
	}
	found, err := collect(rows, func(row pgx.CollectableRow) (*Item, id.ID, error) {
		i, _, err := scanItem(row)
		return i, i.ID, err
	})
	out := make(map[id.ID]*Item, len(found))
	for key, list := range found {
		out[key] = list[0]
	}
	return out, err
}

var papersSQL = `select p.id, p.table_node, p.session, p.item, p.title, p.url, p.late, p.added_at
	from table_papers p join table_sessions s on s.id = p.session join working_tables t on t.node = s.table_node join nodes n on n.id = s.table_node
	where p.session = any(` + postgres.Keys + `) and ` + seenSession(2) + ` order by p.session, p.added_at, p.id`

// PapersOf reads the papers of the sessions that the viewer can see.
func PapersOf(ctx context.Context, q postgres.Querier, v *access.Viewer, sessions []id.ID) (map[id.ID][]*Paper, error) {
	rows, err := q.Query(ctx, papersSQL, with(v, sessions)...)
	if err != nil {
		return nil, wrap("read papers", err)
	}
	return collect(rows, func(row pgx.CollectableRow) (*Paper, id.ID, error) {
		p := &Paper{}
		return p, p.Session, row.Scan(&p.ID, &p.Table, &p.Session, &p.Item, &p.Title, &p.URL, &p.Late, &p.AddedAt)
	})
}

// ItemSpec is a topic for an agenda.
type ItemSpec struct {
	Title       lang.Text
	Description lang.Text
	Position    *int // nil: last
}

// AddItem puts a topic onto a session's agenda. After the call it is marked as
// late; an extraordinary session that has been called takes none. Who may: the
// table's organisers.
func (s *Service) AddItem(ctx context.Context, v *access.Viewer, table, session id.ID, in ItemSpec, key string) (id.ID, error) {
	in.Title, in.Description = form.Trim(in.Title), form.Trim(in.Description)
	var c findings
	c.Needed(in.Title, maxTitle, "title")
	c.Text(in.Description, maxDescription, "description")
	if err := c.Err(); err != nil {
		return id.Zero, err
	}
	cmd := request{key: key, name: "agendaItemAdd", table: table, input: []any{session, in}}
	return s.onSession(ctx, v, cmd, session, func(ctx context.Context, w *work, of *Session) (id.ID, error) {
		if err := of.takesItems(); err != nil {
			return id.Zero, err
		}
		return session, w.addItem(ctx, of, in)
	})
}

func (w *work) addItem(ctx context.Context, of *Session, in ItemSpec) error {
	var n int
	if err := w.q.QueryRow(ctx, `select count(*) from table_agenda_items where session = $1`, of.ID).Scan(&n); err != nil {
		return wrap("count items", err)
	}
	if n >= maxItems {
		return ErrTooMany.At("session").With("max", maxItems)
	}
	place := n
	if in.Position != nil && *in.Position < n {
		place = max(*in.Position, 0)
	}
	item, late := id.New(), of.CalledAt != nil
	_, err := w.q.Exec(ctx, `update table_agenda_items set position = position + 1 where session = $1 and position >= $2`, of.ID, place)
	if err == nil {
		_, err = w.q.Exec(ctx, `
			insert into table_agenda_items (id, table_node, session, position, kind, title, description, late)
			values ($1, $2, $3, $4, 'TOPIC', $5, $6, $7)`, item, w.table.ID, of.ID, place, in.Title, in.Description, late)
	}
	w.tell(FactItemAdded, w.level(of), Fact{Session: of.ID, Item: item})
	return wrap("add an item", err)
}

// carryOver puts onto the agenda of a session that is called what is still open.
// An extraordinary session deals with what it was called for only.
func (w *work) carryOver(ctx context.Context, of *Session) error {
	if of.Extraordinary {
		return nil
	}
	_, err := w.q.Exec(ctx, `
		with last as (
		  select max(position) as position from table_agenda_items where session = $1
		), latest as (
		  select id from table_sessions where table_node = $2 and id <> $1 and state in ('HELD', 'MINUTES_DRAFT', 'MINUTES_APPROVED')
		  and not extraordinary order by starts_at desc, id desc limit 1
		), wanted as (
		  select 1 as place, 'MINUTES_APPROVAL' as kind, s.title, null::uuid as resolution, s.id as minutes_of, null::uuid as carried, s.starts_at::text as ordered
		  from table_sessions s join table_minutes m on m.session = s.id and m.circulated_at is not null
		  where s.table_node = $2 and s.state = 'MINUTES_DRAFT' and s.id <> $1
		  union all
		  select 2, 'FOLLOW_UP', r.text, r.id, null, null, to_char(r.number, '000000') from table_resolutions r
		  where r.table_node = $2 and r.state in ('OPEN', 'IN_PROGRESS')
		  union all
		  select 3, 'TOPIC', i.title, null, null, i.id, to_char(i.position, '000000') from table_agenda_items i join latest on latest.id = i.session
		  where i.kind = 'TOPIC' and i.outcome is null and not exists (
		    select from table_agenda_items a where a.session = $1 and a.kind = 'TOPIC' and a.title = i.title)
		)
		insert into table_agenda_items (id, table_node, session, position, kind, title, description, resolution, minutes_of, carried_from)
		select gen_random_uuid(), $2, $1, coalesce((select position from last), -1) + row_number() over (order by w.place, w.ordered), w.kind, w.title,
		  coalesce(c.description, '{}'), w.resolution, w.minutes_of, w.carried
		from wanted w left join table_agenda_items c on c.id = w.carried
		on conflict do nothing`, of.ID, w.table.ID)
	return wrap("carry open items over", err)
}

// item reads an item of the table with its session.
func (w *work) item(ctx context.Context, item id.ID, path ...string) (*Item, *Session, error) {
	rows, err := w.q.Query(ctx, `select `+itemColumns+` from table_agenda_items i where i.id = $1 and i.table_node = $2`, item, w.table.ID)
	if err != nil {
		return nil, nil, wrap("read an item", err)
	}
	found, err := collect(rows, scanItem)
	if err != nil {
		return nil, nil, err
	}
	for session, list := range found {
		of, err := w.session(ctx, session, path...)
		return list[0], of, err
	}
	return nil, nil, fault.ErrNotFound.At(path...)
}

// onItem runs an organisers' command on an agenda item and answers with its
// session.
func (s *Service) onItem(ctx context.Context, v *access.Viewer, c request, item id.ID, do func(context.Context, *work, *Item, *Session) error) (id.ID, error) {
	c.may = access.MayOrganise
	return s.run(ctx, v, c, func(ctx context.Context, w *work) (id.ID, error) {
		i, of, err := w.item(ctx, item, "id")
		if err != nil {
			return id.Zero, err
		}
		return of.ID, do(ctx, w, i, of)
	})
}

// RemoveItem takes a topic off an agenda that has not been called. Who may: the
// table's organisers.
func (s *Service) RemoveItem(ctx context.Context, v *access.Viewer, table, item id.ID, key string) (id.ID, error) {
	return s.onItem(ctx, v, request{key: key, name: "agendaItemRemove", table: table, input: item}, item, func(ctx context.Context, w *work, i *Item, of *Session) error {
		if of.State != SessionProposed {
			return of.not()
		}
		w.tell(FactItemRemoved, w.level(of), Fact{Session: of.ID, Item: item})
		_, err := w.q.Exec(ctx, `
			with gone as (delete from table_agenda_items where id = $1)
			update table_agenda_items set position = position - 1 where session = $2 and position > $3`, item, of.ID, i.Position)
		return wrap("remove an item", err)
	})
}

// OpenItem tells everybody which item is dealt with now. Who may: the table's
// organisers.
func (s *Service) OpenItem(ctx context.Context, v *access.Viewer, table, item id.ID, key string) (id.ID, error) {
	return s.onItem(ctx, v, request{key: key, name: "agendaItemOpen", table: table, input: item}, item, func(ctx context.Context, w *work, i *Item, of *Session) error {
		if of.State != InSession {
			return ErrNotInSession.New()
		}
		w.tell(FactItemOpened, w.table.inside(), Fact{Session: of.ID, Item: item})
		_, err := w.q.Exec(ctx, `update table_sessions set current_item = $2 where id = $1`, of.ID, item)
		return wrap("open an item", err)
	})
}

// CloseItem notes what came of an item: information by itself, a decision or a
// task when it was adopted as a resolution. Who may: the table's organisers.
func (s *Service) CloseItem(ctx context.Context, v *access.Viewer, table, item id.ID, outcome Outcome, note lang.Text, key string) (id.ID, error) {
	note = form.Trim(note)
	var c findings
	c.Text(note, maxDescription, "note")
	if err := c.Err(); err != nil {
		return id.Zero, err
	}
	cmd := request{key: key, name: "agendaItemClose", table: table, input: []any{item, outcome, note}}
	return s.onItem(ctx, v, cmd, item, func(ctx context.Context, w *work, i *Item, of *Session) error {
		if err := of.running(); err != nil {
			return err
		}
		if outcome != OutcomeInformation {
			var adopted bool
			err := w.q.QueryRow(ctx, `select exists (select from table_resolutions where item = $1 and kind = $2 and state <> 'NOT_ADOPTED')`,
				item, outcome).Scan(&adopted)
			if err != nil {
				return wrap("read what was adopted", err)
			}
			if !adopted {
				return ErrOutcomeNeedsResolution.At("outcome")
			}
		}
		return w.closeItem(ctx, of, item, outcome, note)
	})
}

func (w *work) closeItem(ctx context.Context, of *Session, item id.ID, outcome Outcome, note lang.Text) error {
	w.tell(FactItemClosed, w.table.inside(), Fact{Session: of.ID, Item: item})
	_, err := w.q.Exec(ctx, `
		update table_agenda_items set outcome = $2, note = case when $3::jsonb = '{}' then note else $3 end, closed_at = clock_timestamp() where id = $1`,
		item, outcome, note)
	return wrap("close an item", err)
}

// PaperSpec is a document for a session.
type PaperSpec struct {
	Item  id.ID // Zero: for the session as a whole
	Title lang.Text
	URL   string
}

// AddPaper adds a document; after the call it is marked as late. Who may: the
// table's organisers.
func (s *Service) AddPaper(ctx context.Context, v *access.Viewer, table, session id.ID, in PaperSpec, key string) (id.ID, error) {
	in.Title = form.Trim(in.Title)
	var c findings
	c.Needed(in.Title, maxTitle, "title")
	if in.URL == "" {
		c.Add(fault.ErrRequired, "url")
	}
	c.URL(in.URL, "url")
	if err := c.Err(); err != nil {
		return id.Zero, err
	}
	cmd := request{key: key, name: "tablePaperAdd", table: table, input: []any{session, in}}
	return s.onSession(ctx, v, cmd, session, func(ctx context.Context, w *work, of *Session) (id.ID, error) {
		if of.State == Cancelled || of.State == MinutesApproved {
			return id.Zero, of.not()
		}
		if !in.Item.IsZero() {
			if _, other, err := w.item(ctx, in.Item, "item"); err != nil {
				return id.Zero, err
			} else if other.ID != session {
				return id.Zero, fault.ErrNotFound.At("item")
			}
		}
		w.tell(FactPaperAdded, w.level(of), Fact{Session: session, Item: in.Item})
		_, err := w.q.Exec(ctx, `
			insert into table_papers (id, table_node, session, item, title, url, late, added_by) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			id.New(), table, session, in.Item, in.Title, in.URL, of.CalledAt != nil, v.Person)
		return session, wrap("add a paper", err)
	})
}
