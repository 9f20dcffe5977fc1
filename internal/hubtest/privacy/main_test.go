// Package privacy_test asks whole hubs what they know about a person, before and
// after the person asked to be forgotten, and after yesterday's backup came back.
package privacy_test

import (
	"testing"

	"github.com/teixit/teixit/internal/hubtest"
)

func TestMain(m *testing.M) { hubtest.Main(m) }
