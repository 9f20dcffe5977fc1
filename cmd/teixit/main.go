// Command teixit is the hub of networked working.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/teixit/teixit/internal/app"
)

func main() {
	relax()
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run ends with the first interrupt or SIGTERM after draining; a second one
// ends at once.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	if err := app.Main(ctx, args, stdout, stderr); err != nil {
		fmt.Fprintln(stderr, "teixit:", err)
		return 1
	}
	return 0
}
