package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/demo"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/edge/authhttp"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// signIn is how people come in.
type signIn struct {
	accounts *auth.Accounts
	sessions *auth.Sessions
	oidc     *auth.OIDC // nil: there is no provider
}

// WithMail makes mails go into a queue of the caller's.
func WithMail(q mail.TxQueue) Option { return func(all *options) { all.mail = q } }

// openSignIn puts it together; addr is where the hub listens. Mails link to the
// configured address, never to one that a request names.
func (h *Hub) openSignIn(ctx context.Context, addr string) (err error) {
	site := siteOf(h.cfg, addr)
	h.signIn.sessions = auth.NewSessions(h.db, h.cfg.SessionIdle)
	h.signIn.accounts, err = auth.NewAccounts(ctx, h.db, auth.Options{Mail: h.mail, Bodies: inviting{h.bodies}, Site: site, Contact: h.cfg.OperatorMail})
	if err != nil || h.cfg.OIDCIssuer == "" {
		return err
	}
	h.signIn.oidc, err = auth.NewOIDC(ctx, h.db, auth.OIDCConfig{
		Issuer: h.cfg.OIDCIssuer, ClientID: h.cfg.OIDCClientID, ClientSecret: h.cfg.OIDCClientSecret,
		Name: h.cfg.OIDCName, Redirect: site + "/auth/oidc/callback",
	})
	return err
}

// inviting is the directory as invitations need it: a town council is called by
// its own name, which the territory knows.
type inviting struct{ *directory.Service }

// MayInvite implements auth.Bodies.
func (i inviting) MayInvite(ctx context.Context, tx *postgres.Tx, v *access.Viewer, body id.ID, role string) (lang.Text, error) {
	name, err := i.Service.MayInvite(ctx, tx, v, body, role)
	if err != nil {
		return name, err
	}
	var kind node.Kind
	if err := tx.Native().QueryRow(ctx, `select kind from nodes where id = $1`, body).Scan(&kind); err != nil {
		return name, fmt.Errorf("read what invites: %w", err)
	}
	if kind == node.Municipality {
		name = territory.CouncilName(name.CA)
	}
	return name, nil
}

// siteOf is where people find the hub.
func siteOf(cfg config.Config, addr string) string {
	if cfg.URL != "" {
		return strings.TrimRight(cfg.URL, "/")
	}
	return "http://" + addr
}

// castAccounts lets the people of the demonstration whose tokens are shown sign
// in by mail too, and gives it an administrator of the platform.
func (h *Hub) castAccounts(ctx context.Context) error {
	people := make([]id.ID, len(h.Cast.People))
	for i, p := range h.Cast.People {
		people[i] = p.ID
	}
	return h.db.InTx(postgres.AsHub(ctx), func(ctx context.Context, tx *postgres.Tx) error {
		mails := map[id.ID]string{}
		rows, err := tx.Native().Query(ctx, `select subject, mail from person_names where subject = any($1) and mail is not null`, people)
		if err != nil {
			return fmt.Errorf("read the mail addresses of the demonstration: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var person id.ID
			var address string
			if err := rows.Scan(&person, &address); err != nil {
				return fmt.Errorf("read the mail addresses of the demonstration: %w", err)
			}
			mails[person] = address
		}
		if err := rows.Err(); err != nil {
			return fmt.Errorf("read the mail addresses of the demonstration: %w", err)
		}
		h.castMails = mails
		if err := auth.AddAccounts(ctx, tx, mails); err != nil {
			return err
		}
		return auth.AddAdmin(ctx, tx, demo.AdminMail, demo.AdminName)
	})
}

// authRoutes serves signing in and out.
func (e *endpoint) authRoutes() http.Handler {
	in := e.hub.signIn
	return authhttp.New(authhttp.Options{
		Accounts: in.accounts, Sessions: in.sessions, OIDC: in.oidc, Viewer: e.viewer, Address: e.address, Log: e.hub.log,
	})
}

// administer runs a command about accounts from the command line.
func administer(ctx context.Context, cmd config.Command, d *database, log *slog.Logger, stdout io.Writer) error {
	if err := migrate(ctx, d); err != nil {
		return err
	}
	db, err := postgres.Open(ctx, postgres.Config{URL: d.url})
	if err != nil {
		return err
	}
	defer db.Close()
	accounts, err := auth.NewAccounts(ctx, db, auth.Options{Bodies: directory.New(db), Site: siteOf(cmd.Config, cmd.Config.Addr)})
	if err != nil {
		return err
	}
	who := auth.Which{Mail: strings.ToLower(cmd.Mail)}
	switch cmd.Name {
	case "admin create":
		link, err := accounts.AppointAdmin(ctx, cmd.Mail)
		if err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s administers the platform. To sign in, once and within a day:\n\n  %s\n\n", cmd.Mail, link)
	case "admin disable":
		if _, err := accounts.Disable(ctx, nil, "", who); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s can no longer sign in; sessions and tokens have ended.\n", cmd.Mail)
	case "admin enable":
		if _, err := accounts.Enable(ctx, nil, "", who); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%s can sign in again.\n", cmd.Mail)
	}
	log.Info("account administered", "command", cmd.Name)
	return nil
}
