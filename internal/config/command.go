package config

import (
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// Command is what the program was asked to do.
type Command struct {
	Name   string // serve, migrate, epoch new
	Config Config
}

type line struct {
	Serve struct {
		Demo    bool `help:"Load the demonstration network and let its invented people sign in (loopback only)."`
		Traffic bool `help:"Make invented registrations all the time, so that a watcher sees life (with --demo)."`
	} `cmd:"" help:"Serve the hub; the private PostgreSQL is started unless DATABASE_URL is set."`
	Migrate struct{} `cmd:"" help:"Bring the database to this version and stop."`
	Epoch   struct {
		New struct{} `cmd:"" help:"Start a new epoch: every cursor handed out so far becomes stale. For copied data folders."`
	} `cmd:"" help:"About the epoch of cursors."`
}

// Parse reads the command line and the environment. Help and mistakes are
// written to out; then done is true and there is nothing to run.
func Parse(args []string, out io.Writer) (c Command, done bool, err error) {
	var l line
	exited := false
	parser, err := kong.New(&l,
		kong.Name("teixit"),
		kong.Description("The hub of networked working: one graph, followed live. Settings come from the environment: TEIXIT_ADDR, TEIXIT_DATA, DATABASE_URL and others, see docs/operations.md."),
		kong.Writers(out, out),
		kong.Exit(func(int) { exited = true }))
	if err != nil {
		return c, false, err
	}
	parsed, err := parser.Parse(args)
	if err != nil || exited {
		return c, exited, err
	}
	if c.Config, err = Read(); err != nil {
		return c, false, err
	}
	c.Name = strings.TrimSpace(parsed.Command())
	c.Config.Demo = c.Config.Demo || l.Serve.Demo
	c.Config.Traffic = c.Config.Traffic || l.Serve.Traffic
	return c, false, nil
}
