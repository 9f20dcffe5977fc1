package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/rate"
)

// A code is eight digits: with ten tries in a quarter of an hour and fifty in a
// day, guessing one takes some thousand years. The link carries a token of 256
// bits behind the "#", which is sent by the page and not by the browser: a
// scanner that fetches links in mails does not use it up.
const (
	codeDigits  = 8
	codeLife    = 10 * time.Minute
	adminLife   = 24 * time.Hour
	maxAttempts = 5 // wrong codes, after which only the link is left
)

// RequestCode sends a code and a link to the mail address. It does the same for
// every address, in the same statements: neither answer nor time tell whether
// there is an account. from is the network address of who asks. Faults:
// BAD_MAIL, TOO_OFTEN.
func (s *Accounts) RequestCode(ctx context.Context, address string, l lang.Lang, from string) error {
	address, err := Address(address)
	if err != nil {
		return err
	}
	if err := rate.TakeAll(ctx, s.db, rate.Try{Limit: codesPerMail, Subject: address}, rate.Try{Limit: codesPerAddress, Subject: from}); err != nil {
		return err
	}
	code, err := newCode()
	if err != nil {
		return err
	}
	token, hash := newToken()
	return s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		made := id.New()
		err := tx.Native().QueryRow(ctx, `
			insert into sign_in_codes (id, mail, code_hash, token_hash, expires_at) values ($1, $2, $3, $4, now() + $5)
			returning coalesce((select lang from accounts where mail = $2), $6)`,
			made, address, s.codeHash(address, code), hash, codeLife, l).Scan(&l)
		if err != nil {
			return wrap("keep the code", err)
		}
		return s.mail.EnqueueTx(ctx, tx, mail.Message{
			To: address, Lang: l, Template: mail.SignInCode, UniqueKey: "sign-in-code/" + made.String(),
			Data: map[string]any{
				"code": code[:4] + " " + code[4:], "link": s.signInLink(token), "minutes": int(codeLife / time.Minute),
			},
		})
	})
}

func newCode() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(100_000_000))
	if err != nil {
		return "", fmt.Errorf("make a code: %w", err)
	}
	return fmt.Sprintf("%0*d", codeDigits, n), nil
}

func (s *Accounts) codeHash(address, code string) []byte { return keyed(s.key, address, code) }

func (s *Accounts) signInLink(token string) string { return s.site + "/sign-in#token=" + token }

// Proof is what somebody shows to have read their mail: the code together with
// the address, or the token of the link.
type Proof struct {
	Mail, Code string
	Token      string
}

// SignIn finds the person of a proof, who is made when the mail address is new.
// A proof is good once. from is the network address of who tries. Faults:
// SIGN_IN_FAILED, TOO_OFTEN, ACCOUNT_DISABLED.
func (s *Accounts) SignIn(ctx context.Context, p Proof, l lang.Lang, from string) (person id.ID, err error) {
	err = s.proven(ctx, p, from, func(ctx context.Context, tx *postgres.Tx, address string) error {
		person, err = opened(ctx, tx, address, l)
		return err
	})
	return person, err
}

// proven uses a proof up and, in the same transaction, does what it was for. A
// wrong code stays counted: then nothing is rolled back.
func (s *Accounts) proven(ctx context.Context, p Proof, from string, do func(ctx context.Context, tx *postgres.Tx, address string) error) error {
	tries := []rate.Try{{Limit: triesPerAddress, Subject: from}}
	if p.Token == "" {
		address, err := Address(p.Mail)
		if err != nil {
			return err
		}
		p.Mail = address
		tries = []rate.Try{{Limit: triesPerMail, Subject: address}, {Limit: triesADay, Subject: address}, {Limit: triesPerAddress, Subject: from}}
	}
	if err := rate.TakeAll(ctx, s.db, tries...); err != nil {
		return err
	}
	failed := false
	err := s.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		address, err := s.use(ctx, tx, p)
		if err != nil || address == "" {
			failed = err == nil
			return err
		}
		return do(ctx, tx, address)
	})
	if err == nil && failed {
		return ErrSignInFailed.New()
	}
	return err
}

// use finds the address that a proof proves, and uses up everything that was
// sent there. The empty address: it proves nothing.
func (s *Accounts) use(ctx context.Context, tx *postgres.Tx, p Proof) (string, error) {
	var address string
	var err error
	if p.Token != "" {
		address, err = byToken(ctx, tx, p.Token)
	} else {
		address, err = s.byCode(ctx, tx, p)
	}
	if err != nil || address == "" {
		return "", err
	}
	_, err = tx.Native().Exec(ctx, `update sign_in_codes set used_at = now() where mail = $1 and used_at is null`, address)
	if err == nil {
		err = mail.Alive(ctx, tx, address)
	}
	return address, wrap("use the code up", err)
}

func byToken(ctx context.Context, tx *postgres.Tx, token string) (address string, err error) {
	hash := hashOf(token)
	err = tx.Native().QueryRow(ctx, `select mail from sign_in_codes where token_hash = $1`, hash).Scan(&address)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", wrap("look the link up", err)
	}
	if err := proofs(ctx, tx, address); err != nil {
		return "", err
	}
	err = tx.Native().QueryRow(ctx, `
		update sign_in_codes set used_at = now() where token_hash = $1 and used_at is null and expires_at > now()
		returning mail`, hash).Scan(&address)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return address, wrap("use the link", err)
}

// proofs lets those who prove to read one address wait for each other: each of
// them uses up all that was sent there.
func proofs(ctx context.Context, tx *postgres.Tx, address string) error {
	return serial(ctx, tx, "proofs "+address)
}

// byCode runs the same statements whether or not anything was sent to the
// address.
func (s *Accounts) byCode(ctx context.Context, tx *postgres.Tx, p Proof) (string, error) {
	if err := proofs(ctx, tx, p.Mail); err != nil {
		return "", err
	}
	hash := s.codeHash(p.Mail, digits(p.Code))
	rows, err := tx.Native().Query(ctx, `
		select id, code_hash from sign_in_codes
		where mail = $1 and code_hash is not null and used_at is null and expires_at > now() and attempts < $2
		order by id for update`, p.Mail, maxAttempts)
	if err != nil {
		return "", wrap("look the codes up", err)
	}
	var open []id.ID
	match := false
	var one id.ID
	var kept []byte
	_, err = pgx.ForEachRow(rows, []any{&one, &kept}, func() error {
		open = append(open, one)
		match = hmac.Equal(kept, hash) || match
		return nil
	})
	if err != nil {
		return "", wrap("look the codes up", err)
	}
	if match {
		return p.Mail, nil
	}
	_, err = tx.Native().Exec(ctx, `update sign_in_codes set attempts = attempts + 1 where id = any($1)`, open)
	return "", wrap("count a wrong code", err)
}

// digits drops the spaces with which people copy codes.
func digits(code string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, code)
}
