package project

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// partnerEdge is an organisation's part in a project, from a day on.
func partnerEdge(project, by id.ID, p PartnerInput, lead bool, from time.Time) node.Edge {
	e := node.Edge{
		Kind: node.CollaboratesIn, Source: p.Organization, Target: project, Role: string(p.Side),
		From: &from, RecordedBy: by, RecordedIn: project,
	}
	if lead {
		e.Kind = node.Leads
	}
	if part := form.Trim(p.Part); !part.Empty() {
		e.Facts = map[string]any{"part": part}
	}
	return e
}

// AddPartner lets an organisation take part from today on; its people become
// members. Who may: the organisers.
func (s *Service) AddPartner(ctx context.Context, v *access.Viewer, project id.ID, in PartnerInput, key string) (*Result, error) {
	return s.onProject(ctx, s.call(v, key, "projectPartnerAdd", project, in), project, lockForChange,
		func(ctx context.Context, tx *postgres.Tx, c *changing) (id.ID, error) {
			return id.Zero, c.addPartner(ctx, tx, in)
		})
}

func (c *changing) addPartner(ctx context.Context, tx *postgres.Tx, in PartnerInput) error {
	kinds, err := relation.VisibleKinds(ctx, tx.Native(), c.viewer, []id.ID{in.Organization})
	if err != nil {
		return err
	}
	faults := in.check()
	switch {
	case !slices.Contains(relation.Organisations(), kinds[in.Organization]):
		faults = append(faults, fault.ErrNotFound.At("organization"))
	case slices.Contains(c.partnerIDs(), in.Organization):
		faults = append(faults, ErrAlreadyPartner.At("organization"))
	case len(c.partners) >= maxPartners:
		faults = append(faults, form.ErrTooMany.At("organization").With("max", maxPartners))
	}
	if err := faults.Err(); err != nil {
		return err
	}
	if err := holdOrganisations(ctx, tx.Native(), in.Organization); err != nil {
		return err
	}
	if err := node.Connect(ctx, tx, partnerEdge(c.project.ID, c.viewer.Person, in, false, c.today)); err != nil {
		return err
	}
	c.partners = append(c.partners, &Partner{Organization: &node.Node{ID: in.Organization}})
	if err := c.tell(ctx, tx, FactPartnerJoined, Fact{Partner: in.Organization}); err != nil {
		return err
	}
	return auth.BumpActing(ctx, tx, in.Organization)
}

// Leaving is how a partner leaves.
type Leaving struct {
	Partner id.ID
	// Reassign says of each open commitment of the partner who goes on with it.
	Reassign []Reassignment
	// NewLead is who leads from now on, when the lead leaves.
	NewLead id.ID
	Note    lang.Text // for the members; 5,000
}

// Reassignment hands a commitment on, or drops it when To is Zero.
type Reassignment struct{ Commitment, To id.ID }

// PartnerLeaves ends an organisation's part today. Its open commitments go on
// with others or are dropped; what it did stays its own. Its people lose their
// sight of what is internal with this as the last thing they see. Who may: the
// organisers, and who answers for the partner.
func (s *Service) PartnerLeaves(ctx context.Context, v *access.Viewer, project id.ID, in Leaving, key string) (*Result, error) {
	in.Note = form.Trim(in.Note)
	forPartner := func(v *access.Viewer, s access.Subject) error { return access.MayAnswerForPartner(v, s, in.Partner) }
	open := func(ctx context.Context, tx *postgres.Tx, v *access.Viewer, project id.ID) (*changing, error) {
		c, err := lock(ctx, tx, v, project, forPartner)
		if err != nil {
			return nil, err
		}
		return c, c.project.mayChange()
	}
	return s.onProject(ctx, s.call(v, key, "projectPartnerLeave", project, in), project, open,
		func(ctx context.Context, tx *postgres.Tx, c *changing) (id.ID, error) {
			return id.Zero, c.leave(ctx, tx, in)
		})
}

func (c *changing) leave(ctx context.Context, tx *postgres.Tx, in Leaving) error {
	at := slices.IndexFunc(c.partners, func(p *Partner) bool { return p.Organization.ID == in.Partner })
	if at < 0 {
		return ErrNotPartner.At("partner")
	}
	leaving := c.partners[at]
	open, err := openCommitments(ctx, tx.Native(), c.project.ID, in.Partner)
	if err != nil {
		return err
	}
	staying := slices.DeleteFunc(c.partnerIDs(), func(v id.ID) bool { return v == in.Partner })
	var f form.Findings
	f.Text(in.Note, 5_000, "note")
	for _, err := range []error{
		handover(in.Partner, open, staying, in.Reassign), succession(in.Partner, c.project.Home, in.NewLead, staying), f.Err(),
	} {
		if err != nil {
			return err
		}
	}
	for _, r := range in.Reassign {
		if err := c.handOn(ctx, tx, in.Partner, r); err != nil {
			return err
		}
	}
	if !in.Note.Empty() {
		if _, err := c.addNote(ctx, tx, NoteInput{Text: in.Note, Internal: true}); err != nil {
			return err
		}
	}
	return c.part(ctx, tx, leaving, in.NewLead)
}

// part ends the edge of who leaves, hands the lead on where there is one to
// hand on, and cuts off who is a member no more.
func (c *changing) part(ctx context.Context, tx *postgres.Tx, leaving *Partner, heir id.ID) error {
	project, left := c.project.ID, leaving.Organization.ID
	if err := c.disconnect(ctx, tx, leaving); err != nil {
		return err
	}
	if !heir.IsZero() {
		if err := c.crown(ctx, tx, heir); err != nil {
			return err
		}
	}
	if err := c.tell(ctx, tx, FactPartnerLeft, Fact{Partner: left, Lead: heir}); err != nil {
		return err
	}
	if err := auth.RevokeActing(ctx, tx, project, left); err != nil || heir.IsZero() {
		return err
	}
	return auth.BumpActing(ctx, tx, heir)
}

func (c *changing) disconnect(ctx context.Context, tx *postgres.Tx, p *Partner) error {
	kind := node.CollaboratesIn
	if p.Lead {
		kind = node.Leads
	}
	_, err := node.Disconnect(ctx, tx, kind, p.Organization.ID, c.project.ID, string(p.Side), c.today)
	return err
}

// crown makes a partner the lead, and so the home.
func (c *changing) crown(ctx context.Context, tx *postgres.Tx, heir id.ID) error {
	at := slices.IndexFunc(c.partners, func(p *Partner) bool { return p.Organization.ID == heir })
	p := c.partners[at]
	if err := c.disconnect(ctx, tx, p); err != nil {
		return err
	}
	in := PartnerInput{Organization: heir, Side: p.Side, Part: p.Part}
	if err := node.Connect(ctx, tx, partnerEdge(c.project.ID, c.viewer.Person, in, true, c.today)); err != nil {
		return err
	}
	return node.SetHome(ctx, tx, c.project.ID, heir)
}

// everyPartner reads the partners of today, visible or not: facts are about all
// of them, and rules count all of them.
func everyPartner(ctx context.Context, q postgres.Querier, project id.ID) ([]*Partner, error) {
	rows, err := q.Query(ctx, `
		select e.source, e.kind = 'leads', e.role, coalesce(e.facts->'part', '{}'), lower(e.valid)
		from edges e where e.target = $1 and e.kind in ('leads', 'collaborates_in') and e.valid @> `+relation.TodaySQL+`
		order by e.kind desc, lower(e.valid), e.source`, project)
	if err != nil {
		return nil, fmt.Errorf("read partners: %w", err)
	}
	partners, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Partner, error) {
		p := &Partner{Project: project, Organization: &node.Node{}}
		return p, row.Scan(&p.Organization.ID, &p.Lead, &p.Side, &p.Part, &p.From)
	})
	if err != nil {
		return nil, fmt.Errorf("read partners: %w", err)
	}
	return partners, nil
}

// PartnersOf reads who takes part in the projects, the lead first; with past
// also who did before. Organisations that the viewer cannot see are left out.
func PartnersOf(ctx context.Context, q postgres.Querier, v *access.Viewer, projects []id.ID, past bool) (map[id.ID][]*Partner, error) {
	rows, err := q.Query(ctx, partnersSQL, append([]any{projects, past}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read partners: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Partner, error) {
		p := &Partner{Organization: &node.Node{}}
		return p, row.Scan(append([]any{&p.Project, &p.Lead, &p.Side, &p.Part, &p.From, &p.Until}, p.Organization.ScanTargets()...)...)
	})
	if err != nil {
		return nil, fmt.Errorf("read partners: %w", err)
	}
	out := make(map[id.ID][]*Partner, len(projects))
	for _, p := range list {
		out[p.Project] = append(out[p.Project], p)
	}
	return out, nil
}

// A project has at most 100 partners at a time; of those before, the last 100.
var partnersSQL = `
select p.id, l.* from unnest(` + postgres.Keys + `) as p(id)
join nodes project on project.id = p.id and ` + access.VisibleSQL("project", 3) + `
cross join lateral (
  select e.kind = 'leads', e.role, coalesce(e.facts->'part', '{}'), lower(e.valid), upper(e.valid), ` + node.Columns("n") + `
  from edges e join nodes n on n.id = e.source
  where e.target = p.id and e.kind in ('leads', 'collaborates_in')
    and case when $2 then true else e.valid @> ` + relation.TodaySQL + ` end and ` + access.VisibleSQL("n", 3) + `
  order by not e.valid @> ` + relation.TodaySQL + `, e.kind <> 'leads', upper(e.valid) desc nulls first, n.title_ca, n.id limit 200) l`
