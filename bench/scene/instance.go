package scene

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Instance is one hub, as a process.
type Instance struct {
	program, addr, data string
	verbose             bool
	env                 []string

	mu     sync.Mutex
	cmd    *exec.Cmd
	ended  chan struct{} // closed when the process is gone
	tokens []string      // of the demonstration's people, as it prints them
}

// URL is the address of /graphql.
func (h *Instance) URL() string { return "http://" + h.addr + "/graphql" }

// Addr is host and port.
func (h *Instance) Addr() string { return h.addr }

// Metric reads one of the instance's figures, by its name with labels.
func (h *Instance) Metric(ctx context.Context, name string) (float64, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+h.addr+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, fmt.Errorf("read the metrics: %w", err)
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		if value, found := strings.CutPrefix(lines.Text(), name+" "); found {
			return strconv.ParseFloat(value, 64)
		}
	}
	return 0, errors.Join(lines.Err(), fmt.Errorf("there is no metric %s", name))
}

// startPatience bounds a start: the first one loads the demonstration.
const startPatience = 2 * time.Minute

// Start runs the instance and returns when it answers.
func (h *Instance) Start(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	cmd := exec.Command(h.program, "serve", "--demo")
	cmd.Env = append(os.Environ(), "TEIXIT_ADDR="+h.addr, "TEIXIT_DATA="+h.data, "DATABASE_URL=", "TEIXIT_LOG_LEVEL=warn", "TEIXIT_TRAFFIC=false")
	cmd.Env = append(cmd.Env, h.env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us first
	if h.verbose {
		cmd.Stderr = os.Stderr
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start the hub (make build): %w", err)
	}
	h.cmd, h.ended = cmd, make(chan struct{})
	said := make(chan []string, 1)
	go func() {
		said <- readStart(out)
		_, _ = io.Copy(io.Discard, out)
		_ = cmd.Wait()
		close(h.ended)
	}()
	return h.ready(ctx, said)
}

func (h *Instance) ready(ctx context.Context, said <-chan []string) error {
	late := time.NewTimer(startPatience)
	defer late.Stop()
	select {
	case tokens := <-said:
		if tokens == nil {
			return errors.New("the hub ended before it answered; -v shows what it wrote")
		}
		h.tokens = tokens
		return nil
	case <-late.C:
		return errors.New("the hub does not start")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// readStart reads what a hub prints until it has named everybody; nil when it
// ended before.
func readStart(out io.Reader) (tokens []string) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		text := strings.TrimSpace(lines.Text())
		switch {
		case strings.HasPrefix(text, "demo."):
			tokens = append(tokens, text)
		case strings.HasPrefix(text, "Ctrl-C"):
			return tokens
		}
	}
	return nil
}

// Kill ends the process with kill -9.
func (h *Instance) Kill() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.cmd.Process.Kill(); err != nil {
		return err
	}
	<-h.ended
	return nil
}

// Stop ends the process in good order.
func (h *Instance) Stop() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	_ = h.cmd.Process.Signal(syscall.SIGTERM) // it may be gone
	select {
	case <-h.ended:
		return nil
	case <-time.After(time.Minute):
		_ = h.cmd.Process.Kill()
		<-h.ended
		return errors.New("the hub had to be killed at the end")
	}
}
