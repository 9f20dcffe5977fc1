package calendar

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// eventRow is what organisers say about an event, as its table keeps it. State,
// version and dates of record have statements of their own.
type eventRow struct {
	bun.BaseModel        `bun:"table:events"`
	Node                 id.ID        `bun:",pk,type:uuid"`
	Kind                 EventKind    `bun:",type:text"`
	Visibility           access.Level `bun:",type:smallint"`
	StartsAt             time.Time    `bun:",nullzero"`
	EndsAt               time.Time    `bun:",nullzero"`
	DateYear             int          `bun:",nullzero"`
	DateMonth            int          `bun:",nullzero"`
	DateDay              int          `bun:",nullzero"`
	RegistrationOpensAt  time.Time    `bun:",nullzero"`
	RegistrationClosesAt time.Time    `bun:",nullzero"`
	RequiresApproval     bool
	Overtaking           Overtaking `bun:",type:text"`
	Sensitive            bool
	Summary              lang.Text   `bun:",type:jsonb"`
	Description          lang.Text   `bun:",type:jsonb"`
	Objectives           []lang.Text `bun:",type:jsonb"`
	VenueName            string
	VenueAddress         string
	OnlineURL            string   `bun:"online_url"`
	Languages            []string `bun:",array"`
	CreatedBy            id.ID    `bun:",type:uuid"`
}

// describing are the columns that a change of the description writes.
var describing = []string{
	"kind", "visibility", "starts_at", "ends_at", "date_year", "date_month", "date_day",
	"registration_opens_at", "registration_closes_at", "requires_approval", "overtaking",
	"sensitive", "summary", "description", "objectives", "venue_name", "venue_address",
	"online_url", "languages",
}

func rowOf(event, by id.ID, f EventFields) *eventRow {
	return &eventRow{
		Node: event, Kind: f.Kind, Visibility: f.Visibility,
		StartsAt: f.StartsAt, EndsAt: f.EndsAt,
		DateYear: f.Date.Year, DateMonth: f.Date.Month, DateDay: f.Date.Day,
		RegistrationOpensAt: f.RegistrationOpensAt, RegistrationClosesAt: f.RegistrationClosesAt,
		RequiresApproval: f.RequiresApproval, Overtaking: f.Overtaking, Sensitive: f.Sensitive,
		Summary: f.Summary, Description: f.Description, Objectives: f.Objectives,
		VenueName: f.VenueName, VenueAddress: f.VenueAddress, OnlineURL: f.OnlineURL,
		Languages: f.Languages, CreatedBy: by,
	}
}

// fields are what organisers said, without the relations.
func (e *Event) fields() EventFields {
	return EventFields{
		Kind: e.EventKind, Title: e.Title, Summary: e.Summary, Description: e.Description,
		Objectives: e.Objectives, StartsAt: e.StartsAt, EndsAt: e.EndsAt, Date: e.Date,
		RegistrationOpensAt: e.RegistrationOpensAt, RegistrationClosesAt: e.RegistrationClosesAt,
		RequiresApproval: e.RequiresApproval, Overtaking: e.Overtaking, Sensitive: e.Sensitive,
		Visibility: e.Declared, VenueName: e.VenueName, VenueAddress: e.VenueAddress,
		OnlineURL: e.OnlineURL, Languages: e.Languages,
	}
}

func insertEvent(ctx context.Context, tx *postgres.Tx, row *eventRow) error {
	_, err := tx.Bun().NewInsert().Model(row).Exec(ctx)
	return storeError("insert event", err)
}

func updateEvent(ctx context.Context, tx *postgres.Tx, row *eventRow) error {
	_, err := tx.Bun().NewUpdate().Model(row).Column(describing...).WherePK().Exec(ctx)
	return storeError("update event", err)
}

// countChange raises the revision that guards against lost updates: once per
// command that changes the description, the programme or the documents.
func countChange(ctx context.Context, tx *postgres.Tx, event id.ID) error {
	_, err := tx.Native().Exec(ctx, `update events set version = version + 1 where node = $1`, event)
	return storeError("count change", err)
}

func setState(ctx context.Context, tx *postgres.Tx, event id.ID, to EventState, reason *lang.Text) error {
	_, err := tx.Native().Exec(ctx,
		`update events set state = $2, cancellation_reason = $3, version = version + 1 where node = $1`,
		event, to, reason)
	return storeError("set state", err)
}

type sessionRow struct {
	bun.BaseModel `bun:"table:event_sessions"`
	ID            id.ID     `bun:",pk,type:uuid"`
	Event         id.ID     `bun:",type:uuid"`
	Title         lang.Text `bun:",type:jsonb"`
	Description   lang.Text `bun:",type:jsonb"`
	StartsAt      time.Time `bun:",nullzero"`
	EndsAt        time.Time `bun:",nullzero"`
	Room          string
	Track         string
	Speakers      []Speaker `bun:",type:jsonb"`
	Territory     id.ID     `bun:",type:uuid,nullzero"`
	Capacity      int       `bun:",nullzero"`
	Position      int
}

func sessionRowOf(event, session id.ID, s SessionInput) *sessionRow {
	return &sessionRow{
		ID: session, Event: event, Title: s.Title, Description: s.Description,
		StartsAt: s.StartsAt, EndsAt: s.EndsAt, Room: s.Room, Track: s.Track, Speakers: s.Speakers,
		Territory: s.Territory, Capacity: s.Capacity, Position: s.Position,
	}
}

// input is the session as its organisers would say it again.
func (s *Session) input() SessionInput {
	return SessionInput{
		Title: s.Title, Description: s.Description, StartsAt: s.StartsAt, EndsAt: s.EndsAt,
		Room: s.Room, Track: s.Track, Speakers: s.Speakers, Territory: s.Territory,
		Capacity: s.Capacity, Position: s.Position,
	}
}

func insertSessions(ctx context.Context, tx *postgres.Tx, rows []*sessionRow) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.Bun().NewInsert().Model(&rows).Exec(ctx)
	return storeError("insert sessions", err)
}

func updateSession(ctx context.Context, tx *postgres.Tx, row *sessionRow) error {
	_, err := tx.Bun().NewUpdate().Model(row).WherePK().Where("event = ?", row.Event).
		Column("title", "description", "starts_at", "ends_at", "room", "track", "speakers", "territory", "capacity", "position").
		Exec(ctx)
	return storeError("update session", err)
}

func deleteSession(ctx context.Context, tx *postgres.Tx, event, session id.ID) error {
	_, err := tx.Native().Exec(ctx, `delete from event_sessions where event = $1 and id = $2`, event, session)
	return storeError("delete session", err)
}

type documentRow struct {
	bun.BaseModel `bun:"table:event_documents"`
	ID            id.ID     `bun:",pk,type:uuid"`
	Version       int       `bun:",pk"`
	Event         id.ID     `bun:",type:uuid"`
	Title         lang.Text `bun:",type:jsonb"`
	URL           string    `bun:"url"`
	Note          lang.Text `bun:",type:jsonb"`
	AddedBy       id.ID     `bun:",type:uuid"`
}

func insertDocuments(ctx context.Context, tx *postgres.Tx, rows []*documentRow) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.Bun().NewInsert().Model(&rows).Exec(ctx)
	return storeError("insert documents", err)
}

func withdrawDocument(ctx context.Context, tx *postgres.Tx, event, document id.ID) error {
	_, err := tx.Native().Exec(ctx,
		`update event_documents set withdrawn_at = now() where event = $1 and id = $2 and withdrawn_at is null`,
		event, document)
	return storeError("withdraw document", err)
}

func storeError(doing string, err error) error {
	if err == nil {
		return nil
	}
	return postgres.Translate(fmt.Errorf("%s: %w", doing, err), eventConstraints())
}
