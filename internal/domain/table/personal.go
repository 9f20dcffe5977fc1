package table

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/personal"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/private"
)

// exports are what this package keeps about a person, as statements that give
// rows of text. Parameter 1 is the person, 2 their proven mail addresses.
func exports() []private.Query {
	const title = `coalesce(nullif(n.title_ca, ''), nullif(n.title_es, ''), n.title_en)`
	return []private.Query{
		{Name: "seats_at_tables", Columns: []string{"table", "organisation", "position", "from", "until", "name", "mail"}, SQL: `
			select ` + title + `, o.title_ca, s.position, coalesce(lower(s.valid)::text, ''), coalesce((upper(s.valid) - 1)::text, ''),
			  coalesce(p.name, ''), coalesce(p.mail, '')
			from table_seats s join nodes n on n.id = s.table_node join nodes o on o.id = s.organisation left join person_names p on p.subject = s.id
			where s.person = $1 or lower(p.mail) = any($2) order by lower(s.valid)`},
		{Name: "resolutions_in_charge", Columns: []string{"table", "resolution", "state", "deadline"}, SQL: `
			select ` + title + `, coalesce(r.text->>'ca', r.text->>'es', r.text->>'en', ''), r.state, coalesce(r.deadline::text, '')
			from table_resolution_people x join table_resolutions r on r.id = x.resolution join nodes n on n.id = x.table_node
			where x.person = $1 order by r.adopted_at`},
		{Name: "notes_on_resolutions", Columns: []string{"table", "note", "at"}, SQL: `
			select ` + title + `, coalesce(x.text->>'ca', x.text->>'es', x.text->>'en', ''), x.at::text
			from table_resolution_notes x join table_resolutions r on r.id = x.resolution join nodes n on n.id = r.table_node
			where x.noted_by = $1 order by x.at`},
		{Name: "minutes_written", Columns: []string{"table", "version", "at", "text"}, SQL: `
			select ` + title + `, v.version::text, v.at::text, v.text from table_minutes_versions v join table_minutes m on m.session = v.session
			join nodes n on n.id = m.table_node where v.written_by = $1 order by v.at`},
		{Name: "table_papers_added", Columns: []string{"table", "title", "url", "added_at"}, SQL: `
			select ` + title + `, coalesce(p.title->>'ca', p.title->>'es', p.title->>'en', ''), p.url, p.added_at::text
			from table_papers p join nodes n on n.id = p.table_node where p.added_by = $1 order by p.added_at`},
		{Name: "table_sessions_created", Columns: []string{"table", "number"}, SQL: `
			select ` + title + `, s.number::text from table_sessions s join nodes n on n.id = s.table_node
			where s.created_by = $1 order by n.id, s.number`},
		{Name: "requests_to_join_tables", Columns: []string{"table", "organisation", "message", "at", "answer", "reason"}, SQL: `
			select ` + title + `, o.title_ca, r.message, r.at::text, ` + joinStateSQL + `, r.reason
			from table_join_requests r join nodes n on n.id = r.table_node join nodes o on o.id = r.organisation
			where r.asked_by = $1 order by r.at`},
		{Name: "requests_to_join_answered", Columns: []string{"table", "at", "answer", "reason"}, SQL: `
			select ` + title + `, r.decided_at::text, ` + joinStateSQL + `, r.reason from table_join_requests r join nodes n on n.id = r.table_node
			where r.decided_by = $1 order by r.decided_at`},
		{Name: "tables_proposed", Columns: []string{"table", "state"}, SQL: `
			select ` + title + `, t.state from working_tables t join nodes n on n.id = t.node
			where t.proposed_by = $1 order by n.id`},
	}
}

// Export gives all that is kept about a person at tables. The caller has made
// sure that it is for the person.
func (s *Service) Export(ctx context.Context, q postgres.Querier, who personal.Subject) ([]personal.Table, error) {
	return private.Export(ctx, q, who, exports())
}

// seatsOfSubject are the seats on which a person sits or sat, by account or by an
// address that they have proven to read.
const seatsOfSubject = `
select s.table_node, s.id from table_seats s left join person_names p on p.subject = s.id
where s.person = $1 or lower(p.mail) = any($2)
union select x.table_node, null from table_resolution_people x where x.person = $1
order by 1, 2`

// Erase takes a person off all tables, one short transaction for each, so that it
// can be stopped and begun again. The organisation stays a member, with an empty
// seat; what was written stays, by an identifier that names nobody.
func (s *Service) Erase(ctx context.Context, v *access.Viewer, who personal.Subject) (personal.Erased, error) {
	mails := who.Mails
	if mails == nil {
		mails = []string{}
	}
	rows, err := postgres.Hub(s.db.Read()).Query(ctx, seatsOfSubject, who.ID, mails)
	if err != nil {
		return personal.Erased{}, wrap("find a person's seats", err)
	}
	seats := map[id.ID][]id.ID{}
	var table, seat id.ID
	_, err = pgx.ForEachRow(rows, []any{&table, &seat}, func() error {
		seats[table] = append(seats[table], seat)
		return nil
	})
	if err != nil {
		return personal.Erased{}, wrap("find a person's seats", err)
	}
	for table, of := range seats {
		if err := s.eraseAt(ctx, v, table, who.ID, of); err != nil {
			return personal.Erased{}, err
		}
	}
	return personal.Erased{}, nil
}

func (s *Service) eraseAt(ctx context.Context, v *access.Viewer, table, person id.ID, seats []id.ID) error {
	err := s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		if err := journal.Lock(ctx, tx, table); err != nil {
			return err
		}
		_, err := tx.Native().Exec(ctx, `
			with names as (delete from person_names where subject = any($2)),
			in_charge as (delete from table_resolution_people where person = $3 and table_node = $1),
			links as (delete from table_links where seat = any($2)),
			never as (delete from table_seats where id = any($2) and lower(valid) >= `+today+`)
			update table_seats set person = null, valid = daterange(lower(valid), least(coalesce(upper(valid), 'infinity'), `+today+`))
			where id = any($2) and lower(valid) < `+today, table, seats, person)
		if err != nil {
			return err
		}
		return journal.Append(ctx, tx, table, v, journal.Fact{Kind: FactSeatEnd, Level: access.Organisers, Data: Fact{}})
	})
	return wrap("take a person off a table", err)
}
