package calendar

import (
	"context"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/rate"
)

// Whoever has no account registers by a mail address. The seats are taken, or the
// place in the line is, at once, and held for a while; a link is sent to the
// address. Opening it confirms, and from then on each link that is mailed is the
// right to everything about this one registration, until the event is over.
//
// Before the confirmation nobody but the organisers learns of it: delegates are
// not told, their addresses are not compared with anybody's, and an association
// that is not in the network is not added to it. The answer to the request is the
// same whether or not the address has registered before.

// Limits of requests by mail. A request is counted for the address that it names
// before the one it comes from: a town hall is one address.
var (
	requestsPerMail    = rate.Limit{Name: "registrations by a mail", Most: 10, Window: time.Hour}
	requestsPerAddress = rate.Limit{Name: "registrations from an address", Most: 120, Window: time.Hour}
)

// NewAssociation is an association that who registers did not find in the
// network.
type NewAssociation struct {
	Name  string // 200 characters
	Town  id.ID
	TaxID string // empty: not said
}

// Bodies are the network's organisations, as far as registering needs them.
type Bodies interface {
	// CheckAssociation says what is wrong with one by itself.
	CheckAssociation(a NewAssociation) error
	// AddAssociation adds one, or gives the one that is there already under its tax
	// number or its name in the town. Whoever added it has no right over it; it can
	// be claimed.
	AddAssociation(ctx context.Context, tx *postgres.Tx, a NewAssociation) (id.ID, error)
}

// WithBodies lets who registers by mail add associations.
func WithBodies(b Bodies) RegistrationsOption { return func(s *Registrations) { s.bodies = b } }

// GuestInput is what somebody without an account asks for.
type GuestInput struct {
	Event        id.ID
	Mail         string
	Name         string    // of who registers; empty: not said
	Language     lang.Lang // of the mails
	Organisation id.ID     // one that was found, or:
	New          *NewAssociation
	Delegates    []DelegateInput // never with a person
	Policy       PlacesPolicy
	Audience     id.ID
	Notice       int `json:",omitempty"` // the version of the organisers' notice that was accepted; 0: none
}

func (in *GuestInput) registration() RegistrationInput {
	return RegistrationInput{
		Event: in.Event, Organisation: in.Organisation, Delegates: in.Delegates, Policy: in.Policy, Audience: in.Audience, Notice: in.Notice,
		byLink: true, added: in.New != nil,
	}
}

func (in *GuestInput) check(bodies Bodies) error {
	var wrong fault.List
	in.Mail = strings.ToLower(strings.TrimSpace(in.Mail))
	if a, err := mail.ParseAddress(in.Mail); err != nil || a.Address != in.Mail || len(in.Mail) > maxMail {
		wrong = append(wrong, ErrBadMail.At("mail"))
	}
	in.Name = strings.Join(strings.Fields(in.Name), " ")
	wrong = append(wrong, checkName(in.Name, "name")...)
	switch {
	case in.New == nil && in.Organisation.IsZero(), in.New != nil && bodies == nil:
		wrong = append(wrong, fault.ErrRequired.At("organization"))
	case in.New != nil:
		in.New.Name = strings.Join(strings.Fields(in.New.Name), " ")
		for _, f := range fault.All(bodies.CheckAssociation(*in.New)) {
			wrong = append(wrong, f.Under("organization", "new"))
		}
	}
	r := in.registration()
	wrong = append(wrong, fault.All(r.check())...)
	return wrong.Err()
}

func checkName(name, field string) (wrong fault.List) {
	if !form.Storable(name) {
		wrong = append(wrong, fault.ErrBadText.At(field))
	}
	if utf8.RuneCountInString(name) > maxName {
		wrong = append(wrong, fault.ErrTooLong.At(field).With("max", maxName))
	}
	return wrong
}

// Guest is a registration as the holder of its link is shown it.
type Guest struct {
	*Registration
	Title        lang.Text // of the event
	StartsAt     *time.Time
	Date         PartialDate
	Organization lang.Text // the one it is for, or the name of one to be added
	Mail         string    // of who registered
	Name         string
	Language     lang.Lang
	Delegates    []*GuestDelegate
	MailArrives  bool      // as far as mail servers have said
	Adopted      bool      // it is an account's
	Until        time.Time // the link works
}

// GuestDelegate is one place of the block.
type GuestDelegate struct {
	ID       id.ID
	Event    id.ID
	Position int
	State    DelegateState
	Role     DelegateRole
	Name     string
	Mail     string
	Code     string // with a seat, and confirmed
	Answer   DelegateAnswer
}

// GlobalID is the place's public identifier.
func (d *GuestDelegate) GlobalID() string { return DelegateType.GlobalPart(d.Event, d.ID) }
