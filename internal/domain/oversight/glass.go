// Package oversight is how an administrator of the platform looks inside
// something that is not theirs: by breaking its glass.
//
// Running the platform gives no sight of what is in it. Where it is needed (an
// abuse is reported, an organiser is gone), an administrator breaks the glass of
// one node, for a reason, and has its organisers' sight for half an hour.
//
// These always hold:
//
//   - there is no way in without a reason, and none that is not told: on the
//     node's topic and in the feed of its home, to its organisers, and by mail to
//     who answers for the home;
//   - it is noted in the access log like every read that follows;
//   - it ends by itself, by the database's clock;
//   - the reason is free text and may name people, so it is in a table that can
//     be erased and not in the journal.
package oversight

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Lasts is how long a glass stays broken.
const Lasts = 30 * time.Minute

// The length of a reason, in characters.
const (
	MinReason = 10
	MaxReason = 500
)

// FactGlassBroken is the kind of the fact on the node's topic; its data is
// GlassBroken.
const FactGlassBroken = "GLASS_BROKEN"

// LoggedAs is what the access log calls it.
const LoggedAs = "GLASS"

// GlassType is the prefix of broken glasses in public identifiers.
const GlassType id.Type = "gls"

// GlassBroken tells which glass, and until when.
type GlassBroken struct {
	Glass id.ID     `json:"glass"`
	Until time.Time `json:"until"`
}

// Glass is one that was broken.
type Glass struct {
	link.Slots
	ID            id.ID
	NodeID        id.ID
	Person        id.ID
	Administrator *string // the person's name; nil when none is recorded
	Reason        string
	At, Until     time.Time
}

// GlobalID is its public identifier.
func (g *Glass) GlobalID() string { return GlassType.GlobalPart(g.NodeID, g.ID) }

// ErrReasonLength is raised for a reason that says too little or too much.
var ErrReasonLength = fault.Define(fault.Invalid, "REASON_LENGTH",
	"Digueu el motiu en {min} a {max} caràcters.",
	"Diga el motivo en {min} a {max} caracteres.",
	"Say why in {min} to {max} characters.")

// Service breaks glass.
type Service struct {
	db   *postgres.DB
	mail mail.TxQueue // nil: nobody is told by mail
	site string
}

// New makes the service; mails link to site, such as https://teixit.example.
func New(db *postgres.DB, queue mail.TxQueue, site string) *Service {
	return &Service{db: db, mail: queue, site: strings.TrimRight(site, "/")}
}

// Kinds are what can be looked inside: bodies, events and working tables. A person cannot.
func Kinds() []node.Kind {
	return []node.Kind{node.Municipality, node.Association, node.PublicService, node.Institution, node.Event, node.WorkingTable}
}

// Break gives the viewer the organisers' sight of a node for half an hour, and
// returns the glass. The node need not be visible. Who may: administrators of
// the platform, signed in themselves (access.MayBreakGlass). Faults: NOT_FOUND
// at "node", ErrReasonLength.
func (s *Service) Break(ctx context.Context, v *access.Viewer, key string, of id.ID, reason string) (glass id.ID, err error) {
	if err := access.MayBreakGlass(v); err != nil {
		return id.Zero, err
	}
	if reason, err = cleanReason(reason); err != nil {
		return id.Zero, err
	}
	return command.Made(ctx, command.Call{DB: s.db, Viewer: v, Key: key, Mutation: "glassBreak", Input: []any{of, reason}}, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		g := &Glass{ID: id.New(), NodeID: of, Person: v.Person, Reason: reason}
		return g.ID, s.breakGlass(ctx, tx, v, g)
	})
}

func cleanReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if !utf8.ValidString(reason) || strings.ContainsRune(reason, 0) {
		return "", fault.ErrBadText.At("reason")
	}
	if n := utf8.RuneCountInString(reason); n < MinReason || n > MaxReason {
		return "", ErrReasonLength.At("reason").With("min", MinReason).With("max", MaxReason)
	}
	return reason, nil
}

func (s *Service) breakGlass(ctx context.Context, tx *postgres.Tx, v *access.Viewer, g *Glass) error {
	if err := journal.Lock(ctx, tx, g.NodeID); err != nil {
		return access.At(err, "node")
	}
	n, err := looked(ctx, tx.Native(), g.NodeID)
	if err != nil {
		return err
	}
	err = tx.Native().QueryRow(ctx, `
		insert into glass_breaks (id, node, person, reason, until) values ($1, $2, $3, $4, now() + $5::interval)
		returning at, until`, g.ID, g.NodeID, g.Person, g.Reason, Lasts).Scan(&g.At, &g.Until)
	if err != nil {
		return wrap("break the glass", err)
	}
	_, err = tx.Native().Exec(ctx, `insert into access_log (actor, what, node) values ($1, $2, $3)`, v.Person, LoggedAs, g.NodeID)
	if err != nil {
		return wrap("log the broken glass", err)
	}
	about := slices.DeleteFunc([]id.ID{n.ID, n.Home}, id.ID.IsZero)
	err = journal.Append(ctx, tx, g.NodeID, v, journal.Fact{
		Kind: FactGlassBroken, Level: access.Organisers, Data: GlassBroken{g.ID, g.Until}, About: about,
	})
	if err != nil {
		return err
	}
	if err := auth.Bump(ctx, tx, v.Person); err != nil {
		return err
	}
	return s.tell(ctx, tx, n, g)
}

// looked reads the node, whether the viewer sees it or not.
func looked(ctx context.Context, q postgres.Querier, of id.ID) (*node.Node, error) {
	n := &node.Node{}
	err := q.QueryRow(ctx, `select `+node.Columns("n")+` from nodes n where n.id = $1 and n.ended_at is null`, of).Scan(n.ScanTargets()...)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !slices.Contains(Kinds(), n.Kind) {
		return nil, fault.ErrNotFound.At("node")
	}
	return n, wrap("read the node", err)
}

func wrap(doing string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
