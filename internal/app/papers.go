package app

import (
	"context"
	"net/http"
	"time"

	"github.com/teixit/teixit/internal/domain/attendance"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/edge/paperhttp"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/paper"
)

// papers gives out calls and minutes, lists, badges and certificates to print and
// file.
func (e *endpoint) papers() http.Handler {
	return paperhttp.New(paperhttp.Options{Viewer: e.viewer, Document: e.hub.paper, Log: e.hub.log})
}

func (h *Hub) paper(ctx context.Context, v *access.Viewer, of, what string, l lang.Lang) (*paper.Document, error) {
	if event, err := node.ParseOf(of, node.Event); err == nil {
		return h.attendance.Printed(ctx, v, event, what, l)
	}
	if event, certificate, err := attendance.CertificateID.Part(of); err == nil && what == "certificate" {
		return h.attendance.Certificate(ctx, v, event, certificate, l)
	}
	_, session, err := table.SessionType.Part(of)
	if err != nil {
		return nil, fault.ErrNotFound.New()
	}
	switch what {
	case "call":
		return h.tables.PrintedCall(ctx, v, session, l)
	case "minutes":
		return h.tables.PrintedMinutes(ctx, v, session)
	}
	return nil, fault.ErrNotFound.New()
}

// tellMembers mails calls and polls to who sits at tables: at once, and every
// ten minutes for what an instance left that died.
func (h *Hub) tellMembers(site string) error {
	teller := table.NewTeller(h.db, h.mail, site)
	tell := func(ctx context.Context) error {
		for {
			if n, err := teller.Tell(ctx); err != nil || n == 0 {
				return err
			}
		}
	}
	if err := h.jobs.Periodic("tell-members", 10*time.Minute, tell); err != nil {
		return err
	}
	return h.jobs.Follow("tell-members", []string{table.FactSessionCalled, table.FactPollOpened, table.FactCallAnswered},
		func(ctx context.Context, _ []journal.Entry) error { return tell(ctx) })
}
