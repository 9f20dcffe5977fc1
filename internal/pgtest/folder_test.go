package pgtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// What a killed test process left in memory goes; what others work in stays.
func TestSweepRemovesWhatKilledProcessesLeft(t *testing.T) {
	dir := t.TempDir()
	gone := exec.CommandContext(t.Context(), "true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(dir, fmt.Sprintf("pgtest-%d-1", gone.Process.Pid))
	mine := filepath.Join(dir, fmt.Sprintf("pgtest-%d-1", os.Getpid()))
	strange := filepath.Join(dir, "pgtest-x-1")
	for _, folder := range []string{left, mine, strange} {
		if err := os.MkdirAll(filepath.Join(folder, "data"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := sweep(dir); err != nil {
		t.Fatal(err)
	}
	for folder, stays := range map[string]bool{left: false, mine: true, strange: true} {
		if _, err := os.Stat(folder); (err == nil) != stays {
			t.Errorf("%s: stays %t, want %t", filepath.Base(folder), err == nil, stays)
		}
	}
}
