package attendance

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Certificate says that somebody was at a training, for how many hours.
type Certificate struct {
	link.Slots
	ID        id.ID
	Event     id.ID
	Delegate  id.ID
	Code      string // with which anybody checks it
	Minutes   int
	HeldOn    time.Time
	IssuedAt  time.Time
	ShowsName bool // to whoever checks it
}

// CertificateID is the prefix of certificates in public identifiers.
const CertificateID id.Type = "cert"

// GlobalID is the certificate's public identifier.
func (c *Certificate) GlobalID() string { return CertificateID.GlobalPart(c.Event, c.ID) }

// Path is where the certificate to print is, below the hub's address.
func (c *Certificate) Path() string {
	return "/papers/" + c.GlobalID() + "/certificate.html"
}

// ShownInitials are the initials; nil when the hub keeps the name no longer.
func (c *Checked) ShownInitials() *string { return orNil(c.Initials) }

// ShownName is the name; nil where it is not shown.
func (c *Checked) ShownName() *string { return orNil(c.Name) }

func orNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// Checked is what whoever has the code of a certificate is told.
type Checked struct {
	Event     lang.Text
	Organiser lang.Text
	Minutes   int
	HeldOn    time.Time
	IssuedAt  time.Time
	Initials  string // empty when the hub keeps the name no longer
	Name      string // where the holder shows it
	// NameMatches tells whether the name that was asked about is the one it was
	// issued to; nil when none was asked about.
	NameMatches *bool
}

// FactCertificatesIssued tells the organisers how many certificates were issued.
const FactCertificatesIssued = "CERTIFICATES_ISSUED" // CertificatesIssued

// CertificatesIssued counts them.
type CertificatesIssued struct {
	Certificates int `json:"certificates"`
}

var (
	// ErrNoTraining means that certificates are given for trainings only.
	ErrNoTraining = fault.Define(fault.Conflict, "CERTIFICATES_FOR_TRAININGS",
		"Només es certifiquen les formacions.", "Solo se certifican las formaciones.",
		"Only trainings are certified.")
	// ErrNotHeld means that the training is still to be held.
	ErrNotHeld = fault.Define(fault.Conflict, "EVENT_NOT_HELD",
		"Primer indiqueu que l'acte s'ha celebrat.", "Primero indique que el acto se ha celebrado.",
		"Say first that the event was held.")
)

// IssueCertificates issues one to each delegate with a name who came to a training
// for any time at all and has none yet.
//
// Who may: the event's organisers, once the event is held. Refusals:
// ErrNoTraining, ErrNotHeld.
func (s *Service) IssueCertificates(ctx context.Context, v *access.Viewer, of id.ID, key string) (issued int, err error) {
	call := command.Call{DB: s.db, Viewer: v, Key: key, Mutation: "eventCertificatesIssue", Input: of}
	err = call.Run(ctx, func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		e, err := lockOrganised(ctx, tx, v, of)
		switch {
		case err != nil:
			return nil, err
		case e.kind != "TRAINING":
			return nil, ErrNoTraining.New()
		case e.state != "HELD":
			return nil, ErrNotHeld.New()
		}
		made, err := issue(ctx, tx, v, e)
		if err != nil || len(made) == 0 {
			return made, err
		}
		return made, tell(ctx, tx, v, e, FactCertificatesIssued, CertificatesIssued{len(made)})
	}, func(_ context.Context, _ *postgres.Tx, made []id.ID) error {
		issued = len(made)
		return nil
	})
	return issued, err
}

// toCertify is somebody who gets one.
type toCertify struct {
	delegate id.ID
	name     string
	minutes  int
	heldOn   time.Time
}

var toCertifySQL = `
select d.id, coalesce(own.name, person.name), m.minutes, coalesce(e.starts_at at time zone 'Europe/Madrid', now())::date
from registration_delegates d join events e on e.node = d.event
cross join lateral (select ` + minutesSQL + ` as minutes) m
left join delegate_secrets s on s.delegate = d.id
left join person_names own on own.subject = d.id left join person_names person on person.subject = s.person
where d.event = $1 and d.state = 'ATTENDED' and coalesce(own.name, person.name, '') <> '' and m.minutes > 0
  and not exists (select from certificates c where c.delegate = d.id)
order by d.id`

func issue(ctx context.Context, tx *postgres.Tx, v *access.Viewer, e *event) (made []id.ID, err error) {
	rows, err := postgres.Personal(tx.Native(), v).Query(ctx, toCertifySQL, e.Node)
	if err != nil {
		return nil, readError("read who was there", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c toCertify, err error) {
		return c, row.Scan(&c.delegate, &c.name, &c.minutes, &c.heldOn)
	})
	if err != nil {
		return nil, readError("read who was there", err)
	}
	for _, c := range list {
		one, code := id.New(), newCode()
		_, err := tx.Native().Exec(ctx, `
			insert into certificates (id, event, delegate, code, minutes, held_on, seal, issued_by)
			values ($1, $2, $3, $4, $5, $6, $7, $8)`,
			one, e.Node, c.delegate, code, c.minutes, c.heldOn, seal(code, e.Node, c.minutes, c.heldOn, c.name), v.Person)
		if err != nil {
			return nil, readError("issue a certificate", err)
		}
		made = append(made, one)
	}
	return made, nil
}

// newCode makes the code of a certificate: 20 letters and digits, 100 random bits.
func newCode() string { return rand.Text()[:20] }

// seal stands for what was certified and to whom. The code is in it, so that the
// same person has another seal at every training.
func seal(code string, of id.ID, minutes int, heldOn time.Time, name string) []byte {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d\x00%s\x00%s", code, of, minutes, heldOn.Format(time.DateOnly), plain(name)))
	return sum[:]
}

// plain is a name as it is compared: without capitals and doubled spaces.
func plain(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

func cleanCode(code string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(code))
}

const checkSQL = `
select c.event, jsonb_build_object('ca', n.title_ca, 'es', n.title_es, 'en', n.title_en),
  jsonb_build_object('ca', h.title_ca, 'es', h.title_es, 'en', h.title_en), c.minutes, c.held_on, c.issued_at, c.shows_name, c.seal,
  coalesce(own.name, person.name, '')
from certificates c join nodes n on n.id = c.event join nodes h on h.id = n.home
left join delegate_secrets s on s.delegate = c.delegate
left join person_names own on own.subject = c.delegate left join person_names person on person.subject = s.person
where c.code = $1`

// Check says whether a certificate is genuine: nil when it is not. Whoever has the
// code may ask; it is the right, so that the read is the hub's own. name, where it
// is given, is compared with whom it was issued to, also when that name is long
// forgotten.
func Check(ctx context.Context, q postgres.Querier, code, name string) (*Checked, error) {
	c, of, shown, sealed, holder := &Checked{}, id.Zero, false, []byte(nil), ""
	code = cleanCode(code)
	err := postgres.Hub(q).QueryRow(ctx, checkSQL, code).Scan(&of, &c.Event, &c.Organiser, &c.Minutes, &c.HeldOn, &c.IssuedAt, &shown, &sealed, &holder)
	if isNone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, readError("check a certificate", err)
	}
	c.Initials = initials(holder)
	if shown {
		c.Name = holder
	}
	if strings.TrimSpace(name) != "" {
		same := slices.Equal(seal(code, of, c.Minutes, c.HeldOn, name), sealed)
		c.NameMatches = &same
	}
	return c, nil
}

// initials are the first letters of the parts of a name.
func initials(name string) string {
	var b strings.Builder
	for _, part := range strings.Fields(name) {
		b.WriteString(string([]rune(part)[:1]) + ".")
	}
	return b.String()
}

func isNone(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

// ShowName lets whoever checks the certificate read the name, or no longer.
//
// Who may: whom it certifies, and nobody for them.
func (s *Service) ShowName(ctx context.Context, v *access.Viewer, delegate id.ID, show bool, key string) error {
	call := command.Call{DB: s.db, Viewer: v, Key: key, Mutation: "delegateCertificateShow", Input: []any{delegate, show}}
	_, err := command.Made(ctx, call, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		var own bool
		err := postgres.Personal(tx.Native(), v).QueryRow(ctx, `
			select coalesce(s.person = $2, false) from certificates c join delegate_secrets s on s.delegate = c.delegate
			where c.delegate = $1`, delegate, v.Person).Scan(&own)
		switch {
		case err != nil:
			return id.Zero, missing("id", "read the certificate", err)
		case !own:
			return id.Zero, fault.ErrDenied.New()
		}
		_, err = tx.Native().Exec(ctx, `update certificates set shows_name = $2 where delegate = $1`, delegate, show)
		return delegate, readError("show the name", err)
	})
	return err
}

var certificatesSQL = `
select c.id, c.event, c.delegate, c.code, c.minutes, c.held_on, c.issued_at, c.shows_name
from certificates c join registration_delegates d on d.id = c.delegate join registrations r on r.id = d.registration
join nodes n on n.id = c.event left join delegate_secrets s on s.delegate = c.delegate
where c.delegate = any($7) and coalesce(r.registered_by = $1 or r.organisation = any($4::uuid[]) or s.person = $1
  or ` + access.LevelSQL("n", 2) + ` = 4, false)`

// CertificatesOf reads the certificates of delegates, for the parties of their
// registrations and for themselves.
func CertificatesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, delegates []id.ID) (map[id.ID]*Certificate, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, certificatesSQL, append(append([]any{v.Person}, v.SQLArgs()...), delegates)...)
	if err != nil {
		return nil, readError("read certificates", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Certificate, error) {
		c := &Certificate{}
		return c, row.Scan(&c.ID, &c.Event, &c.Delegate, &c.Code, &c.Minutes, &c.HeldOn, &c.IssuedAt, &c.ShowsName)
	})
	if err != nil {
		return nil, readError("read certificates", err)
	}
	of, read := make(map[id.ID]*Certificate, len(list)), map[id.ID][]id.ID{}
	for _, c := range list {
		of[c.Delegate] = c
		read[c.Event] = append(read[c.Event], c.Delegate)
	}
	for event, subjects := range read {
		if err := audit.Read(ctx, q, v, audit.Delegates, event, subjects); err != nil {
			return nil, err
		}
	}
	return of, nil
}
