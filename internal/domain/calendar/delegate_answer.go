package calendar

import (
	"context"
	"crypto/sha256"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// AnswerInput is what the holder of a link says; nil leaves things as they are.
type AnswerInput struct {
	Answer       DelegateAnswer
	Name         string // with AnswerCorrect
	Visibility   *DelegateVisibility
	Diet, Access *string // empty deletes
}

func linkHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

const invitationSQL = `
select d.id, e.node, jsonb_build_object('ca', n.title_ca, 'es', n.title_es, 'en', n.title_en), e.starts_at,
  jsonb_build_object('ca', o.title_ca, 'es', o.title_es, 'en', o.title_en),
  coalesce(own.name, person.name, ''), d.state, d.shown_to, coalesce(x.diet, ''), coalesce(x.access, ''),
  coalesce(d.answer, ''), l.expires_at, coalesce(nullif(c.name, ''), c.mail, by.name, ''), coalesce(own.mail, person.mail, ''), d.role
from delegate_links l join registration_delegates d on d.id = l.delegate and d.state <> 'REPLACED'
join registrations r on r.id = d.registration join events e on e.node = d.event
join nodes n on n.id = d.event left join nodes o on o.id = r.organisation
left join delegate_secrets s on s.delegate = d.id
left join person_names own on own.subject = d.id left join person_names person on person.subject = s.person
left join delegate_needs x on x.delegate = d.id
left join registration_contacts c on c.registration = r.id left join person_names by on by.subject = r.registered_by
where l.token_hash = $1 and l.expires_at > clock_timestamp()`

// InvitationBy reads what a link's holder is shown. The link is the right: the
// policies cannot know it, so that the read is the hub's own. The fault is
// ErrLinkEnded.
func InvitationBy(ctx context.Context, q postgres.Querier, token string) (*Invitation, error) {
	return invitation(ctx, q, invitationSQL, linkHash(token))
}

// endedSQL is what is shown to who has just said that it is not them.
const endedSQL = `
select d.id, e.node, jsonb_build_object('ca', n.title_ca, 'es', n.title_es, 'en', n.title_en), e.starts_at,
  jsonb_build_object('ca', o.title_ca, 'es', o.title_es, 'en', o.title_en), '', d.state, 'ORGANISERS', '', '', 'NOT_ME', ` + overSQL + `, '', '', d.role
from registration_delegates d join registrations r on r.id = d.registration join events e on e.node = d.event
join nodes n on n.id = d.event left join nodes o on o.id = r.organisation
where d.id = $1`

func invitation(ctx context.Context, q postgres.Querier, sql string, of any) (*Invitation, error) {
	i := &Invitation{}
	err := postgres.Hub(q).QueryRow(ctx, sql, of).Scan(&i.Delegate, &i.EventID, &i.Event, &i.StartsAt,
		&i.Organization, &i.Name, &i.State, &i.Visibility, &i.Diet, &i.Access, &i.Answer, &i.Until,
		&i.RegisteredBy, &i.Mail, &i.Role)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrLinkEnded.At("token")
	}
	return i, registrationError("read what a link is about", err)
}

// AnswerBy takes a delegate's answer. Who may: the holder of the link, signed in
// or not. Saying "not me" takes the name, and what hangs on it, off the seat at
// once and for good; the link ends with it. Everything else may be said again
// until the event is over. The key is the link's: whoever else uses the same one
// is somebody else.
//
// Refusals: ErrLinkEnded, ErrDelegateGone, ErrEventOver and INVALID for wrong
// fields.
func (s *Registrations) AnswerBy(ctx context.Context, v *access.Viewer, token string, in AnswerInput, key string) (*Invitation, error) {
	name := DelegateInput{Name: in.Name, Role: RolePublic}
	if err := in.check(&name); err != nil {
		return nil, err
	}
	in.Name = name.Name
	hash, err := command.Hash([]any{linkHash(token), in})
	if err != nil {
		return nil, err
	}
	i, err := InvitationBy(ctx, s.db.Read(), token)
	if ended := errors.Is(err, ErrLinkEnded); err != nil && !(ended && key != "") {
		return nil, err
	} else if ended { // perhaps by this very answer, sent before
		i = nil
	}
	if i != nil && in.Answer == AnswerNotMe && s.ledger != nil {
		if err := s.ledger.Forgotten(ctx, i.Delegate); err != nil {
			return nil, err
		}
	}
	var shown *Invitation
	err = s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		answered, err := journal.Once(ctx, tx, command.Bearer(token, id.Zero), key, "delegateAnswer", hash, func() ([]id.ID, error) {
			if i == nil {
				return nil, ErrLinkEnded.At("token")
			}
			return s.atDesk(ctx, tx, request{viewer: v, event: i.EventID, name: "delegateAnswer"},
				func(ctx context.Context, d *desk) ([]id.ID, error) {
					return []id.ID{i.Delegate}, d.answer(ctx, token, in)
				})
		})
		if err != nil {
			return err
		}
		if in.Answer == AnswerNotMe {
			shown, err = invitation(ctx, tx.Native(), endedSQL, answered[0])
		} else {
			shown, err = InvitationBy(ctx, tx.Native(), token)
		}
		return err
	})
	return shown, postgres.Translate(err, registrationConstraints())
}

func (in *AnswerInput) check(name *DelegateInput) error {
	var wrong fault.List
	if !oneOf(in.Answer, []DelegateAnswer{AnswerAccept, AnswerCorrect, AnswerNotMe}) {
		wrong = append(wrong, ErrBadPolicy.At("answer"))
	}
	if in.Visibility != nil && !oneOf(*in.Visibility, []DelegateVisibility{ShownToOrganisers, ShownToColleagues}) {
		wrong = append(wrong, ErrBadPolicy.At("visibility"))
	}
	wrong = append(wrong, name.check()...)
	if in.Answer == AnswerCorrect && name.Name == "" {
		wrong = append(wrong, fault.ErrRequired.At("name"))
	}
	return append(wrong, checkNeeds(in.Diet, in.Access)...).Err()
}

// answer carries the answer out under the event's lock. The link is asked for
// again: it may have ended meanwhile.
func (d *desk) answer(ctx context.Context, token string, in AnswerInput) error {
	i, err := InvitationBy(ctx, d.tx.Native(), token)
	if err != nil {
		return err
	}
	f, err := readFile(ctx, d.tx.Native(), d.event, i.Delegate)
	if err != nil {
		return err
	}
	who := f.delegate(i.Delegate)
	if d.at.State.Final() || d.at.Over {
		return ErrEventOver.New()
	}
	if oneOf(who.State, []DelegateState{DelegateCancelled, DelegateRejected, DelegateReplaced}) {
		return ErrDelegateGone.New()
	}
	d.tellDelegates(FactDelegateAnswered, f, []fileDelegate{who})
	if in.Answer == AnswerNotMe {
		return d.unname(ctx, who.ID)
	}
	if in.Answer == AnswerCorrect {
		_, err := d.tx.Native().Exec(ctx, `
			insert into person_names (subject, root, name) values ($1, $2, $3)
			on conflict (subject) do update set name = excluded.name`, who.ID, d.event, in.Name)
		if err != nil {
			return registrationError("correct the name", err)
		}
	}
	if err := d.writeNeeds(ctx, who.ID, in.Diet, in.Access); err != nil {
		return err
	}
	_, err = d.tx.Native().Exec(ctx, `
		update registration_delegates set answer = $2, shown_to = coalesce($3, shown_to), named = true where id = $1`,
		who.ID, in.Answer, in.Visibility)
	return registrationError("keep the answer", err)
}

// forgetSQL takes away all that says who delegates are. The places stay, and so
// do role and territory, which are counted.
const forgetSQL = `
with secrets as (
  update delegate_secrets set person = null, mail_key = null, code = $2 where delegate = any($1)
), names as (
  delete from person_names where subject = any($1)
), needs as (
  delete from delegate_needs where delegate = any($1)
), links as (
  delete from delegate_links where delegate = any($1)
), answers as (
  delete from delegate_answers where delegate = any($1)
), traits as (
  delete from delegate_traits where delegate = any($1)
), certificates as (
  delete from certificates where delegate = any($1)
)
update registration_delegates set named = false, shown_to = 'ORGANISERS', answer = $3, erased = $4 where id = any($1)`

// unname leaves a seat without a name, for the organisation to name somebody
// else. Whoever knew the old entrance code no longer gets in by it.
func (d *desk) unname(ctx context.Context, delegate id.ID) error {
	_, err := d.tx.Native().Exec(ctx, forgetSQL, []id.ID{delegate}, newCode(), AnswerNotMe, false)
	return registrationError("take the name off the seat", err)
}

// forget empties places for good.
func forget(ctx context.Context, q postgres.Querier, delegates []id.ID) error {
	_, err := q.Exec(ctx, forgetSQL, delegates, nil, nil, true)
	return registrationError("forget who delegates are", err)
}
