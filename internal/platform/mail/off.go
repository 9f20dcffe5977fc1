package mail

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Off makes and reads the links by which mails that people can do without are turned
// off with one click (RFC 8058), without signing in. A link is good for one kind and
// one person, and nobody can make one but the hub. The zero of a pointer makes none.
type Off struct {
	site string
	key  []byte
}

// NewOff makes links below a site, signed with a key that all instances share.
func NewOff(site string, key []byte) *Off { return &Off{site, key} }

// Kind is a kind of mails that can be turned off.
type Kind string

// The kinds.
const (
	Digests   Kind = "DIGESTS"
	Reminders Kind = "REMINDERS"
)

// Title is what mails of the kind are called.
func (k Kind) Title() lang.Text {
	if k == Reminders {
		return lang.Text{CA: "recordatoris d'actes", ES: "recordatorios de actos", EN: "reminders of events"}
	}
	return lang.Text{CA: "resums de novetats", ES: "resúmenes de novedades", EN: "digests of what is new"}
}

// Wish is what a link stands for.
type Wish struct {
	Kind    Kind
	Person  id.ID // whose digests
	address []byte
}

// OffPath is where the links lead, before their token.
const OffPath = "/mail/off/"

// Sizes of the parts of a token behind its first byte, which tells the kind.
const sealBytes = 16

// Digests is the link of a person.
func (o *Off) Digests(person id.ID) string { return o.link('d', person[:]) }

// Reminders is the link of an address: many who come to events have no account.
func (o *Off) Reminders(address string) string { return o.link('r', addressHash(address)) }

func (o *Off) link(kind byte, whose []byte) string {
	if o == nil {
		return ""
	}
	said := append([]byte{kind}, whose...)
	return o.site + OffPath + base64.RawURLEncoding.EncodeToString(append(said, o.seal(said)...))
}

func (o *Off) seal(said []byte) []byte {
	mac := hmac.New(sha256.New, o.key)
	mac.Write(said)
	return mac.Sum(nil)[:sealBytes]
}

// Read tells what a token stands for.
func (o *Off) Read(token string) (w Wish, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) <= 1+sealBytes {
		return w, false
	}
	said, seal := raw[:len(raw)-sealBytes], raw[len(raw)-sealBytes:]
	if !hmac.Equal(seal, o.seal(said)) {
		return w, false
	}
	switch whose := said[1:]; {
	case said[0] == 'd' && len(whose) == len(id.Zero):
		return Wish{Kind: Digests, Person: id.ID(whose)}, true
	case said[0] == 'r' && len(whose) == sha256.Size:
		return Wish{Kind: Reminders, address: whose}, true
	}
	return w, false
}

// TurnOffReminders does what a wish about them says.
func TurnOffReminders(ctx context.Context, q postgres.Querier, w Wish) error {
	return setReminders(ctx, q, w.address, false)
}

// SetReminders has reminders sent to an address, or not.
func SetReminders(ctx context.Context, q postgres.Querier, address string, on bool) error {
	return setReminders(ctx, q, addressHash(address), on)
}

func setReminders(ctx context.Context, q postgres.Querier, hash []byte, on bool) error {
	sql := `insert into reminders_off (address_hash) values ($1) on conflict do nothing`
	if on {
		sql = `delete from reminders_off where address_hash = $1`
	}
	if _, err := postgres.Hub(q).Exec(ctx, sql, hash); err != nil {
		return postgres.Translate(fmt.Errorf("turn reminders on or off: %w", err), nil)
	}
	return nil
}

// Unreminded tells which of some addresses want no reminders.
func Unreminded(ctx context.Context, q postgres.Querier, addresses ...string) (map[string]bool, error) {
	hashes, of := make([][]byte, len(addresses)), map[string]string{}
	for i, a := range addresses {
		hashes[i] = addressHash(a)
		of[string(hashes[i])] = a
	}
	rows, err := postgres.Hub(q).Query(ctx, `select address_hash from reminders_off where address_hash = any($1)`, hashes)
	if err != nil {
		return nil, postgres.Translate(fmt.Errorf("read who wants no reminders: %w", err), nil)
	}
	off := map[string]bool{}
	var hash []byte
	_, err = pgx.ForEachRow(rows, []any{&hash}, func() error {
		off[of[string(hash)]] = true
		return nil
	})
	return off, postgres.Translate(err, nil)
}

// offWords stand below a mail that can be turned off.
func offWords() lang.Text {
	return lang.Text{CA: "No vull rebre aquests correus", ES: "No quiero recibir estos correos", EN: "I do not want these mails"}
}
