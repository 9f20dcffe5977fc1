package graph

import (
	"context"
	"log/slog"

	"github.com/teixit/teixit/graph/engine"
	"github.com/teixit/teixit/internal/domain/attendance"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/discussion"
	"github.com/teixit/teixit/internal/domain/document"
	"github.com/teixit/teixit/internal/domain/inbox"
	"github.com/teixit/teixit/internal/domain/oversight"
	"github.com/teixit/teixit/internal/domain/privacy"
	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/feeds"
	"github.com/teixit/teixit/internal/platform/live"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Services is what the resolvers call.
type Services struct {
	DB            *postgres.DB
	Live          *live.Hub
	Shares        *live.Shares // nil: every subscription is executed for itself
	Events        *calendar.Events
	Registrations *calendar.Registrations
	Attendance    *attendance.Service
	Directory     *directory.Service
	Tables        *table.Service
	Oversight     *oversight.Service
	Projects      *project.Service
	Workshops     *workshop.Service
	Documents     *document.Service
	Privacy       *privacy.Service
	Inbox         *inbox.Service
	Discussion    *discussion.Service
	Feeds         *feeds.Tail
	Accounts      *auth.Accounts
	Sessions      *auth.Sessions
	Watcher       Watcher // nil: operations are not looked after
	// Planned hears of every operation why the read engine left it to gqlgen's
	// executor; empty: it did not. May be nil.
	Planned func(fallback string)
	NoPlans bool           // leave everything to the executor
	Memory  *engine.Memory // of answers for everybody; nil: none are kept
	// Encoders changes those of the read engine; nil: nothing. Tests break them.
	Encoders func(engine.Encoders) engine.Encoders
	Site     string // where people find the hub
	Log      *slog.Logger
	// Reference names the request of a context, as its sender is told; nil or
	// empty where the transport names none.
	Reference func(context.Context) string
}

// Watcher looks after the rights of who reads: the context ends when the answer
// may not be given any more. Implemented by package auth.
type Watcher interface {
	Operation(ctx context.Context) (reading context.Context, done func())
}

// Resolver is the root of all resolvers.
type Resolver struct {
	Services
	look   *lookahead
	scopes scopes
	shared sharedTable
}
