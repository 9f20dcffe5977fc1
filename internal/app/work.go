package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/edge/httpd"
	"github.com/teixit/teixit/internal/platform/jobs"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// stopWork bounds how long Close waits for work in the background; a drain has
// its own time.
const stopWork = 5 * time.Second

// openWork prepares work in the background. Services add to it until it starts.
func (h *Hub) openWork(o options) (err error) {
	sender, err := senderOf(h.cfg, h.db, h.log)
	if err != nil {
		return err
	}
	if h.jobs, err = jobs.New(h.db, jobs.Options{Log: h.log, Mail: sender}); err != nil {
		return err
	}
	if h.mail = o.mail; h.mail == nil {
		h.mail = h.jobs
	}
	return nil
}

// senderOf is how mails leave: the demonstration only shows them. nil means that
// this instance sends none.
func senderOf(cfg config.Config, db *postgres.DB, log *slog.Logger) (mail.Sender, error) {
	switch {
	case cfg.Demo:
		return mail.NewOutbox(db), nil
	case cfg.SMTPURL == "":
		log.Warn("mails are not sent: TEIXIT_SMTP_URL is not set; nobody can sign in by mail")
		return nil, nil
	}
	sender, err := mail.NewSMTP(cfg.SMTPURL, cfg.MailFrom, cfg.BounceAddress)
	if err != nil {
		return nil, fmt.Errorf("TEIXIT_SMTP_URL, TEIXIT_MAIL_FROM, TEIXIT_BOUNCE_ADDRESS: %w", err)
	}
	return sender, nil
}

// notes are what an operator should know of an instance that is ready.
func (h *Hub) notes() []string {
	if h.cfg.Demo {
		return nil
	}
	var notes []string
	if h.cfg.SMTPURL == "" {
		notes = append(notes, "mails are not sent: TEIXIT_SMTP_URL is not set")
	}
	if h.cfg.Operator == "" {
		notes = append(notes, "privacy notices do not say who is responsible: TEIXIT_OPERATOR is not set")
	}
	return notes
}

// outbox is the page of the demonstration's mails; nil outside of it.
func (h *Hub) outbox() http.Handler {
	if !h.cfg.Demo {
		return nil
	}
	return httpd.Outbox(mail.NewOutbox(h.db), h.log)
}

// endWork lets running jobs finish until ctx ends.
func (h *Hub) endWork(ctx context.Context) {
	if err := h.jobs.Stop(ctx); err != nil {
		h.log.Warn("work in the background was broken off", "cause", err)
	}
}
