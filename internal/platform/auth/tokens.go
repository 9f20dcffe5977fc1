package auth

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// tokenPrefix begins every machine's token, so that one that lies about can be
// recognised for what it is.
const tokenPrefix = "tx_"

// Scope is what a machine's token may do. Each includes reading what its person
// may read; none includes accounts, sessions and tokens.
type Scope string

// The scopes.
const (
	ScopeRead          Scope = "read"
	ScopeEvents        Scope = "events:write"
	ScopeProjects      Scope = "projects:write"
	ScopeRegistrations Scope = "registrations:write"
	ScopeDirectory     Scope = "directory:write"
	ScopeAll           Scope = "all"
)

// Scopes lists them.
func Scopes() []Scope {
	return []Scope{ScopeRead, ScopeEvents, ScopeProjects, ScopeRegistrations, ScopeDirectory, ScopeAll}
}

// Allow is nil when the viewer may do what needs the scope: people may, a
// machine's token has to have it. The fault is TOKEN_SCOPE.
func Allow(v *access.Viewer, s Scope) error {
	if v.Token.IsZero() || s == ScopeRead || slices.Contains(v.Scopes, string(s)) || slices.Contains(v.Scopes, string(ScopeAll)) {
		return nil
	}
	return ErrScope.New().With("scope", string(s))
}

// AllowPerson is nil when the viewer is a person and no machine: what concerns
// the account itself. The faults are UNAUTHENTICATED and SESSION_ONLY.
func AllowPerson(v *access.Viewer) error { return inPerson(v) }

// APIToken is what a machine signs in with, in a person's name and with no more
// rights than they have.
type APIToken struct {
	ID         id.ID
	Person     id.ID
	Name       string
	Scopes     []Scope
	CreatedAt  time.Time
	ExpiresAt  time.Time
	LastUsedAt *time.Time // noted about every five minutes; nil: never used
}

const apiTokenPrefix = id.Type("tok")

// GlobalID is the token's public identifier, which is no secret.
func (t *APIToken) GlobalID() string { return apiTokenPrefix.GlobalPart(t.Person, t.ID) }

// ParseToken reads a token's public identifier.
func ParseToken(global string) (id.ID, error) {
	_, token, err := apiTokenPrefix.Part(global)
	return token, err
}

// TokenSpec describes a token to make.
type TokenSpec struct {
	Name      string // what it is for, 1 to 200 characters
	Scopes    []Scope
	ExpiresAt time.Time // within a year
}

// Tokens of one person in force at once, and the longest life of one.
const (
	maxTokens    = 20
	maxTokenLife = 365 * 24 * time.Hour
)

// The facts about tokens, on the topic of the person, for the person alone.
const (
	FactTokenCreated = "account.token_created"
	FactTokenRevoked = "account.token_revoked"
)

// TokenFact is the data of the facts about tokens.
type TokenFact struct {
	Token  id.ID   `json:"token"`
	Scopes []Scope `json:"scopes,omitempty"`
}

// CreateToken makes a token in the viewer's name and returns its text, which is
// shown this once: only its hash is kept. A repeated key answers with the token
// made before and no text. Faults: SESSION_ONLY, BAD_SCOPES, BAD_EXPIRY,
// TOO_MANY_TOKENS, TOO_OFTEN.
func (s *Accounts) CreateToken(ctx context.Context, v *access.Viewer, key string, in TokenSpec) (made id.ID, text string, err error) {
	if err := inPerson(v); err != nil {
		return id.Zero, "", err
	}
	if in, err = in.clean(); err != nil {
		return id.Zero, "", err
	}
	if err := tokensPerHour.Take(ctx, s.db, v.Person.String()); err != nil {
		return id.Zero, "", err
	}
	made, err = s.one(ctx, v, key, "apiTokenCreate", in, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		secret, _ := newToken()
		text = tokenPrefix + secret
		return createToken(ctx, tx, v, in, hashOf(text))
	})
	if err != nil {
		text = ""
	}
	return made, text, err
}

func (in TokenSpec) clean() (TokenSpec, error) {
	var wrong fault.List
	name, err := cleanName(in.Name)
	if err != nil {
		wrong = append(wrong, fault.From(err))
	}
	in.Name = name
	for i, scope := range in.Scopes {
		if !slices.Contains(Scopes(), scope) || slices.Contains(in.Scopes[:i], scope) {
			wrong = append(wrong, ErrBadScopes.At("scopes"))
			break
		}
	}
	if len(in.Scopes) == 0 {
		wrong = append(wrong, ErrBadScopes.At("scopes"))
	}
	in.ExpiresAt = in.ExpiresAt.UTC().Truncate(time.Second)
	return in, wrong.Err()
}

func createToken(ctx context.Context, tx *postgres.Tx, v *access.Viewer, in TokenSpec, hash []byte) (id.ID, error) {
	if err := journal.Lock(ctx, tx, v.Person); err != nil {
		return id.Zero, err
	}
	var live int
	var inTime bool
	err := tx.Native().QueryRow(ctx, `
		select count(*), $2::timestamptz > now() and $2::timestamptz <= now() + $3::interval from api_tokens
		where person = $1 and revoked_at is null and expires_at > now()`, v.Person, in.ExpiresAt, maxTokenLife).Scan(&live, &inTime)
	switch {
	case err != nil:
		return id.Zero, wrap("count the tokens", err)
	case !inTime:
		return id.Zero, ErrBadExpiry.At("expiresAt")
	case live >= maxTokens:
		return id.Zero, ErrTooManyTokens.New().With("max", maxTokens)
	}
	made := id.New()
	tag, err := tx.Native().Exec(ctx, `
		insert into api_tokens (id, token_hash, person, name, scopes, expires_at)
		select $1, $2, a.person, $4, $5, $6 from accounts a where a.person = $3`,
		made, hash, v.Person, in.Name, scopeNames(in.Scopes), in.ExpiresAt)
	if err == nil && tag.RowsAffected() == 0 {
		return id.Zero, ErrNoAccount.New()
	}
	if err != nil {
		return id.Zero, wrap("keep the token", err)
	}
	return made, tell(ctx, tx, v.Person, v, FactTokenCreated, TokenFact{Token: made, Scopes: in.Scopes})
}

func scopeNames(scopes []Scope) []string {
	names := make([]string, len(scopes))
	for i, s := range scopes {
		names[i] = string(s)
	}
	return names
}

// RevokeToken ends one of the viewer's own tokens at once. The fault is
// NOT_FOUND for any other and for one that is over.
func (s *Accounts) RevokeToken(ctx context.Context, v *access.Viewer, key string, token id.ID) error {
	if err := inPerson(v); err != nil {
		return err
	}
	_, err := once(ctx, s.db, v, key, "apiTokenRevoke", token, func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		return nil, revokeToken(ctx, tx, v, token)
	})
	return err
}

func revokeToken(ctx context.Context, tx *postgres.Tx, v *access.Viewer, token id.ID) error {
	if err := journal.Lock(ctx, tx, v.Person); err != nil {
		return err
	}
	tag, err := tx.Native().Exec(ctx, `update api_tokens set revoked_at = now()
		where id = $1 and person = $2 and revoked_at is null and expires_at > now()`, token, v.Person)
	if err == nil && tag.RowsAffected() == 0 {
		return fault.ErrNotFound.At("apiToken")
	}
	if err != nil {
		return wrap("revoke the token", err)
	}
	return tell(ctx, tx, v.Person, v, FactTokenRevoked, TokenFact{Token: token})
}

// TokensOf reads the viewer's own tokens in force, the newest first.
func TokensOf(ctx context.Context, q postgres.Querier, v *access.Viewer) ([]*APIToken, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, `
		select t.id, t.person, t.name, t.scopes, t.created_at, t.expires_at, t.last_used_at from api_tokens t
		where t.person = $1 and t.revoked_at is null and t.expires_at > now() order by t.created_at desc, t.id limit 100`, v.Person)
	if err != nil {
		return nil, wrap("read the tokens", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*APIToken, error) {
		t := &APIToken{}
		return t, row.Scan(&t.ID, &t.Person, &t.Name, &t.Scopes, &t.CreatedAt, &t.ExpiresAt, &t.LastUsedAt)
	})
	return list, wrap("read the tokens", err)
}

// used notes that a token is in use.
func used(ctx context.Context, db *postgres.DB, token id.ID) error {
	return db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `update api_tokens set last_used_at = now() where id = $1`, token)
		return wrap("note the use of a token", err)
	})
}
