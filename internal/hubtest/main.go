package hubtest

import (
	"context"
	"testing"

	"go.uber.org/goleak"

	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Main is pgtest.Main for packages that start hubs: what every hub loads when it
// first starts is in the template, so that it is loaded once per test process.
func Main(m *testing.M, leaks ...goleak.Option) { pgtest.MainWith(m, loaded, leaks...) }

func loaded(ctx context.Context, d pgtest.Database) error {
	db, err := postgres.Open(ctx, postgres.Config{URL: d.App, ReadConns: 1, WriteConns: 2})
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := territory.Import(ctx, db); err != nil {
		return err
	}
	_, err = taxonomy.Import(ctx, db)
	return err
}
