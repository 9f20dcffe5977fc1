package graph

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/document"
	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

// nodes reads nodes of any kind by their public identifiers, in their order,
// one read for each family of kinds. What is no identifier, does not exist or
// may not be seen is nil: one and the same answer.
func (r *Resolver) nodes(ctx context.Context, globals []string) ([]model.Node, error) {
	if len(globals) > page.Max {
		return nil, fault.ErrPageSize.At("ids").With("max", page.Max)
	}
	asked := make([]id.ID, len(globals))
	families := map[string][]id.ID{}
	for i, global := range globals {
		if kind, v, err := node.Parse(global); err == nil {
			asked[i] = v
			families[family(kind)] = append(families[family(kind)], v)
		}
	}
	l := r.level(ctx)
	found := map[id.ID]model.Node{}
	for name, ids := range families {
		if err := l.nodesOf(ctx, name, ids, found); err != nil {
			return nil, err
		}
	}
	became, err := l.successors(ctx, families, found)
	if err != nil {
		return nil, err
	}
	out := make([]model.Node, len(globals))
	for i, v := range asked {
		// The prefix must be that of the node's own kind.
		if n, ok := found[v]; ok && globalOf(n) == globals[i] {
			out[i] = n
		} else if n, ok := became[v]; ok && prefix(globalOf(n)) == prefix(globals[i]) {
			out[i] = n
		}
	}
	return out, nil
}

func globalOf(n model.Node) string { return n.(interface{ GlobalID() string }).GlobalID() }

func prefix(global string) string {
	p, _, _ := strings.Cut(global, "_")
	return p
}

// successors reads what those of the bodies and people became that were not
// found: an entry that was merged into another goes on to be known by its
// identifier.
func (l level) successors(ctx context.Context, families map[string][]id.ID, found map[id.ID]model.Node) (map[id.ID]model.Node, error) {
	out := map[id.ID]model.Node{}
	for _, family := range []string{"organization", "person"} {
		missing := slices.DeleteFunc(slices.Clone(families[family]), func(v id.ID) bool { return found[v] != nil })
		if len(missing) == 0 {
			continue
		}
		became, err := directory.SuccessorsOf(ctx, l.q, missing)
		if err != nil {
			return nil, err
		}
		if len(became) == 0 {
			continue
		}
		now := map[id.ID]model.Node{}
		if err := l.nodesOf(ctx, family, slices.Collect(maps.Values(became)), now); err != nil {
			return nil, err
		}
		for old, v := range became {
			if n, ok := now[v]; ok {
				out[old] = n
			}
		}
	}
	return out, nil
}

// family says which read knows nodes of a kind.
func family(kind node.Kind) string {
	switch kind {
	case node.Province, node.Comarca, node.Municipality, node.District, node.Neighbourhood:
		return "territory"
	case node.Association, node.PublicService, node.Institution:
		return "organization"
	case node.Person:
		return "person"
	case node.Event:
		return "event"
	case node.WorkingTable:
		return "table"
	case node.SharedProject:
		return "project"
	case node.Programme, node.Strategy:
		return "group"
	case node.Workshop, node.PriorConsultation, node.DocumentCollection:
		return string(kind)
	}
	return "term"
}

func (l level) nodesOf(ctx context.Context, family string, ids []id.ID, into map[id.ID]model.Node) error {
	switch family {
	case "territory":
		return collectAs[territory.Territory](into)(territories(ctx, l, ids))
	case "organization":
		return collectAs[model.Organization](into)(organizationsByIDs(ctx, l, ids))
	case "person":
		return collectAs[*directory.Person](into)(byID(directory.PeopleByIDs(ctx, l.q, l.viewer, ids)))
	case "event":
		return collectAs[*calendar.Event](into)(eventsByIDs(ctx, l, ids))
	case "project":
		return collectAs[*project.Project](into)(projectsByIDs(ctx, l, ids))
	case "group":
		return l.collectGroups(ctx, ids, into)
	case string(node.Workshop):
		return collectAs[*workshop.Workshop](into)(workshopsByIDs(ctx, l, ids))
	case string(node.DocumentCollection):
		return collectAs[*document.Collection](into)(byID(document.CollectionsByIDs(ctx, l.q, l.viewer, ids)))
	case string(node.PriorConsultation):
		return collectAs[*workshop.Consultation](into)(consultationsByIDs(ctx, l, ids))
	}
	if family == "table" {
		return collectAs[*table.Table](into)(tablesByIDs(ctx, l, ids))
	}
	terms, err := taxonomy.ByIDs(ctx, l.q, l.viewer, ids)
	for _, t := range terms {
		into[t.Self().ID] = t
	}
	return err
}

// collectGroups reads programmes and strategies.
func (l level) collectGroups(ctx context.Context, ids []id.ID, into map[id.ID]model.Node) error {
	groups, err := project.GroupsByIDs(ctx, l.q, l.viewer, ids)
	for _, g := range groups {
		if g.Kind == node.Strategy {
			into[g.ID] = asStrategy(g)
		} else {
			into[g.ID] = asProgramme(g)
		}
	}
	return err
}

func collectAs[T model.Node](into map[id.ID]model.Node) func(map[id.ID]T, error) error {
	return func(found map[id.ID]T, err error) error {
		for key, value := range found {
			into[key] = value
		}
		return err
	}
}

// viewer is who asks, with what links to them; nil without signing in.
func (r *Resolver) viewer(ctx context.Context) (*model.Viewer, error) {
	v := access.From(ctx)
	if !v.SignedIn() {
		return nil, nil
	}
	person, err := only(directory.PeopleByIDs(ctx, r.DB.Read(), v, []id.ID{v.Person}))
	if err != nil || person == nil {
		return nil, err
	}
	return &model.Viewer{Person: person}, nil
}

// under puts the path of the argument before that of a fault.
func under(err error, path ...string) error {
	if err == nil {
		return nil
	}
	f := fault.From(err)
	if len(f.Path) > 0 {
		return f
	}
	return f.Under(path...)
}
