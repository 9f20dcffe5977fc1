package graph

import (
	"context"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/discussion"
	"github.com/teixit/teixit/internal/domain/inbox"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
)

func (r *Resolver) feedLinks() linkTable {
	comments := r.commentsByIDs
	return linkTable{
		"FeedItem.node":      by(func(i *model.FeedItem) id.ID { return i.NodeID }, anyNodes),
		"FeedItem.actor":     by(func(i *model.FeedItem) id.ID { return i.ActorID }, organizationsByIDs),
		"FeedItem.comment":   by(func(i *model.FeedItem) id.ID { return i.CommentID }, comments),
		"NodeChange.node":    by(func(c *model.NodeChange) id.ID { return c.NodeID }, anyNodes),
		"NodeChange.comment": by(func(c *model.NodeChange) id.ID { return c.CommentID }, comments),
		"Inbox.items":        from(r.inboxPage),
		"Inbox.unread":       from(r.inboxUnread),
		"Watch.node":         by(func(w *inbox.Watch) id.ID { return w.NodeID }, anyNodes),
		"SavedSet.nodes":     among(func(s *inbox.Set) []id.ID { return s.Members }, anyNodes),
		"Comment.node":       by(func(c *discussion.Comment) id.ID { return c.NodeID }, anyNodes),
		"Comment.author":     by(func(c *discussion.Comment) id.ID { return c.AuthorID }, peopleByIDs),
		"Comment.onBehalfOf": by(func(c *discussion.Comment) id.ID { return c.OnBehalfOf }, organizationsByIDs),
		"Comment.mentions":   among(func(c *discussion.Comment) []id.ID { return c.Mentions }, peopleByIDs),
		"Comment.replies":    by(func(c *discussion.Comment) id.ID { return c.ID }, r.repliesTo),
		"Comment.versions":   by(func(c *discussion.Comment) id.ID { return c.ID }, r.versionsOf),
	}
}

// among declares a link to several things whose identifiers the parent holds; in
// their order, without those that are not seen.
func among[P link.Linked, V any](keys func(P) []id.ID, read byParent[V]) loader {
	return from(func(ctx context.Context, l level, parents []link.Linked) ([]any, error) {
		var all []id.ID
		seen := map[id.ID]bool{}
		for _, p := range parents {
			for _, k := range keys(p.(P)) {
				if !seen[k] {
					seen[k] = true
					all = append(all, k)
				}
			}
		}
		found := map[id.ID]V{}
		if len(all) > 0 {
			var err error
			if found, err = read(ctx, l, all); err != nil {
				return nil, err
			}
		}
		values := make([]any, len(parents))
		for i, p := range parents {
			list := []V{}
			for _, k := range keys(p.(P)) {
				if v, ok := found[k]; ok {
					list = append(list, v)
				}
			}
			values[i] = list
		}
		return values, nil
	})
}

func peopleByIDs(ctx context.Context, l level, ids []id.ID) (map[id.ID]*directory.Person, error) {
	return byID(directory.PeopleByIDs(ctx, l.q, l.viewer, ids))
}

func (r *Resolver) commentsByIDs(ctx context.Context, l level, ids []id.ID) (map[id.ID]*discussion.Comment, error) {
	list, err := r.Discussion.ByIDs(ctx, l.q, l.viewer, ids)
	found := make(map[id.ID]*discussion.Comment, len(list))
	for _, c := range list {
		found[c.ID] = c
	}
	return found, err
}

func (r *Resolver) repliesTo(ctx context.Context, l level, comments []id.ID) (map[id.ID][]*discussion.Comment, error) {
	first, err := l.first()
	if err != nil {
		return nil, err
	}
	return r.Discussion.RepliesTo(ctx, l.q, l.viewer, comments, first)
}

func (r *Resolver) versionsOf(ctx context.Context, l level, comments []id.ID) (map[id.ID][]*discussion.Version, error) {
	return r.Discussion.VersionsOf(ctx, l.q, l.viewer, comments)
}
