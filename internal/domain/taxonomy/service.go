package taxonomy

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Service runs the commands on the shared vocabularies. Who may: those who
// answer for the steward, the one organisation that keeps them; everybody else
// gets fault.ErrDenied (fault.ErrUnauthenticated without signing in).
//
// Every command takes an idempotency key: sent again with the same key it takes
// effect once; an empty key gives no such protection.
type Service struct {
	db      *postgres.DB
	steward id.ID
}

// New makes the service. Without a steward (Zero) nobody may change anything.
func New(db *postgres.DB, steward id.ID) *Service { return &Service{db: db, steward: steward} }

// NewTerm is a term to add; all three languages are required in Title.
type NewTerm struct {
	Kind     node.Kind
	Code     string // never changes afterwards
	Title    lang.Text
	Note     lang.Text
	Position int
}

// Change is what shall be different in a term; nil leaves a part as it is.
type Change struct {
	Title    *lang.Text
	Note     *lang.Text
	Position *int
}

// Create adds a term and returns its identifier. A code that was ever used in
// the vocabulary is ErrCodeTaken; a full vocabulary is ErrTooManyTerms.
func (s *Service) Create(ctx context.Context, v *access.Viewer, key string, in NewTerm) (id.ID, error) {
	return s.command(ctx, v, key, "termCreate", in, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		if err := checkNew(in.Kind, in.Code, in.Title, in.Note); err != nil {
			return id.Zero, err
		}
		if err := room(ctx, tx.Native(), in.Kind); err != nil {
			return id.Zero, err
		}
		e := Entry{Code: in.Code, Position: in.Position, Note: in.Note}
		e.Node = node.Node{ID: id.New(), Kind: in.Kind, Title: in.Title}
		if err := node.Register(ctx, tx, e.Node); err != nil {
			return id.Zero, err
		}
		if err := insertTerms(ctx, tx.Native(), []Entry{e}); err != nil {
			return id.Zero, err
		}
		return e.ID, told(ctx, tx, v, e.ID, FactTermAdded)
	})
}

// Update renames, explains or moves a term.
func (s *Service) Update(ctx context.Context, v *access.Viewer, key string, term id.ID, ch Change) error {
	input := []any{term, ch}
	_, err := s.command(ctx, v, key, "termUpdate", input, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		e, err := lock(ctx, tx, v, term)
		if err != nil {
			return id.Zero, err
		}
		if err := ch.apply(e); err != nil {
			return id.Zero, err
		}
		if err := node.SetTitle(ctx, tx, term, e.Title); err != nil {
			return id.Zero, err
		}
		_, err = tx.Native().Exec(ctx, `update taxonomy_terms set note = $2, position = $3 where node = $1`,
			term, e.Note, e.Position)
		if err != nil {
			return id.Zero, wrap("change a term", err)
		}
		return term, told(ctx, tx, v, term, FactTermUpdated)
	})
	return err
}

func (ch Change) apply(e *Entry) error {
	if ch.Title != nil {
		e.Title = *ch.Title
	}
	if ch.Note != nil {
		e.Note = *ch.Note
	}
	if ch.Position != nil {
		e.Position = *ch.Position
	}
	return checkTexts(e.Title, e.Note).Err()
}

// Retire takes a term out of use: what carries it keeps it. Retiring again does
// nothing.
func (s *Service) Retire(ctx context.Context, v *access.Viewer, key string, term id.ID) error {
	return s.setRetired(ctx, v, key, "termRetire", term, true)
}

// Restore takes a retired term into use again, if there is room.
func (s *Service) Restore(ctx context.Context, v *access.Viewer, key string, term id.ID) error {
	return s.setRetired(ctx, v, key, "termRestore", term, false)
}

func (s *Service) setRetired(ctx context.Context, v *access.Viewer, key, mutation string, term id.ID, retired bool) error {
	_, err := s.command(ctx, v, key, mutation, term, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		e, err := lock(ctx, tx, v, term)
		if err != nil || (e.RetiredAt != nil) == retired {
			return term, err
		}
		if !retired {
			if err := room(ctx, tx.Native(), e.Kind); err != nil {
				return id.Zero, err
			}
		}
		_, err = tx.Native().Exec(ctx,
			`update taxonomy_terms set retired_at = case when $2 then now() end where node = $1`, term, retired)
		if err != nil {
			return id.Zero, wrap("retire a term", err)
		}
		fact := FactTermRestored
		if retired {
			fact = FactTermRetired
		}
		return term, told(ctx, tx, v, term, fact)
	})
	return err
}

// command carries one command of the steward's people out, once per key.
func (s *Service) command(ctx context.Context, v *access.Viewer, key, mutation string, input any, do func(ctx context.Context, tx *postgres.Tx) (id.ID, error)) (id.ID, error) {
	if !v.SignedIn() {
		return id.Zero, fault.ErrUnauthenticated.New()
	}
	if err := access.MaySteward(v, s.steward); err != nil {
		return id.Zero, err
	}
	return command.Made(ctx, command.Call{DB: s.db, Viewer: v, Key: key, Mutation: mutation, Input: []any{v.For, input}}, do)
}

func lock(ctx context.Context, tx *postgres.Tx, v *access.Viewer, term id.ID) (*Entry, error) {
	if err := journal.Lock(ctx, tx, term); err != nil {
		return nil, err
	}
	found, err := ByIDs(ctx, tx.Native(), v, []id.ID{term})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fault.ErrNotFound.New()
	}
	return found[0].Self(), nil
}

// room refuses one term more than a vocabulary may have. It lets one command
// count at a time: terms have no common topic, and changes are rare.
func room(ctx context.Context, q postgres.Querier, kind node.Kind) error {
	if _, err := q.Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(importLock)); err != nil {
		return wrap("wait for another change", err)
	}
	var n int
	err := q.QueryRow(ctx, `select count(*) from taxonomy_terms where kind = $1 and retired_at is null`, string(kind)).Scan(&n)
	if err != nil {
		return wrap("count terms", err)
	}
	if n >= MaxTerms {
		return ErrTooManyTerms.New().With("max", MaxTerms)
	}
	return nil
}
