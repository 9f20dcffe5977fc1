package app

import (
	"context"
	"net/http"

	"github.com/teixit/teixit/internal/edge/mailhttp"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/mail"
)

// openOff makes the links by which mails that people can do without are turned off.
func (h *Hub) openOff(ctx context.Context, site string) error {
	key, err := auth.Secret(ctx, h.db.Read(), "mails turned off")
	h.off = mail.NewOff(site, key)
	return err
}

// turnOff does what the link of a mail is for.
func (h *Hub) turnOff(ctx context.Context, w mail.Wish) error {
	if w.Kind == mail.Digests {
		return h.inbox.TurnOff(ctx, w.Person)
	}
	return mail.TurnOffReminders(ctx, h.db.Read(), w)
}

// bounces takes what a mail server hands over of mails that did not arrive, and who
// wants no more of them.
func (h *Hub) bounces() http.Handler {
	return mailhttp.New(mailhttp.Options{
		Secret: h.cfg.BounceSecret, Log: h.log, Wish: h.off.Read, TurnOff: h.turnOff,
		Back: func(ctx context.Context, b mail.Bounce) (bool, error) { return mail.Back(ctx, h.db.Read(), b) },
	})
}
