package app

import (
	"context"
	"maps"
	"time"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/discussion"
	"github.com/teixit/teixit/internal/domain/document"
	"github.com/teixit/teixit/internal/domain/inbox"
	"github.com/teixit/teixit/internal/domain/oversight"
	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/auth"
)

// WithoutDigests leaves digests to other instances, or to a test that says when.
func WithoutDigests() Option { return func(all *options) { all.noDigests = true } }

// openInbox makes the inbox, which says every domain's facts in the domain's own
// words, and gives digests their share of the work in the background.
func (h *Hub) openInbox(site string, o options) error {
	h.inbox = inbox.New(h.db, h.mail, site, inbox.Told{Words: words(), Comments: discussion.Kinds(), Off: h.off})
	if o.noDigests {
		return nil
	}
	return h.jobs.Periodic("digests", time.Minute, func(ctx context.Context) error {
		_, err := h.inbox.Send(ctx)
		return err
	})
}

// words are how all domains say their facts.
func words() map[string]lang.Text {
	all := map[string]lang.Text{}
	for _, some := range []map[string]lang.Text{
		auth.Words(), directory.Words(), calendar.Words(), taxonomy.Words(), oversight.Words(), discussion.Words(), table.Words(),
		project.Words(), workshop.Words(), document.Words(),
	} {
		maps.Copy(all, some)
	}
	return all
}
