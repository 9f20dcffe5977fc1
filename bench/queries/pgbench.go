package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// pgbench runs a script with as many connections, and measures a window in the
// middle. Of its CPU only PostgreSQL's counts: it is the client.
func (s *stage) pgbench(ctx context.Context, script string, conns int) (*turn, error) {
	dir, err := os.MkdirTemp("", "queries-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "script.sql")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		return nil, err
	}
	seconds := strconv.Itoa(int(math.Ceil((s.warm + s.window + spare).Seconds())))
	cmd := exec.CommandContext(ctx, pgbenchProgram(), "-n", "-M", "prepared", "-f", file, "-c", strconv.Itoa(conns), "-j", "1", "-T", seconds,
		"--log", "--log-prefix="+filepath.Join(dir, "log"))
	cmd.Env = append(append(os.Environ(), s.env...), "PGAPPNAME=bench-"+pgbench)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("pgbench (Debian: postgresql-contrib or postgresql-15): %w", err)
	}
	one, begun, over, err := s.middle(ctx, conns)
	if err := cmd.Wait(); err != nil {
		return nil, fmt.Errorf("pgbench: %w: %s", err, said.Bytes())
	}
	if err != nil {
		return nil, err
	}
	return one, one.logged(dir, begun, over)
}

// middle measures while pgbench runs: what its connections used is gone with them.
func (s *stage) middle(ctx context.Context, conns int) (one *turn, begun, over time.Time, err error) {
	if err := s.connected(ctx, conns); err != nil {
		return nil, begun, over, err
	}
	if err := pause(ctx, s.warm); err != nil {
		return nil, begun, over, err
	}
	m, err := s.meter(ctx, s.find(pgbench))
	if err != nil {
		return nil, begun, over, err
	}
	begun = time.Now()
	if err := pause(ctx, s.window); err != nil {
		return nil, begun, over, err
	}
	over = time.Now()
	u, err := m.since(ctx)
	if err == nil {
		err = s.connected(ctx, conns) // still
	}
	return &turn{used: u, took: over.Sub(begun)}, begun, over, err
}

// spare is how much longer pgbench runs than it is measured.
const spare = 3 * time.Second

// connected waits until pgbench has its connections, which is when its time begins.
func (s *stage) connected(ctx context.Context, conns int) error {
	for range 400 {
		var n int
		err := s.admin.QueryRow(ctx, `select count(*) from pg_stat_activity where application_name = $1`, "bench-"+pgbench).Scan(&n)
		if err != nil || n >= conns {
			return err
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
	return errors.New("pgbench does not connect, or ended too early")
}

// pgbenchProgram is beside the other programs of PostgreSQL, or in PATH.
func pgbenchProgram() string {
	if path, err := exec.LookPath("pgbench"); err == nil {
		return path
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pgbench") // the pattern is well-formed
	if len(found) > 0 {
		return found[len(found)-1]
	}
	return "pgbench"
}

// logged reads the transactions: those that ended in the window count, and all are
// those that were done.
func (t *turn) logged(dir string, begun, over time.Time) error {
	files, _ := filepath.Glob(filepath.Join(dir, "log.*")) // the pattern is well-formed
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			// client, number, µs, script, when it ended: seconds and µs
			var client, number, took, script, second, µs int64
			if _, err := fmt.Sscan(line, &client, &number, &took, &script, &second, &µs); err != nil {
				return fmt.Errorf("an unknown line in the log of pgbench: %q: %w", line, err)
			}
			t.all++
			if ended := time.Unix(second, µs*1000); ended.After(begun) && !ended.After(over) {
				t.times = append(t.times, time.Duration(took)*time.Microsecond)
			}
		}
	}
	if t.answered = len(t.times); t.answered == 0 {
		return errors.New("pgbench did nothing in the window: take a longer one")
	}
	slices.Sort(t.times)
	return nil
}
