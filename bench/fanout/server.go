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
	"strconv"
	"strings"
	"syscall"
	"time"
)

// topics is how many things can be watched.
const topics = 100

// server is one that takes part.
type server interface {
	name() string
	proc() *process
	// topic is the identifier of the n-th thing that can be watched.
	topic(n int) string
	// change changes it; it returns when the change is made, or on its way.
	change(ctx context.Context, n int) error
	// database is what the server's database has used so far; 0 without one.
	database() (time.Duration, error)
	// gauge reads a figure of its metrics; false when there is none such.
	gauge(ctx context.Context, name string) (float64, bool)
	end() error
}

// process is a server's process.
type process struct {
	cmd   *exec.Cmd
	addr  string
	ended chan struct{}
}

// startProcess runs a program and returns when it has said the word ready, with
// all that it said before.
func startProcess(ctx context.Context, cmd *exec.Cmd, addr, ready string, verbose bool) (*process, []string, error) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us first
	if verbose {
		cmd.Stderr = os.Stderr
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	p := &process{cmd: cmd, addr: addr, ended: make(chan struct{})}
	said := make(chan []string, 1)
	go func() {
		said <- readUntil(out, ready)
		_, _ = io.Copy(io.Discard, out)
		_ = cmd.Wait()
		close(p.ended)
	}()
	select {
	case lines := <-said:
		if lines == nil {
			return nil, nil, fmt.Errorf("%s ended before it was ready; -v shows what it wrote", filepath.Base(cmd.Path))
		}
		return p, lines, nil
	case <-time.After(2 * time.Minute):
		return nil, nil, errors.Join(fmt.Errorf("%s does not start", filepath.Base(cmd.Path)), p.end())
	case <-ctx.Done():
		return nil, nil, errors.Join(ctx.Err(), p.end())
	}
}

func readUntil(out io.Reader, ready string) (lines []string) {
	for scan := bufio.NewScanner(out); scan.Scan(); {
		text := strings.TrimSpace(scan.Text())
		lines = append(lines, text)
		if strings.HasPrefix(text, ready) {
			return lines
		}
	}
	return nil
}

func (p *process) end() error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may be gone
	select {
	case <-p.ended:
		return nil
	case <-time.After(time.Minute):
		_ = p.cmd.Process.Kill()
		<-p.ended
		return fmt.Errorf("%s had to be killed", filepath.Base(p.cmd.Path))
	}
}

// ticks is the kernel's unit for times in /proc, USER_HZ.
const ticks = 100

// cpu is what the process has used so far.
func (p *process) cpu() (time.Duration, error) { return cpuOf(p.cmd.Process.Pid, utime, stime) }

// Places of times in /proc/PID/stat, behind the name: of the process, and of its
// children that have ended.
const (
	utime  = 11
	stime  = 12
	cutime = 13
	cstime = 14
)

func cpuOf(pid int, places ...int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), ") ") // behind the name, which may have spaces
	fields := strings.Fields(rest)
	var sum int64
	for _, i := range places {
		n, err := strconv.ParseInt(fields[i], 10, 64)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return time.Duration(sum) * time.Second / ticks, nil
}

// memory is what of the process is resident.
func (p *process) memory() (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	return pages * int64(os.Getpagesize()), err
}

// files counts what it has open. Newer kernels say it as the size of the folder;
// listing ten thousand takes 17 ms of a processor, which the server lacks then.
func (p *process) files() int {
	folder := fmt.Sprintf("/proc/%d/fd", p.cmd.Process.Pid)
	if info, err := os.Stat(folder); err == nil && info.Size() > 0 {
		return int(info.Size())
	}
	list, err := os.ReadDir(folder)
	if err != nil {
		return 0
	}
	return len(list)
}

// waitFiles waits until it has closed what clients have closed.
func (p *process) waitFiles(ctx context.Context, most int) error {
	for end := time.Now().Add(time.Minute); p.files() > most; {
		if time.Now().After(end) {
			return fmt.Errorf("%d files are still open", p.files())
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// startServers starts those who take part; some may run when it fails.
func startServers(ctx context.Context, o options) (all []server, err error) {
	for _, name := range o.servers {
		s, err := startServer(ctx, o, name)
		if err != nil {
			return all, err
		}
		all = append(all, s)
	}
	return all, nil
}

// startServer starts one, with more in its environment.
func startServer(ctx context.Context, o options, name string, env ...string) (s server, err error) {
	switch name {
	case "hub":
		s, err = startHub(ctx, o, env...)
	case "stock", "node", "bare":
		s, err = startOther(ctx, o, name, env...)
	default:
		err = fmt.Errorf("%q does not take part", name)
	}
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return s, nil
}

func endServers(all []server) (err error) {
	for _, s := range all {
		err = errors.Join(err, s.end())
	}
	return err
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func (p *process) proc() *process { return p }
