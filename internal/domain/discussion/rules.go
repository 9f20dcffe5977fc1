package discussion

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

var (
	// ErrNotCommentable is raised for nodes of kinds that nobody comments.
	ErrNotCommentable = fault.Define(fault.Invalid, "NOT_COMMENTABLE",
		"Això no es pot comentar.", "Esto no se puede comentar.", "This cannot be commented.")
	// ErrTooManyMentions is raised beyond MaxMentions.
	ErrTooManyMentions = fault.Define(fault.Invalid, "TOO_MANY_MENTIONS",
		"Esmenteu {max} persones com a màxim.",
		"Mencione a {max} personas como máximo.",
		"Mention {max} people at most.")
	// ErrMentionUnknown is raised for people the author may not see, and for nobody.
	ErrMentionUnknown = fault.Define(fault.Invalid, "MENTION_UNKNOWN",
		"Heu esmentat algú que no existeix o que no podeu veure.",
		"Ha mencionado a alguien que no existe o que no puede ver.",
		"You mention somebody who does not exist or whom you cannot see.")
	// ErrReplyToReply is raised for an answer to an answer.
	ErrReplyToReply = fault.Define(fault.Invalid, "REPLY_TO_REPLY",
		"Responeu al comentari, no a la resposta.",
		"Responda al comentario, no a la respuesta.",
		"Answer the comment, not the answer.")
	// ErrWiderReply is raised for an answer for more people than what it answers.
	ErrWiderReply = fault.Define(fault.Invalid, "WIDER_REPLY",
		"La resposta no pot ser per a més gent que el comentari.",
		"La respuesta no puede ser para más gente que el comentario.",
		"The answer cannot be for more people than the comment.")
	// ErrRemoved is raised for what was removed.
	ErrRemoved = fault.Define(fault.Conflict, "COMMENT_REMOVED",
		"El comentari s'ha retirat.", "El comentario se ha retirado.", "The comment was removed.")
	// ErrChanged is raised when the comment was edited in between.
	ErrChanged = fault.Define(fault.Conflict, "COMMENT_CHANGED",
		"El comentari ha canviat mentrestant: ara és la versió {version}.",
		"El comentario ha cambiado mientras tanto: ahora es la versión {version}.",
		"The comment has changed in between: it is now version {version}.")
)

func cleanText(text string) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return "", fault.ErrBadText.At("text")
	case text == "":
		return "", fault.ErrRequired.At("text")
	case utf8.RuneCountInString(text) > MaxText:
		return "", fault.ErrTooLong.At("text").With("max", MaxText)
	}
	return text, nil
}

// mention is a person's public identifier behind an @.
var mention = regexp.MustCompile(`@` + string(node.Person.Prefix()) + `_[0-9a-z]+`)

// mentioned are the people a text mentions, each once, in its order. What only
// looks like an identifier is text.
func mentioned(text string) []id.ID {
	people := []id.ID{}
	for _, token := range mention.FindAllString(text, -1) {
		if person, err := node.Person.Prefix().Node(token[1:]); err == nil && !slices.Contains(people, person) {
			people = append(people, person)
		}
	}
	return people
}

// discreet is the text for a reader who may see only some of the people.
func discreet(text string, visible []id.ID) string {
	return mention.ReplaceAllStringFunc(text, func(token string) string {
		person, err := node.Person.Prefix().Node(token[1:])
		if err != nil || slices.Contains(visible, person) {
			return token
		}
		return "@…"
	})
}

// MayAdd reports whether the viewer may say something about a node for an
// audience, and why not.
func MayAdd(v *access.Viewer, n *node.Node, a Audience) error {
	if !Commentable(n.Kind) {
		return ErrNotCommentable.New()
	}
	return access.MayComment(v, n.Subject(), a.level())
}

// mayReply decides whether a comment of the level may answer this one.
func (c *Comment) mayReply(level access.Level) error {
	switch {
	case c.RemovedAt != nil:
		return ErrRemoved.At("replyTo")
	case !c.ReplyTo.IsZero():
		return ErrReplyToReply.At("replyTo")
	case level < c.Audience.level():
		return ErrWiderReply.At("audience")
	}
	return nil
}

// mayEdit: its author, while it is there and, when they say so, of the version
// that they edited.
func (c *Comment) mayEdit(v *access.Viewer, expected *int) error {
	if err := access.MayEditComment(v, c.subject, c.AuthorID); err != nil {
		return err
	}
	switch {
	case c.RemovedAt != nil:
		return ErrRemoved.At("id")
	case expected != nil && *expected != c.Version:
		return ErrChanged.At("expectedVersion").With("version", c.Version)
	}
	return nil
}

// MayEdit reports whether the viewer may edit it, and why not.
func (c *Comment) MayEdit(v *access.Viewer) error { return c.mayEdit(v, nil) }

// MayRemove reports whether the viewer may remove it, and why not.
func (c *Comment) MayRemove(v *access.Viewer) error {
	if c.RemovedAt != nil {
		return ErrRemoved.At("id")
	}
	return access.MayRemoveComment(v, c.subject, c.AuthorID)
}
