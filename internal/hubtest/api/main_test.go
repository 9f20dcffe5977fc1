// Package api_test asks whole hubs over the network, as clients do. Most tests
// are conversations: what is asked and the whole answers stand in testdata, one
// file for each test. With -update they are written anew; read the difference
// before you believe it.
package api_test

import (
	"testing"

	"github.com/teixit/teixit/internal/hubtest"
)

func TestMain(m *testing.M) { hubtest.Main(m) }
