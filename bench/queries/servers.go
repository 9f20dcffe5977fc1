package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Who takes part.
const (
	hub          = "hub"
	postgraphile = "postgraphile"
	mercurius    = "mercurius"
	usual        = "usual"
	plain        = "plain"
	pgbench      = "pgbench"
	static       = "static"
)

func everybody() []string {
	return []string{postgraphile, mercurius, usual, plain, pgbench, static}
}

// server is one that takes part; pgbench has no process of its own here.
type server struct {
	name string
	*process
}

// role is how PostgreSQL knows its connections: by user for the hub, by
// application for the others.
func (p *server) owns(user, application string) bool {
	if p.name == hub {
		return strings.HasPrefix(user, "teixit_")
	}
	return application == "bench-"+p.name
}

// start starts a server and returns when it is ready.
func (s *stage) start(ctx context.Context, name string) (*server, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	cmd, ready, err := s.command(ctx, name, addr)
	if err != nil {
		return nil, err
	}
	p, err := startProcess(ctx, cmd, addr, ready, s.verbose)
	if err != nil {
		return nil, err
	}
	return &server{name, p}, nil
}

// command is the program of a server, and the word by which it says it is ready.
func (s *stage) command(ctx context.Context, name, addr string) (cmd *exec.Cmd, ready string, err error) {
	env := append(os.Environ(), s.env...)
	env = append(env, "QUERIES_ADDR="+addr, "PGAPPNAME=bench-"+name, "NODE_ENV=production", "GRAPHILE_ENV=production")
	switch name {
	case hub:
		cmd = exec.Command(filepath.Join(s.root, s.program), "serve")
		env = append(os.Environ(), "TEIXIT_ADDR="+addr, "DATABASE_URL="+s.data.AppURL(), "DATABASE_OWNER_URL="+s.data.OwnerURL(), "TEIXIT_LOG_LEVEL=warn")
		ready = "Teixit"
	case postgraphile, mercurius:
		cmd = exec.Command(s.path("node", "node_modules", ".bin", "node"), s.path("node", name+".mjs"))
		ready = "ready"
	case usual:
		program := filepath.Join(s.root, "bin", "queries-usual")
		build := exec.CommandContext(ctx, "go", "build", "-o", absolute(program), ".")
		build.Dir = s.path("usual")
		if out, err := build.CombinedOutput(); err != nil {
			return nil, "", fmt.Errorf("build it: %w: %s", err, out)
		}
		cmd, ready = exec.Command(program), "ready"
	default:
		self, err := os.Executable()
		if err != nil {
			return nil, "", err
		}
		cmd, ready = exec.Command(self), "ready"
		env = append(env, serveVariable+"="+name, "QUERIES_URL="+s.peerURL)
	}
	cmd.Env = env
	return cmd, ready, nil
}

func absolute(path string) string {
	full, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	return full
}

// process is a server's process.
type process struct {
	cmd   *exec.Cmd
	addr  string
	ended chan struct{}
}

// startPatience bounds a start.
const startPatience = 2 * time.Minute

// startProcess runs a program and returns when it has said the word ready.
func startProcess(ctx context.Context, cmd *exec.Cmd, addr, ready string, verbose bool) (*process, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us first
	if verbose {
		cmd.Stderr = os.Stderr
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &process{cmd: cmd, addr: addr, ended: make(chan struct{})}
	said := make(chan bool, 1)
	go func() {
		said <- readUntil(out, ready)
		_, _ = io.Copy(io.Discard, out)
		_ = cmd.Wait()
		close(p.ended)
	}()
	select {
	case ok := <-said:
		if !ok {
			return nil, errors.Join(errors.New("it ended before it was ready; -v shows what it wrote"), p.end())
		}
		return p, nil
	case <-time.After(startPatience):
		return nil, errors.Join(errors.New("it does not become ready"), p.end())
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), p.end())
	}
}

func readUntil(out io.Reader, ready string) bool {
	for scan := bufio.NewScanner(out); scan.Scan(); {
		if strings.HasPrefix(strings.TrimSpace(scan.Text()), ready) {
			return true
		}
	}
	return false
}

func (p *process) end() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may be gone
	select {
	case <-p.ended:
		return nil
	case <-time.After(30 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.ended
		return fmt.Errorf("%s had to be killed", filepath.Base(p.cmd.Path))
	}
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
