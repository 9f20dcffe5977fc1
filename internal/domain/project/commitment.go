package project

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// AddCommitment notes what a partner promises. Who may: the organisers, and who
// answers for the partner.
func (s *Service) AddCommitment(ctx context.Context, v *access.Viewer, project id.ID, in CommitmentInput, key string) (*Result, error) {
	in.Text = form.Trim(in.Text)
	return s.onProject(ctx, s.call(v, key, "partnerCommitmentAdd", project, in), project, lockFor(in.Partner, (*Project).mayChange),
		func(ctx context.Context, tx *postgres.Tx, c *changing) (id.ID, error) {
			return c.addCommitment(ctx, tx, in)
		})
}

// lockFor is lock for who answers for a partner, where the project's state lets
// them.
func lockFor(partner id.ID, state func(*Project) error) func(context.Context, *postgres.Tx, *access.Viewer, id.ID) (*changing, error) {
	return func(ctx context.Context, tx *postgres.Tx, v *access.Viewer, project id.ID) (*changing, error) {
		c, err := lock(ctx, tx, v, project, func(v *access.Viewer, s access.Subject) error {
			return access.MayAnswerForPartner(v, s, partner)
		})
		if err != nil {
			return nil, err
		}
		return c, state(c.project)
	}
}

func (c *changing) addCommitment(ctx context.Context, tx *postgres.Tx, in CommitmentInput) (id.ID, error) {
	faults := in.check()
	if !slices.Contains(c.partnerIDs(), in.Partner) {
		faults = append(faults, ErrNotPartner.At("partner"))
	}
	if err := faults.Err(); err != nil {
		return id.Zero, err
	}
	if err := room(ctx, tx.Native(), "partner_commitments", c.project.ID); err != nil {
		return id.Zero, err
	}
	made := id.New()
	_, err := tx.Native().Exec(ctx, `
		insert into partner_commitments (id, project, partner, text, due, created_by) values ($1, $2, $3, $4, $5, $6)`,
		made, c.project.ID, in.Partner, in.Text, day(in.Due), c.viewer.Person)
	if err != nil {
		return id.Zero, storeError("insert commitment", err)
	}
	return made, c.tell(ctx, tx, FactCommitmentAdded, Fact{Commitment: made, Partner: in.Partner})
}

// room refuses more parts of a kind than a project may have.
func room(ctx context.Context, q postgres.Querier, table string, project id.ID) error {
	var n int
	if err := q.QueryRow(ctx, `select count(*) from `+table+` where project = $1`, project).Scan(&n); err != nil {
		return fmt.Errorf("count %s: %w", table, err)
	}
	if n >= maxParts {
		return form.ErrTooMany.New().With("max", maxParts)
	}
	return nil
}

// ChangeCommitment changes what a commitment says or where it stands. Who may:
// the organisers, and who answers for the partner. A closed one may be opened
// again while the project runs.
func (s *Service) ChangeCommitment(ctx context.Context, v *access.Viewer, project, commitment id.ID, changes CommitmentChanges, key string) (*Result, error) {
	open := func(ctx context.Context, tx *postgres.Tx, v *access.Viewer, project id.ID) (*changing, error) {
		before, err := commitmentOf(ctx, tx.Native(), v, project, commitment)
		if err != nil {
			return nil, err
		}
		return lockFor(before.Partner, (*Project).mayChange)(ctx, tx, v, project)
	}
	return s.onProject(ctx, s.call(v, key, "partnerCommitmentChange", project, commitment, changes), project, open,
		func(ctx context.Context, tx *postgres.Tx, c *changing) (id.ID, error) {
			return commitment, c.changeCommitment(ctx, tx, commitment, changes)
		})
}

func (c *changing) changeCommitment(ctx context.Context, tx *postgres.Tx, commitment id.ID, changes CommitmentChanges) error {
	now, err := commitmentOf(ctx, tx.Native(), c.viewer, c.project.ID, commitment)
	if err != nil {
		return err
	}
	// Under the lock it may belong to another partner.
	if err := access.MayAnswerForPartner(c.viewer, c.project.Subject(), now.Partner); err != nil {
		return access.At(err, "id")
	}
	var names []string
	due := known(now.Due)
	put(&names, "text", &now.Text, changes.Text, form.Trim)
	put(&names, "due", &due, changes.Due, same)
	put(&names, "state", &now.State, changes.State, same)
	if len(names) == 0 {
		return nil
	}
	f := form.Findings{Faults: CommitmentInput{Text: now.Text, Due: due}.check()}
	form.Choice(&f, now.State, CommitmentStates(), "state")
	if !now.State.Closed() && !slices.Contains(c.partnerIDs(), now.Partner) {
		f.Add(ErrNotPartner, "state") // who left does not promise any more
	}
	if err := f.Err(); err != nil {
		return err
	}
	_, err = tx.Native().Exec(ctx, `
		update partner_commitments set text = $2, due = $3, state = $4,
		  closed_at = case when $5 then coalesce(closed_at, now()) end where id = $1`,
		commitment, now.Text, day(due), now.State, now.State.Closed())
	if err != nil {
		return storeError("change commitment", err)
	}
	return c.tell(ctx, tx, FactCommitmentChanged, Fact{Commitment: commitment, Partner: now.Partner, Fields: names})
}

// handOn gives a commitment to another partner, or drops it.
func (c *changing) handOn(ctx context.Context, tx *postgres.Tx, from id.ID, r Reassignment) error {
	if r.To.IsZero() {
		_, err := tx.Native().Exec(ctx,
			`update partner_commitments set state = 'DROPPED', closed_at = now() where id = $1`, r.Commitment)
		if err != nil {
			return storeError("drop commitment", err)
		}
		return c.tell(ctx, tx, FactCommitmentChanged, Fact{Commitment: r.Commitment, Partner: from, Fields: []string{"state"}})
	}
	_, err := tx.Native().Exec(ctx, `
		insert into partner_commitment_moves (commitment, n, from_partner, to_partner, moved_by)
		values ($1, (select coalesce(max(n), 0) + 1 from partner_commitment_moves where commitment = $1), $2, $3, $4)`,
		r.Commitment, from, r.To, c.viewer.Person)
	if err == nil {
		_, err = tx.Native().Exec(ctx, `update partner_commitments set partner = $2 where id = $1`, r.Commitment, r.To)
	}
	if err != nil {
		return storeError("hand a commitment on", err)
	}
	return c.tell(ctx, tx, FactCommitmentMoved, Fact{Commitment: r.Commitment, Partner: r.To})
}

// openCommitments are those not closed yet, of one partner or (Zero) of all.
func openCommitments(ctx context.Context, q postgres.Querier, project, partner id.ID) ([]id.ID, error) {
	rows, err := q.Query(ctx, `
		select id from partner_commitments where project = $1 and closed_at is null and ($2::uuid is null or partner = $2)
		order by created_at, id`, project, partner)
	if err != nil {
		return nil, fmt.Errorf("read open commitments: %w", err)
	}
	open, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	if err != nil {
		return nil, fmt.Errorf("read open commitments: %w", err)
	}
	return open, nil
}

func commitmentOf(ctx context.Context, q postgres.Querier, v *access.Viewer, project, commitment id.ID) (*Commitment, error) {
	all, err := CommitmentsOf(ctx, q, v, []id.ID{project})
	if err != nil {
		return nil, err
	}
	for _, c := range all[project] {
		if c.ID == commitment {
			return c, nil
		}
	}
	return nil, fault.ErrNotFound.At("id")
}

var commitmentsSQL = `
select c.project, c.id, c.partner, c.text, c.due, c.state, c.closed_at,
  coalesce(c.closed_at is null and c.due < ` + relation.TodaySQL + `, false)
from partner_commitments c join nodes n on n.id = c.project
where c.project = any(` + postgres.Keys + `) and ` + access.VisibleSQL("n", 2) + `
order by c.project, c.created_at, c.id`

// CommitmentsOf reads what was promised in the projects that the viewer can see,
// oldest first. A project has at most 200.
func CommitmentsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, projects []id.ID) (map[id.ID][]*Commitment, error) {
	return partsOf(ctx, q, v, commitmentsSQL, projects, func(row pgx.CollectableRow) (*Commitment, id.ID, error) {
		c := &Commitment{}
		err := row.Scan(&c.Project, &c.ID, &c.Partner, &c.Text, &c.Due, &c.State, &c.ClosedAt, &c.Overdue)
		return c, c.Project, err
	})
}

// MovesOf reads who had the commitments before, oldest first. The viewer sees
// the commitments.
func MovesOf(ctx context.Context, q postgres.Querier, commitments []id.ID) (map[id.ID][]*Move, error) {
	rows, err := q.Query(ctx, `
		select commitment, from_partner, to_partner, at from partner_commitment_moves
		where commitment = any(`+postgres.Keys+`) order by commitment, n`, commitments)
	if err != nil {
		return nil, fmt.Errorf("read moves of commitments: %w", err)
	}
	defer rows.Close()
	out := map[id.ID][]*Move{}
	for rows.Next() {
		var of id.ID
		m := &Move{}
		if err := rows.Scan(&of, &m.From, &m.To, &m.At); err != nil {
			return nil, fmt.Errorf("read moves of commitments: %w", err)
		}
		out[of] = append(out[of], m)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read moves of commitments: %w", err)
	}
	return out, nil
}

// partsOf runs a level read of parts whose statement takes the projects as $1
// and the viewer from $2 on.
func partsOf[T any](ctx context.Context, q postgres.Querier, v *access.Viewer, sql string, projects []id.ID,
	scan func(pgx.CollectableRow) (*T, id.ID, error),
) (map[id.ID][]*T, error) {
	rows, err := q.Query(ctx, sql, append([]any{projects}, v.SQLArgs()...)...)
	if err != nil {
		return nil, fmt.Errorf("read parts of projects: %w", err)
	}
	defer rows.Close()
	parts := make(map[id.ID][]*T, len(projects))
	for rows.Next() {
		part, project, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read parts of projects: %w", err)
		}
		parts[project] = append(parts[project], part)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read parts of projects: %w", err)
	}
	return parts, nil
}
