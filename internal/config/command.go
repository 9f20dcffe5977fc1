package config

import (
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// Command is what the program was asked to do.
type Command struct {
	Name   string // serve, migrate, epoch new, admin create, admin disable, admin enable, person erase
	Mail   string // whom an admin command is about
	Who    string // whom a command about a person is about: identifier, or mail address of the account
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
	Admin struct {
		Create  account `cmd:"" help:"Make somebody an administrator of the platform; prints a link that signs them in, once."`
		Disable account `cmd:"" help:"Take an account out of use: its sessions and tokens end at once."`
		Enable  account `cmd:"" help:"Let the person of a disabled account sign in again."`
	} `cmd:"" help:"About accounts, for who holds the machine."`
	Person struct {
		Erase struct {
			Who string `required:"" help:"Identifier of the person, or mail address of their account."`
		} `cmd:"" help:"Erase the data of a person who asked for it and cannot sign in. It cannot be undone."`
	} `cmd:"" help:"About people's data."`
}

// account names an account on the command line.
type account struct {
	Mail string `required:"" help:"Mail address of the account."`
}

// mail is whom the command is about: only one of them was given.
func (l line) mail() string { return l.Admin.Create.Mail + l.Admin.Disable.Mail + l.Admin.Enable.Mail }

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
	c.Name, c.Mail, c.Who = strings.TrimSpace(parsed.Command()), l.mail(), l.Person.Erase.Who
	c.Config.Demo = c.Config.Demo || l.Serve.Demo
	c.Config.Traffic = c.Config.Traffic || l.Serve.Traffic
	return c, false, nil
}
