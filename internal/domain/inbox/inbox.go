// Package inbox is what one person follows: feeds of single things and of lists
// they keep, an inbox with what concerns them, and digests of it by mail.
//
// All of it is private to the person. What they watch, list or have read shows to
// nobody, and changes nothing for anybody else: no command here writes a fact or
// locks more than rows of the person's own.
//
// The inbox is a feed (package journal) with five sorts of things in it:
//
//	MENTION    somebody mentioned them in a comment
//	CONCERNED  something else happened to them: a role, an invitation
//	ASKED      a body they act for is asked for something
//	COMMENT    somebody commented on what they watch
//	CHANGE     something else happened to what they watch
//
// What they did themselves is not in it. What is read is known by one place in
// the feed, up to which everything is, and single marks beside it.
//
// These always hold:
//
//   - nothing is delivered, counted or mailed that the person may not see at that
//     moment: neither the thing it happened to nor what watched thing it is about;
//   - a digest is never empty, tells each fact once, and tells what is unread.
package inbox

import (
	"context"
	"fmt"
	"strings"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/feeds"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Limits of what one person keeps.
const (
	MaxWatches = 500
	MaxSets    = 50
	MaxInSet   = 200
	MaxTitle   = 200 // characters of a list's title
	MaxMarked  = 100 // items marked at once
	MaxUnread  = 500 // counted
)

// SetType is the prefix of saved sets in public identifiers.
const SetType id.Type = "set"

var (
	// ErrTooManyWatched is raised beyond MaxWatches.
	ErrTooManyWatched = fault.Define(fault.Conflict, "TOO_MANY_WATCHED",
		"Ja seguiu {max} elements: deixeu de seguir-ne algun.",
		"Ya sigue {max} elementos: deje de seguir alguno.",
		"You watch {max} things already: stop watching one.")
	// ErrTooManySets is raised beyond MaxSets.
	ErrTooManySets = fault.Define(fault.Conflict, "TOO_MANY_SETS",
		"Ja teniu {max} llistes.", "Ya tiene {max} listas.", "You have {max} lists already.")
	// ErrTooManyInSet is raised beyond MaxInSet.
	ErrTooManyInSet = fault.Define(fault.Invalid, "TOO_MANY_IN_SET",
		"Una llista té {max} elements com a màxim.",
		"Una lista tiene {max} elementos como máximo.",
		"A list has {max} things at most.")
	// ErrSetTitle is raised when one's own list of that title exists.
	ErrSetTitle = fault.Define(fault.Conflict, "SET_TITLE_TAKEN",
		"Ja teniu una llista amb aquest títol.", "Ya tiene una lista con este título.", "You have a list with this title already.")
	// ErrTooManyMarked is raised beyond MaxMarked.
	ErrTooManyMarked = fault.Define(fault.Invalid, "TOO_MANY_ITEMS",
		"Marqueu {max} elements com a màxim alhora.",
		"Marque {max} elementos como máximo a la vez.",
		"Mark {max} items at most at once.")
)

// Service carries the commands out.
type Service struct {
	db   *postgres.DB
	mail mail.TxQueue // nil: no digests
	site string
	told Told
}

// Told says what there is to be told: the words for each kind of fact, and which
// kinds are comments. Domains declare them, app gathers them.
type Told struct {
	Words    map[string]lang.Text
	Comments []string
	Off      *mail.Off // how digests are turned off; nil: they do not say
}

// New makes the service; digests link to site, such as https://teixit.example.
func New(db *postgres.DB, queue mail.TxQueue, site string, told Told) *Service {
	return &Service{db: db, mail: queue, site: strings.TrimRight(site, "/"), told: told}
}

// Says is what a kind of fact is called; kinds that no domain has put into words
// are news.
func (s *Service) Says(kind string) lang.Text {
	if words, ok := s.told.Words[kind]; ok {
		return words
	}
	return lang.Text{CA: "Hi ha novetats", ES: "Hay novedades", EN: "There is news"}
}

// command carries one command out: signed in, once per key, in a transaction
// that tells the person's other screens.
func (s *Service) command(ctx context.Context, v *access.Viewer, key, mutation string, input any, do func(ctx context.Context, tx *postgres.Tx) (id.ID, error)) (id.ID, error) {
	return command.Made(ctx, command.Call{DB: s.db, Viewer: v, Key: key, Mutation: mutation, Input: []any{v.For, input}}, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		made, err := do(ctx, tx)
		if err != nil {
			return id.Zero, err
		}
		return made, feeds.Bump(ctx, tx, v.Person)
	})
}

func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return postgres.Translate(fmt.Errorf("%s: %w", doing, err), nil)
}
