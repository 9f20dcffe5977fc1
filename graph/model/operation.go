package model

import (
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/jobs"
)

// Pages of work in the background.
type (
	JobConnection = page.Connection[*jobs.Job]
	JobEdge       = page.Edge[*jobs.Job]
)
