package local

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
)

// tailLines is how much of PostgreSQL's last words an error repeats.
const tailLines = 12

// logReader passes PostgreSQL's log on and remembers its end.
type logReader struct {
	log   *slog.Logger
	mu    sync.Mutex
	lines []string
}

// read runs until every process that holds the other end is gone.
func (l *logReader) read(r io.Reader) {
	buffered := bufio.NewReaderSize(r, 8<<10)
	for {
		line, rest, err := buffered.ReadLine()
		if err != nil {
			return
		}
		l.line(string(line))
		for rest && err == nil { // the tail of an overlong line is not kept
			_, rest, err = buffered.ReadLine()
		}
	}
}

func (l *logReader) line(line string) {
	l.mu.Lock()
	l.lines = append(l.lines, line)
	l.lines = l.lines[max(0, len(l.lines)-tailLines):]
	l.mu.Unlock()
	severity, text, ok := strings.Cut(line, ":  ")
	if !ok {
		severity, text = "", line
	}
	l.log.Log(context.Background(), levelOf(severity), "postgres says", "severity", severity, "text", text)
}

// tail is the end of the log, for error messages.
func (l *logReader) tail() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}

// levelOf maps PostgreSQL's severities. An ERROR is an answer to the hub, which
// reports it itself; a FATAL ends one connection, such as those still open when
// the server stops, and when it ends the start, the start's error repeats it.
func levelOf(severity string) slog.Level {
	switch severity {
	case "FATAL":
		return slog.LevelInfo
	case "WARNING":
		return slog.LevelWarn
	case "PANIC":
		return slog.LevelError
	default:
		return slog.LevelDebug
	}
}
