package local

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const (
	lookEvery    = 5 * time.Millisecond // at the pid file while starting
	retryEvery   = 50 * time.Millisecond
	quitPatience = 10 * time.Second // PostgreSQL itself kills stuck backends after 5 s
	logPatience  = 500 * time.Millisecond
)

// postmaster is PostgreSQL's first process, started by us.
type postmaster struct {
	process *os.Process
	gone    chan struct{} // closed when the process was waited for
	logs    *logReader
	logEnd  chan struct{} // closed when no process holds the log any more
	logPipe *os.File
}

// spawn starts cmd and watches it.
//
// The goroutine keeps its thread for the child's whole life: the parent-death
// signal fires when the *thread* that started the child ends, and the runtime
// ends threads as it likes.
func spawn(cmd *exec.Cmd, log *slog.Logger) (*postmaster, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout, cmd.Stderr = w, w
	childAttr(cmd.SysProcAttr)
	p := &postmaster{
		gone: make(chan struct{}), logs: &logReader{log: log},
		logEnd: make(chan struct{}), logPipe: r,
	}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in its log
			close(p.gone)
		}
	}()
	if err := <-started; err != nil {
		return nil, errors.Join(err, r.Close(), w.Close())
	}
	p.process = cmd.Process
	go func() {
		defer close(p.logEnd)
		p.logs.read(r)
	}()
	return p, w.Close()
}

// ready waits until the pid file of this very child says that connections are
// accepted. Another process's file is never taken for it.
func (p *postmaster) ready(ctx context.Context, data string) error {
	err := poll(ctx, lookEvery, func() (bool, error) {
		select {
		case <-p.gone:
			p.drainLog()
			return false, errDied
		default:
		}
		file, err := readPidFile(data)
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return err == nil && file.pid == p.process.Pid && file.status == "ready", err
	})
	if err != nil {
		return fmt.Errorf("PostgreSQL did not start: %w; it said:\n%s", err, p.logs.tail())
	}
	return nil
}

var errDied = errors.New("it ended by itself")

// leftovers tells whether the start failed only because processes of a server
// that died are still on their way out.
func (p *postmaster) leftovers() bool {
	said := p.logs.tail()
	return strings.Contains(said, "pre-existing shared memory block") ||
		strings.Contains(said, `lock file "postmaster.pid" already exists`)
}

// stop ends the server: fast (open transactions are rolled back, a checkpoint is
// written); when ctx ends first, immediately (the next start recovers from the
// log); at last by force.
func (p *postmaster) stop(ctx context.Context) error {
	defer p.closeLog()
	if p.signal(syscall.SIGINT); p.wait(ctx) {
		return nil
	}
	if p.signal(syscall.SIGQUIT); p.waitFor(quitPatience) {
		return fmt.Errorf("PostgreSQL was stopped at once, without a checkpoint: %w", context.Cause(ctx))
	}
	p.signal(syscall.SIGKILL)
	<-p.gone
	return errors.New("PostgreSQL had to be killed")
}

func (p *postmaster) signal(s syscall.Signal) { _ = p.process.Signal(s) } // a dead one needs none

func (p *postmaster) wait(ctx context.Context) bool {
	select {
	case <-p.gone:
		return true
	case <-ctx.Done():
		return false
	}
}

func (p *postmaster) waitFor(d time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return p.wait(ctx)
}

// drainLog waits for the last words: backends may write for a moment after the
// postmaster.
func (p *postmaster) drainLog() {
	late := time.NewTimer(logPatience)
	defer late.Stop()
	select {
	case <-p.logEnd:
	case <-late.C:
	}
}

// closeLog ends the reader, even if an orphaned backend still holds the pipe.
func (p *postmaster) closeLog() {
	p.drainLog()
	_ = p.logPipe.Close()
	<-p.logEnd
}
