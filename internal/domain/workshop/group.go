package workshop

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// alphabet of codes: nothing that is mistaken for something else.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// newCode is ten characters of five bits.
func newCode() string {
	b := make([]byte, 10)
	_, _ = rand.Read(b) // never fails
	for i := range b {
		b[i] = alphabet[b[i]&31]
	}
	return string(b)
}

// ShownCode is a code as people read it: ABCDE-12345.
func ShownCode(code string) string {
	if len(code) != 10 {
		return code
	}
	return strings.ToUpper(code[:5] + "-" + code[5:])
}

// typedCode is a code as somebody typed it: capitals, spaces and dashes do not
// count, and letters that look like figures are taken for them.
func typedCode(typed string) string {
	code := strings.NewReplacer("-", "", " ", "", "o", "0", "i", "1", "l", "1").Replace(strings.ToLower(typed))
	if len(code) != 10 {
		return ""
	}
	return code
}

// tokenPrefix begins every group's secret.
const tokenPrefix = "twg_"

func newToken() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return tokenPrefix + base64.RawURLEncoding.EncodeToString(b)
}

func hashOf(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Joined is a group and the secret for its tablet, which is told only now.
type Joined struct {
	Group *Group
	Token string
}

// Join lets a group in with the workshop's code, under a name that no other
// group of it has. Who may: who knows the code. The same key sent again is the
// same group, with another secret in place of the one whose answer was lost.
func (s *Service) Join(ctx context.Context, v *access.Viewer, code, name, key string) (*Joined, error) {
	name, code = strings.TrimSpace(name), typedCode(code)
	var f form.Findings
	f.Line(name, maxName, "name")
	if err := f.Err(); err != nil {
		return nil, err
	}
	call := s.call(v, key, "workshopGroupJoin", code, name)
	call.Bearer = "workshop " + code
	joined := &Joined{Token: newToken()}
	err := call.Run(ctx, func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		workshop, err := withCode(ctx, tx.Native(), code)
		if err != nil {
			return nil, err
		}
		if err := journal.Lock(ctx, tx, workshop); err != nil {
			return nil, err
		}
		group, err := join(ctx, tx, v, workshop, code, name)
		return []id.ID{group}, err
	}, func(ctx context.Context, tx *postgres.Tx, ids []id.ID) (err error) {
		joined.Group, err = renew(ctx, tx, ids[0], joined.Token)
		return err
	})
	if err != nil {
		return nil, err
	}
	return joined, nil
}

// withCode finds the workshop of a code.
func withCode(ctx context.Context, q postgres.Querier, code string) (workshop id.ID, err error) {
	err = q.QueryRow(ctx, `select node from workshops where join_code = $1 and state = 'OPEN'`, code).Scan(&workshop)
	if errors.Is(err, pgx.ErrNoRows) {
		return id.Zero, ErrNoSuchCode.At("code")
	}
	if err != nil {
		return id.Zero, fmt.Errorf("look for a code: %w", err)
	}
	return workshop, nil
}

func join(ctx context.Context, tx *postgres.Tx, v *access.Viewer, workshop id.ID, code, name string) (id.ID, error) {
	if again, err := withCode(ctx, tx.Native(), code); err != nil || again != workshop {
		return id.Zero, first(err, ErrNoSuchCode.At("code")) // it was closed, or the code renewed, meanwhile
	}
	var n int
	var taken bool
	err := tx.Native().QueryRow(ctx, `select count(*), coalesce(bool_or(name = $2), false) from workshop_groups where workshop = $1`,
		workshop, name).Scan(&n, &taken)
	switch {
	case err != nil:
		return id.Zero, fmt.Errorf("count groups: %w", err)
	case taken:
		return id.Zero, ErrNameTaken.At("name")
	case n >= MaxGroups:
		return id.Zero, ErrTooManyGroups.New().With("max", MaxGroups)
	}
	group := id.New()
	if _, err := tx.Native().Exec(ctx, `insert into workshop_groups (id, workshop, name) values ($1, $2, $3)`, group, workshop, name); err != nil {
		return id.Zero, storeError("insert group", err)
	}
	c, err := lockedFor(ctx, tx, v, workshop, Editor{Group: group})
	if err != nil {
		return id.Zero, err
	}
	return group, c.tell(ctx, tx, FactGroupJoined, Fact{Group: group})
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// renew puts a new secret in place of a group's. One that was taken back gets
// none.
func renew(ctx context.Context, tx *postgres.Tx, group id.ID, token string) (*Group, error) {
	g := &Group{ID: group}
	err := tx.Native().QueryRow(ctx, `
		update workshop_groups set token_hash = $2 where id = $1 and revoked_at is null returning workshop, name, joined_at`,
		group, hashOf(token)).Scan(&g.Workshop, &g.Name, &g.JoinedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrLinkEnded.New()
	}
	if err != nil {
		return nil, fmt.Errorf("give a group its link: %w", err)
	}
	return g, nil
}

// GroupWith finds the group of a secret. ErrLinkEnded is the one answer for
// every secret that is none any more.
func GroupWith(ctx context.Context, q postgres.Querier, token string) (*Group, error) {
	g := &Group{}
	if !strings.HasPrefix(token, tokenPrefix) || len(token) > 100 {
		return nil, ErrLinkEnded.At("token")
	}
	err := q.QueryRow(ctx, `select id, workshop, name, joined_at from workshop_groups where token_hash = $1 and revoked_at is null`,
		hashOf(token)).Scan(&g.ID, &g.Workshop, &g.Name, &g.JoinedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrLinkEnded.At("token")
	}
	if err != nil {
		return nil, fmt.Errorf("look for a group: %w", err)
	}
	return g, nil
}

// Viewer is who looks through a group's link: nobody, with a member's sight of
// the workshop.
func (g *Group) Viewer(v *access.Viewer) *access.Viewer {
	return &access.Viewer{Lang: v.Lang, Member: []id.ID{g.Workshop}}
}

// Editor is who notes something: a group, or (Zero) the organisers.
type Editor struct{ Group id.ID }

// Pen is what somebody notes with: a group's secret, or the identifier of a
// workshop that they organise.
type Pen struct {
	Token    string
	Workshop id.ID
}

// open locks the workshop of a pen for who holds it, while it is open.
func (p Pen) open(ctx context.Context, tx *postgres.Tx, v *access.Viewer) (*changing, error) {
	c, err := p.lock(ctx, tx, v)
	if err != nil {
		return nil, err
	}
	if c.workshop.State != Open {
		return nil, ErrNotOpen.New().With("state", c.workshop.State.Label())
	}
	return c, nil
}

func (p Pen) lock(ctx context.Context, tx *postgres.Tx, v *access.Viewer) (*changing, error) {
	if p.Token == "" {
		if !v.SignedIn() {
			return nil, fault.ErrUnauthenticated.New()
		}
		return lock(ctx, tx, v, p.Workshop)
	}
	g, err := GroupWith(ctx, tx.Native(), p.Token)
	if err != nil {
		return nil, err
	}
	if err := journal.Lock(ctx, tx, g.Workshop); err != nil {
		return nil, err
	}
	if g, err = GroupWith(ctx, tx.Native(), p.Token); err != nil { // it may have been taken back meanwhile
		return nil, err
	}
	return lockedFor(ctx, tx, v, g.Workshop, Editor{Group: g.ID})
}

// lockedFor reads a workshop whose topic is locked for a group. A group acts in
// nobody's name, though whoever holds the tablet be signed in.
func lockedFor(ctx context.Context, tx *postgres.Tx, v *access.Viewer, workshop id.ID, e Editor) (*changing, error) {
	g := Group{Workshop: workshop}
	as := g.Viewer(v)
	w, err := workshopOf(ctx, tx.Native(), as, workshop)
	if err != nil {
		return nil, err
	}
	c := &changing{viewer: as, workshop: w, editor: e}
	c.places, err = placesOf(ctx, tx.Native(), workshop)
	return c, err
}
