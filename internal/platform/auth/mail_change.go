package auth

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/rate"
)

// FactMailChanged is the fact of another mail address; neither is in it.
const FactMailChanged = "account.mail_changed"

// The limits are the person's, whoever owns the address they type; that of an
// address keeps many people from filling one mailbox.
var (
	changesPerHour = rate.Limit{Name: "mail changes of a person", Most: 5, Window: time.Hour}
	changesPerMail = rate.Limit{Name: "mail changes to an address", Most: 10, Window: 24 * time.Hour}
	changeTries    = rate.Limit{Name: "codes tried for a mail change", Most: 10, Window: 15 * time.Minute}
)

var (
	// ErrMailCode is the one answer for a code that changes nothing.
	ErrMailCode = fault.Define(fault.Invalid, "MAIL_CODE_WRONG",
		"El codi no és correcte, ja s'ha fet servir o ha caducat. Demaneu-ne un altre.",
		"El código no es correcto, ya se ha usado o ha caducado. Pida otro.",
		"The code is wrong, has been used or has expired. Ask for a new one.")
	// ErrSameMail says that the address is the account's own already.
	ErrSameMail = fault.Define(fault.Invalid, "SAME_MAIL",
		"Aquesta ja és la vostra adreça.", "Esta ya es su dirección.", "This is your address already.")
)

// ChangeMail sends a code to the address that the viewer wants for their account,
// and returns for how many minutes it is good. Nothing changes before
// ConfirmMail. It does the same whether or not somebody has the address: only who
// reads it is told. Faults: BAD_MAIL, SAME_MAIL, NO_ACCOUNT, TOO_OFTEN.
func (s *Accounts) ChangeMail(ctx context.Context, v *access.Viewer, key, address string) (minutes int, err error) {
	if err := inPerson(v); err != nil {
		return 0, err
	}
	if address, err = Address(address); err != nil {
		return 0, err
	}
	if err := rate.TakeAll(ctx, s.db, rate.Try{Limit: changesPerHour, Subject: v.Person.String()}, rate.Try{Limit: changesPerMail, Subject: address}); err != nil {
		return 0, err
	}
	_, err = s.one(postgres.AsHub(ctx), v, key, "accountMailChange", address, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		return s.askForMail(ctx, tx, v, address)
	})
	return int(codeLife / time.Minute), err
}

func (s *Accounts) askForMail(ctx context.Context, tx *postgres.Tx, v *access.Viewer, address string) (id.ID, error) {
	if err := journal.Lock(ctx, tx, v.Person); err != nil {
		return id.Zero, err
	}
	a, err := which(ctx, tx.Native(), Which{Person: v.Person})
	switch {
	case err != nil:
		return id.Zero, err
	case a.Mail != nil && *a.Mail == address:
		return id.Zero, ErrSameMail.At("mail")
	}
	code, err := newCode()
	if err != nil {
		return id.Zero, err
	}
	if _, err := tx.Native().Exec(ctx, `update mail_changes set used_at = now() where person = $1 and used_at is null`, v.Person); err != nil {
		return id.Zero, wrap("take the change before back", err)
	}
	made := id.New()
	_, err = tx.Native().Exec(ctx, `insert into mail_changes (id, person, mail, code_hash, expires_at) values ($1, $2, $3, $4, now() + $5)`,
		made, v.Person, address, s.changeHash(v.Person, code), codeLife)
	if err != nil {
		return id.Zero, wrap("keep the change", err)
	}
	return made, s.mail.EnqueueTx(ctx, tx, mail.Message{
		To: address, Lang: a.Language, Template: mail.MailChange, UniqueKey: "mail-change/" + made.String(),
		Data: map[string]any{"code": code[:4] + " " + code[4:], "minutes": int(codeLife / time.Minute)},
	})
}

func (s *Accounts) changeHash(person id.ID, code string) []byte {
	return keyed(s.key, "mail change", person.String(), code)
}

// ConfirmMail makes the address to which the code went the account's, and tells
// the address before. Sessions and tokens stay. Faults: MAIL_CODE_WRONG, and to
// who has proven to read it MAIL_TAKEN; TOO_OFTEN.
func (s *Accounts) ConfirmMail(ctx context.Context, v *access.Viewer, key, code string) error {
	if err := inPerson(v); err != nil {
		return err
	}
	if err := changeTries.Take(ctx, s.db, v.Person.String()); err != nil {
		return err
	}
	hash := s.changeHash(v.Person, digits(code))
	_, err := s.one(postgres.AsHub(ctx), v, key, "accountMailConfirm", hash, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		return s.takeMail(ctx, tx, v, hash)
	})
	return err
}

func (s *Accounts) takeMail(ctx context.Context, tx *postgres.Tx, v *access.Viewer, hash []byte) (change id.ID, err error) {
	if err := journal.Lock(ctx, tx, v.Person); err != nil {
		return id.Zero, err
	}
	var address string
	err = tx.Native().QueryRow(ctx, `
		update mail_changes set used_at = now() where person = $1 and used_at is null and expires_at > now() and code_hash = $2
		returning id, mail`, v.Person, hash).Scan(&change, &address)
	if errors.Is(err, pgx.ErrNoRows) {
		return id.Zero, ErrMailCode.At("code")
	}
	if err != nil {
		return id.Zero, wrap("use the code up", err)
	}
	if err := mail.Alive(ctx, tx, address); err != nil {
		return id.Zero, wrap("use the code up", err)
	}
	before, l, err := replaceMail(ctx, tx, v.Person, address)
	if err != nil {
		return id.Zero, err
	}
	if err := tell(ctx, tx, v.Person, v, FactMailChanged, nil); err != nil || before == nil {
		return change, err
	}
	return change, s.tellOldMail(ctx, tx, change, *before, l)
}

// replaceMail gives an account its address and returns the one before. What was
// sent to that one to sign in with is good no more.
func replaceMail(ctx context.Context, tx *postgres.Tx, person id.ID, address string) (before *string, l lang.Lang, err error) {
	err = tx.Native().QueryRow(ctx, `
		with old as (select mail from accounts where person = $1 for update)
		update accounts a set mail = $2 from old where a.person = $1 returning old.mail, a.lang`, person, address).Scan(&before, &l)
	if err != nil {
		return nil, l, postgres.Translate(wrap("change the mail", err), byConstraint)
	}
	_, err = tx.Native().Exec(ctx, `update sign_in_codes set used_at = now() where mail = $1 and used_at is null`, before)
	return before, l, wrap("end the codes of the mail before", err)
}

// tellOldMail lets who reads the address before know: it may be that somebody
// else sat at their computer.
func (s *Accounts) tellOldMail(ctx context.Context, tx *postgres.Tx, change id.ID, before string, l lang.Lang) error {
	var at time.Time
	if err := tx.Native().QueryRow(ctx, `select now()`).Scan(&at); err != nil {
		return wrap("ask for the time", err)
	}
	return s.mail.EnqueueTx(ctx, tx, mail.Message{
		To: before, Lang: l, Template: mail.MailChanged, UniqueKey: "mail-changed/" + change.String(),
		Data: map[string]any{"at": at, "contact": s.contact},
	})
}
