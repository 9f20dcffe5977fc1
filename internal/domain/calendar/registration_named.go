package calendar

import (
	"context"
	"slices"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// lookedUp is what a registration needs to know of other things. It does not
// change with time, so that it is read before the lock.
type lookedUp struct {
	Association bool
	mails       map[id.ID]string // of the delegates who are persons
}

func (l lookedUp) mail(d DelegateInput) string {
	if !d.Person.IsZero() {
		return l.mails[d.Person]
	}
	return d.Mail
}

// lookUp checks that everything the input names exists: territories are
// territories, the audience is one, and persons act for the organisation (a
// name must not be had by registering somebody else's identifier).
func lookUp(ctx context.Context, q postgres.Querier, v *access.Viewer, in RegistrationInput) (lookedUp, error) {
	mails, err := readMails(ctx, q, v, in)
	if err != nil {
		return lookedUp{}, err
	}
	found, err := readKinds(ctx, q, in)
	if err != nil {
		return lookedUp{}, err
	}
	return found.check(in, mails)
}

// check looks what an input names up among what was found.
func (k kinds) check(in RegistrationInput, mails map[id.ID]string) (lookedUp, error) {
	var wrong fault.List
	organisation := k[in.Organisation]
	if !slices.Contains(organisationKinds(), organisation) && !in.added {
		wrong = append(wrong, fault.ErrNotFound.At("organization"))
	}
	if !in.Audience.IsZero() && k[in.Audience] != string(node.Audience) {
		wrong = append(wrong, fault.ErrNotFound.At("audience"))
	}
	for i, d := range in.Delegates {
		if _, ok := mails[d.Person]; !d.Person.IsZero() && !ok {
			wrong = append(wrong, fault.ErrNotFound.At("delegates", strconv.Itoa(i), "person"))
		}
		if !d.Territory.IsZero() && !slices.Contains(territoryKinds(), k[d.Territory]) {
			wrong = append(wrong, fault.ErrNotFound.At("delegates", strconv.Itoa(i), "territory"))
		}
	}
	return lookedUp{Association: organisation == string(node.Association) || in.added, mails: mails}, wrong.Err()
}

// organisationKinds are what delegates may come from, territoryKinds where they may
// be from.
func organisationKinds() []string {
	return []string{string(node.Municipality), string(node.Association), string(node.PublicService), string(node.Institution)}
}

func territoryKinds() []string {
	return []string{
		string(node.Municipality), string(node.Comarca), string(node.Province), string(node.District), string(node.Neighbourhood),
	}
}

// kinds are what things are, by their identifiers: what a registration names.
type kinds map[id.ID]string

// readKinds finds what inputs name, in one statement.
func readKinds(ctx context.Context, q postgres.Querier, inputs ...RegistrationInput) (kinds, error) {
	var named []id.ID
	for _, in := range inputs {
		named = append(named, in.Organisation)
		if !in.Audience.IsZero() {
			named = append(named, in.Audience)
		}
		for _, d := range in.Delegates {
			if !d.Territory.IsZero() {
				named = append(named, d.Territory)
			}
		}
	}
	rows, err := q.Query(ctx, `select id, kind from nodes where id = any(`+postgres.Keys+`)`, named)
	if err != nil {
		return nil, registrationError("look up what a registration names", err)
	}
	k := kinds{}
	var of id.ID
	var kind string
	_, err = pgx.ForEachRow(rows, []any{&of, &kind}, func() error {
		k[of] = kind
		return nil
	})
	return k, registrationError("look up what a registration names", err)
}

// Persons who act for the organisation today, which the viewer does too, and their
// mails.
const personsSQL = `
select e.source, coalesce(lower(trim(p.mail)), '') from edges e left join person_names p on p.subject = e.source
where e.source = any(` + postgres.Keys + `) and e.kind = 'acts_for' and e.target = $2
  and e.valid @> (now() at time zone 'Europe/Madrid')::date`

// readMails finds the delegates who are persons, and their mails. A person is
// found when they act for the organisation today.
func readMails(ctx context.Context, q postgres.Querier, v *access.Viewer, in RegistrationInput) (map[id.ID]string, error) {
	var persons []id.ID
	for _, d := range in.Delegates {
		if !d.Person.IsZero() {
			persons = append(persons, d.Person)
		}
	}
	mails := map[id.ID]string{}
	if len(persons) == 0 {
		return mails, nil
	}
	rows, err := postgres.Personal(q, v).Query(ctx, personsSQL, persons, in.Organisation)
	if err != nil {
		return nil, registrationError("look up who is registered", err)
	}
	var person id.ID
	var mail string
	_, err = pgx.ForEachRow(rows, []any{&person, &mail}, func() error {
		mails[person] = mail
		return nil
	})
	return mails, registrationError("look up who is registered", err)
}
