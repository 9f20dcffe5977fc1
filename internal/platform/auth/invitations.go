package auth

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/rate"
)

// Bodies is what invitations need from the directory of organisations. Both work
// in the caller's transaction.
type Bodies interface {
	// MayInvite locks the body's topic and says whether v may let somebody act for
	// it in the role (empty: in some role): who answers for it may, and, where
	// nobody does, administrators of the platform. It returns the body's name. Faults: NOT_FOUND,
	// DENIED, and what is wrong with the role.
	MayInvite(ctx context.Context, tx *postgres.Tx, v *access.Viewer, body id.ID, role string) (lang.Text, error)
	// AppointInvited lets the person act for the body from today on, if inviter may
	// still invite, and returns the appointment. v is who accepts. Faults: as for
	// MayInvite, and ALREADY_ACTS.
	AppointInvited(ctx context.Context, tx *postgres.Tx, v, inviter *access.Viewer, body, person id.ID, role string) (id.ID, error)
}

// Invitation asks whoever reads a mail address to act for a body. It is used
// once, within 14 days, and nothing extends it. It carries no right of its own:
// when it is accepted, who invited must still be allowed to.
type Invitation struct {
	link.Slots
	ID           id.ID
	Mail         string
	Organization id.ID
	Role         string
	InvitedBy    id.ID
	CreatedAt    time.Time
	ExpiresAt    time.Time
}

const invitationPrefix = id.Type("inv")

// GlobalID is the invitation's public identifier, which is no secret.
func (i *Invitation) GlobalID() string { return invitationPrefix.GlobalPart(i.Organization, i.ID) }

// ParseInvitation reads an invitation's public identifier.
func ParseInvitation(global string) (organization, invitation id.ID, err error) {
	return invitationPrefix.Part(global)
}

// InvitationSpec describes an invitation to send.
type InvitationSpec struct {
	Organization id.ID
	Mail         string
	Role         string
}

// The facts about invitations, on the topic of the body, for who answers for it.
const (
	FactInvitationCreated  = "invitation.created"
	FactInvitationRevoked  = "invitation.revoked"
	FactInvitationAccepted = "invitation.accepted"
)

// InvitationFact is the data of the facts about invitations.
type InvitationFact struct {
	Invitation id.ID  `json:"invitation"`
	Role       string `json:"role,omitempty"`
}

// Invite sends an invitation and returns it. Who may: see Bodies.MayInvite.
// Faults: BAD_MAIL, ALREADY_INVITED, TOO_OFTEN and those of MayInvite.
func (s *Accounts) Invite(ctx context.Context, v *access.Viewer, key string, in InvitationSpec) (id.ID, error) {
	if !v.SignedIn() {
		return id.Zero, fault.ErrUnauthenticated.New()
	}
	address, err := Address(in.Mail)
	if err != nil {
		return id.Zero, err
	}
	in.Mail = address
	if err := rate.TakeAll(ctx, s.db, rate.Try{Limit: invitesPerHour, Subject: v.Person.String()}, rate.Try{Limit: invitesPerMail, Subject: address}); err != nil {
		return id.Zero, err
	}
	return s.one(postgres.AsHub(ctx), v, key, "invitationCreate", in, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		return s.invite(ctx, tx, v, in)
	})
}

func (s *Accounts) invite(ctx context.Context, tx *postgres.Tx, v *access.Viewer, in InvitationSpec) (id.ID, error) {
	name, err := s.bodies.MayInvite(ctx, tx, v, in.Organization, in.Role)
	if err != nil {
		return id.Zero, err
	}
	token, hash := newToken()
	made := Invitation{ID: id.New(), Mail: in.Mail, Organization: in.Organization, Role: in.Role}
	// The body's topic is locked: nobody else invites for it now.
	err = tx.Native().QueryRow(ctx, `
		insert into invitations (id, token_hash, mail, organization, role, invited_by, expires_at)
		select $1, $2, $3, $4, $5, $6, now() + interval '14 days'
		where not exists (select from invitations i where i.mail = $3 and i.organization = $4 and i.role = $5 and `+openInvitation+`)
		returning expires_at`, made.ID, hash, in.Mail, in.Organization, in.Role, v.Person).Scan(&made.ExpiresAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return id.Zero, ErrAlreadyInvited.At("mail")
	}
	if err != nil {
		return id.Zero, wrap("keep the invitation", err)
	}
	if err := s.sendInvitation(ctx, tx, v, made, name, token); err != nil {
		return id.Zero, err
	}
	return made.ID, tellBody(ctx, tx, v, in.Organization, FactInvitationCreated, InvitationFact{Invitation: made.ID, Role: in.Role})
}

// openInvitation is a condition on the row i: it can still be accepted.
const openInvitation = `(i.accepted_at is null and i.revoked_at is null and i.expires_at > now())`

func (s *Accounts) sendInvitation(ctx context.Context, tx *postgres.Tx, v *access.Viewer, i Invitation, body lang.Text, token string) error {
	l, inviter := v.Lang, ""
	err := tx.Native().QueryRow(ctx, `
		select coalesce((select lang from accounts where mail = $1), $2), coalesce((select name from person_names where subject = $3), '')`,
		i.Mail, string(v.Lang), v.Person).Scan(&l, &inviter)
	if err != nil {
		return wrap("read who invites", err)
	}
	if inviter == "" {
		inviter = body.In(l)
	}
	return s.mail.EnqueueTx(ctx, tx, mail.Message{
		To: i.Mail, Lang: l, Template: mail.Invitation, UniqueKey: "invitation/" + i.ID.String(),
		Data: map[string]any{
			"organization": body.In(l), "role": roleNames()[i.Role].In(l), "inviter": inviter,
			"link": s.site + "/invitation#token=" + token, "until": i.ExpiresAt,
		},
	})
}

// roleNames are the roles as a mail names them.
func roleNames() map[string]lang.Text {
	return map[string]lang.Text{
		"REPRESENTATIVE": {CA: "representant", ES: "representante", EN: "representative"},
		"OFFICER":        {CA: "responsable", ES: "responsable", EN: "officer"},
		"TECHNICIAN":     {CA: "personal tècnic", ES: "personal técnico", EN: "technician"},
		"DELEGATE":       {CA: "delegat o delegada", ES: "delegado o delegada", EN: "delegate"},
		"SUBSTITUTE":     {CA: "suplent", ES: "suplente", EN: "substitute"},
	}
}

// RevokeInvitation withdraws an invitation that was not accepted yet. Who may:
// who may invite for the body. The fault is NOT_FOUND for any other.
func (s *Accounts) RevokeInvitation(ctx context.Context, v *access.Viewer, key string, organization, invitation id.ID) error {
	if !v.SignedIn() {
		return fault.ErrUnauthenticated.New()
	}
	_, err := once(postgres.AsHub(ctx), s.db, v, key, "invitationRevoke", invitation, func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		return nil, s.revokeInvitation(ctx, tx, v, organization, invitation)
	})
	return err
}

func (s *Accounts) revokeInvitation(ctx context.Context, tx *postgres.Tx, v *access.Viewer, organization, invitation id.ID) error {
	if _, err := s.bodies.MayInvite(ctx, tx, v, organization, ""); err != nil {
		return err
	}
	tag, err := tx.Native().Exec(ctx, `update invitations i set revoked_at = now() where i.id = $1 and i.organization = $2 and `+openInvitation,
		invitation, organization)
	if err == nil && tag.RowsAffected() == 0 {
		return fault.ErrNotFound.At("invitation")
	}
	if err != nil {
		return wrap("withdraw the invitation", err)
	}
	return tellBody(ctx, tx, v, organization, FactInvitationRevoked, InvitationFact{Invitation: invitation})
}

// Accepting names the invitation to accept: by the token of its link, or by its
// identifier where it was sent to the viewer's own proven address.
type Accepting struct {
	Token      string
	Invitation id.ID
}

// Accept makes the viewer act for the body that invited, and returns the
// appointment. Faults: INVITATION_NOT_VALID, TOO_OFTEN, SESSION_ONLY, and
// ALREADY_ACTS, which leaves the invitation open.
func (s *Accounts) Accept(ctx context.Context, v *access.Viewer, key string, w Accepting) (id.ID, error) {
	if err := inPerson(v); err != nil {
		return id.Zero, err
	}
	if err := acceptsPerHour.Take(ctx, s.db, v.Person.String()); err != nil {
		return id.Zero, err
	}
	input := []any{hashOf(w.Token), w.Invitation}
	return s.one(postgres.AsHub(ctx), v, key, "invitationAccept", input, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		return s.accept(ctx, tx, v, w)
	})
}

func (s *Accounts) accept(ctx context.Context, tx *postgres.Tx, v *access.Viewer, w Accepting) (id.ID, error) {
	i, err := found(ctx, tx, v, w)
	if err != nil {
		return id.Zero, err
	}
	if err := journal.Lock(ctx, tx, i.Organization); err != nil {
		return id.Zero, err
	}
	// Asked again under the lock, and for good: whoever comes second finds it used.
	tag, err := tx.Native().Exec(ctx, `update invitations i set accepted_at = now(), accepted_by = $2 where i.id = $1 and `+openInvitation,
		i.ID, v.Person)
	if err == nil && tag.RowsAffected() == 0 {
		return id.Zero, ErrInvitation.New()
	}
	if err != nil {
		return id.Zero, wrap("use the invitation", err)
	}
	inviter, err := Viewer(ctx, tx.Native(), i.InvitedBy, v.Lang)
	if err != nil {
		return id.Zero, noLonger(err)
	}
	appointment, err := s.bodies.AppointInvited(ctx, tx, v, inviter, i.Organization, v.Person, i.Role)
	if err != nil {
		return id.Zero, noLonger(err)
	}
	return appointment, tellBody(ctx, tx, v, i.Organization, FactInvitationAccepted, InvitationFact{Invitation: i.ID, Role: i.Role})
}

// found looks the invitation up, without a lock.
func found(ctx context.Context, tx *postgres.Tx, v *access.Viewer, w Accepting) (*Invitation, error) {
	i := &Invitation{}
	where, arg := `i.token_hash = $1 and $2::uuid is not null`, any(hashOf(w.Token))
	if w.Token == "" {
		where, arg = `i.id = $1 and i.mail = (select mail from accounts where person = $2)`, any(w.Invitation)
	}
	err := tx.Native().QueryRow(ctx, `select `+invitationColumns+` from invitations i where `+where, arg, v.Person).Scan(i.targets()...)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrInvitation.New()
	}
	return i, wrap("find the invitation", err)
}

// noLonger turns what the inviter may no longer do into an invitation that is
// not valid any more.
func noLonger(err error) error {
	switch fault.From(err).Code.Kind {
	case fault.Denied, fault.Unauthenticated, fault.NotFound:
		return ErrInvitation.New().Because(err)
	}
	return err
}

const invitationColumns = `i.id, i.mail, i.organization, i.role, i.invited_by, i.created_at, i.expires_at`

func (i *Invitation) targets() []any {
	return []any{&i.ID, &i.Mail, &i.Organization, &i.Role, &i.InvitedBy, &i.CreatedAt, &i.ExpiresAt}
}

// InvitationsOf reads, for all bodies at once, the open invitations to act for
// them: for who answers for a body those of all, for others their own.
func InvitationsOf(ctx context.Context, q postgres.Querier, v *access.Viewer, bodies []id.ID) ([]*Invitation, error) {
	return invitations(postgres.Personal(q, v).Query(ctx, invitationsOfSQL, append([]any{bodies, v.Person}, v.SQLArgs()...)...))
}

var invitationsOfSQL = `select ` + invitationColumns + ` from invitations i join nodes n on n.id = i.organization
	where i.organization = any($1) and ` + openInvitation + `
	  and (i.invited_by = $2 or ` + access.LevelSQL("n", 3) + ` = 4) and ` + access.VisibleSQL("n", 3) + `
	order by i.created_at desc, i.id limit 1000`

// InvitationBehind reads the open invitation behind a mailed link, for whoever
// holds the link; nil for any other.
func InvitationBehind(ctx context.Context, q postgres.Querier, token string) (*Invitation, error) {
	list, err := invitations(q.Query(ctx, `select `+invitationColumns+` from invitation_behind($1) i`, hashOf(token)))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// InvitationsTo reads the open invitations to the viewer's own proven address.
func InvitationsTo(ctx context.Context, q postgres.Querier, v *access.Viewer) ([]*Invitation, error) {
	return invitations(postgres.Personal(q, v).Query(ctx, `select `+invitationColumns+` from invitations i join accounts a on a.mail = i.mail
		where a.person = $1 and `+openInvitation+` order by i.created_at desc, i.id limit 100`, v.Person))
}

// InvitationByID reads an open invitation that the viewer may see as one of the
// body's; nil for any other.
func InvitationByID(ctx context.Context, q postgres.Querier, v *access.Viewer, body, invitation id.ID) (*Invitation, error) {
	list, err := InvitationsOf(ctx, q, v, []id.ID{body})
	for _, i := range list {
		if i.ID == invitation {
			return i, err
		}
	}
	return nil, err
}

func invitations(rows pgx.Rows, err error) ([]*Invitation, error) {
	if err != nil {
		return nil, wrap("read the invitations", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Invitation, error) {
		i := &Invitation{}
		return i, row.Scan(i.targets()...)
	})
	return list, wrap("read the invitations", err)
}

func tellBody(ctx context.Context, tx *postgres.Tx, v *access.Viewer, body id.ID, kind string, data InvitationFact) error {
	return journal.Append(ctx, tx, body, v, journal.Fact{Kind: kind, Level: access.Organisers, Data: data, About: []id.ID{body}})
}
