package graph

import (
	"context"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/discussion"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// visibleNode reads a node of any kind by its public identifier; nil when it is
// none, is not seen or does not exist.
func (r *Resolver) visibleNode(ctx context.Context, q postgres.Querier, global string) (*node.Node, error) {
	kind, thing, err := node.Parse(global)
	if err != nil {
		return nil, nil
	}
	n, err := only(node.ByIDs(ctx, q, access.From(ctx), []id.ID{thing}))
	if err != nil || n == nil || n.Kind != kind {
		return nil, err
	}
	return n, nil
}

func (r *Resolver) comments(ctx context.Context, of string, args page.Args) (*model.CommentConnection, error) {
	n, err := r.visibleNode(ctx, r.DB.Read(), of)
	if err != nil || n == nil || !discussion.Commentable(n.Kind) {
		return nil, err
	}
	return r.Discussion.OfNode(ctx, r.DB.Read(), access.From(ctx), n.ID, args)
}

func (r *Resolver) canComment(ctx context.Context, of string, audience discussion.Audience) (*model.Permission, error) {
	n, err := r.visibleNode(ctx, r.DB.Read(), of)
	if err != nil || n == nil {
		return nil, err
	}
	return permission(ctx, discussion.MayAdd(access.From(ctx), n, audience)), nil
}

func (r *Resolver) commentAdd(ctx context.Context, from model.CommentAddInput) (*discussion.Comment, error) {
	in := discussion.Input{Text: from.Text, Audience: from.Audience}
	var err error
	if _, in.Node, err = node.Parse(from.Node); err != nil {
		return nil, fault.ErrNotFound.At("node")
	}
	if reply := value(from.ReplyTo); reply != "" {
		if _, in.ReplyTo, err = discussion.CommentType.Part(reply); err != nil {
			return nil, fault.ErrNotFound.At("replyTo")
		}
	}
	made, err := r.Discussion.Add(ctx, access.From(ctx), value(from.IdempotencyKey), in)
	if err != nil {
		return nil, err
	}
	return r.commentOf(ctx, made)
}

func (r *Resolver) commentOf(ctx context.Context, comment id.ID) (*discussion.Comment, error) {
	return only(r.Discussion.ByIDs(ctx, r.DB.Read(), access.From(ctx), []id.ID{comment}))
}

func (r *Resolver) commentEdit(ctx context.Context, from model.CommentEditInput) (*discussion.Comment, error) {
	of, comment, err := discussion.CommentType.Part(from.ID)
	if err != nil {
		return nil, fault.ErrNotFound.At("id")
	}
	err = r.Discussion.Edit(ctx, access.From(ctx), value(from.IdempotencyKey), comment, of, from.Text, from.ExpectedVersion.Value())
	if err != nil {
		return nil, err
	}
	return r.commentOf(ctx, comment)
}

func (r *Resolver) commentRemove(ctx context.Context, from model.CommentRemoveInput) (*discussion.Comment, error) {
	of, comment, err := discussion.CommentType.Part(from.ID)
	if err != nil {
		return nil, fault.ErrNotFound.At("id")
	}
	if err := r.Discussion.Remove(ctx, access.From(ctx), value(from.IdempotencyKey), comment, of); err != nil {
		return nil, err
	}
	return r.commentOf(ctx, comment)
}

// nodeLive follows a node of any kind.
func (r *Resolver) nodeLive(global string) topicSpec[*model.NodeChange] {
	return topicSpec[*model.NodeChange]{
		Find:    func(ctx context.Context) (watch, error) { return r.watchNode(ctx, global) },
		State:   nodeState,
		Changes: r.nodeChanges,
	}
}

// watchNode finds a node of any kind to follow, and the viewer's level on it.
func (r *Resolver) watchNode(ctx context.Context, global string) (watch, error) {
	n, err := r.visibleNode(ctx, r.DB.Read(), global)
	if err != nil {
		return watch{}, err
	}
	if n == nil || n.Kind == node.Person {
		return watch{}, fault.ErrNotFound.At("id")
	}
	return watch{topic: n.ID, level: access.From(ctx).On(n.Subject())}, nil
}

func nodeState(w watch) stateOf[*model.NodeChange] {
	return func(ctx context.Context, q postgres.Querier, at journal.Cursor) (*model.NodeChange, error) {
		found, err := node.ByIDs(ctx, q, access.From(ctx), []id.ID{w.topic})
		if err == nil && len(found) == 0 {
			err = fault.ErrNotFound.At("id")
		}
		return &model.NodeChange{Number: int(at.Number), Cursor: at.Encode(), NodeID: w.topic}, err
	}
}

// nodeChanges makes one message for each fact, whatever it is about.
func (r *Resolver) nodeChanges(w watch) changesOf[*model.NodeChange] {
	return func(_ context.Context, _ postgres.Querier, facts []journal.Entry) ([]*model.NodeChange, error) {
		changes := make([]*model.NodeChange, len(facts))
		for i, f := range facts {
			comment, err := commentIn(f)
			if err != nil {
				return nil, err
			}
			cursor := journal.Cursor{Topic: w.topic, Epoch: r.Live.Epoch(), Level: w.level, Number: f.Number}
			changes[i] = &model.NodeChange{
				Number: int(f.Number), Cursor: cursor.Encode(), Kind: &f.Kind, At: &f.At, NodeID: w.topic, CommentID: comment,
			}
		}
		return changes, nil
	}
}
