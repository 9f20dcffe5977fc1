package auth

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// OIDCConfig names an OpenID Connect provider and who the hub is there.
type OIDCConfig struct {
	Issuer, ClientID, ClientSecret string
	Name                           string // as people know the provider
	Redirect                       string // the hub's callback, absolute
}

// OIDC lets people sign in at a provider: the authorization code flow with PKCE,
// state and nonce. What belongs to one attempt travels sealed in a cookie of the
// browser that began it, so that nothing is kept for who never comes back.
//
// The provider is asked what it can do at the first use, not at the start: the
// hub runs while the provider does not.
type OIDC struct {
	db     *postgres.DB
	cfg    OIDCConfig
	client *http.Client
	seal   cipher.AEAD

	mu       sync.Mutex
	provider *oidc.Provider
}

// flowLife is how long signing in at the provider may take.
const flowLife = 15 * time.Minute

// NewOIDC prepares a provider.
func NewOIDC(ctx context.Context, db *postgres.DB, cfg OIDCConfig) (*OIDC, error) {
	key, err := secret(ctx, db.Read(), "oidc flows")
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key[:32])
	if err != nil {
		return nil, fmt.Errorf("prepare the sealing of sign-in flows: %w", err)
	}
	sealed, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("prepare the sealing of sign-in flows: %w", err)
	}
	return &OIDC{db: db, cfg: cfg, client: &http.Client{Timeout: 5 * time.Second}, seal: sealed}, nil
}

// Name is how people know the provider.
func (o *OIDC) Name() string { return o.cfg.Name }

// Flow is one attempt to sign in at the provider.
type Flow struct {
	State    string    `json:"s"`
	Nonce    string    `json:"n"`
	Verifier string    `json:"v"`
	Return   string    `json:"r,omitempty"` // path to go to afterwards
	Link     id.ID     `json:"l"`           // who links the identity; Zero: somebody signs in
	Until    time.Time `json:"u"`
}

// Start begins a flow. It returns where to send the browser and what to keep in
// its cookie meanwhile. The fault is OIDC_FAILED when the provider does not
// answer.
func (o *OIDC) Start(ctx context.Context, back string, link id.ID) (address, kept string, err error) {
	provider, err := o.discover(ctx)
	if err != nil {
		return "", "", ErrProvider.New().Because(err)
	}
	now, err := o.now(ctx)
	if err != nil {
		return "", "", err
	}
	f := Flow{Verifier: oauth2.GenerateVerifier(), Return: back, Link: link, Until: now.Add(flowLife)}
	f.State, _ = newToken()
	f.Nonce, _ = newToken()
	if kept, err = o.sealed(f); err != nil {
		return "", "", err
	}
	return o.oauth(provider).AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), kept, nil
}

// Finish ends a flow with what the provider sent back and what the browser kept:
// it returns who signed in, and the flow. The fault is OIDC_FAILED for anything
// that does not fit together.
func (o *OIDC) Finish(ctx context.Context, kept, state, issuer, code string) (Claims, Flow, error) {
	now, err := o.now(ctx)
	if err != nil {
		return Claims{}, Flow{}, err
	}
	f, err := o.opened(kept)
	switch {
	case err != nil:
		return Claims{}, f, ErrProvider.New().Because(err)
	case now.After(f.Until):
		return Claims{}, f, ErrProvider.New().Because(errors.New("the flow took too long"))
	case subtle.ConstantTimeCompare([]byte(state), []byte(f.State)) != 1:
		return Claims{}, f, ErrProvider.New().Because(errors.New("the state is not the browser's"))
	case issuer != "" && issuer != o.cfg.Issuer:
		return Claims{}, f, ErrProvider.New().Because(errors.New("the answer comes from another issuer"))
	case code == "":
		return Claims{}, f, ErrProvider.New().Because(errors.New("the provider signed nobody in"))
	}
	c, err := o.exchange(ctx, f, code, now)
	if err != nil {
		return Claims{}, f, ErrProvider.New().Because(err)
	}
	return c, f, nil
}

// now is the database's clock: an instance with a wrong one must not refuse the
// provider's tokens.
func (o *OIDC) now(ctx context.Context) (now time.Time, err error) {
	err = o.db.Read().QueryRow(ctx, `select now()`).Scan(&now)
	return now, wrap("ask for the time", err)
}

func (o *OIDC) discover(ctx context.Context) (*oidc.Provider, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.provider != nil {
		return o.provider, nil
	}
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, o.client), o.cfg.Issuer)
	if err != nil {
		return nil, fmt.Errorf("ask the provider what it can do: %w", err)
	}
	o.provider = provider
	return provider, nil
}

func (o *OIDC) oauth(provider *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID: o.cfg.ClientID, ClientSecret: o.cfg.ClientSecret, Endpoint: provider.Endpoint(),
		RedirectURL: o.cfg.Redirect, Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}
}

// exchange turns the code into the identity token, checks it and reads it.
func (o *OIDC) exchange(ctx context.Context, f Flow, code string, now time.Time) (Claims, error) {
	ctx = oidc.ClientContext(ctx, o.client)
	provider, err := o.discover(ctx)
	if err != nil {
		return Claims{}, err
	}
	tokens, err := o.oauth(provider).Exchange(ctx, code, oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return Claims{}, fmt.Errorf("exchange the code: %w", err)
	}
	raw, ok := tokens.Extra("id_token").(string)
	if !ok {
		return Claims{}, errors.New("the provider sent no identity token")
	}
	verifier := provider.VerifierContext(ctx, &oidc.Config{ClientID: o.cfg.ClientID, Now: func() time.Time { return now }})
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		return Claims{}, fmt.Errorf("check the identity token: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(f.Nonce)) != 1 {
		return Claims{}, errors.New("the identity token is of another flow")
	}
	said := profile{}
	if err := token.Claims(&said); err != nil {
		return Claims{}, fmt.Errorf("read the identity token: %w", err)
	}
	if said.Email == "" || said.Name == "" {
		said.fill(ctx, provider, tokens, token.Subject)
	}
	return said.claims(token.Issuer, token.Subject), nil
}

// profile is what providers say about people, in the identity token or when
// asked.
type profile struct {
	Name          string `json:"name"`
	Email         string `json:"email"`
	EmailVerified any    `json:"email_verified"` // some write it as a text
	Locale        string `json:"locale"`
}

// fill asks the provider for what the token leaves out. It may not answer:
// signing in does not hang on it.
func (p *profile) fill(ctx context.Context, provider *oidc.Provider, tokens *oauth2.Token, subject string) {
	info, err := provider.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil || info.Subject != subject {
		return
	}
	var more profile
	if info.Claims(&more) != nil {
		return
	}
	if p.Name == "" {
		p.Name = more.Name
	}
	if p.Email == "" {
		p.Email, p.EmailVerified = more.Email, more.EmailVerified
	}
	if p.Locale == "" {
		p.Locale = more.Locale
	}
}

func (p profile) claims(issuer, subject string) Claims {
	c := Claims{Issuer: issuer, Subject: subject, Name: p.Name}
	if address, err := Address(p.Email); err == nil {
		c.Mail = address
		c.MailVerified = p.EmailVerified == true || p.EmailVerified == "true"
	}
	c.Language, _ = lang.Parse(p.Locale)
	return c
}

func (o *OIDC) sealed(f Flow) (string, error) {
	plain, err := json.Marshal(f)
	if err != nil {
		return "", fmt.Errorf("seal the flow: %w", err)
	}
	nonce := make([]byte, o.seal.NonceSize(), o.seal.NonceSize()+len(plain)+o.seal.Overhead())
	rand.Read(nonce)
	return b64(o.seal.Seal(nonce, nonce, plain, []byte(o.cfg.Issuer))), nil
}

func (o *OIDC) opened(kept string) (f Flow, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(kept))
	if err != nil || len(raw) < o.seal.NonceSize() {
		return f, errors.New("the browser kept no flow")
	}
	n := o.seal.NonceSize()
	plain, err := o.seal.Open(nil, raw[:n], raw[n:], []byte(o.cfg.Issuer))
	if err != nil {
		return f, fmt.Errorf("open the flow: %w", err)
	}
	return f, json.Unmarshal(plain, &f)
}
