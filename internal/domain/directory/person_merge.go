package directory

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// People are recorded by organisations before they come themselves. A record is
// of the body that made it, and two bodies may each have one of the same person:
// looking for a mail address beyond one's own people would tell who is known to
// the hub. Records become one with the person in two ways only:
//
//   - Who accepts an invitation to a body and has proven to read the address under
//     which that body recorded somebody is that somebody.
//   - Who answers for a body makes two records of it one, neither of which signs
//     in. With an account it is the person who says who they are.
//
// Either way the record ends, is superseded by the person and leads to them; roles,
// places at events and what is on file about them are the person's.

// PersonHoldings is what another domain keeps about people and moves when two
// become one. App plugs it in, as Holdings.
type PersonHoldings interface {
	// MovePerson lets everything hang on into that hung on from. It moves nothing
	// and says so where both have what only one can have.
	MovePerson(ctx context.Context, tx *postgres.Tx, from, into id.ID) (moved bool, err error)
}

var (
	// ErrNotRecorded is raised for people who cannot be made one by a body.
	ErrNotRecorded = fault.Define(fault.Conflict, "PERSON_NOT_RECORDED",
		"Només es poden ajuntar persones que l'organització ha registrat, que no inicien la sessió i que no actuen per a ningú més. Si la persona té compte, convideu-la.",
		"Solo se pueden unir personas que la organización ha registrado, que no inician sesión y que no actúan para nadie más. Si la persona tiene cuenta, invítela.",
		"Only people whom the organisation recorded, who do not sign in and who act for nobody else can be made one. Invite a person who has an account.")
	// ErrBothThere is raised where two who become one are both registered.
	ErrBothThere = fault.Define(fault.Conflict, "PERSON_TWICE_AT_EVENT",
		"Totes dues tenen plaça al mateix acte: anul·leu-ne una abans.",
		"Ambas tienen plaza en el mismo acto: anule una antes.",
		"Both have a place at the same event: cancel one of them first.")
)

// FactPersonMerged tells, on the topic of the body that recorded somebody, that
// the record became one with another person; its data is PersonMerged.
const FactPersonMerged = "PERSON_MERGED" // for the body's people

// PersonMerged names the record that ended and the person it became.
type PersonMerged struct {
	From id.ID `json:"from"`
	Into id.ID `json:"into"`
}

// PersonMerge makes two records of one person one: from ends and leads to into.
// Who may: those who answer for the body that recorded both. Faults:
// ErrMergeSame, ErrNotRecorded, ErrBothThere.
func (s *Service) PersonMerge(ctx context.Context, v *access.Viewer, key string, from, into id.ID) error {
	if from == into {
		return ErrMergeSame.At("into")
	}
	_, err := s.command(ctx, v, key, "personMerge", []id.ID{from, into}, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		return into, s.personMerge(ctx, tx, v, from, into)
	})
	return err
}

func (s *Service) personMerge(ctx context.Context, tx *postgres.Tx, v *access.Viewer, from, into id.ID) error {
	a, err := recordOf(ctx, tx, v, from)
	switch {
	case err != nil:
		return access.At(err, "from")
	case a.body.IsZero() && len(v.Administers) == 0:
		return fault.ErrDenied.New()
	case a.body.IsZero():
		return ErrNotRecorded.At("from")
	}
	l, err := administered(ctx, tx, v, a.body)
	if err != nil {
		return access.At(err, "from")
	}
	if a, err = recordOf(ctx, tx, v, from); err != nil { // again, behind the lock
		return access.At(err, "from")
	}
	b, err := recordOf(ctx, tx, v, into)
	if err != nil {
		return access.At(err, "into")
	}
	switch {
	case a.body != l.id || !a.own:
		return ErrNotRecorded.At("from")
	case b.body != l.id || !b.own:
		return ErrNotRecorded.At("into")
	}
	united, err := s.unite(ctx, tx, v, l, from, into)
	if err == nil && !united {
		return ErrBothThere.At("from")
	}
	return err
}

// record is a person as the body that recorded them has them.
type record struct {
	body id.ID // that recorded them; Zero: nobody, they came by themselves
	own  bool  // they do not sign in, and act for nobody but the body
}

// recordSQL is on the hub's own authority, with the viewer's sight inside: who
// answers for a body does not see others' accounts.
var recordSQL = `select n.home, ` + isRecord + ` from nodes n
	where n.id = any(` + postgres.Keys + `) and n.kind = 'person' and n.ended_at is null and (` + access.VisibleSQL("n", 2) + ` or ` + actsForMine("$3") + `)`

// isRecord holds for a person in row n who does not sign in and has nothing to
// do with anybody but the body that recorded them.
const isRecord = `(n.home is not null and not exists (select from accounts a where a.person = n.id)
	and not exists (
	  select from edges e join nodes t on t.id = e.target
	  where e.source = n.id and e.kind in ('acts_for', 'has_role', 'member_of') and t.id <> n.home and t.home is distinct from n.home))`

func recordOf(ctx context.Context, tx *postgres.Tx, v *access.Viewer, person id.ID) (r record, err error) {
	err = postgres.Hub(tx.Native()).QueryRow(ctx, recordSQL, args(v, []id.ID{person})...).Scan(&r.body, &r.own)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, fault.ErrNotFound.New()
	}
	return r, wrap("read a record", err)
}

// uniteRecorded makes the records of a body that have the address the person has
// proven to read one with the person, who just accepted an invitation in the
// role. A record never gives more than the invitation: roles that answer for the
// body end with it, unless the invitation is to such a role.
func (s *Service) uniteRecorded(ctx context.Context, tx *postgres.Tx, v *access.Viewer, l locked, person id.ID, role ActingRole) error {
	rows, err := postgres.Hub(tx.Native()).Query(ctx, `
		select n.id from nodes n join person_names p on p.subject = n.id
		where n.home = $1 and n.kind = 'person' and n.ended_at is null and n.id <> $2 and `+isRecord+`
		  and lower(p.mail) = (select mail from accounts where person = $2)
		order by n.id`, l.id, person)
	if err != nil {
		return wrap("find records of a person", err)
	}
	records, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return wrap("find records of a person", err)
	}
	for _, r := range records {
		if role != Representative && role != Officer {
			if err := endAnswering(ctx, tx.Native(), r); err != nil {
				return err
			}
		}
		// Where both have a place at one event they stay two, until one is cancelled.
		if _, err := s.unite(ctx, tx, v, l, r, person); err != nil {
			return err
		}
	}
	return nil
}

func endAnswering(ctx context.Context, q postgres.Querier, person id.ID) error {
	_, err := q.Exec(ctx, `
		with never as (
		  delete from edges where source = $1 and kind = 'acts_for' and role in ('REPRESENTATIVE', 'OFFICER') and lower(valid) >= `+today+`)
		update edges set valid = daterange(lower(valid), `+today+`)
		where source = $1 and kind = 'acts_for' and role in ('REPRESENTATIVE', 'OFFICER')
		  and (lower_inf(valid) or lower(valid) < `+today+`) and coalesce(upper(valid), 'infinity') > `+today, person)
	return wrap("end the roles of a record", err)
}

// unite makes two people one; the body's topic is locked. It does nothing and
// says so where both have what only one can have.
func (s *Service) unite(ctx context.Context, tx *postgres.Tx, v *access.Viewer, l locked, from, into id.ID) (bool, error) {
	// Who is about to refer to the record has committed or waits, and finds it ended.
	if _, err := tx.Native().Exec(ctx, `select from nodes where id = $1 for update`, from); err != nil {
		return false, wrap("hold a record", err)
	}
	for _, h := range s.holdings {
		people, ok := h.(PersonHoldings)
		if !ok {
			continue
		}
		if moved, err := people.MovePerson(ctx, tx, from, into); err != nil || !moved {
			return false, err
		}
	}
	if err := moveEdges(ctx, tx.Native(), from, into); err != nil {
		return false, err
	}
	for _, sql := range []string{
		// A name that the person has is theirs.
		`update person_names set subject = $2 where subject = $1 and not exists (select from person_names where subject = $2)`,
		`delete from person_names where subject = $1 and $2::uuid is not null`,
		`update organization_claims c set person = $2 where person = $1
		 and not exists (select from organization_claims o where o.organization = c.organization and o.person = $2 and o.decided_at is null)`,
		// Nobody's any more: asked for, it leads to the person.
		`update nodes set ended_at = now(), visibility = 4, home = null where id = $1 and $2::uuid is not null`,
	} {
		if _, err := postgres.Hub(tx.Native()).Exec(ctx, sql, from, into); err != nil {
			return false, storeError("make two people one", err)
		}
	}
	err := node.Connect(ctx, tx, node.Edge{Kind: supersedes, Source: into, Target: from, RecordedBy: v.Person, RecordedIn: l.id})
	if err != nil {
		return false, err
	}
	if err := auth.Bump(ctx, tx, into); err != nil {
		return false, err
	}
	return true, journal.Append(ctx, tx, l.id, v, fact(FactPersonMerged, access.Home, PersonMerged{From: from, Into: into}, l.id, into, from))
}

// knownIn finds somebody whom the body knows under a mail address: whom it
// recorded with it, or who acts for it and has it. Nobody else is looked at, so
// that neither the answer nor the time it takes tells who else is known to the
// hub. Zero: nobody.
func knownIn(ctx context.Context, tx *postgres.Tx, body id.ID, address string) (person id.ID, err error) {
	err = postgres.Hub(tx.Native()).QueryRow(ctx, `
		with mine as (
		  select id, false as acts from nodes where home = $1 and kind = 'person' and ended_at is null
		  union all
		  select e.source, true from edges e join nodes n on n.id = e.source and n.ended_at is null
		  where e.target = $1 and e.kind = 'acts_for' and coalesce(upper(e.valid), 'infinity') > `+today+`)
		select m.id from mine m
		left join person_names p on p.subject = m.id left join accounts a on a.person = m.id
		where lower(p.mail) = lower($2) or m.acts and a.mail = lower($2)
		order by a.person is null, m.id limit 1`, body, address).Scan(&person)
	if errors.Is(err, pgx.ErrNoRows) {
		return id.Zero, nil
	}
	return person, wrap("look among the body's people", err)
}
