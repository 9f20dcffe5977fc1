package app

import (
	"context"
	"net/http"

	"github.com/teixit/teixit/internal/edge/mailhttp"
	"github.com/teixit/teixit/internal/platform/mail"
)

// bounces takes what a mail server hands over of mails that did not arrive.
func (h *Hub) bounces() http.Handler {
	return mailhttp.New(mailhttp.Options{
		Secret: h.cfg.BounceSecret, Log: h.log,
		Back: func(ctx context.Context, b mail.Bounce) (bool, error) { return mail.Back(ctx, h.db.Read(), b) },
	})
}
