// Program withpostgres runs a command beside a volatile PostgreSQL that all
// test packages share (see package pgtest):
//
//	go run ./internal/pgtest/withpostgres go test ./...
//
// It ends with the command's exit status, and the server ends with it. A
// TEIXIT_TEST_POSTGRES that is set already is used as it is.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/teixit/teixit/internal/platform/postgres/local"
)

// variable is pgtest.Variable, which tests alone may import.
const variable = "TEIXIT_TEST_POSTGRES"

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: withpostgres COMMAND [ARGUMENT...]")
		os.Exit(2)
	}
	status, err := run(context.Background(), os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
		status = max(status, 1)
	}
	os.Exit(status)
}

// run returns the command's exit status; the error is about the server, or about
// a command that could not be run.
func run(ctx context.Context, command []string) (status int, err error) {
	if os.Getenv(variable) != "" {
		return execute(ctx, command, nil)
	}
	dir, err := os.MkdirTemp("", "withpostgres-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o711); err != nil { // root lets another user in
		return 1, err
	}
	server, err := local.Start(ctx, local.Config{
		Dir: dir, Volatile: true, NodeModules: "web/node_modules",
		Settings: map[string]string{"max_connections": "500"},
	})
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, server.Stop(ctx)) }()
	return execute(ctx, command, []string{variable + "=" + dir})
}

// execute runs the command in our place at the terminal: signals are its
// business, and when it has ended the server is stopped.
func execute(ctx context.Context, command, env []string) (int, error) {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		return 1, err
	}
	ended := make(chan struct{})
	go func() {
		for {
			select {
			case s := <-signals:
				if s == syscall.SIGTERM { // the terminal sends SIGINT to both of us
					_ = cmd.Process.Signal(s)
				}
			case <-ended:
				return
			}
		}
	}()
	err := cmd.Wait()
	close(ended)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return max(exit.ExitCode(), 1), nil
	}
	return 0, err
}
