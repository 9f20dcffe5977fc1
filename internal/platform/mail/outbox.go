package mail

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// kept is how many mails the demonstration shows, give or take one.
const kept = 500

// Outbox is the demonstration's sender: it keeps letters for a local page and
// sends nothing.
type Outbox struct{ db *postgres.DB }

// NewOutbox keeps letters in the database, where all instances see them.
func NewOutbox(db *postgres.DB) *Outbox { return &Outbox{db: db} }

// Send keeps the letter, once, and drops the oldest beyond a few hundred.
func (o *Outbox) Send(ctx context.Context, l Letter) error {
	_, err := postgres.Hub(o.db.Read()).Exec(ctx, `
		with added as (
		  insert into demo_mails (id, recipient, lang, template, subject, body_text, body_html, calendar)
		  values ($1, $2, $3, $4, $5, $6, $7, $9) on conflict (id) do nothing)
		delete from demo_mails where id in (select id from demo_mails order by at desc offset $8)`,
		l.ID, l.To, string(l.Lang), l.Template, l.Subject, l.Text, l.HTML, kept, l.Calendar)
	if err != nil {
		return postgres.Translate(fmt.Errorf("keep a letter: %w", err), nil)
	}
	return nil
}

// Shown is a letter that the demonstration kept.
type Shown struct {
	ID       id.ID     `json:"id"`
	To       string    `json:"to"`
	Lang     string    `json:"lang"`
	Template string    `json:"template"`
	Subject  string    `json:"subject"`
	Text     string    `json:"text"`
	HTML     string    `json:"html"`
	At       time.Time `json:"at"`
	Calendar string    `json:"calendar,omitempty"`
}

// Newest gives the letters to an address (empty: to anybody), newest first.
func (o *Outbox) Newest(ctx context.Context, to string, limit int) ([]Shown, error) {
	rows, err := postgres.Hub(o.db.Read()).Query(ctx, `
		select id, recipient, lang, template, subject, body_text, body_html, at, calendar from demo_mails
		where $1 = '' or lower(recipient) = lower($1) order by at desc, id desc limit $2`, to, limit)
	if err != nil {
		return nil, postgres.Translate(fmt.Errorf("read the outbox: %w", err), nil)
	}
	letters, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Shown])
	if err != nil {
		return nil, postgres.Translate(fmt.Errorf("read the outbox: %w", err), nil)
	}
	return letters, nil
}
