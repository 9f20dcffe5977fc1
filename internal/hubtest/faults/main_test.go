// Package faults has the tests that break things while hubs are at work: kill -9
// of PostgreSQL, answers that are lost, cables that are pulled.
package faults

import (
	"testing"

	"github.com/teixit/teixit/internal/hubtest"
)

func TestMain(m *testing.M) { hubtest.Main(m) }
