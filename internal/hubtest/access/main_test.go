// Package access tests from outside who may do and see what, and for how long:
// signing in, acting for an organisation, rights that are taken away.
package access_test

import (
	"testing"

	"github.com/teixit/teixit/internal/hubtest"
)

func TestMain(m *testing.M) { hubtest.Main(m) }
