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
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/node"
)

func canAdminister(ctx context.Context, body id.ID) bool {
	return access.MayAdminister(access.From(ctx), body) == nil
}

func canRegisterFor(ctx context.Context, body id.ID) *model.Permission {
	return permission(ctx, access.MayRegisterFor(access.From(ctx), body))
}

// onRegistration asks a rule about a registration, whose event was loaded along.
func onRegistration(ctx context.Context, r *calendar.Registration, may func(*access.Viewer, *calendar.Event) error) (*model.Permission, error) {
	event, err := loaded[*calendar.Event](ctx, r)
	if err != nil {
		return nil, err
	}
	return permission(ctx, may(access.From(ctx), event)), nil
}

func (r *Resolver) glassOf(ctx context.Context, global string, first *int) ([]*oversight.Glass, error) {
	args, err := page.Parse(first, nil)
	if err != nil {
		return nil, err
	}
	of, err := node.ParseOf(global, oversight.Kinds()...)
	if err != nil {
		return []*oversight.Glass{}, nil
	}
	return oversight.GlassOf(ctx, r.DB.Read(), access.From(ctx), of, args.First)
}

func (r *Resolver) glassBreak(ctx context.Context, from model.GlassBreakInput) (*oversight.Glass, error) {
	var in input
	of := in.node(from.Node, "node", oversight.Kinds()...)
	if err := in.err(); err != nil {
		return nil, err
	}
	viewer := access.From(ctx)
	glass, err := r.Oversight.Break(ctx, viewer, value(from.IdempotencyKey), of, from.Reason)
	if err != nil {
		return nil, err
	}
	if viewer, err = auth.Renewed(ctx, r.DB.Read(), viewer); err != nil {
		return nil, err
	}
	access.Replace(ctx, viewer) // the answer shows what can be seen now
	return oversight.OwnGlass(ctx, r.DB.Read(), viewer, glass)
}

func (r *Resolver) associationClaim(ctx context.Context, from model.AssociationClaimInput) (*directory.Claim, error) {
	var in input
	association := in.node(from.ID, "id", node.Association)
	if err := in.err(); err != nil {
		return nil, err
	}
	viewer := access.From(ctx)
	claim, err := r.Directory.Claim(ctx, viewer, value(from.IdempotencyKey), association)
	if err != nil {
		return nil, under(err, "id")
	}
	return directory.OwnClaim(ctx, r.DB.Read(), viewer, claim)
}

func (r *Resolver) claimDecide(ctx context.Context, from model.ClaimDecideInput) (*directory.Association, error) {
	var in input
	d := directory.Decision{Accept: from.Accept, Reason: value(from.Reason)}
	d.Association, d.Claim = in.part(directory.ClaimType, from.ID, "id")
	if err := in.err(); err != nil {
		return nil, err
	}
	if err := r.Directory.DecideClaim(ctx, access.From(ctx), value(from.IdempotencyKey), d); err != nil {
		return nil, under(err, "id")
	}
	return r.associationOf(ctx, d.Association)
}

func (r *Resolver) associationVerify(ctx context.Context, from model.AssociationVerifyInput) (*directory.Association, error) {
	var in input
	association := in.node(from.ID, "id", node.Association)
	if err := in.err(); err != nil {
		return nil, err
	}
	if err := r.Directory.Verify(ctx, access.From(ctx), value(from.IdempotencyKey), association); err != nil {
		return nil, under(err, "id")
	}
	return r.associationOf(ctx, association)
}

func (r *Resolver) associationOf(ctx context.Context, association id.ID) (*directory.Association, error) {
	return only(directory.AssociationsByIDs(ctx, r.DB.Read(), access.From(ctx), []id.ID{association}))
}

func (r *Resolver) organizationMerge(ctx context.Context, from model.OrganizationMergeInput) (model.Organization, error) {
	var in input
	ends, stays := in.node(from.From, "from", organizationKinds...), in.node(from.Into, "into", organizationKinds...)
	if err := in.err(); err != nil {
		return nil, err
	}
	if err := r.Directory.Merge(ctx, access.From(ctx), value(from.IdempotencyKey), ends, stays); err != nil {
		return nil, err
	}
	return r.organizationOf(ctx, stays)
}
