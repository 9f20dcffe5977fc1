package directory

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// PersonCreate adds a person who acts for a body from now on, and returns the
// person. Who may: those who answer for the body. The people of the body, and
// of every other body the person comes to act for, may see the name. Whom the
// body knows under the mail address is appointed and not added again; whom it
// does not know is added, whoever else may know them (see person_merge.go).
func (s *Service) PersonCreate(ctx context.Context, v *access.Viewer, key string, in PersonSpec) (id.ID, error) {
	in.ID = id.Zero
	return s.command(ctx, v, key, "personCreate", in, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		return personCreate(ctx, tx, v, in)
	})
}

func personCreate(ctx context.Context, tx *postgres.Tx, v *access.Viewer, in PersonSpec) (id.ID, error) {
	l, err := administered(ctx, tx, v, in.For)
	if err != nil {
		return id.Zero, err
	}
	if err := checkPerson(in); err != nil {
		return id.Zero, err
	}
	if in.Mail != "" {
		known, err := knownIn(ctx, tx, in.For, in.Mail)
		if err != nil {
			return id.Zero, err
		}
		if !known.IsZero() {
			return known, appointKnown(ctx, tx, v, l, in, known)
		}
	}
	in.ID = id.New()
	if err := addPeople(ctx, tx, []PersonSpec{in}); err != nil {
		return id.Zero, err
	}
	_, err = appoint(ctx, tx, v, l, AppointmentSpec{
		Organization: in.For, Person: in.ID, Role: in.Role, From: in.From, Until: in.Until,
	})
	return in.ID, err
}

// appointKnown appoints somebody who was to be added and is known already.
func appointKnown(ctx context.Context, tx *postgres.Tx, v *access.Viewer, l locked, in PersonSpec, known id.ID) error {
	_, err := appoint(ctx, tx, v, l, AppointmentSpec{
		Organization: in.For, Person: known, Role: in.Role, From: in.From, Until: in.Until,
	})
	if errors.Is(err, ErrAlreadyActs) {
		return ErrAlreadyActs.At("mail").Because(err)
	}
	return err
}

// CreatePeople adds people with what they act for in a few statements, all or
// none, and returns their identifiers in order. Like CreateMany it asks for no
// right and writes one fact per person on the topic of the body; it locks the
// topics of those bodies itself, so it comes first in its transaction.
func CreatePeople(ctx context.Context, tx *postgres.Tx, v *access.Viewer, people []PersonSpec) ([]id.ID, error) {
	if v == nil {
		v = &access.Viewer{}
	}
	made, bodies := make([]id.ID, len(people)), make([]id.ID, len(people))
	edges, facts := make([]node.Edge, len(people)), map[id.ID][]journal.Fact{}
	for i := range people {
		p := &people[i]
		if err := checkPerson(*p); err != nil {
			return nil, err
		}
		if p.ID.IsZero() {
			p.ID = id.New()
		}
		made[i], bodies[i] = p.ID, p.For
		a := AppointmentSpec{Organization: p.For, Person: p.ID, Role: p.Role, From: p.From, Until: p.Until}
		edges[i] = a.edge(v, p.From)
		facts[p.For] = append(facts[p.For], a.fact(FactPersonAppointed))
	}
	if err := journal.Lock(ctx, tx, bodies...); err != nil {
		return nil, err
	}
	if err := addPeople(ctx, tx, people); err != nil {
		return nil, err
	}
	if err := node.Connect(ctx, tx, edges...); err != nil {
		return nil, err
	}
	for body, told := range facts {
		if err := journal.Append(ctx, tx, body, v, told...); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// addPeople registers people without titles and puts their names where names
// live.
func addPeople(ctx context.Context, tx *postgres.Tx, people []PersonSpec) error {
	n := len(people)
	nodes := make([]node.Node, n)
	ids, roots, names, mails := make([]id.ID, n), make([]id.ID, n), make([]string, n), make([]*string, n)
	for i, p := range people {
		nodes[i] = node.Node{ID: p.ID, Kind: node.Person, Visibility: access.Home, Home: p.For}
		ids[i], roots[i], names[i] = p.ID, p.For, strings.TrimSpace(p.Name)
		if p.Mail != "" {
			mails[i] = &p.Mail
		}
	}
	if err := node.Register(ctx, tx, nodes...); err != nil {
		return err
	}
	_, err := tx.Native().Exec(ctx, `
		insert into person_names (subject, root, name, mail)
		select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[])`, ids, roots, names, mails)
	return wrap("add names", err)
}

// Appoint lets a person act for a body, and returns the appointment. Who may:
// those who answer for the body. The person must be one the viewer can see, so
// that nobody collects people by guessing.
func (s *Service) Appoint(ctx context.Context, v *access.Viewer, key string, in AppointmentSpec) (id.ID, error) {
	return s.command(ctx, v, key, "appointmentCreate", in, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		l, err := administered(ctx, tx, v, in.Organization)
		if err != nil {
			return id.Zero, err
		}
		kinds, err := visibleKinds(ctx, tx.Native(), v, []id.ID{in.Person})
		if err != nil {
			return id.Zero, err
		}
		if kinds[in.Person] != node.Person {
			return id.Zero, fault.ErrNotFound.At("person")
		}
		return appoint(ctx, tx, v, l, in)
	})
}

// appoint connects and tells; the body's topic is locked. It returns the
// appointment.
func appoint(ctx context.Context, tx *postgres.Tx, v *access.Viewer, l locked, in AppointmentSpec) (id.ID, error) {
	first := l.orToday(in.From)
	in.From = &first
	if err := in.check(l.kind); err != nil {
		return id.Zero, err
	}
	edge := in.edge(v, in.From)
	edge.ID = id.New()
	if err := node.Connect(ctx, tx, edge); err != nil {
		if f := fault.From(err); f.Code.Name == overlapping {
			return id.Zero, ErrAlreadyActs.At("person").Because(err)
		}
		return id.Zero, err
	}
	if err := auth.Bump(ctx, tx, in.Person); err != nil {
		return id.Zero, err
	}
	return edge.ID, journal.Append(ctx, tx, l.id, v, in.fact(FactPersonAppointed))
}

// overlapping is the name of the fault with which package node refuses the same
// relation twice at one time.
const overlapping = "RELATION_OVERLAPS"

func (a AppointmentSpec) check(body node.Kind) error {
	c := &checker{}
	c.add(checkRole(a.Role, body))
	c.days(a.From, a.Until, "until")
	return c.wrong.Err()
}

func (a AppointmentSpec) edge(v *access.Viewer, from *time.Time) node.Edge {
	return node.Edge{
		Kind: node.ActsFor, Source: a.Person, Target: a.Organization, Role: string(a.Role),
		From: from, To: endOf(a.Until), RecordedBy: v.Person, RecordedIn: a.Organization,
	}
}

func (a AppointmentSpec) fact(kind string) journal.Fact {
	data := AppointmentFact{Person: a.Person, Role: a.Role, From: date(a.From), Until: date(a.Until)}
	return fact(kind, access.Home, data, a.Organization, a.Person)
}

// EndAppointment ends one role of a person for a body. in.Until is the last
// day; nil is yesterday, so that it ends at once, with all that the person saw
// through it. An appointment that has not begun is withdrawn. Who may: those who
// answer for the body, and the person themselves.
func (s *Service) EndAppointment(ctx context.Context, v *access.Viewer, key string, in AppointmentSpec) error {
	_, err := s.command(ctx, v, key, "appointmentEnd", in, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		l, err := lock(ctx, tx, v, in.Organization)
		if err != nil {
			return id.Zero, err
		}
		if err := access.MayEndAppointment(v, in.Organization, in.Person); err != nil {
			return id.Zero, err
		}
		return in.Organization, end(ctx, tx, v, l, in)
	})
	return err
}

func end(ctx context.Context, tx *postgres.Tx, v *access.Viewer, l locked, in AppointmentSpec) error {
	c := &checker{}
	c.days(nil, in.Until, "until")
	if err := c.wrong.Err(); err != nil {
		return err
	}
	last := l.today.AddDate(0, 0, -1)
	if in.Until != nil {
		last = *in.Until
	}
	in.Until = &last
	ended, err := node.Disconnect(ctx, tx, node.ActsFor, in.Person, l.id, string(in.Role), *endOf(&last))
	if err == nil && !ended {
		ended, err = withdraw(ctx, tx.Native(), in, last)
	}
	if err != nil {
		return err
	}
	if !ended {
		return ErrNoAppointment.At("person")
	}
	if err := journal.Append(ctx, tx, l.id, v, in.fact(FactAppointmentEnded)); err != nil {
		return err
	}
	return auth.Revoke(ctx, tx, l.id, in.Person)
}

// withdraw removes an appointment that would begin after its last day.
func withdraw(ctx context.Context, q postgres.Querier, in AppointmentSpec, last time.Time) (bool, error) {
	tag, err := q.Exec(ctx, `
		delete from edges where kind = 'acts_for' and source = $1 and target = $2 and role = $3 and lower(valid) > $4::date`,
		in.Person, in.Organization, string(in.Role), last)
	return tag.RowsAffected() > 0, wrap("withdraw an appointment", err)
}
