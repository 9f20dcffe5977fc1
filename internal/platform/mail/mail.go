// Package mail writes and sends the hub's transactional mails: sign-in codes,
// invitations, what happened to a registration. They say what the person must
// know or can do, in the person's language, and go out whatever the person has
// chosen about digests.
//
// A mail is queued (Queue), rendered from embedded templates in three languages
// and handed to a Sender: an SMTP relay, or the demonstration's Outbox, which
// keeps mails for a local page instead of sending them.
//
// Mails carry no picture, no tracking and nothing that is loaded from elsewhere.
package mail

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Message is a mail to one person, before it is rendered.
type Message struct {
	To       string    // one bare address, such as anna@example.org
	Lang     lang.Lang // of the person it goes to
	Template string    // one of the templates below
	// Data fills the template: exactly the keys that its constant names. Links
	// are absolute http(s) addresses; times are time.Time.
	Data map[string]any
	// UniqueKey is what the mail is about, such as "invitation/<id>": a second
	// message with the same key is not sent. At most 200 bytes, no personal data:
	// it is kept (hashed) after the mail itself has been forgotten.
	UniqueKey string
	// Calendar is an iCalendar file that goes with the mail; empty: none. Its METHOD
	// says what programs do with it.
	Calendar string
	// Off is the address behind which such mails are turned off (see Off); empty: they
	// are needed.
	Off string
	// About is the seat or registration that the mail is about: when it is refused,
	// that is noted there. Zero: nobody has to know.
	About id.ID
}

// The templates, with the keys of their data.
const (
	// SignInCode: code string, link string (signs in directly), minutes int
	// (how long both are valid).
	SignInCode = "sign_in_code"
	// Invitation: organization string, role string ("" when none), inviter string
	// (name of a person or body), link string, until time.Time.
	Invitation = "invitation"
	// RegisteredByOther goes to who was registered by somebody else: event
	// string, startsAt time.Time, registrar string (the body or person who did
	// it), link string (one page: accept, correct, "not me"), sensitive bool.
	RegisteredByOther = "registered_by_other"
	// RegistrationChanged: event string, startsAt time.Time, link string,
	// sensitive bool. What has changed is shown behind the link only.
	RegistrationChanged = "registration_changed"
	// GlassBroken tells who answers for something that an administrator looked
	// inside: what string (title of the thing), administrator string, reason
	// string, at time.Time, link string.
	GlassBroken = "glass_broken"
	// ErasureReceipt: receipt string (its number), at time.Time, kept string
	// (what remains and why, "" when nothing), contact string (mail address of
	// who answers questions).
	ErasureReceipt = "erasure_receipt"
	// ClaimDecided: organization string, accepted bool, reason string (""
	// allowed when accepted), link string.
	ClaimDecided = "claim_decided"
	// MailChange goes to the new address of an account: code string, minutes int
	// (how long it is good).
	MailChange = "mail_change"
	// MailChanged goes to the address before: at time.Time, contact string (mail
	// address of who runs the hub, "" when not said).
	MailChanged = "mail_changed"
	// Digest is what is new in somebody's inbox, as they asked to be told: count
	// int (things new), items []Entry (1 to MaxEntries), more bool (there are more
	// than the items), link string (the inbox), settings string (where they choose
	// when they are told). The only mail that people can do without.
	Digest = "digest"
	// TableCalled calls who sits at a table to a session: table string,
	// organization string (for which they sit there), startsAt time.Time, link
	// string (one page: attend, send the substitute, excused).
	TableCalled = "table_called"
	// TablePoll asks who sits at a table for dates: table string, organization
	// string, until time.Time, link string.
	TablePoll = "table_poll"
	// BookingLink goes to who registers without an account: event string, until
	// time.Time (how long the seats are held), link string (confirms, and shows the
	// registration), known bool (it was confirmed before), sensitive bool.
	BookingLink = "booking_link"
	// The mails about one's own seat. All have: event string, when string (the date
	// in words), where string ("" allowed), link string (the registration or the
	// event), sensitive bool. People is how many the seats are for.
	SeatConfirmed = "seat_confirmed" // people int
	SeatWaiting   = "seat_waiting"   // people int, place int (in the line)
	SeatOffered   = "seat_offered"   // people int, until time.Time (to say that one comes)
	SeatChanged   = "seat_changed"   // none besides
	SeatCancelled = "seat_cancelled" // lapsed bool (nobody answered the offer), off bool (the event does not take place)
	SeatReminder  = "seat_reminder"  // people int
	// EventMessage is what the organisers of an event write to who comes: event
	// string, subject string, text string (as they wrote it, with its lines),
	// sensitive bool (then neither subject nor event stand where others see them).
	EventMessage = "event_message"
)

// MaxEntries bounds the items of a digest.
const MaxEntries = 25

// Entry is one thing in a list.
type Entry struct {
	Title string `json:"title"` // of the thing
	Text  string `json:"text"`  // what happened to it
	Link  string `json:"link"`  // absolute http(s) address
}

// Queue takes mails to be sent soon, by any instance, exactly as often as their
// unique keys say. Implemented by package jobs.
type Queue interface {
	// Enqueue keeps the message durably before it returns. Whoever queues inside
	// a transaction of their own uses EnqueueTx. A message that cannot be
	// rendered is refused here, not later: it is a mistake of the caller.
	Enqueue(ctx context.Context, m Message) error
}

// EnqueueAll queues several messages in an open transaction: in one go where the
// queue can.
func EnqueueAll(ctx context.Context, tx *postgres.Tx, q TxQueue, messages []Message) error {
	if all, can := q.(interface {
		EnqueueAllTx(ctx context.Context, tx *postgres.Tx, messages []Message) error
	}); can {
		return all.EnqueueAllTx(ctx, tx, messages)
	}
	for _, m := range messages {
		if err := q.EnqueueTx(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}

// TxQueue is a queue that takes a message as part of an open transaction: it is
// sent if and only if that commits.
type TxQueue interface {
	Queue
	EnqueueTx(ctx context.Context, tx *postgres.Tx, m Message) error
}
