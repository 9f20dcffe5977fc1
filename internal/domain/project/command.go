package project

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Result is what a command on a project leaves: the project, read in full as the
// viewer may see it, what should be looked at again, and the part it was about.
type Result struct {
	Project  *Project
	Warnings []form.Warning
	Part     id.ID // Zero when the command is about no part
}

// changing is a project whose topic is locked by a command.
type changing struct {
	viewer   *access.Viewer
	project  *Project
	related  []relation.Related
	partners []*Partner // of today, visible or not
	today    time.Time
}

func (c *changing) partnerIDs() []id.ID {
	ids := make([]id.ID, len(c.partners))
	for i, p := range c.partners {
		ids[i] = p.Organization.ID
	}
	return ids
}

// right is what a command asks of who gives it.
type right func(*access.Viewer, access.Subject) error

// lock locks the project's topic and reads it. The right is asked for before
// the lock, so that a stranger cannot hold a project up, and again under it.
func lock(ctx context.Context, tx *postgres.Tx, v *access.Viewer, project id.ID, may right) (*changing, error) {
	if _, err := permitted(ctx, tx.Native(), v, project, may, Card); err != nil {
		return nil, err
	}
	if err := journal.Lock(ctx, tx, project); err != nil {
		return nil, err
	}
	p, err := permitted(ctx, tx.Native(), v, project, may, Full)
	if err != nil {
		return nil, err
	}
	c := &changing{viewer: v, project: p, today: p.Today}
	if c.related, err = relation.Of(ctx, tx.Native(), v, project, c.today); err != nil {
		return nil, err
	}
	c.partners, err = everyPartner(ctx, tx.Native(), project)
	return c, err
}

// lockForChange is lock for organisers who change what may not change any more
// in a final state.
func lockForChange(ctx context.Context, tx *postgres.Tx, v *access.Viewer, project id.ID) (*changing, error) {
	c, err := lock(ctx, tx, v, project, access.MayOrganise)
	if err != nil {
		return nil, err
	}
	return c, c.project.mayChange()
}

func permitted(ctx context.Context, q postgres.Querier, v *access.Viewer, project id.ID, may right, set Columns) (*Project, error) {
	found, err := ByIDs(ctx, q, v, []id.ID{project}, set)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fault.ErrNotFound.At("id")
	}
	return found[0], access.At(may(v, found[0].Subject()), "id")
}

// call is a command of this package.
func (s *Service) call(v *access.Viewer, key, mutation string, input ...any) command.Call {
	return command.Call{DB: s.db, Viewer: v, Key: key, Mutation: mutation, Input: input}
}

// onProject runs a command on one project, under its lock, and reads what it
// left. do returns the part it was about.
func (s *Service) onProject(ctx context.Context, call command.Call, project id.ID,
	open func(context.Context, *postgres.Tx, *access.Viewer, id.ID) (*changing, error),
	do func(context.Context, *postgres.Tx, *changing) (part id.ID, err error),
) (*Result, error) {
	return s.run(ctx, call, func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		c, err := open(ctx, tx, call.Viewer, project)
		if err != nil {
			return nil, err
		}
		part, err := do(ctx, tx, c)
		return []id.ID{project, part}, err
	})
}

func (s *Service) run(ctx context.Context, call command.Call, do func(context.Context, *postgres.Tx) ([]id.ID, error)) (*Result, error) {
	var result *Result
	err := call.Run(ctx, do, func(ctx context.Context, tx *postgres.Tx, ids []id.ID) (err error) {
		result, err = readResult(ctx, tx, call.Viewer, ids[0])
		if err == nil && len(ids) > 1 {
			result.Part = ids[1]
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return result, nil
}

// readResult reads what a command left. Whoever left the project with it sees
// what is left to see: perhaps nothing.
func readResult(ctx context.Context, tx *postgres.Tx, v *access.Viewer, project id.ID) (*Result, error) {
	found, err := ByIDs(ctx, tx.Native(), v, []id.ID{project}, Full)
	if err != nil || len(found) == 0 {
		return &Result{}, err
	}
	warnings, err := warningsOf(ctx, tx.Native(), v, found[0])
	return &Result{Project: found[0], Warnings: warnings}, err
}

// holdOrganisations keeps organisations from ending before the transaction does.
func holdOrganisations(ctx context.Context, q postgres.Querier, ids ...id.ID) error {
	slices.SortFunc(ids, func(a, b id.ID) int { return slices.Compare(a[:], b[:]) })
	ids = slices.Compact(ids)
	tag, err := q.Exec(ctx, `select from nodes where id = any($1) and ended_at is null order by id for key share`, ids)
	if err != nil {
		return fmt.Errorf("hold organisations: %w", err)
	}
	if int(tag.RowsAffected()) < len(ids) {
		return ErrOrganisationEnded.New()
	}
	return nil
}

func storeError(doing string, err error) error {
	if err == nil {
		return nil
	}
	return postgres.Translate(fmt.Errorf("%s: %w", doing, err), constraints())
}
