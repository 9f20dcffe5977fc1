package calendar

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Everything about new blocks in one statement: themselves, their delegates,
// their names where names may be, and the seats they took. It takes hold of the
// organisations: a block of one that was merged with another meanwhile leaves no
// row. The arrays are kept from the planner (see postgres.Keys), all of them by one
// subquery.
const insertBlocksSQL = `
with b as (
  select b.* from (select $2::uuid[] as ids, $3::uuid[] as organisations, $4::uuid[] as by, $5::text[] as policies, $6::uuid[] as audiences,
    $7::text[] as pools, $8::bigint[] as lines, $9::int[] as pending, $10::int[] as confirmed, $11::int[] as waiting,
    $28::timestamptz[] as confirm_by, $1::uuid[] as events offset 0) p
  cross join lateral unnest(p.ids, p.organisations, p.by, p.policies, p.audiences, p.pools, p.lines, p.pending, p.confirmed, p.waiting,
    p.confirm_by, p.events)
    as b(id, organisation, registered_by, policy, audience, pools, line, pending, confirmed, waiting, confirm_by, event)
), d as (
  select d.* from (select $12::uuid[] as registrations, $13::uuid[] as ids, $14::smallint[] as positions, $15::uuid[] as persons,
    $16::bytea[] as mail_keys, $17::text[] as names, $18::text[] as mails, $19::text[] as roles, $20::uuid[] as territories,
    $21::uuid[] as pools, $22::text[] as states, $23::text[] as codes, $29::uuid[] as events offset 0) p
  cross join lateral unnest(p.registrations, p.ids, p.positions, p.persons, p.mail_keys, p.names, p.mails, p.roles, p.territories, p.pools,
    p.states, p.codes, p.events)
    as d(registration, id, position, person, mail_key, name, mail, role, territory, pool, state, code, event)
), people as (
  insert into registration_delegates (id, registration, event, position, named, role, territory, pool, state)
  select d.id, d.registration, d.event, d.position, d.person is not null or d.name <> '', d.role, d.territory, d.pool, d.state
  from d
), secrets as (
  insert into delegate_secrets (delegate, registration, event, person, mail_key, code)
  select d.id, d.registration, d.event, d.person, d.mail_key, d.code from d
), links as (
  insert into delegate_links (delegate, event)
  select d.id, d.event from d join b on b.id = d.registration
  where b.confirm_by is null and (d.person is not null or d.mail <> '')
), names as (
  insert into person_names (subject, root, name, mail)
  select d.id, d.event, d.name, nullif(d.mail, '') from d where d.name <> ''
), seats as (
  update seat_pools p
  set confirmed = p.confirmed + c.confirmed, waiting = p.waiting + c.waiting, blocks = p.blocks + c.blocks
  from unnest($24::uuid[], $25::int[], $26::int[], $27::int[]) as c(pool, confirmed, waiting, blocks)
  where p.id = c.pool
), held as (
  select o.id from nodes o where o.id in (select organisation from b) and o.ended_at is null order by o.id for key share
)
insert into registrations
  (id, event, organisation, registered_by, policy, audience, pools, line, pending, confirmed, waiting, by_link, confirm_by)
select b.id, b.event, b.organisation, b.registered_by, b.policy, b.audience, b.pools::uuid[], b.line, b.pending, b.confirmed,
  b.waiting, b.confirm_by is not null, b.confirm_by
from b where b.organisation is null or b.organisation in (select id from held)
order by b.event, b.line
returning id, created_at`

// insertBlocks stores new blocks, of whatever events, and the seats that pools gave
// or took meanwhile.
func insertBlocks(ctx context.Context, q postgres.Querier, changes []seatChange, blocks ...*newBlock) error {
	var b blockColumns
	var d delegateColumns
	for _, block := range blocks {
		b.add(block)
		for _, row := range block.delegates {
			d.add(block, row)
		}
	}
	c := columnsOf(changes)
	rows, err := q.Query(ctx, insertBlocksSQL, b.events,
		b.ids, b.organisations, b.by, b.policies, b.audiences, b.pools, b.lines, b.pending, b.confirmed, b.waiting,
		d.registrations, d.ids, d.positions, d.persons, d.mailKeys, d.names, d.mails, d.roles, d.territories, d.pools, d.states, d.codes,
		c.pools, c.confirmed, c.waiting, c.blocks, b.confirmBy, d.events)
	at := map[id.ID]time.Time{}
	if err == nil {
		var of id.ID
		var created time.Time
		_, err = pgx.ForEachRow(rows, []any{&of, &created}, func() error {
			at[of] = created
			return nil
		})
	}
	switch err = registrationError("insert registrations", err); {
	case errors.Is(err, ErrAlreadyRegistered):
		return ErrAlreadyRegistered.At("delegates").Because(err)
	case errors.Is(err, ErrOrganisationEnded): // its delegates have no block
		return ErrOrganisationEnded.At("organization").Because(err)
	case err != nil:
		return err
	}
	for _, block := range blocks {
		block.createdAt = at[block.Registration]
	}
	return nil
}

type blockColumns struct {
	ids, organisations, by, audiences []id.ID
	events                            []id.ID
	policies, pools                   []string
	lines                             []int64
	pending, confirmed, waiting       []int
	confirmBy                         []*time.Time
}

func (c *blockColumns) add(b *newBlock) {
	c.events = append(c.events, b.event)
	c.ids, c.organisations = append(c.ids, b.Registration), append(c.organisations, b.Organisation)
	c.by, c.audiences = append(c.by, b.by), append(c.audiences, b.input.Audience)
	c.policies, c.pools = append(c.policies, string(b.Policy)), append(c.pools, postgres.Array(b.Pools))
	c.lines, c.confirmBy = append(c.lines, b.Line), append(c.confirmBy, b.confirmBy)
	c.pending, c.confirmed = append(c.pending, b.counts.Pending), append(c.confirmed, b.counts.Confirmed)
	c.waiting = append(c.waiting, b.counts.Waiting)
}

type delegateColumns struct {
	registrations, events              []id.ID
	ids, persons, territories, pools   []id.ID
	positions                          []int
	mailKeys                           [][]byte
	names, mails, roles, states, codes []string
}

func (c *delegateColumns) add(b *newBlock, d delegateRow) {
	c.registrations, c.events = append(c.registrations, b.Registration), append(c.events, b.event)
	c.ids, c.persons = append(c.ids, d.ID), append(c.persons, d.Person)
	c.territories, c.pools = append(c.territories, d.Territory), append(c.pools, d.Pool)
	c.positions, c.mailKeys = append(c.positions, d.Position), append(c.mailKeys, d.MailKey)
	c.names, c.mails = append(c.names, d.Name), append(c.mails, d.Mail)
	c.roles, c.states = append(c.roles, string(d.Role)), append(c.states, string(d.State))
	c.codes = append(c.codes, d.Code)
}

const fileSQL = `
select r.id, r.organisation, r.registered_by, r.line, r.policy, r.pools, r.waiting, r.aside,
  d.id, d.state, d.pool, s.person, d.position, d.named, d.role, d.shown_to = 'COLLEAGUES'
from registrations r join registration_delegates d on d.registration = r.id and d.state <> 'REPLACED'
left join delegate_secrets s on s.delegate = d.id
where r.event = $1 and r.id = coalesce((select registration from registration_delegates where id = $2), $2)
order by d.position`

// readFile reads a registration by its own identifier or by a delegate's.
func readFile(ctx context.Context, q postgres.Querier, event, v id.ID) (*file, error) {
	rows, err := q.Query(ctx, fileSQL, event, v)
	if err != nil {
		return nil, registrationError("read the registration", err)
	}
	f := &file{}
	f.delegates, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (x fileDelegate, err error) {
		p := &f.party
		return x, row.Scan(&p.Registration, &p.Organisation, &f.RegisteredBy, &p.Line, &p.Policy, &p.Pools, &p.Waiting,
			&p.Aside, &x.ID, &x.State, &x.Pool, &x.Person, &x.Position, &x.Named, &x.Role, &x.Shown)
	})
	if err != nil {
		return nil, registrationError("read the registration", err)
	}
	if len(f.delegates) == 0 {
		return nil, fault.ErrNotFound.New()
	}
	return f, nil
}

const withdrawSQL = `
with gone as (
  update registration_delegates set state = $3, pool = null where id = any($2)
)
update registrations set
  pending = pending - $4, confirmed = confirmed - $5, waiting = waiting - $6,
  cancelled = cancelled + $7, rejected = rejected + $8, aside = $9
where id = $1`

// withdraw takes delegates out: to CANCELLED or REJECTED.
func (f *file) withdraw(ctx context.Context, q postgres.Querier, gone []fileDelegate, to DelegateState, aside bool) error {
	var ids []id.ID
	pending, confirmed, waiting, cancelled, rejected := 0, 0, 0, 0, 0
	for _, x := range gone {
		ids = append(ids, x.ID)
		switch {
		case x.holdsSeat():
			confirmed++
		case x.State == DelegateWaitlisted:
			waiting++
		default:
			pending++
		}
	}
	if to == DelegateRejected {
		rejected = len(gone)
	} else {
		cancelled = len(gone)
	}
	_, err := q.Exec(ctx, withdrawSQL, f.party.Registration, ids, to, pending, confirmed, waiting, cancelled, rejected, aside)
	return registrationError("take delegates out", err)
}

const approveSQL = `
with people as (
  update registration_delegates set state = 'WAITLISTED' where registration = $1 and state = 'PENDING'
)
update registrations set waiting = pending, pending = 0, aside = $3, decided_by = $2, decided_at = clock_timestamp()
where id = $1`

// approve puts the block into its lines; the walk that follows seats it.
func (f *file) approve(ctx context.Context, q postgres.Querier, by id.ID, aside bool) error {
	_, err := q.Exec(ctx, approveSQL, f.party.Registration, by, aside)
	return registrationError("approve the registration", err)
}

const (
	outgoingSQL = `update registration_delegates set state = 'REPLACED', pool = null where id = $1`
	incomingSQL = `
with d as (
  insert into registration_delegates (id, registration, event, position, named, role, territory, pool, state)
  select $1, $2, o.event, $4, $7, $8, coalesce($9, o.territory), $10, $11
  from registration_delegates o where o.id = $3
  returning id, registration, event
), secrets as (
  insert into delegate_secrets (delegate, registration, event, person, mail_key, code)
  select d.id, d.registration, d.event, $5, $6, $12 from d
), links as (
  insert into delegate_links (delegate, event) select d.id, d.event from d where $5::uuid is not null or $14 <> ''
)
insert into person_names (subject, root, name, mail) select d.id, d.event, $13, nullif($14, '') from d where $13 <> ''`
	namingSQL = `
with d as (
  update registration_delegates set named = $4, answer = null, role = $5, territory = coalesce($6, territory)
  where id = $1 returning id, event
), secrets as (
  update delegate_secrets set person = $2, mail_key = $3, named_at = clock_timestamp() where delegate = $1
), links as (
  insert into delegate_links (delegate, event) select d.id, d.event from d where $2::uuid is not null or $8 <> ''
)
insert into person_names (subject, root, name, mail) select d.id, d.event, $7, nullif($8, '') from d where $7 <> ''`
)

// replace lets a new delegate take an old one's place.
func (f *file) replace(ctx context.Context, q postgres.Querier, old id.ID, next delegateRow) error {
	if _, err := q.Exec(ctx, outgoingSQL, old); err != nil {
		return registrationError("let the old delegate go", err)
	}
	_, err := q.Exec(ctx, incomingSQL, next.ID, f.party.Registration, old, next.Position, next.Person, next.MailKey,
		next.named(), next.Role, next.Territory, next.Pool, next.State, next.Code, next.Name, next.Mail)
	return registrationError("put the new delegate in", err)
}

// name says who comes in a place that had no name yet.
func (f *file) name(ctx context.Context, q postgres.Querier, next delegateRow) error {
	_, err := q.Exec(ctx, namingSQL, next.ID, next.Person, next.MailKey, next.named(), next.Role, next.Territory,
		next.Name, next.Mail)
	return registrationError("name the delegate", err)
}

const namesSQL = `
select s.person, coalesce(n.name, ''), coalesce(lower(n.mail), ''), d.role
from registration_delegates d left join delegate_secrets s on s.delegate = d.id left join person_names n on n.subject = d.id
where d.registration = $1 and d.id <> $2 and d.state not in ('CANCELLED', 'REJECTED', 'REPLACED')`

// readNames reads who else is in a block.
func readNames(ctx context.Context, q postgres.Querier, registration, except id.ID) ([]DelegateInput, error) {
	rows, err := q.Query(ctx, namesSQL, registration, except)
	if err != nil {
		return nil, registrationError("read who is in the block", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d DelegateInput, err error) {
		return d, row.Scan(&d.Person, &d.Name, &d.Mail, &d.Role)
	})
	return list, registrationError("read who is in the block", err)
}

const noShowSQL = `
update registration_delegates set state = 'NO_SHOW' where event = $1 and state = 'CONFIRMED' returning id`

func noteNoShows(ctx context.Context, q postgres.Querier, event id.ID) ([]id.ID, error) {
	rows, err := q.Query(ctx, noShowSQL, event)
	if err != nil {
		return nil, registrationError("note who did not come", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	return ids, registrationError("note who did not come", err)
}

const arrivingSQL = `
select d.id, d.registration, r.organisation, d.state
from registration_delegates d join registrations r on r.id = d.registration
where d.event = $1 and d.id = coalesce((select delegate from delegate_secrets where code = $2), $3)`

// readArriving finds who stands at the door.
func readArriving(ctx context.Context, q postgres.Querier, event id.ID, who DelegateRef) (*arriving, error) {
	x := &arriving{}
	err := q.QueryRow(ctx, arrivingSQL, event, who.Code, who.ID).Scan(&x.ID, &x.Registration, &x.Organisation, &x.State)
	switch {
	case err == nil:
		return x, nil
	case errors.Is(err, pgx.ErrNoRows) && who.Code != "":
		return nil, ErrUnknownCode.At("code")
	case errors.Is(err, pgx.ErrNoRows):
		return nil, fault.ErrNotFound.At("id")
	}
	return nil, registrationError("find who arrives", err)
}

const (
	arriveSQL = `
with d as (
  update registration_delegates set state = 'ATTENDED', arrival = $3, arrived_at = clock_timestamp(), arrived_by = $4 where id = $1
)
update registrations set arrived = arrived + 1 where id = $2`
	undoSQL = `
with d as (
  update registration_delegates set state = 'CONFIRMED', arrival = null, arrived_at = null, arrived_by = null where id = $1
)
update registrations set arrived = arrived - 1 where id = $2`
)

func (x *arriving) arrive(ctx context.Context, q postgres.Querier, arrival, by id.ID) error {
	_, err := q.Exec(ctx, arriveSQL, x.ID, x.Registration, arrival, by)
	return registrationError("note the arrival", err)
}

func (x *arriving) undo(ctx context.Context, q postgres.Querier) error {
	_, err := q.Exec(ctx, undoSQL, x.ID, x.Registration)
	return registrationError("take the arrival back", err)
}

func writeCapacity(ctx context.Context, q postgres.Querier, pool id.ID, capacity int) error {
	_, err := q.Exec(ctx, `update seat_pools set capacity = $2 where id = $1`, pool, capacity)
	return registrationError("set the capacity", err)
}

// registrationError says what was being done and gives broken keys their names.
func registrationError(doing string, err error) error {
	if err == nil {
		return nil
	}
	return postgres.Translate(fmt.Errorf("%s: %w", doing, err), registrationConstraints())
}
