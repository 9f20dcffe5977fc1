package graph

import (
	"context"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/discussion"
	"github.com/teixit/teixit/internal/domain/inbox"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func (r *commentResolver) Node(ctx context.Context, obj *discussion.Comment) (model.Node, error) {
	return loaded[model.Node](ctx, obj)
}

func (r *commentResolver) Author(ctx context.Context, obj *discussion.Comment) (*directory.Person, error) {
	return loaded[*directory.Person](ctx, obj)
}

func (r *commentResolver) OnBehalfOf(ctx context.Context, obj *discussion.Comment) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *commentResolver) Mentions(ctx context.Context, obj *discussion.Comment) ([]*directory.Person, error) {
	return loaded[[]*directory.Person](ctx, obj)
}

func (r *commentResolver) ReplyTo(_ context.Context, obj *discussion.Comment) (*string, error) {
	if obj.ReplyTo.IsZero() {
		return nil, nil
	}
	return pointer(discussion.CommentType.GlobalPart(obj.NodeID, obj.ReplyTo)), nil
}

func (r *commentResolver) Replies(ctx context.Context, obj *discussion.Comment, _ *int) ([]*discussion.Comment, error) {
	return loaded[[]*discussion.Comment](ctx, obj)
}

func (r *commentResolver) Versions(ctx context.Context, obj *discussion.Comment) ([]*discussion.Version, error) {
	return loaded[[]*discussion.Version](ctx, obj)
}

func (r *commentResolver) ViewerCanEdit(ctx context.Context, obj *discussion.Comment) (*model.Permission, error) {
	return permission(ctx, obj.MayEdit(access.From(ctx))), nil
}

func (r *commentResolver) ViewerCanRemove(ctx context.Context, obj *discussion.Comment) (*model.Permission, error) {
	return permission(ctx, obj.MayRemove(access.From(ctx))), nil
}

func (r *feedConnectionResolver) Edges(_ context.Context, obj *model.FeedConnection) ([]*model.FeedEdge, error) {
	return obj.Edges(), nil
}

func (r *feedItemResolver) Text(_ context.Context, obj *model.FeedItem) (*lang.Text, error) {
	return pointer(r.Services.Inbox.Says(obj.Kind)), nil
}

func (r *feedItemResolver) Node(ctx context.Context, obj *model.FeedItem) (model.Node, error) {
	return loaded[model.Node](ctx, obj)
}

func (r *feedItemResolver) Actor(ctx context.Context, obj *model.FeedItem) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *feedItemResolver) Comment(ctx context.Context, obj *model.FeedItem) (*discussion.Comment, error) {
	return loaded[*discussion.Comment](ctx, obj)
}

func (r *inboxConnectionResolver) Edges(_ context.Context, obj *model.InboxConnection) ([]*model.InboxEdge, error) {
	return obj.Edges(), nil
}

func (r *inboxResolver) Unread(ctx context.Context, obj *model.Inbox) (int, error) {
	return loaded[int](ctx, obj)
}

func (r *inboxResolver) Items(ctx context.Context, obj *model.Inbox, _ *int, _ *string) (*model.InboxConnection, error) {
	return loaded[*model.InboxConnection](ctx, obj)
}

func (r *mutationResolver) WatchSet(ctx context.Context, input model.WatchSetInput) (*model.WatchSetPayload, error) {
	watching, err := r.watchSet(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.WatchSetPayload{Watching: watching, Errors: errs}, err
}

func (r *mutationResolver) SavedSetCreate(ctx context.Context, input model.SavedSetCreateInput) (*model.SavedSetCreatePayload, error) {
	set, err := r.savedSetCreate(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.SavedSetCreatePayload{SavedSet: set, Errors: errs}, err
}

func (r *mutationResolver) SavedSetUpdate(ctx context.Context, input model.SavedSetUpdateInput) (*model.SavedSetUpdatePayload, error) {
	set, err := r.savedSetUpdate(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.SavedSetUpdatePayload{SavedSet: set, Errors: errs}, err
}

func (r *mutationResolver) SavedSetRemove(ctx context.Context, input model.SavedSetRemoveInput) (*model.SavedSetRemovePayload, error) {
	set, err := r.savedSetRemove(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.SavedSetRemovePayload{ID: set, Errors: errs}, err
}

func (r *mutationResolver) InboxMarkRead(ctx context.Context, input model.InboxMarkReadInput) (*model.InboxMarkReadPayload, error) {
	unread, err := r.inboxMarkRead(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.InboxMarkReadPayload{Unread: unread, Errors: errs}, err
}

func (r *mutationResolver) DigestPreferencesSet(ctx context.Context, input model.DigestPreferencesSetInput) (*model.DigestPreferencesSetPayload, error) {
	now, err := r.digestPreferencesSet(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.DigestPreferencesSetPayload{Preferences: now, Errors: errs}, err
}

func (r *mutationResolver) CommentAdd(ctx context.Context, input model.CommentAddInput) (*model.CommentAddPayload, error) {
	comment, err := r.commentAdd(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.CommentAddPayload{Comment: comment, Errors: errs}, err
}

func (r *mutationResolver) CommentEdit(ctx context.Context, input model.CommentEditInput) (*model.CommentEditPayload, error) {
	comment, err := r.commentEdit(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.CommentEditPayload{Comment: comment, Errors: errs}, err
}

func (r *mutationResolver) CommentRemove(ctx context.Context, input model.CommentRemoveInput) (*model.CommentRemovePayload, error) {
	comment, err := r.commentRemove(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.CommentRemovePayload{Comment: comment, Errors: errs}, err
}

func (r *nodeChangeResolver) Text(_ context.Context, obj *model.NodeChange) (*lang.Text, error) {
	if obj.Kind == nil {
		return nil, nil
	}
	return pointer(r.Services.Inbox.Says(*obj.Kind)), nil
}

func (r *nodeChangeResolver) Node(ctx context.Context, obj *model.NodeChange) (model.Node, error) {
	return loaded[model.Node](ctx, obj)
}

func (r *nodeChangeResolver) Comment(ctx context.Context, obj *model.NodeChange) (*discussion.Comment, error) {
	return loaded[*discussion.Comment](ctx, obj)
}

func (r *queryResolver) Feed(ctx context.Context, of model.FeedRef, first *int, after *string) (*model.FeedConnection, error) {
	return r.feed(ctx, of, first, after)
}

func (r *queryResolver) Inbox(ctx context.Context) (*model.Inbox, error) { return inboxOf(ctx), nil }

func (r *queryResolver) Watches(ctx context.Context) ([]*inbox.Watch, error) {
	return ofViewer(ctx, r.Resolver, inbox.Watches)
}

func (r *queryResolver) Watching(ctx context.Context, node string) (bool, error) {
	return r.watching(ctx, node)
}

func (r *queryResolver) SavedSets(ctx context.Context) ([]*inbox.Set, error) {
	return ofViewer(ctx, r.Resolver, func(ctx context.Context, q postgres.Querier, v *access.Viewer) ([]*inbox.Set, error) {
		return inbox.Sets(ctx, q, v, nil)
	})
}

func (r *queryResolver) DigestPreferences(ctx context.Context) (*model.DigestPreferences, error) {
	return r.digestPreferences(ctx)
}

func (r *queryResolver) Comments(ctx context.Context, of string, first *int, after *string) (*page.Connection[*discussion.Comment], error) {
	args, err := pageArgs(ctx, first, after)
	if err != nil {
		return nil, err
	}
	return r.comments(ctx, of, args)
}

func (r *queryResolver) ViewerCanComment(ctx context.Context, of string, audience discussion.Audience) (*model.Permission, error) {
	return r.canComment(ctx, of, audience)
}

func (r *savedSetResolver) Nodes(ctx context.Context, obj *inbox.Set) ([]model.Node, error) {
	return loaded[[]model.Node](ctx, obj)
}

func (r *subscriptionResolver) FeedChanges(ctx context.Context, of model.FeedRef, after *string, first *int) (<-chan *model.FeedChange, error) {
	size, err := feedSize(first)
	if err != nil {
		return nil, err
	}
	named, err := feedOf(of)
	if err != nil {
		return nil, err
	}
	w, err := r.watchFeed(ctx, named, after)
	if err != nil {
		return nil, err
	}
	return feedStream(ctx, r.Resolver, w, r.feedFollowing(named, size))
}

func (r *subscriptionResolver) InboxChanges(ctx context.Context, after *string, first *int) (<-chan *model.InboxChange, error) {
	size, err := feedSize(first)
	if err != nil {
		return nil, err
	}
	w, err := watchInbox(ctx, after)
	if err != nil {
		return nil, err
	}
	return feedStream(ctx, r.Resolver, w, r.inboxFollowing(size))
}

func (r *subscriptionResolver) NodeChanges(ctx context.Context, id string, after *string) (<-chan *model.NodeChange, error) {
	return liveOf(ctx, r.Resolver, after, r.nodeLive(id))
}

func (r *watchResolver) Node(ctx context.Context, obj *inbox.Watch) (model.Node, error) {
	return loaded[model.Node](ctx, obj)
}

func (r *Resolver) Comment() generated.CommentResolver { return &commentResolver{r} }

func (r *Resolver) FeedConnection() generated.FeedConnectionResolver {
	return &feedConnectionResolver{r}
}

func (r *Resolver) FeedItem() generated.FeedItemResolver { return &feedItemResolver{r} }

func (r *Resolver) InboxConnection() generated.InboxConnectionResolver {
	return &inboxConnectionResolver{r}
}

func (r *Resolver) NodeChange() generated.NodeChangeResolver { return &nodeChangeResolver{r} }

func (r *Resolver) SavedSet() generated.SavedSetResolver { return &savedSetResolver{r} }

func (r *Resolver) Watch() generated.WatchResolver { return &watchResolver{r} }

type (
	commentResolver         struct{ *Resolver }
	feedConnectionResolver  struct{ *Resolver }
	feedItemResolver        struct{ *Resolver }
	inboxConnectionResolver struct{ *Resolver }
	nodeChangeResolver      struct{ *Resolver }
	savedSetResolver        struct{ *Resolver }
	watchResolver           struct{ *Resolver }
)

func (r *Resolver) Inbox() generated.InboxResolver { return &inboxResolver{r} }

type inboxResolver struct{ *Resolver }
