package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/platform/postgres"
)

// tokenBytes makes a token of 256 bits: guessing one is out of the question, so
// that a plain hash of it is enough to keep.
const tokenBytes = 32

// newToken makes a token: its text for who shall hold it, its hash to keep.
func newToken() (text string, hash []byte) {
	raw := make([]byte, tokenBytes)
	rand.Read(raw) // never fails: crypto/rand aborts the process instead
	text = b64(raw)
	return text, hashOf(text)
}

func hashOf(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// keyed is a hash that nobody can try out without the key: for what has few
// possible values, such as a code of eight digits.
func keyed(key []byte, parts ...string) []byte {
	mac := hmac.New(sha256.New, key)
	for _, part := range parts {
		mac.Write([]byte(part))
		mac.Write([]byte{0})
	}
	return mac.Sum(nil)
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// Secret is a key that all instances on one database share, for what other packages
// sign; the first to ask makes it.
func Secret(ctx context.Context, q postgres.Querier, name string) ([]byte, error) {
	return secret(ctx, q, name)
}

// secret is a key that all instances on one database share; the first to ask
// makes it.
func secret(ctx context.Context, q postgres.Querier, name string) ([]byte, error) {
	fresh := make([]byte, 32)
	rand.Read(fresh)
	var value []byte
	err := q.QueryRow(ctx, `
		with made as (
		  insert into secrets (name, value) values ($1, $2) on conflict do nothing returning value)
		select value from made union all select value from secrets where name = $1 limit 1`, name, fresh).Scan(&value)
	if errors.Is(err, pgx.ErrNoRows) { // another instance made it just now
		err = q.QueryRow(ctx, `select value from secrets where name = $1`, name).Scan(&value)
	}
	if err != nil {
		return nil, fmt.Errorf("read the %s secret: %w", name, err)
	}
	return value, nil
}
