// Package feeds_test follows feeds and inboxes of whole hubs over the network.
package feeds_test

import (
	"testing"

	"github.com/teixit/teixit/internal/hubtest"
)

func TestMain(m *testing.M) { hubtest.Main(m) }
