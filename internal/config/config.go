// Package config is the only reader of environment and flags.
package config

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/caarlos0/env/v11"
)

// Config is everything that can be set from outside.
type Config struct {
	// Addr is where the hub listens. Demo mode insists on a loopback address.
	Addr string `env:"TEIXIT_ADDR" envDefault:"127.0.0.1:8080"`
	// Data is the folder of the private PostgreSQL; unused with DATABASE_URL.
	Data string `env:"TEIXIT_DATA"`
	// DatabaseURL is a server of one's own, with the application's role.
	DatabaseURL string `env:"DATABASE_URL"`
	// DatabaseOwnerURL is the role that owns the tables and migrates; DATABASE_URL
	// when not set.
	DatabaseOwnerURL string `env:"DATABASE_OWNER_URL"`
	// PublicOrigins may open WebSockets and send credentials besides the hub's own
	// origin, comma separated, such as https://portal.example.
	PublicOrigins []string `env:"TEIXIT_ORIGINS" envSeparator:","`
	// Introspection lets clients ask for the schema by query; always on in demo
	// mode. /schema.graphql is public either way.
	Introspection bool `env:"TEIXIT_INTROSPECTION"`
	// OperationTimeout stops the work of one query or mutation.
	OperationTimeout time.Duration `env:"TEIXIT_OPERATION_TIMEOUT" envDefault:"10s"`
	// MaxInFlight is how many operations run at once; more wait a moment and are
	// then refused.
	MaxInFlight int `env:"TEIXIT_MAX_IN_FLIGHT" envDefault:"256"`
	// ReadConns and WriteConns bound the connections to PostgreSQL.
	ReadConns  int `env:"TEIXIT_READ_CONNS" envDefault:"16"`
	WriteConns int `env:"TEIXIT_WRITE_CONNS" envDefault:"16"`
	// DrainTime is how long open work may go on after SIGTERM.
	DrainTime time.Duration `env:"TEIXIT_DRAIN_TIME" envDefault:"20s"`
	// LogLevel is debug, info, warn or error; LogFormat json or text.
	LogLevel  slog.Level `env:"TEIXIT_LOG_LEVEL" envDefault:"info"`
	LogFormat string     `env:"TEIXIT_LOG_FORMAT" envDefault:"json"`
	// VolatileDatabase says that the database may lose what it acknowledged: for
	// tests only, it cannot be set from outside.
	VolatileDatabase bool `env:"-"`
	// Demo loads the demonstration network and lets its people sign in.
	Demo bool `env:"TEIXIT_DEMO"`
	// Traffic makes invented registrations all the time, in demo mode only.
	Traffic bool `env:"TEIXIT_TRAFFIC"`
}

// Read takes the environment and fills what follows from the rest.
func Read() (Config, error) {
	var c Config
	if err := env.Parse(&c); err != nil {
		return c, fmt.Errorf("read the settings: %w", err)
	}
	if c.Data == "" {
		c.Data = defaultData()
	}
	if c.DatabaseOwnerURL == "" {
		c.DatabaseOwnerURL = c.DatabaseURL
	}
	return c, nil
}

// defaultData is a folder the database's user can reach: root's home is closed
// to others, so root's data lives under /var/lib.
func defaultData() string {
	if os.Geteuid() == 0 {
		return "/var/lib/teixit-demo"
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "teixit-demo")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "teixit-demo"
	}
	return filepath.Join(home, ".local", "share", "teixit-demo")
}
