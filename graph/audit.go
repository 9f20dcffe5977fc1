package graph

import (
	"context"
	"encoding/csv"
	"fmt"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
	"github.com/teixit/teixit/internal/platform/node"
)

// audited notes whose personal data an operation read, in one statement, before
// each of its answers leaves. When that fails the answer stays here.
func (r *Resolver) audited(present Presenter) graphql.OperationMiddleware {
	return func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		ctx, log := audit.Collect(ctx)
		respond := next(ctx)
		return func(ctx context.Context) *graphql.Response {
			response := respond(ctx)
			if response == nil {
				return nil
			}
			if err := log.Write(ctx, r.DB); err != nil {
				return &graphql.Response{Errors: gqlerror.List{present.Present(ctx, err)}}
			}
			return response
		}
	}
}

// maxExported bounds an exported trail.
const maxExported = 5000

func (r *Resolver) auditTrail(ctx context.Context, global string, filter *model.AuditFilter, args page.Args) (*page.Connection[audit.Entry], error) {
	_, thing, err := node.Parse(global)
	if err != nil {
		return nil, fault.ErrNotFound.At("node")
	}
	return audit.TrailOf(ctx, r.DB.Read(), access.From(ctx), thing, auditFilter(filter), args)
}

// auditFilter reads a filter; its days are those of the calendar here.
func auditFilter(from *model.AuditFilter) (f audit.Filter) {
	if from == nil {
		return f
	}
	switch kind := from.Kind.Value(); {
	case kind == nil:
	case *kind == model.AuditKindRead:
		f.Kind = audit.Reads
	default:
		f.Kind = audit.Changes
	}
	f.From, f.Until = from.From.Value(), from.Until.Value()
	return f
}

// trail shows entries with who acted: whoever administers a thing may know who
// changed it and who read personal data in it.
func (l level) trail(ctx context.Context, c *page.Connection[audit.Entry]) (*model.AuditConnection, error) {
	people, err := directory.ActorsByIDs(ctx, l.q, actorsOf(c.Nodes))
	if err != nil {
		return nil, err
	}
	return l.shown(ctx, c, people)
}

// accesses shows who read the viewer's data, as far as the viewer may know them.
func (l level) accesses(ctx context.Context, c *page.Connection[audit.Entry]) (*model.AuditConnection, error) {
	people, err := byID(directory.PeopleByIDs(ctx, l.q, l.viewer, actorsOf(c.Nodes)))
	if err != nil {
		return nil, err
	}
	return l.shown(ctx, c, people)
}

func (l level) shown(ctx context.Context, c *page.Connection[audit.Entry], people map[id.ID]*directory.Person) (*model.AuditConnection, error) {
	var bodies, things []id.ID
	for _, e := range c.Nodes {
		bodies, things = append(bodies, e.OnBehalfOf), append(things, e.Node)
	}
	organizations, err := organizationsByIDs(ctx, l, bodies)
	if err != nil {
		return nil, err
	}
	found, err := l.things(ctx, things)
	if err != nil {
		return nil, err
	}
	persons, err := l.persons(ctx, c.Nodes)
	if err != nil {
		return nil, err
	}
	return page.Map(c, func(e audit.Entry) *model.AuditEntry {
		shown := &model.AuditEntry{
			At: e.At, Kind: model.AuditKindChange, What: e.What, Actor: people[e.Actor], Subjects: []string{},
			OnBehalfOf: organizations[e.OnBehalfOf], Thing: found[e.Node],
		}
		if e.Read {
			shown.Kind = model.AuditKindRead
		}
		for _, s := range e.Subjects {
			switch {
			case persons[s]:
				shown.Subjects = append(shown.Subjects, node.Person.Global(s))
			case e.What == audit.TablePeople:
				shown.Subjects = append(shown.Subjects, table.SeatType.GlobalPart(e.Node, s))
			default:
				shown.Subjects = append(shown.Subjects, calendar.DelegateType.GlobalPart(e.Node, s))
			}
		}
		return shown
	}), nil
}

func actorsOf(entries []audit.Entry) []id.ID {
	actors := make([]id.ID, 0, len(entries))
	for _, e := range entries {
		if !e.Actor.IsZero() {
			actors = append(actors, e.Actor)
		}
	}
	return actors
}

// things reads nodes of any kind, as far as the viewer sees them.
func (l level) things(ctx context.Context, ids []id.ID) (map[id.ID]model.Node, error) {
	visible, err := node.ByIDs(ctx, l.q, l.viewer, ids)
	if err != nil {
		return nil, err
	}
	families := map[string][]id.ID{}
	for _, n := range visible {
		families[family(n.Kind)] = append(families[family(n.Kind)], n.ID)
	}
	found := map[id.ID]model.Node{}
	for name, of := range families {
		if err := l.nodesOf(ctx, name, of, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// persons tells which of the subjects are people; the others are delegates.
func (l level) persons(ctx context.Context, entries []audit.Entry) (map[id.ID]bool, error) {
	var subjects []id.ID
	for _, e := range entries {
		subjects = append(subjects, e.Subjects...)
	}
	known, err := directory.Persons(ctx, l.q, subjects)
	persons := make(map[id.ID]bool, len(known))
	for _, p := range known {
		persons[p] = true
	}
	return persons, err
}

func accessesToViewer(ctx context.Context, l level, viewer []id.ID) (map[id.ID]*model.AuditConnection, error) {
	args, err := l.page()
	if err != nil {
		return nil, err
	}
	c, err := audit.AccessesTo(ctx, l.q, l.viewer, args)
	if err != nil {
		return nil, err
	}
	shown, err := l.accesses(ctx, c)
	return map[id.ID]*model.AuditConnection{viewer[0]: shown}, err
}

// auditCSV writes a trail as a spreadsheet's lines.
func (l level) auditCSV(ctx context.Context, c *page.Connection[audit.Entry]) (string, error) {
	shown, err := l.trail(ctx, c)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	lines := [][]string{{"at", "kind", "what", "actor", "name", "subjects"}}
	for _, e := range shown.Nodes {
		actor, name := "", ""
		if e.Actor != nil {
			actor, name = e.Actor.GlobalID(), text(e.Actor.Name)
		}
		lines = append(lines, []string{
			e.At.UTC().Format(time.RFC3339Nano), string(e.Kind), e.What, actor, harmless(name), strings.Join(e.Subjects, " "),
		})
	}
	if err := w.WriteAll(lines); err != nil {
		return "", fmt.Errorf("write a trail as CSV: %w", err)
	}
	return b.String(), nil
}

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(cell string) string {
	if strings.ContainsAny(cell[:min(len(cell), 1)], "=+-@\t\r") {
		return "'" + cell
	}
	return cell
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
