// Package project_test asks whole hubs, over the network, about shared projects,
// workshops and documents.
package project_test

import (
	"testing"

	"github.com/teixit/teixit/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }
