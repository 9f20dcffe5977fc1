package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestRun: the command sees the server's folder, its status comes back, and
// nothing is left.
func TestRun(t *testing.T) {
	t.Setenv(variable, "")
	note := filepath.Join(t.TempDir(), "note")
	status, err := run(t.Context(), []string{"sh", "-c", `test -S "$` + variable + `"/run/.s.PGSQL.5432 && printf %s "$` + variable + `" > "$0"; exit 7`, note})
	if err != nil || status != 7 {
		t.Fatalf("status %d, %v", status, err)
	}
	folder, err := os.ReadFile(note)
	if err != nil {
		t.Fatal("the command found no socket in the folder")
	}
	if _, err := os.Stat(string(folder)); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
}

// TestRunBeside: a server that is given already is not started again.
func TestRunBeside(t *testing.T) {
	t.Setenv(variable, "given")
	status, err := run(t.Context(), []string{"sh", "-c", `test "$` + variable + `" = given`})
	if err != nil || status != 0 {
		t.Fatalf("status %d, %v", status, err)
	}
}

// TestNoCommand: what cannot be run is an error.
func TestNoCommand(t *testing.T) {
	t.Setenv(variable, "given")
	if status, err := run(t.Context(), []string{"no-command-of-this-name"}); err == nil || status == 0 {
		t.Fatalf("status %d, %v", status, err)
	}
}
