package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/domain/attendance"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/discussion"
	"github.com/teixit/teixit/internal/domain/document"
	"github.com/teixit/teixit/internal/domain/inbox"
	"github.com/teixit/teixit/internal/domain/privacy"
	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/jobs"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// newPrivacy makes the service; its parts are plugged when they are there, since
// the calendar writes into its ledger.
func newPrivacy(cfg config.Config, db *postgres.DB, log *slog.Logger) (*privacy.Service, error) {
	o := privacy.Options{Operator: operatorOf(cfg, log), Log: log}
	if cfg.Erasures == "" {
		log.Info("nobody's data can be erased: TEIXIT_ERASURES is not set")
		return privacy.New(db, o), nil
	}
	var err error
	if o.Ledger, err = privacy.OpenLedger(cfg.Erasures); err != nil {
		return nil, fmt.Errorf("TEIXIT_ERASURES: %w", err)
	}
	return privacy.New(db, o), nil
}

// operatorOf is who runs the hub. People are asked for data before they know
// anything of it, so that one without a name is worth a warning.
func operatorOf(cfg config.Config, log *slog.Logger) privacy.Operator {
	o := privacy.Operator{Name: cfg.Operator, Mail: cfg.OperatorMail}
	if o.Name != "" {
		return o
	}
	if cfg.Demo {
		o.Name = "Teixit (demo)"
		return o
	}
	log.Warn("privacy notices do not say who is responsible: TEIXIT_OPERATOR is not set")
	return o
}

// keepPromises plugs the parts, erases again who came back with a backup, and
// gives the work in the background its part. The hub does not serve before.
func (h *Hub) keepPromises(ctx context.Context, site string, step func(string)) error {
	h.privacy.Parts = []privacy.Part{
		h.bodies,
		h.seats,
		h.comments,
		h.inbox,
		h.tables,
		h.projects,
		h.workshops,
		h.documents,
		h.attendance,
		auth.Records{},
	}
	h.privacy.Mail = h.mail
	n, err := h.privacy.Replay(ctx, h.seats)
	if err != nil {
		return err
	}
	if n > 0 {
		step(fmt.Sprintf("Erased again after a restore: %d", n))
		h.log.Warn("people who were erased had come back, with a backup: erased again", "count", n)
	}
	teller := calendar.NewTeller(h.db, h.mail, site, mailFrom(h.cfg))
	tell := func(ctx context.Context) error {
		for {
			if n, err := teller.Tell(ctx); err != nil || n == 0 {
				return err
			}
		}
	}
	if err := h.lookAfterSeats(site); err != nil {
		return err
	}
	if err := h.tellMembers(site); err != nil {
		return err
	}
	if err := h.jobs.Periodic("purge-personal-data", time.Hour, h.privacy.Purge); err != nil {
		return err
	}
	if err := h.jobs.Periodic("tell-delegates", 10*time.Minute, tell); err != nil {
		return err
	}
	return h.jobs.Follow("tell-delegates", []string{calendar.FactRegistrationCreated, calendar.FactRegistrationConfirmed, calendar.FactDelegateReplaced},
		func(ctx context.Context, _ []journal.Entry) error { return tell(ctx) })
}

// untold takes the delegates of the demonstration network as told: they are
// invented, and thousands.
func (h *Hub) untold(ctx context.Context) error {
	return h.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `update delegate_links set told_at = now() where told_at is null`)
		return err
	})
}

// erasePerson runs the command for who cannot sign in to erase themselves. who
// is a person's identifier or the mail address of their account.
func erasePerson(ctx context.Context, cmd config.Command, d *database, log *slog.Logger, stdout io.Writer) error {
	if err := migrate(ctx, d); err != nil {
		return err
	}
	db, err := postgres.Open(ctx, postgres.Config{URL: d.url})
	if err != nil {
		return err
	}
	defer db.Close()
	work, err := jobs.New(db, jobs.Options{Log: log})
	if err != nil {
		return err
	}
	p, err := newPrivacy(cmd.Config, db, log)
	if err != nil {
		return err
	}
	p.Mail = work
	p.Parts = []privacy.Part{
		directory.New(db), calendar.NewRegistrations(db), discussion.New(db, directory.VisiblePeople),
		inbox.New(db, work, "", inbox.Told{}),
		table.New(db),
		project.New(db),
		workshop.New(db, nil),
		document.New(db, nil, 0),
		attendance.New(db, ""),
		auth.Records{},
	}
	person, err := personOf(ctx, db, cmd.Who)
	if err != nil {
		return err
	}
	receipt, err := p.EraseAs(ctx, &access.Viewer{}, person)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "Erased. Receipt %s of %s: %d registrations cancelled, %d past places without a name.\n",
		receipt.Reference, receipt.At.UTC().Format(time.RFC3339), receipt.Cancelled, receipt.Nameless)
	return nil
}

func personOf(ctx context.Context, db *postgres.DB, who string) (id.ID, error) {
	if person, err := node.ParseOf(who, node.Person); err == nil {
		return person, nil
	}
	var person id.ID
	err := postgres.Hub(db.Read()).QueryRow(ctx, `select person from accounts where mail = lower($1)`, who).Scan(&person)
	if err != nil {
		return id.Zero, fault.ErrNotFound.New().Because(fmt.Errorf("%q is neither the identifier of a person nor the mail address of an account: %w", who, err))
	}
	return person, nil
}
