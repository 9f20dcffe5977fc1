package calendar

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/personal"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// A delegate is a person when their account is named, or when they were named
// with a mail address that the person has proven to read.
const ofSubjectSQL = `
select s.event, s.delegate from delegate_secrets s where s.person = $1
union
select d.event, d.id from person_names n join registration_delegates d on d.id = n.subject where lower(n.mail) = any($2)
order by 1, 2`

type placeAt struct{ event, delegate id.ID }

// Erase takes a person out of all events, one short transaction for each, so
// that it can be stopped and begun again.
//
// At events to come the person is cancelled, and the seats go to the first in
// line in the same instant, as with any cancellation; the organisation may
// register somebody else, who stands last. At other events the place stays
// counted, with role and territory and without a name. v is who is told to have
// done it.
func (s *Registrations) Erase(ctx context.Context, v *access.Viewer, who personal.Subject) (done personal.Erased, err error) {
	rows, err := postgres.Hub(s.db.Read()).Query(ctx, ofSubjectSQL, who.ID, some(who.Mails))
	if err != nil {
		return done, registrationError("find where a person is a delegate", err)
	}
	places, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p placeAt, err error) {
		return p, row.Scan(&p.event, &p.delegate)
	})
	if err != nil {
		return done, registrationError("find where a person is a delegate", err)
	}
	for len(places) > 0 {
		n := 1
		for n < len(places) && places[n].event == places[0].event {
			n++
		}
		at, err := s.eraseAt(ctx, v, places[:n])
		if err != nil {
			return done, err
		}
		done, places = done.Add(at), places[n:]
	}
	return done, nil
}

// EraseDelegate takes the name off one place, as its delegate asked for: a
// ledger's replay calls it. What is not there any more is no mistake.
func (s *Registrations) EraseDelegate(ctx context.Context, delegate id.ID) error {
	err := s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, forgetSQL, []id.ID{delegate}, newCode(), AnswerNotMe, false)
		return err
	})
	return registrationError("take the name off the seat", err)
}

func (s *Registrations) eraseAt(ctx context.Context, v *access.Viewer, places []placeAt) (done personal.Erased, err error) {
	event, delegates := places[0].event, make([]id.ID, len(places))
	for i, p := range places {
		delegates[i] = p.delegate
	}
	err = s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := s.atDesk(ctx, tx, request{viewer: v, event: event}, func(ctx context.Context, d *desk) ([]id.ID, error) {
			done, err = d.erase(ctx, delegates)
			return nil, err
		})
		return err
	})
	return done, err
}

func (d *desk) erase(ctx context.Context, delegates []id.ID) (done personal.Erased, err error) {
	files, err := d.filesOf(ctx, delegates)
	if err != nil {
		return done, err
	}
	toCome := !d.at.State.Final() && d.at.State != Held && !d.at.Over
	for _, f := range files {
		gone := slices.DeleteFunc(f.live(), func(x fileDelegate) bool { return !slices.Contains(delegates, x.ID) })
		if toCome && len(gone) > 0 {
			if err := d.cancel(ctx, f, gone); err != nil {
				return done, err
			}
			done.Cancelled += len(gone)
		}
		all := slices.DeleteFunc(slices.Clone(f.delegates), func(x fileDelegate) bool { return !slices.Contains(delegates, x.ID) })
		d.tellDelegates(FactDelegateErased, f, all)
	}
	done.Nameless = len(delegates) - done.Cancelled
	return done, forget(ctx, d.tx.Native(), delegates)
}

// filesOf fetches the registrations of delegates, each once. Those who were
// replaced lie in no file any more; their names go all the same.
func (d *desk) filesOf(ctx context.Context, delegates []id.ID) (files []*file, err error) {
	rows, err := d.tx.Native().Query(ctx, `
		select distinct registration from registration_delegates where id = any(`+postgres.Keys+`) and state <> 'REPLACED' order by 1`, delegates)
	if err != nil {
		return nil, registrationError("find registrations", err)
	}
	registrations, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return nil, registrationError("find registrations", err)
	}
	for _, r := range registrations {
		f, err := readFile(ctx, d.tx.Native(), d.event, r)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// some keeps an empty list from becoming NULL.
func some(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
