package graph

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/document"
	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// projectNamed reads one project in full; nil when the viewer does not see it.
func (r *Resolver) projectNamed(ctx context.Context, global string) (*project.Project, error) {
	of, err := node.ParseOf(global, node.SharedProject)
	if err != nil {
		return nil, nil
	}
	return only(project.ByIDs(ctx, r.DB.Read(), access.From(ctx), []id.ID{of}, project.Full))
}

// projectAnswer opens the result of a command on a project; field names what it
// was about.
func projectAnswer(ctx context.Context, result *project.Result, err error, field string) (*project.Project, []*model.Warning, []model.UserError, error) {
	errs, err := userErrors(ctx, missingAt(err, field))
	if result == nil || err != nil {
		return nil, []*model.Warning{}, errs, err
	}
	return result.Project, warnings(result.Warnings, access.From(ctx).Lang), errs, nil
}

// onProject runs a command on a project named by a public identifier.
func onProject(ctx context.Context, global, field string, do func(of id.ID) (*project.Result, error)) (*project.Project, []*model.Warning, []model.UserError, error) {
	var in input
	of := in.node(global, field, node.SharedProject)
	err := in.err()
	var result *project.Result
	if err == nil {
		result, err = do(of)
	}
	return projectAnswer(ctx, result, err, field)
}

// onProjectPart runs a command on a part of a project.
func onProjectPart(ctx context.Context, t id.Type, global string, do func(of, part id.ID) (*project.Result, error)) (*project.Project, []model.UserError, error) {
	result, errs, err := onPart(ctx, t, global, do)
	if result == nil {
		return nil, errs, err
	}
	return result.Project, errs, err
}

func (r *Resolver) commitmentAnswer(ctx context.Context, result *project.Result, err error, field string) (*project.Project, *project.Commitment, []model.UserError, error) {
	changed, _, errs, err := projectAnswer(ctx, result, err, field)
	if changed == nil || err != nil {
		return nil, nil, errs, err
	}
	all, err := project.CommitmentsOf(ctx, r.DB.Read(), access.From(ctx), []id.ID{changed.ID})
	for _, c := range all[changed.ID] {
		if c.ID == result.Part {
			return changed, c, errs, err
		}
	}
	return changed, nil, errs, err
}

func (r *Resolver) noteOf(ctx context.Context, result *project.Result) (*project.Note, error) {
	if result == nil {
		return nil, nil
	}
	found, err := project.NotesByIDs(ctx, r.DB.Read(), access.From(ctx), []id.ID{result.Part})
	return found[result.Part], err
}

// first is the first error there is.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// projectConflict puts the present revision into a version conflict.
func projectConflict(err error) error {
	for _, f := range fault.All(err) {
		if p, ok := f.Details.(*project.Project); ok {
			return f.With("currentRevision", showRevision(p.Revision))
		}
	}
	return err
}

func asProgramme(g *project.Group) *project.Programme {
	if g == nil {
		return nil
	}
	return &project.Programme{Group: *g}
}

func asStrategy(g *project.Group) *project.Strategy {
	if g == nil {
		return nil
	}
	return &project.Strategy{Group: *g}
}

func (r *Resolver) groups(ctx context.Context, kinds []project.GroupKind, firstN *int, after *string) (*page.Connection[*project.Group], error) {
	args, err := pageArgs(ctx, firstN, after)
	if err != nil {
		return nil, err
	}
	return project.ListGroups(ctx, r.DB.Read(), access.From(ctx), kinds, args)
}

// groupSpec is what programmes and strategies are created from.
type groupSpec struct {
	organization       string
	kind               project.GroupKind
	title, description lang.Text
	from, until        time.Time
	visibility         access.Level
	about              []string
	key                string
}

func (r *Resolver) groupCreate(ctx context.Context, s groupSpec) (*project.Group, []model.UserError, error) {
	var in input
	spec := project.GroupInput{
		Home: in.node(s.organization, "organization", organizationKinds...), Kind: s.kind,
		Title: s.title, Description: s.description, From: s.from, Until: s.until, Visibility: s.visibility,
		About: in.nodes(s.about, "about", themeKinds...),
	}
	err := in.err()
	var made *project.Group
	if err == nil {
		made, err = r.Services.Projects.CreateGroup(ctx, access.From(ctx), spec, s.key)
	}
	errs, err := userErrors(ctx, err)
	return made, errs, err
}

// regroup runs a command on a group and a project.
func (r *Resolver) regroup(ctx context.Context, kinds []node.Kind, group, of string, do func(group, of id.ID) (*project.Group, error)) (*project.Group, []model.UserError, error) {
	var in input
	g, p := in.node(group, "id", kinds...), in.node(of, "project", node.SharedProject)
	err := in.err()
	var changed *project.Group
	if err == nil {
		changed, err = do(g, p)
	}
	errs, err := userErrors(ctx, err)
	return changed, errs, err
}

func (r *Resolver) sign(ctx context.Context, strategy, organisation string, do func(strategy, body id.ID) (*project.Group, error)) (*project.Group, []model.UserError, error) {
	var in input
	s, body := in.node(strategy, "id", node.Strategy), in.node(organisation, "organization", organizationKinds...)
	err := in.err()
	var changed *project.Group
	if err == nil {
		changed, err = do(s, body)
	}
	errs, err := userErrors(ctx, err)
	return changed, errs, err
}

// watchProject finds the project to follow and the viewer's level on it.
func (r *Resolver) watchProject(ctx context.Context, global string) (watch, error) {
	p, err := r.projectNamed(ctx, global)
	if err == nil && p == nil {
		err = fault.ErrNotFound.At("id")
	}
	if err != nil {
		return watch{}, err
	}
	return watch{topic: p.ID, level: p.ViewerLevel}, nil
}

// projectLive declares projectChanges.
func (r *Resolver) projectLive(of string) topicSpec[*model.ProjectChange] {
	return topicSpec[*model.ProjectChange]{
		Find:  func(ctx context.Context) (watch, error) { return r.watchProject(ctx, of) },
		State: r.projectState, Changes: r.projectChanges,
	}
}

func (r *Resolver) projectState(w watch) stateOf[*model.ProjectChange] {
	return func(ctx context.Context, q postgres.Querier, at journal.Cursor) (*model.ProjectChange, error) {
		p, err := only(project.ByIDs(ctx, q, access.From(ctx), []id.ID{w.topic}, project.Full))
		if err == nil && p == nil {
			err = fault.ErrNotFound.At("id")
		}
		return &model.ProjectChange{Number: int(at.Number), Cursor: at.Encode(), Project: p, Fields: []string{}}, err
	}
}

// projectChanges makes one message for each fact, with the project as it is now.
func (r *Resolver) projectChanges(w watch) changesOf[*model.ProjectChange] {
	return func(ctx context.Context, q postgres.Querier, facts []journal.Entry) ([]*model.ProjectChange, error) {
		p, err := wanted(ctx, "project", func() (*project.Project, error) {
			return only(project.ByIDs(ctx, q, access.From(ctx), []id.ID{w.topic}, project.Full))
		})
		if err != nil {
			return nil, err
		}
		changes := make([]*model.ProjectChange, len(facts))
		for i, f := range facts {
			if changes[i], err = r.projectChange(w, f, p); err != nil {
				return nil, err
			}
		}
		return changes, nil
	}
}

// projectFact is what messages show of a project's facts; its documents', too.
type projectFact struct {
	project.Fact
	Document id.ID `json:"document"`
}

func (r *Resolver) projectChange(w watch, f journal.Entry, p *project.Project) (*model.ProjectChange, error) {
	var data projectFact
	if err := json.Unmarshal(f.Data, &data); err != nil {
		return nil, fmt.Errorf("read fact %s: %w", f.Kind, err)
	}
	kind := model.ProjectChangeKind(f.Kind)
	if !kind.IsValid() {
		kind = model.ProjectChangeKindOther
	}
	cursor := journal.Cursor{Topic: w.topic, Epoch: r.Live.Epoch(), Level: w.level, Number: f.Number}
	return &model.ProjectChange{
		Number: int(f.Number), Cursor: cursor.Encode(), Kind: &kind, At: &f.At, Project: p,
		Fields: append([]string{}, data.Fields...), Part: data.part(w.topic), BodyID: data.Partner, NoteID: data.Note,
	}, nil
}

// part is the public identifier of what a fact is about.
func (d projectFact) part(root id.ID) *string {
	for t, v := range map[id.Type]id.ID{
		project.CommitmentID: d.Commitment, project.MilestoneID: d.Milestone, project.ActivityID: d.Activity, project.NoteID: d.Note, document.ID: d.Document,
	} {
		if !v.IsZero() {
			return pointer(t.GlobalPart(root, v))
		}
	}
	return nil
}
