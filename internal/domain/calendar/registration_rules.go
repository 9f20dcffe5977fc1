package calendar

import (
	"crypto/rand"
	"crypto/sha256"
	"net/mail"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
)

const (
	maxName = 200
	maxMail = 254
)

// check cleans the input in place and collects everything that is wrong with it
// by itself, without a look at the database.
func (in *RegistrationInput) check() error {
	var wrong fault.List
	if !oneOf(in.Policy, PlacesPolicies()) {
		wrong = append(wrong, ErrBadPolicy.At("policy"))
	}
	switch n := len(in.Delegates); {
	case n == 0:
		wrong = append(wrong, ErrNoDelegates.At("delegates"))
	case n > MaxBlock:
		return append(wrong, ErrTooManyDelegates.At("delegates").With("max", MaxBlock))
	}
	for i := range in.Delegates {
		for _, f := range in.Delegates[i].check() {
			wrong = append(wrong, f.Under("delegates", strconv.Itoa(i)))
		}
	}
	return append(wrong, sameTwice(in.Delegates)...).Err()
}

// check cleans one delegate and tells what is wrong with it.
func (d *DelegateInput) check() (wrong fault.List) {
	d.Name = strings.Join(strings.Fields(d.Name), " ")
	d.Mail = strings.ToLower(strings.TrimSpace(d.Mail))
	if !oneOf(d.Role, DelegateRoles()) {
		wrong = append(wrong, ErrBadPolicy.At("role"))
	}
	if d.Sex != "" && !oneOf(d.Sex, Sexes()) {
		wrong = append(wrong, ErrBadPolicy.At("sex"))
	}
	if !d.Person.IsZero() && d.Name+d.Mail != "" {
		wrong = append(wrong, ErrPersonOrName.At("person"))
	}
	if !form.Storable(d.Name) {
		wrong = append(wrong, fault.ErrBadText.At("name"))
	}
	if utf8.RuneCountInString(d.Name) > maxName {
		wrong = append(wrong, fault.ErrTooLong.At("name").With("max", maxName))
	}
	if d.Mail == "" {
		return wrong
	}
	if d.Name == "" && d.Person.IsZero() {
		wrong = append(wrong, fault.ErrRequired.At("name"))
	}
	if a, err := mail.ParseAddress(d.Mail); err != nil || a.Address != d.Mail || len(d.Mail) > maxMail {
		wrong = append(wrong, ErrBadMail.At("mail"))
	}
	return wrong
}

// named tells that somebody is meant, not only a seat held.
func (d DelegateInput) named() bool { return !d.Person.IsZero() || d.Name != "" }

// sameTwice finds delegates of one block who are the same person: by account,
// by mail or by name.
func sameTwice(delegates []DelegateInput) (wrong fault.List) {
	seen := map[string]bool{}
	for i, d := range delegates {
		field, twice := "", false
		for _, k := range d.keys() {
			if seen[k.key] && !twice {
				field, twice = k.field, true
			}
			seen[k.key] = true
		}
		if twice {
			wrong = append(wrong, ErrSameDelegateTwice.At("delegates", strconv.Itoa(i), field))
		}
	}
	return wrong
}

type delegateKey struct{ field, key string }

func (d DelegateInput) keys() (keys []delegateKey) {
	if !d.Person.IsZero() {
		keys = append(keys, delegateKey{"person", "person " + d.Person.String()})
	}
	if d.Mail != "" {
		keys = append(keys, delegateKey{"mail", "mail " + d.Mail})
	}
	if d.Name != "" {
		keys = append(keys, delegateKey{"name", "name " + strings.ToLower(d.Name)})
	}
	return keys
}

// mailKey finds the same mail twice at one event. It is a hash that differs
// from event to event, so that rows of two events cannot be matched by it.
func mailKey(event id.ID, mail string) []byte {
	if mail == "" {
		return nil
	}
	sum := sha256.Sum256(append(event[:], mail...))
	return sum[:]
}

// commonRole is the role of all delegates, or none when they differ.
func commonRole(delegates []DelegateInput) DelegateRole {
	role := delegates[0].Role
	for _, d := range delegates {
		if d.Role != role {
			return ""
		}
	}
	return role
}

// newCode makes an entrance code: 20 letters and digits, 100 random bits. They
// can be read out aloud: no 0, 1, 8 or 9.
func newCode() string { return rand.Text()[:20] }

// cleanCode forgives what hands and scanners add to a code.
func cleanCode(code string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(code))
}

// mayRegisterFor tells whether the viewer may register an organisation's
// delegates: who acts for it in any role.
func mayRegisterFor(v *access.Viewer, organisation id.ID) error {
	if v.SignedIn() && organisation.IsZero() {
		return fault.ErrRequired.At("organization")
	}
	return access.At(access.MayRegisterFor(v, organisation), "organization")
}
