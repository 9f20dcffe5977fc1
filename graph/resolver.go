package graph

import (
	"log/slog"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
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
	Log           *slog.Logger
}

// Resolver is the root of all resolvers.
type Resolver struct {
	Services
	look *lookahead
}
