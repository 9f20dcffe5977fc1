package app

import (
	"context"
	"time"

	"github.com/teixit/teixit/internal/domain/attendance"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/sheet"
)

// openAttendance mails what organisers write: at once, and every ten minutes what
// an instance left that died.
func (h *Hub) openAttendance(site string) error {
	h.attendance = attendance.New(h.db, site)
	teller := attendance.NewTeller(h.db, h.mail, site)
	if err := h.takeImports(); err != nil {
		return err
	}
	tell := func(ctx context.Context) error {
		for {
			if n, err := teller.Tell(ctx); err != nil || n == 0 {
				return err
			}
		}
	}
	if err := h.jobs.Periodic("tell-participants", 10*time.Minute, tell); err != nil {
		return err
	}
	return h.jobs.Follow("tell-participants", []string{attendance.FactMessageSent}, func(ctx context.Context, _ []journal.Entry) error { return tell(ctx) })
}

// participants makes the table of an event's participants.
func (h *Hub) participants(ctx context.Context, v *access.Viewer, global string, l lang.Lang) (*sheet.Table, error) {
	event, err := node.ParseOf(global, node.Event)
	if err != nil {
		return nil, fault.ErrNotFound.New()
	}
	return h.attendance.Sheet(ctx, v, event, l)
}
