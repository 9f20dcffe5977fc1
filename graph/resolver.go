package graph

import (
	"context"
	"log/slog"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/document"
	"github.com/teixit/teixit/internal/domain/oversight"
	"github.com/teixit/teixit/internal/domain/privacy"
	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/live"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Services is what the resolvers call.
type Services struct {
	DB            *postgres.DB
	Live          *live.Hub
	Events        *calendar.Events
	Registrations *calendar.Registrations
	Directory     *directory.Service
	Oversight     *oversight.Service
	Projects      *project.Service
	Workshops     *workshop.Service
	Documents     *document.Service
	Privacy       *privacy.Service
	Accounts      *auth.Accounts
	Sessions      *auth.Sessions
	Log           *slog.Logger
	// Reference names the request of a context, as its sender is told; nil or
	// empty where the transport names none.
	Reference func(context.Context) string
}

// Resolver is the root of all resolvers.
type Resolver struct {
	Services
	look   *lookahead
	scopes scopes
}
