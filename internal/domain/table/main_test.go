package table

import (
	"testing"

	"github.com/teixit/teixit/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }
