package graph

import (
	"context"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/auth"
)

func accessLinks() linkTable {
	return linkTable{
		"Viewer.actingFor":          from(actingFor),
		"Viewer.invitations":        by(viewerID, invitationsToViewer),
		"Municipality.invitations":  of(invitationsOf),
		"Association.invitations":   of(invitationsOf),
		"PublicService.invitations": of(invitationsOf),
		"Institution.invitations":   of(invitationsOf),
		"Invitation.organization":   by(func(i *auth.Invitation) id.ID { return i.Organization }, organizationsByIDs),
	}
}

// actingFor is the body the reader acts for in this request.
func actingFor(ctx context.Context, l level, viewers []link.Linked) ([]any, error) {
	body := l.viewer.For
	return by(func(*model.Viewer) id.ID { return body }, organizationsByIDs).load(ctx, l, viewers)
}

func invitationsOf(ctx context.Context, l level, bodies []id.ID) (map[id.ID][]*auth.Invitation, error) {
	if !l.viewer.SignedIn() || !l.viewer.Token.IsZero() {
		return nil, nil
	}
	list, err := auth.InvitationsOf(ctx, l.q, l.viewer, bodies)
	out := map[id.ID][]*auth.Invitation{}
	for _, i := range list {
		out[i.Organization] = append(out[i.Organization], i)
	}
	return out, err
}

// invitationsToViewer are for the person alone, not for a program that reads in
// their name.
func invitationsToViewer(ctx context.Context, l level, viewer []id.ID) (map[id.ID][]*auth.Invitation, error) {
	if !l.viewer.Token.IsZero() {
		return nil, nil
	}
	list, err := auth.InvitationsTo(ctx, l.q, l.viewer)
	return map[id.ID][]*auth.Invitation{viewer[0]: list}, err
}
