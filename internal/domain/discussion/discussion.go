// Package discussion is what people say about things of the network: comments on
// a node of any kind that people work on (an event, a body, a table, a project),
// and internal notes beside them.
//
// A comment is for everybody who sees the node, or a note for its members, or for
// its organisers. It may answer another comment, one step deep, and mention
// people. Its author may edit it; every version is kept. Its author or the node's
// organisers may remove it: then what it said is gone at once, in all versions,
// and an empty place remains, so that the answers still stand under something.
//
// These always hold:
//
//   - whoever may not see the node, or not at the comment's level, finds nothing of
//     it: not in a list, a count, a feed, a stream or by its identifier;
//   - an answer is never for more people than what it answers;
//   - only people whom the author may see can be mentioned, and one whom a reader
//     may not see is shown to them as somebody without a name or an identifier;
//   - who is mentioned and may not see the comment is not told.
//
// What is said is in comment_texts, behind row-level security, and never in the
// journal.
package discussion

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// CommentType is the prefix of comments in public identifiers: parts of their node.
const CommentType id.Type = "cmt"

// Limits of a comment.
const (
	MaxText     = 10_000 // characters
	MaxMentions = 20
)

// Audience is who a comment is for, among those who see the node.
type Audience string

// The audiences.
const (
	Everybody  Audience = "EVERYBODY"
	Members    Audience = "MEMBERS"
	Organisers Audience = "ORGANISERS"
)

// level is the lowest level of sight that sees it.
func (a Audience) level() access.Level {
	switch a {
	case Members:
		return access.Members
	case Organisers:
		return access.Organisers
	}
	return access.Public
}

func audienceOf(l access.Level) Audience {
	switch l {
	case access.Members:
		return Members
	case access.Organisers:
		return Organisers
	}
	return Everybody
}

// Comment is one, as its reader may see it.
type Comment struct {
	link.Slots
	ID         id.ID
	NodeID     id.ID
	ReplyTo    id.ID // Zero: it answers none
	AuthorID   id.ID
	OnBehalfOf id.ID // the body it was said for; Zero: for oneself
	Audience   Audience
	Version    int
	At         time.Time
	EditedAt   *time.Time
	RemovedAt  *time.Time
	Moderated  bool // removed by an organiser
	// Text is nil where it was removed. People whom the reader may not see stand in
	// it as "@…".
	Text     *string
	Mentions []id.ID // people whom the reader may see

	subject access.Subject
}

// GlobalID is its public identifier.
func (c *Comment) GlobalID() string { return CommentType.GlobalPart(c.NodeID, c.ID) }

// Version is what a comment said, from a moment on.
type Version struct {
	Version int
	Text    string
	At      time.Time
}

// Kinds of facts, on the node's topic, with the level of node and comment. Their
// data is CommentFact.
const (
	FactCommentAdded   = "COMMENT_ADDED"
	FactCommentEdited  = "COMMENT_EDITED"  // in a feed only for who is newly mentioned
	FactCommentRemoved = "COMMENT_REMOVED" // in no feed
)

// CommentFact names a comment.
type CommentFact struct {
	Comment id.ID `json:"comment"`
}

// Kinds are the kinds of facts about comments.
func Kinds() []string { return []string{FactCommentAdded, FactCommentEdited, FactCommentRemoved} }

// Words says the kinds of facts of comments to people.
func Words() map[string]lang.Text {
	return map[string]lang.Text{
		FactCommentAdded:   {CA: "Hi ha un comentari nou", ES: "Hay un comentario nuevo", EN: "There is a new comment"},
		FactCommentEdited:  {CA: "S'ha editat un comentari", ES: "Se ha editado un comentario", EN: "A comment was edited"},
		FactCommentRemoved: {CA: "S'ha retirat un comentari", ES: "Se ha retirado un comentario", EN: "A comment was removed"},
	}
}

// Commentable reports whether nodes of the kind are commented: what people work
// on. People, places that are no bodies and the terms of vocabularies are not; a
// kind added tomorrow is.
func Commentable(kind node.Kind) bool {
	return !slices.Contains([]node.Kind{
		node.Person, node.Province, node.Comarca, node.District, node.Neighbourhood,
		node.Field, node.Goal, node.Challenge, node.Axis, node.Audience, node.TargetGroup,
	}, kind)
}

// People tells which of the people a viewer may see.
type People func(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) ([]id.ID, error)

// Service reads and changes comments.
type Service struct {
	db     *postgres.DB
	people People
}

// New makes the service.
func New(db *postgres.DB, people People) *Service { return &Service{db: db, people: people} }

// once carries one command out: signed in, once per key, in a transaction.
func (s *Service) once(ctx context.Context, v *access.Viewer, key, mutation string, input any, do func(ctx context.Context, tx *postgres.Tx) (id.ID, error)) (id.ID, error) {
	return command.Made(ctx, command.Call{DB: s.db, Viewer: v, Key: key, Mutation: mutation, Input: []any{v.For, input}}, do)
}

func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return postgres.Translate(fmt.Errorf("%s: %w", doing, err), nil)
}
