package graph

import (
	"context"
	"strings"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/oversight"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/jobs"
)

// account looks an account up for an administrator. That it was looked up is
// noted, and shown to its person.
func (r *Resolver) account(ctx context.Context, by model.AccountRef) (*auth.Account, error) {
	viewer := access.From(ctx)
	if err := access.MayOperate(viewer); err != nil {
		return nil, err
	}
	which, err := whichAccount(&by)
	if err != nil {
		return nil, nil // no such account, whatever is wrong with its name
	}
	found, err := auth.LookUp(ctx, r.DB.Read(), viewer, which)
	if err != nil || found == nil {
		return nil, err
	}
	return found, audit.Read(ctx, r.DB.Read(), viewer, audit.Account, id.Zero, []id.ID{found.Person})
}

func (r *Resolver) jobs(ctx context.Context, args page.Args, filter *model.JobFilter) (*model.JobConnection, error) {
	var states []string
	if filter != nil {
		for _, s := range filter.States.Value() {
			states = append(states, strings.ToLower(string(s)))
		}
	}
	return jobs.List(ctx, r.DB.Read(), access.From(ctx), states, args)
}

func showJobState(state string) model.JobState {
	if shown := model.JobState(strings.ToUpper(state)); shown.IsValid() {
		return shown
	}
	return model.JobStateAvailable // River's "pending": waits, for something else
}

func glassBrokenByViewer(ctx context.Context, l level, viewer []id.ID) (map[id.ID][]*oversight.Glass, error) {
	first, err := l.first()
	if err != nil {
		return nil, err
	}
	list, err := oversight.GlassBrokenBy(ctx, l.q, l.viewer, first)
	return map[id.ID][]*oversight.Glass{viewer[0]: list}, err
}
