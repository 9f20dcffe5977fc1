package table

import (
	"context"
	"slices"
	"time"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

// AdoptSpec is a resolution to be adopted in a session.
type AdoptSpec struct {
	Kind        ResolutionKind
	Text        lang.Text
	Responsible id.ID // organisation
	Person      id.ID
	Deadline    *time.Time
	Linked      id.ID
	// Vote is the result; nil: adopted by assent. Named is who voted how, and
	// gives the result.
	Vote  *Tally
	Named []Vote
}

func (in *AdoptSpec) check() error {
	in.Text = form.Trim(in.Text)
	var c findings
	c.Needed(in.Text, maxDescription, "text")
	c.moment(in.Deadline, "deadline")
	if len(in.Named) > 0 {
		if in.Vote != nil {
			c.add(ErrBadVote.At("vote"))
		}
		in.Vote = &Tally{}
		for _, n := range in.Named {
			switch n.Choice {
			case For:
				in.Vote.For++
			case Against:
				in.Vote.Against++
			default:
				in.Vote.Abstentions++
			}
		}
	}
	return c.Err()
}

// Adopt adopts a resolution under an agenda item, by assent or by vote. A vote
// that does not carry is kept as not adopted. Below the quorum nothing is
// adopted. Who may: the table's organisers.
func (s *Service) Adopt(ctx context.Context, v *access.Viewer, table, item id.ID, in AdoptSpec, key string) (made id.ID, err error) {
	if err := in.check(); err != nil {
		return id.Zero, err
	}
	cmd := request{key, "tableResolutionAdopt", table, []any{item, in}, access.MayOrganise}
	return s.run(ctx, v, cmd, func(ctx context.Context, w *work) (id.ID, error) {
		i, of, err := w.item(ctx, item, "item")
		if err != nil {
			return id.Zero, err
		}
		if err := of.running(); err != nil {
			return id.Zero, err
		}
		if err := of.quorate(); err != nil {
			return id.Zero, err
		}
		if err := w.checkAdopt(ctx, of, in); err != nil {
			return id.Zero, err
		}
		return w.adopt(ctx, i, of, in)
	})
}

func (w *work) checkAdopt(ctx context.Context, of *Session, in AdoptSpec) error {
	for _, x := range []struct {
		id   id.ID
		name string
	}{{in.Responsible, "responsible"}, {in.Linked, "linked"}} {
		if err := visible(ctx, w.q, w.viewer, some(x.id), nil, x.name); err != nil {
			return err
		}
	}
	if err := w.knows(ctx, in.Person); err != nil {
		return err
	}
	if in.Vote == nil {
		return nil
	}
	if err := checkVote(*in.Vote, of.Present); err != nil {
		return err
	}
	return w.checkVoters(ctx, of, in.Named)
}

// knows lets nobody be made responsible who has nothing to do with the table.
func (w *work) knows(ctx context.Context, person id.ID) error {
	if person.IsZero() {
		return nil
	}
	var known bool
	err := w.q.QueryRow(ctx, `
		select exists (select from edges where source = $1 and target = $2 and kind = 'has_role' and role in ('MEMBER', 'ORGANISER') and valid @> $3::date)
		or exists (select from edges a join edges m on m.source = a.target and m.kind = 'member_of' and m.target = $2 and m.valid @> $3::date
		  where a.source = $1 and a.kind = 'acts_for' and a.valid @> $3::date)`, person, w.table.ID, w.table.Today).Scan(&known)
	if err == nil && !known {
		return fault.ErrNotFound.At("person")
	}
	return wrap("look for a person at the table", err)
}

func (w *work) checkVoters(ctx context.Context, of *Session, named []Vote) error {
	var voters []id.ID
	for _, n := range named {
		if slices.Contains(voters, n.Organization) {
			return ErrBadVote.At("named")
		}
		voters = append(voters, n.Organization)
	}
	var n int
	err := w.q.QueryRow(ctx, `select count(*) from table_attendance where session = $1 and organisation = any($2) and present and counts`,
		of.ID, voters).Scan(&n)
	if err == nil && n != len(voters) {
		return ErrVoterAbsent.At("named")
	}
	return wrap("look who may vote", err)
}

func (w *work) adopt(ctx context.Context, i *Item, of *Session, in AdoptSpec) (id.ID, error) {
	var number int
	err := w.q.QueryRow(ctx, `update working_tables set resolutions = resolutions + 1 where node = $1 returning resolutions`, w.table.ID).Scan(&number)
	if err != nil {
		return id.Zero, wrap("count resolutions", err)
	}
	made, state, kind, tally := id.New(), Open, FactAdopted, Tally{}
	if in.Vote != nil {
		if tally = *in.Vote; !w.table.Rules.Majority.Carries(tally, of.Members) {
			state, kind = NotAdopted, FactNotAdopted
		}
	}
	_, err = w.q.Exec(ctx, `
		insert into table_resolutions (id, table_node, session, item, number, kind, state, text, responsible, deadline, linked,
		  by_vote, named_vote, votes_for, votes_against, abstentions, adopted_at, followed_at)
		select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, at, at
		from (select case when $17 then $18 else clock_timestamp() end as at) x`,
		made, w.table.ID, of.ID, i.ID, number, in.Kind, state, in.Text, in.Responsible, in.Deadline, in.Linked,
		in.Vote != nil, len(in.Named) > 0, tally.For, tally.Against, tally.Abstentions, of.Recorded, of.StartsAt)
	if err != nil {
		return id.Zero, wrap("keep a resolution", err)
	}
	if err := w.adoptedBy(ctx, made, in); err != nil {
		return id.Zero, err
	}
	w.tell(kind, w.table.inside(), Fact{Session: of.ID, Item: i.ID, Resolution: made, Organization: in.Responsible})
	if state == NotAdopted {
		return made, nil
	}
	outcome := OutcomeDecision
	if in.Kind == Task {
		outcome = OutcomeTask
	}
	return made, w.closeItem(ctx, of, i.ID, outcome, lang.Text{})
}

// adoptedBy keeps who voted how, where they said so, and who is responsible.
func (w *work) adoptedBy(ctx context.Context, made id.ID, in AdoptSpec) error {
	bodies, choices := make([]id.ID, len(in.Named)), make([]string, len(in.Named))
	for i, n := range in.Named {
		bodies[i], choices[i] = n.Organization, string(n.Choice)
	}
	_, err := w.q.Exec(ctx, `
		insert into table_resolution_votes (resolution, organisation, choice) select $1, * from unnest($2::uuid[], $3::text[])`, made, bodies, choices)
	if err == nil && !in.Person.IsZero() {
		_, err = w.q.Exec(ctx, `insert into table_resolution_people (resolution, table_node, person) values ($1, $2, $3)`, made, w.table.ID, in.Person)
	}
	return wrap("keep who is responsible", err)
}
