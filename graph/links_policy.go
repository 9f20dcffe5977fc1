package graph

import (
	"context"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/oversight"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func policyLinks() linkTable {
	event := by(func(r *calendar.Registration) id.ID { return r.Event }, eventsByIDs)
	return linkTable{
		"Association.viewerCanClaim":        of(canClaim),
		"Association.viewerCanVerify":       of(canVerify),
		"Association.openClaims":            of(openClaims(directory.OpenClaimsOf)),
		"Municipality.openClaims":           of(openClaims(directory.OpenClaimsIn)),
		"PublicService.viewerCanAdminister": of(canAdministerServices),
		"Registration.viewerCanCancel":      event,
		"Registration.viewerCanReplace":     event,
		"Viewer.claims":                     by(viewerID, claimsOfViewer),
		"Viewer.brokenGlass":                by(viewerID, glassBrokenByViewer),
		"Claim.association":                 by(func(c *directory.Claim) id.ID { return c.AssociationID }, associationsByIDs),
		"Glass.node":                        by(func(g *oversight.Glass) id.ID { return g.NodeID }, anyNodes),
	}
}

// canClaim answers for all associations at once whether they may be claimed.
func canClaim(ctx context.Context, l level, associations []id.ID) (map[id.ID]*model.Permission, error) {
	represented, err := directory.RepresentedAmong(ctx, l.q, associations)
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID]*model.Permission, len(associations))
	for _, a := range associations {
		reason := access.MayClaim(l.viewer)
		if reason == nil && represented[a] {
			reason = directory.ErrAlreadyClaimed.New()
		}
		out[a] = permission(ctx, reason)
	}
	return out, nil
}

func canVerify(ctx context.Context, l level, associations []id.ID) (map[id.ID]*model.Permission, error) {
	towns, err := directory.TownsOf(ctx, l.q, associations)
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID]*model.Permission, len(associations))
	for _, a := range associations {
		out[a] = permission(ctx, access.MayVerify(l.viewer, towns[a]))
	}
	return out, nil
}

func canAdministerServices(ctx context.Context, l level, units []id.ID) (map[id.ID]bool, error) {
	above, err := directory.WholesAbove(ctx, l.q, units)
	if err != nil {
		return nil, err
	}
	out := make(map[id.ID]bool, len(units))
	for _, unit := range units {
		out[unit] = access.MayAdminister(l.viewer, unit, above[unit]...) == nil
	}
	return out, nil
}

func openClaims(read func(context.Context, postgres.Querier, *access.Viewer, []id.ID, int) (map[id.ID][]*directory.Claim, error)) byParent[[]*directory.Claim] {
	return func(ctx context.Context, l level, of []id.ID) (map[id.ID][]*directory.Claim, error) {
		first, err := l.first()
		if err != nil {
			return nil, err
		}
		return read(ctx, l.q, l.viewer, of, first)
	}
}

func claimsOfViewer(ctx context.Context, l level, viewer []id.ID) (map[id.ID][]*directory.Claim, error) {
	mine, err := directory.ClaimsOfViewer(ctx, l.q, l.viewer, page.Max)
	return map[id.ID][]*directory.Claim{viewer[0]: mine}, err
}

func associationsByIDs(ctx context.Context, l level, ids []id.ID) (map[id.ID]*directory.Association, error) {
	return byID(directory.AssociationsByIDs(ctx, l.q, l.viewer, ids))
}

// anyNodes reads nodes whose kinds are not known.
func anyNodes(ctx context.Context, l level, ids []id.ID) (map[id.ID]model.Node, error) {
	nodes, err := node.ByIDs(ctx, l.q, l.viewer, ids)
	if err != nil {
		return nil, err
	}
	families := map[string][]id.ID{}
	for _, n := range nodes {
		families[family(n.Kind)] = append(families[family(n.Kind)], n.ID)
	}
	found := map[id.ID]model.Node{}
	for name, members := range families {
		if err := l.nodesOf(ctx, name, members, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}
