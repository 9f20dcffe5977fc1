package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Accounts runs the commands about who may sign in, and with what.
//
// Whoever proves that they read a mail address may sign in and gets a person of
// their own the first time, with no rights at all: associations' people have to
// get in, and asking for a code reveals nothing about who is there already.
// Rights come from appointments only.
type Accounts struct {
	db     *postgres.DB
	mail   mail.TxQueue
	bodies Bodies
	site   string
	key    []byte // of the hashes of codes

	contact string // where people ask about their account; empty: not said
}

// Options is what accounts need from the rest of the hub.
type Options struct {
	Mail    mail.TxQueue
	Bodies  Bodies
	Site    string // where people find the hub, such as https://teixit.example: mails link there
	Contact string // mail address of who runs the hub; empty: not said
}

// NewAccounts makes the service on a migrated database.
func NewAccounts(ctx context.Context, db *postgres.DB, o Options) (*Accounts, error) {
	key, err := secret(ctx, db.Read(), "sign-in codes")
	if err != nil {
		return nil, err
	}
	return &Accounts{
		db: db, mail: o.Mail, bodies: o.Bodies, site: strings.TrimRight(o.Site, "/"), key: key, contact: o.Contact,
	}, nil
}

// Account is with what a person signs in.
type Account struct {
	link.Slots
	Person     id.ID
	Mail       *string // nil when none is proven
	Language   lang.Lang
	Admin      bool // administrator of the platform
	CreatedAt  time.Time
	DisabledAt *time.Time
}

// The facts about accounts, on the topic of the person, for the person alone.
const (
	FactAccountCreated   = "account.created"
	FactAccountDisabled  = "account.disabled"
	FactAccountEnabled   = "account.enabled"
	FactAdminAppointed   = "account.admin_appointed"
	FactIdentityLinked   = "account.identity_linked"
	FactIdentityUnlinked = "account.identity_unlinked"
	FactNameChanged      = "account.name_changed"
)

const accountColumns = `a.person, a.mail, a.lang, a.admin, a.created_at, a.disabled_at`

const accountPrefix = id.Type("acc")

// GlobalID is the account's public identifier.
func (a *Account) GlobalID() string { return accountPrefix.Global(a.Person) }

func (a *Account) targets() []any {
	return []any{&a.Person, &a.Mail, &a.Language, &a.Admin, &a.CreatedAt, &a.DisabledAt}
}

// AccountOf reads the viewer's own account; nil for who has none, such as people
// of the demonstration.
func AccountOf(ctx context.Context, q postgres.Querier, v *access.Viewer) (*Account, error) {
	a := &Account{}
	err := postgres.Personal(q, v).QueryRow(ctx, `select `+accountColumns+` from accounts a where a.person = $1`, v.Person).Scan(a.targets()...)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return a, wrap("read the account", err)
}

// opened finds the account of a proven mail address, or makes it with a person
// of its own.
func opened(ctx context.Context, tx *postgres.Tx, address string, l lang.Lang) (id.ID, error) {
	if err := serial(ctx, tx, "account "+address); err != nil {
		return id.Zero, err
	}
	a := Account{}
	err := tx.Native().QueryRow(ctx, `select `+accountColumns+` from accounts a where a.mail = $1`, address).Scan(a.targets()...)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return newAccount(ctx, tx, Account{Mail: &address, Language: l}, "")
	case err != nil:
		return id.Zero, wrap("find the account", err)
	case a.DisabledAt != nil:
		return id.Zero, ErrAccountDisabled.New()
	}
	return a.Person, nil
}

// serial makes transactions about the same thing wait for each other, where
// there is no row yet to lock.
func serial(ctx context.Context, tx *postgres.Tx, what string) error {
	_, err := tx.Native().Exec(ctx, `select pg_advisory_xact_lock(hashtextextended($1, 0))`, what)
	return wrap("wait for one's turn", err)
}

// newAccount registers a person that only they themselves see, until they act
// for somebody.
func newAccount(ctx context.Context, tx *postgres.Tx, a Account, name string) (id.ID, error) {
	a.Person = id.New()
	err := node.Register(ctx, tx, node.Node{ID: a.Person, Kind: node.Person, Visibility: access.Organisers})
	if err != nil {
		return id.Zero, err
	}
	if err := addAccount(ctx, tx, a); err != nil {
		return id.Zero, err
	}
	self := &access.Viewer{Person: a.Person}
	if name != "" {
		if err := rename(ctx, tx, self, name); err != nil {
			return id.Zero, err
		}
	}
	return a.Person, tell(ctx, tx, a.Person, self, FactAccountCreated, nil)
}

func addAccount(ctx context.Context, tx *postgres.Tx, a Account) error {
	if _, ok := lang.Parse(string(a.Language)); !ok {
		a.Language = lang.CA
	}
	_, err := tx.Native().Exec(ctx, `insert into accounts (person, mail, lang, admin) values ($1, $2, $3, $4)`,
		a.Person, a.Mail, a.Language, a.Admin)
	return postgres.Translate(wrap("add the account", err), byConstraint)
}

var byConstraint = map[string]fault.Code{"accounts_mail": ErrMailTaken}

// AddAccounts gives people who are recorded already accounts with these mail
// addresses, which the caller answers for: for the demonstration. Who has one
// keeps it, and an address that is taken is left out.
func AddAccounts(ctx context.Context, tx *postgres.Tx, mails map[id.ID]string) error {
	for person, address := range mails {
		_, err := tx.Native().Exec(ctx, `insert into accounts (person, mail) values ($1, $2) on conflict do nothing`, person, address)
		if err != nil {
			return wrap("add accounts", err)
		}
	}
	return nil
}

// Change is what shall be different in one's own account; nil leaves it.
type Change struct {
	Language *lang.Lang
	Name     *string // 1 to 200 characters
}

const maxName = 200

// Update changes the viewer's own account.
func (s *Accounts) Update(ctx context.Context, v *access.Viewer, key string, ch Change) error {
	if err := inPerson(v); err != nil {
		return err
	}
	if ch.Name != nil {
		name, err := cleanName(*ch.Name)
		if err != nil {
			return err
		}
		ch.Name = &name
	}
	_, err := once(ctx, s.db, v, key, "accountUpdate", ch, func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		return nil, update(ctx, tx, v, ch)
	})
	return err
}

func update(ctx context.Context, tx *postgres.Tx, v *access.Viewer, ch Change) error {
	if err := journal.Lock(ctx, tx, v.Person); err != nil {
		return err
	}
	if ch.Language != nil {
		if _, err := tx.Native().Exec(ctx, `update accounts set lang = $2 where person = $1`, v.Person, *ch.Language); err != nil {
			return wrap("change the language", err)
		}
	}
	if ch.Name == nil {
		return nil
	}
	if err := rename(ctx, tx, v, *ch.Name); err != nil {
		return err
	}
	return tell(ctx, tx, v.Person, v, FactNameChanged, nil)
}

func cleanName(name string) (string, error) {
	name = strings.TrimSpace(name)
	switch {
	case name == "":
		return "", fault.ErrRequired.At("name")
	case !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }):
		return "", fault.ErrBadText.At("name")
	case utf8.RuneCountInString(name) > maxName:
		return "", fault.ErrTooLong.At("name").With("max", maxName)
	}
	return name, nil
}

// rename writes a person's own name where names live. Who acts for the same
// bodies may see it.
func rename(ctx context.Context, tx *postgres.Tx, self *access.Viewer, name string) error {
	_, err := postgres.Personal(tx.Native(), self).Exec(ctx, `
		insert into person_names (subject, root, name) values ($1, $1, $2)
		on conflict (subject) do update set name = excluded.name`, self.Person, name)
	return wrap("write the name", err)
}

// inPerson refuses who is nobody, and machines: a token that could make tokens
// or keep its holder signed in would never end.
func inPerson(v *access.Viewer) error {
	switch {
	case !v.SignedIn():
		return fault.ErrUnauthenticated.New()
	case !v.Token.IsZero():
		return ErrSessionOnly.New()
	}
	return nil
}

// tell appends a fact about an account to its person's topic.
func tell(ctx context.Context, tx *postgres.Tx, person id.ID, v *access.Viewer, kind string, data any) error {
	return journal.Append(ctx, tx, person, v, journal.Fact{
		Kind: kind, Level: access.Organisers, Data: data, About: []id.ID{person},
	})
}

// wrap says what was being done, and gives errors of the database their safe
// face.
func wrap(doing string, err error) error {
	if err == nil {
		return nil
	}
	return postgres.Translate(fmt.Errorf("%s: %w", doing, err), nil)
}
