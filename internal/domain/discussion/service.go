package discussion

import (
	"context"
	"slices"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Input is a new comment. Text mentions people by "@" and their public
// identifier.
type Input struct {
	Node     id.ID
	ReplyTo  id.ID // Zero: none
	Text     string
	Audience Audience
}

// Add says something about a node. Who may: who is signed in and sees it; a note
// for members its members, one for organisers its organisers. Faults: NOT_FOUND
// at "node" or "replyTo", and those of rules.go.
func (s *Service) Add(ctx context.Context, v *access.Viewer, key string, in Input) (id.ID, error) {
	return s.once(ctx, v, key, "commentAdd", in, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		return s.add(ctx, tx, v, in)
	})
}

func (s *Service) add(ctx context.Context, tx *postgres.Tx, v *access.Viewer, in Input) (id.ID, error) {
	text, err := cleanText(in.Text)
	if err != nil {
		return id.Zero, err
	}
	// The right is asked for before the lock too: a stranger holds nothing up.
	if _, err := commented(ctx, tx.Native(), v, in.Node, in.Audience.level()); err != nil {
		return id.Zero, err
	}
	if err := journal.Lock(ctx, tx, in.Node); err != nil {
		return id.Zero, access.At(err, "node")
	}
	n, err := commented(ctx, tx.Native(), v, in.Node, in.Audience.level())
	if err != nil {
		return id.Zero, err
	}
	if err := s.answers(ctx, tx.Native(), v, in); err != nil {
		return id.Zero, err
	}
	people, err := s.mentions(ctx, tx.Native(), v, text)
	if err != nil {
		return id.Zero, err
	}
	c := &Comment{
		ID: id.New(), NodeID: in.Node, ReplyTo: in.ReplyTo, AuthorID: v.Person, OnBehalfOf: v.For,
		Audience: in.Audience, Version: 1, subject: n.Subject(),
	}
	if err := insert(ctx, tx.Native(), c, text, people); err != nil {
		return id.Zero, err
	}
	return c.ID, c.tell(ctx, tx, v, FactCommentAdded, append(people, c.NodeID)...)
}

// commented reads the node where the viewer may say something for the level.
func commented(ctx context.Context, q postgres.Querier, v *access.Viewer, of id.ID, level access.Level) (*node.Node, error) {
	found, err := node.ByIDs(ctx, q, v, []id.ID{of})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fault.ErrNotFound.At("node")
	}
	n := found[0]
	if !Commentable(n.Kind) {
		return nil, ErrNotCommentable.At("node")
	}
	return n, access.At(access.MayComment(v, n.Subject(), level), "audience")
}

// answers checks what the comment answers: visible, on the same node, and not
// for fewer people.
func (s *Service) answers(ctx context.Context, q postgres.Querier, v *access.Viewer, in Input) error {
	if in.ReplyTo.IsZero() {
		return nil
	}
	found, err := s.ByIDs(ctx, q, v, []id.ID{in.ReplyTo})
	if err != nil {
		return err
	}
	if len(found) == 0 || found[0].NodeID != in.Node {
		return fault.ErrNotFound.At("replyTo")
	}
	return found[0].mayReply(in.Audience.level())
}

// mentions are the people the text mentions, all of whom its author may see.
func (s *Service) mentions(ctx context.Context, q postgres.Querier, v *access.Viewer, text string) ([]id.ID, error) {
	people := mentioned(text)
	if len(people) == 0 {
		return people, nil
	}
	if len(people) > MaxMentions {
		return nil, ErrTooManyMentions.At("text").With("max", MaxMentions)
	}
	visible, err := s.people(ctx, q, v, people)
	if err != nil {
		return nil, err
	}
	for _, person := range people {
		if !slices.Contains(visible, person) {
			return nil, ErrMentionUnknown.At("text")
		}
	}
	return people, nil
}

// Edit writes a new version; the ones before are kept. With expected, an edit of
// another version than that is ErrChanged. Who is newly mentioned is told. Who
// may: the author.
func (s *Service) Edit(ctx context.Context, v *access.Viewer, key string, comment, of id.ID, text string, expected *int) error {
	input := []any{comment, text, expected}
	_, err := s.once(ctx, v, key, "commentEdit", input, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		text, err := cleanText(text)
		if err != nil {
			return id.Zero, err
		}
		c, err := s.locked(ctx, tx, v, comment, of)
		if err != nil {
			return id.Zero, err
		}
		if err := c.mayEdit(v, expected); err != nil {
			return id.Zero, err
		}
		people, err := s.mentions(ctx, tx.Native(), v, text)
		if err != nil {
			return id.Zero, err
		}
		fresh, err := rewrite(ctx, tx.Native(), c, text, people)
		if err != nil {
			return id.Zero, err
		}
		return comment, c.tell(ctx, tx, v, FactCommentEdited, fresh...)
	})
	return err
}

// Remove takes away what a comment said, in all versions; its place stays. Who
// may: the author, and the node's organisers.
func (s *Service) Remove(ctx context.Context, v *access.Viewer, key string, comment, of id.ID) error {
	_, err := s.once(ctx, v, key, "commentRemove", []any{comment}, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		c, err := s.locked(ctx, tx, v, comment, of)
		if err != nil {
			return id.Zero, err
		}
		if err := c.MayRemove(v); err != nil {
			return id.Zero, err
		}
		if err := empty(ctx, tx.Native(), c.ID, v.Person != c.AuthorID); err != nil {
			return id.Zero, err
		}
		return comment, c.tell(ctx, tx, v, FactCommentRemoved)
	})
	return err
}

// locked locks the comment's node and reads the comment. The rights are asked for
// under the lock alone: who does not see the comment never gets to the lock.
func (s *Service) locked(ctx context.Context, tx *postgres.Tx, v *access.Viewer, comment, of id.ID) (*Comment, error) {
	for _, lock := range []bool{true, false} {
		found, err := s.ByIDs(ctx, tx.Native(), v, []id.ID{comment})
		if err != nil {
			return nil, err
		}
		if len(found) == 0 || found[0].NodeID != of {
			return nil, fault.ErrNotFound.At("id")
		}
		if !lock {
			return found[0], nil
		}
		if err := journal.Lock(ctx, tx, of); err != nil {
			return nil, access.At(err, "id")
		}
	}
	return nil, fault.ErrNotFound.At("id")
}

// tell appends the fact, for who may see both the node and the comment.
func (c *Comment) tell(ctx context.Context, tx *postgres.Tx, v *access.Viewer, kind string, about ...id.ID) error {
	return journal.Append(ctx, tx, c.NodeID, v, journal.Fact{
		Kind: kind, Level: max(c.Audience.level(), c.subject.Visibility), Data: CommentFact{c.ID}, About: about,
	})
}
