// Package project_test asks whole hubs, over the network, about shared projects,
// workshops and documents.
package project_test

import (
	"testing"

	"github.com/teixit/teixit/internal/hubtest"
)

func TestMain(m *testing.M) { hubtest.Main(m) }
