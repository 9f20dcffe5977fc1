package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/teixit/teixit/internal/platform/jobs"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/internal/platform/postgres/local"
)

// SeedVariable names the environment variable with a folder that test processes
// share: the first one leaves a stopped server with a migrated template in it,
// and all of them start a copy instead of making their own. They still see
// nothing of each other. The folder is as good as the migrations it was made
// with: `make test` gives a new one each time.
const SeedVariable = "TEIXIT_TEST_SEED"

// seedTemplate is the template's name in a seed.
const seedTemplate = "test_template"

// seeded fills dir with a copy of the shared seed and names the template in it;
// without a shared folder it does nothing.
func seeded(ctx context.Context, shared, dir string) (template string, err error) {
	if shared == "" {
		return "", nil
	}
	from := filepath.Join(shared, "server")
	if err := makeSeed(ctx, shared, from); err != nil {
		return "", fmt.Errorf("%s=%s: %w", SeedVariable, shared, err)
	}
	if out, err := exec.CommandContext(ctx, "cp", "-a", from+"/.", dir).CombinedOutput(); err != nil {
		return "", fmt.Errorf("copy the seed: %w: %s", err, out)
	}
	return seedTemplate, nil
}

// makeSeed makes the seed unless it is there. One process makes it while the
// others wait; what an interrupted one left is made again.
func makeSeed(ctx context.Context, shared, server string) (err error) {
	lock, err := os.OpenFile(filepath.Join(shared, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }() // gives the lock back
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	done := filepath.Join(shared, "done")
	if _, err := os.Stat(done); err == nil {
		return nil
	}
	// Root lets another user in, whatever the umask.
	if err := errors.Join(os.RemoveAll(server), os.Mkdir(server, 0o700), os.Chmod(server, 0o711)); err != nil {
		return err
	}
	if err := grow(ctx, server); err != nil {
		return err
	}
	return os.WriteFile(done, nil, 0o600)
}

// grow starts a server in dir, makes the template and stops it.
func grow(ctx context.Context, dir string) (err error) {
	s, err := startIn(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Stop(ctx)) }()
	admin, err := pgxpool.New(ctx, s.URL(local.Admin, "postgres"))
	if err != nil {
		return err
	}
	defer admin.Close()
	return makeTemplate(ctx, admin, seedTemplate, s.URL(local.Owner, seedTemplate))
}

// makeTemplate makes a database and migrates it as its owner.
func makeTemplate(ctx context.Context, admin *pgxpool.Pool, name, owner string) error {
	if err := create(ctx, admin, name, "template0"); err != nil {
		return err
	}
	if err := postgres.Migrate(ctx, owner, string(local.App)); err != nil {
		return err
	}
	return jobs.Migrate(ctx, owner, string(local.App))
}
