package graph

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/discussion"
	"github.com/teixit/teixit/internal/domain/inbox"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// feedOf reads a reference. What is no identifier answers as what is not seen.
func feedOf(ref model.FeedRef) (inbox.Of, error) {
	if global := value(ref.Node); global != "" {
		_, thing, err := node.Parse(global)
		if err != nil {
			return inbox.Of{}, fault.ErrNotFound.At("of")
		}
		return inbox.Of{Node: thing}, nil
	}
	set, err := inbox.SetType.Node(value(ref.SavedSet))
	if err != nil {
		return inbox.Of{}, fault.ErrNotFound.At("of")
	}
	return inbox.Of{Set: set}, nil
}

func feedItem(e journal.Entry, cursor journal.FeedCursor) (*model.FeedItem, error) {
	comment, err := commentIn(e)
	return &model.FeedItem{
		Cursor: cursor.At(e).Encode(), Kind: e.Kind, At: e.At, NodeID: e.Node, ActorID: e.OnBehalfOf, CommentID: comment,
	}, err
}

// commentIn is the comment a fact is about; Zero when it is about none.
func commentIn(e journal.Entry) (id.ID, error) {
	var told discussion.CommentFact
	for _, kind := range discussion.Kinds() {
		if e.Kind != kind {
			continue
		}
		if err := json.Unmarshal(e.Data, &told); err != nil {
			return id.Zero, fmt.Errorf("read fact %s: %w", e.Kind, err)
		}
	}
	return told.Comment, nil
}

func feedItems(entries []journal.Entry, cursor journal.FeedCursor) ([]*model.FeedItem, error) {
	items := make([]*model.FeedItem, len(entries))
	for i, e := range entries {
		var err error
		if items[i], err = feedItem(e, cursor); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func inboxItems(list []*inbox.Item, cursor journal.FeedCursor) ([]*model.InboxItem, error) {
	items := make([]*model.InboxItem, len(list))
	for i, x := range list {
		item, err := feedItem(x.Entry, cursor)
		if err != nil {
			return nil, err
		}
		items[i] = &model.InboxItem{Cursor: item.Cursor, Sort: x.Sort, Read: x.Read, Item: item}
	}
	return items, nil
}

// feedPage checks the arguments of a page of a feed.
func feedPage(first *int, after *string) (n int, before journal.FeedCursor, err error) {
	args, err := page.Parse(first, nil)
	if err != nil || after == nil {
		return args.First, before, err
	}
	before, err = journal.DecodeFeedCursor(*after)
	return args.First, before, err
}

// feed reads a page in one snapshot, so that its head is of the same instant.
func (r *Resolver) feed(ctx context.Context, ref model.FeedRef, first *int, after *string) (*model.FeedConnection, error) {
	n, before, err := feedPage(first, after)
	if err != nil {
		return nil, err
	}
	of, err := feedOf(ref)
	if err != nil {
		return nil, err
	}
	q, v := r.DB.Read(), access.From(ctx)
	if _, err := of.Subject(ctx, q, v); err != nil {
		return nil, err
	}
	sources, err := of.Sources(ctx, q, v)
	if err != nil {
		return nil, err
	}
	entries, head, err := journal.FeedBefore(ctx, q, sources, v, before, n+1)
	if err != nil {
		return nil, err
	}
	items, err := feedItems(entries, head)
	if err != nil {
		return nil, err
	}
	return &model.FeedConnection{
		Connection: page.Of(items, n, after != nil, func(i *model.FeedItem) string { return i.Cursor }), Head: head.Encode(),
	}, nil
}

// inboxOf is the viewer's inbox; nil without signing in.
func inboxOf(ctx context.Context) *model.Inbox {
	if !access.From(ctx).SignedIn() {
		return nil
	}
	return &model.Inbox{}
}

// inboxPage loads the items of the one inbox there is.
func (r *Resolver) inboxPage(ctx context.Context, l level, parents []link.Linked) ([]any, error) {
	first, ok := l.int("first")
	if !ok {
		first = page.Default
	}
	var after *string
	if text, ok := l.args["after"].(string); ok {
		after = &text
	}
	n, before, err := feedPage(&first, after)
	if err != nil {
		return nil, err
	}
	box, err := r.Services.Inbox.Open(ctx, l.q, l.viewer)
	if err != nil {
		return nil, err
	}
	list, head, err := box.Before(ctx, l.q, l.viewer, before, n+1)
	if err != nil {
		return nil, err
	}
	items, err := inboxItems(list, head)
	return []any{&model.InboxConnection{
		Connection: page.Of(items, n, after != nil, func(i *model.InboxItem) string { return i.Cursor }), Head: head.Encode(),
	}}, err
}

func (r *Resolver) inboxUnread(ctx context.Context, l level, _ []link.Linked) ([]any, error) {
	box, err := r.Services.Inbox.Open(ctx, l.q, l.viewer)
	if err != nil {
		return nil, err
	}
	n, err := box.Unread(ctx, l.q, l.viewer)
	return []any{n}, err
}

// unread counts the viewer's unread items as they are now.
func (r *Resolver) unread(ctx context.Context) (*int, error) {
	q, v := r.DB.Read(), access.From(ctx)
	box, err := r.Services.Inbox.Open(ctx, q, v)
	if err != nil {
		return nil, err
	}
	n, err := box.Unread(ctx, q, v)
	return &n, err
}

func (r *Resolver) inboxMarkRead(ctx context.Context, from model.InboxMarkReadInput) (*int, error) {
	m := inbox.Marking{Read: from.Read}
	var err error
	if m.UpTo, err = journal.DecodeFeedCursor(value(from.UpTo)); err != nil {
		return nil, fault.ErrBadCursor.At("upTo")
	}
	for _, text := range from.Items {
		at, err := journal.DecodeFeedCursor(text)
		if err != nil || text == "" {
			return nil, fault.ErrBadCursor.At("items")
		}
		m.Items = append(m.Items, at)
	}
	if err := r.Services.Inbox.Mark(ctx, access.From(ctx), value(from.IdempotencyKey), m); err != nil {
		return nil, err
	}
	return r.unread(ctx)
}

func (r *Resolver) watchSet(ctx context.Context, from model.WatchSetInput) (*bool, error) {
	_, thing, err := node.Parse(from.Node)
	if err != nil {
		return nil, fault.ErrNotFound.At("node")
	}
	err = r.Services.Inbox.SetWatch(ctx, access.From(ctx), value(from.IdempotencyKey), thing, from.Watching)
	if err != nil {
		return nil, err
	}
	return &from.Watching, nil
}

// things reads identifiers of nodes of any kind.
func things(globals []string, field string) ([]id.ID, error) {
	ids := make([]id.ID, len(globals))
	for i, global := range globals {
		var err error
		if _, ids[i], err = node.Parse(global); err != nil {
			return nil, fault.ErrNotFound.At(field)
		}
	}
	return ids, nil
}

func (r *Resolver) savedSetCreate(ctx context.Context, from model.SavedSetCreateInput) (*inbox.Set, error) {
	members, err := things(from.Nodes, "nodes")
	if err != nil {
		return nil, err
	}
	set, err := r.Services.Inbox.CreateSet(ctx, access.From(ctx), value(from.IdempotencyKey), from.Title, members)
	if err != nil {
		return nil, err
	}
	return r.savedSet(ctx, set)
}

func (r *Resolver) savedSet(ctx context.Context, set id.ID) (*inbox.Set, error) {
	return only(inbox.Sets(ctx, r.DB.Read(), access.From(ctx), []id.ID{set}))
}

func (r *Resolver) savedSetUpdate(ctx context.Context, from model.SavedSetUpdateInput) (*inbox.Set, error) {
	set, err := inbox.SetType.Node(from.ID)
	if err != nil {
		return nil, fault.ErrNotFound.At("id")
	}
	change := inbox.SetChange{Title: from.Title.Value()}
	if change.Add, err = things(from.Add, "add"); err != nil {
		return nil, err
	}
	if change.Remove, err = things(from.Remove, "remove"); err != nil {
		return nil, err
	}
	if err := r.Services.Inbox.UpdateSet(ctx, access.From(ctx), value(from.IdempotencyKey), set, change); err != nil {
		return nil, err
	}
	return r.savedSet(ctx, set)
}

func (r *Resolver) savedSetRemove(ctx context.Context, from model.SavedSetRemoveInput) (*string, error) {
	set, err := inbox.SetType.Node(from.ID)
	if err != nil {
		return nil, fault.ErrNotFound.At("id")
	}
	if err := r.Services.Inbox.RemoveSet(ctx, access.From(ctx), value(from.IdempotencyKey), set); err != nil {
		return nil, err
	}
	return &from.ID, nil
}

func (r *Resolver) digestPreferencesSet(ctx context.Context, from model.DigestPreferencesSetInput) (*model.DigestPreferences, error) {
	rhythms := map[inbox.Sort]inbox.Rhythm{}
	for _, p := range from.Sorts {
		rhythms[p.Sort] = p.Rhythm
	}
	var quiet *inbox.Quiet
	if from.Quiet.IsSet() {
		quiet = inbox.NoQuiet()
		if hours := from.Quiet.Value(); hours != nil {
			quiet = &inbox.Quiet{From: max(hours.From, -2), Until: hours.Until}
			if *quiet == *inbox.NoQuiet() {
				return nil, inbox.ErrQuietHours.At("quiet")
			}
		}
	}
	if err := r.Services.Inbox.Choose(ctx, access.From(ctx), value(from.IdempotencyKey), rhythms, quiet, from.Reminders.Value()); err != nil {
		return nil, err
	}
	return r.digestPreferences(ctx)
}

func (r *Resolver) digestPreferences(ctx context.Context) (*model.DigestPreferences, error) {
	v := access.From(ctx)
	if !v.SignedIn() {
		return nil, nil
	}
	p, err := inbox.PreferencesOf(ctx, r.DB.Read(), v.Person)
	if err != nil {
		return nil, err
	}
	shown := &model.DigestPreferences{Quiet: p.Quiet}
	if shown.Reminders, err = inbox.Reminded(ctx, r.DB.Read(), v.Person); err != nil {
		return nil, err
	}
	for _, sort := range inbox.Sorts() {
		shown.Sorts = append(shown.Sorts, &model.DigestPreference{Sort: sort, Rhythm: p.Rhythms[sort]})
	}
	return shown, nil
}

// ofViewer reads a list that is the viewer's own; empty without signing in.
func ofViewer[T any](ctx context.Context, r *Resolver, read func(context.Context, postgres.Querier, *access.Viewer) ([]T, error)) ([]T, error) {
	v := access.From(ctx)
	if !v.SignedIn() {
		return []T{}, nil
	}
	list, err := read(ctx, r.DB.Read(), v)
	return append([]T{}, list...), err
}

func (r *Resolver) watching(ctx context.Context, global string) (bool, error) {
	_, thing, err := node.Parse(global)
	if err != nil {
		return false, nil
	}
	watched, err := inbox.WatchedAmong(ctx, r.DB.Read(), access.From(ctx), []id.ID{thing})
	return watched[thing], err
}
