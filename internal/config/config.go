// Package config is the only reader of environment and flags.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
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
	// DatabaseOwnerURL is the role that owns the tables and migrates. It goes with
	// DATABASE_URL and is another role: the hub refuses to serve as the owner.
	DatabaseOwnerURL string `env:"DATABASE_OWNER_URL"`
	// URL is where people find the hub, such as https://teixit.example: links in
	// mails and the provider's way back lead there. By default the address it
	// listens on.
	URL string `env:"TEIXIT_URL"`
	// Erasures is a folder that remembers whose data were erased, outside of what a
	// restored backup overwrites, and shared by all instances. Without it nobody's
	// data can be erased. The private database has one beside its data.
	Erasures string `env:"TEIXIT_ERASURES"`
	// Files is where documents are kept: empty for the database,
	// folder:///var/lib/teixit/files, or s3://key:secret@host:port/bucket with
	// ?region= and ?tls=off. Every instance has to find the same files there.
	Files string `env:"TEIXIT_FILES"`
	// FileSize is the most that one file may have, in MiB.
	FileSize int64 `env:"TEIXIT_FILE_SIZE" envDefault:"25"`
	// Operator is who runs the hub and is responsible for accounts, with the address
	// where people ask about their data.
	Operator     string `env:"TEIXIT_OPERATOR"`
	OperatorMail string `env:"TEIXIT_OPERATOR_MAIL"`
	// Proxies are addresses or ranges of those in front whose X-Forwarded-For is
	// believed, comma separated, such as 10.0.0.0/8.
	Proxies []string `env:"TEIXIT_PROXIES" envSeparator:","`
	// SessionIdle is how long a browser stays signed in without use.
	SessionIdle time.Duration `env:"TEIXIT_SESSION_IDLE" envDefault:"30m"`
	// OIDCIssuer is an OpenID Connect provider to sign in with besides mail, with
	// who the hub is there and how people know it.
	OIDCIssuer       string `env:"TEIXIT_OIDC_ISSUER"`
	OIDCClientID     string `env:"TEIXIT_OIDC_CLIENT_ID"`
	OIDCClientSecret string `env:"TEIXIT_OIDC_CLIENT_SECRET"`
	OIDCName         string `env:"TEIXIT_OIDC_NAME" envDefault:"OpenID Connect"`
	// SMTPURL is the relay that mails go through, such as
	// smtp://user:password@host:587 (STARTTLS) or smtps://…:465; ?tls=none for one
	// on this machine. Without it no mail is sent. The demonstration shows its
	// mails and never sends one.
	SMTPURL string `env:"TEIXIT_SMTP_URL"`
	// MailFrom is who mails are from, such as Teixit <no-reply@teixit.example>.
	MailFrom string `env:"TEIXIT_MAIL_FROM"`
	// BounceAddress is where mails come back to that do not arrive, such as
	// bounces@teixit.example: each goes out from bounces+<mark>@…. The mail server
	// hands what comes in there to POST /mail/bounces with BounceSecret. The two go
	// together.
	BounceAddress string `env:"TEIXIT_BOUNCE_ADDRESS"`
	BounceSecret  string `env:"TEIXIT_BOUNCE_SECRET"`
	// SeatHold is how long seats that were asked for by mail are held until the mail
	// address is shown to be read.
	SeatHold time.Duration `env:"TEIXIT_SEAT_HOLD" envDefault:"30m"`
	// OfferWithin is how long before an event a promotion from the waiting list
	// becomes an offer that has to be accepted; OfferTime how long such an offer
	// stands. Organisers can say otherwise for their event.
	OfferWithin time.Duration `env:"TEIXIT_OFFER_WITHIN" envDefault:"24h"`
	OfferTime   time.Duration `env:"TEIXIT_OFFER_TIME" envDefault:"2h"`
	// PublicOrigins may open WebSockets and send credentials besides the hub's own
	// origin, comma separated, such as https://portal.example.
	PublicOrigins []string `env:"TEIXIT_ORIGINS" envSeparator:","`
	// Introspection lets clients ask for the schema by query; always on in demo
	// mode. /schema.graphql is public either way.
	Introspection bool `env:"TEIXIT_INTROSPECTION"`
	// RegisteredOnly answers browsers, and whoever is not signed in, nothing but the
	// operations of the hub's own client. Who signs in with a token asks anything.
	RegisteredOnly bool `env:"TEIXIT_REGISTERED_ONLY"`
	// OperationTimeout stops the work of one query or mutation.
	OperationTimeout time.Duration `env:"TEIXIT_OPERATION_TIMEOUT" envDefault:"10s"`
	// MaxInFlight is how many operations run at once; more wait a moment and are
	// then refused.
	MaxInFlight int `env:"TEIXIT_MAX_IN_FLIGHT" envDefault:"256"`
	// Sockets is how many WebSockets and event streams may be open at once;
	// SocketsPerPerson and SocketsPerAddress how many of them may be of one
	// person, or of one network address of people who are not known. Who is one
	// too many is refused before the upgrade.
	Sockets           int `env:"TEIXIT_SOCKETS" envDefault:"20000"`
	SocketsPerPerson  int `env:"TEIXIT_SOCKETS_PER_PERSON" envDefault:"50"`
	SocketsPerAddress int `env:"TEIXIT_SOCKETS_PER_ADDRESS" envDefault:"1000"`
	// SocketOperations is how many operations may run at once on one socket.
	SocketOperations int `env:"TEIXIT_SOCKET_OPERATIONS" envDefault:"100"`
	// SocketQueue is how many bytes may wait for one slow reader, and
	// SocketQueues for all of them.
	SocketQueue  int   `env:"TEIXIT_SOCKET_QUEUE" envDefault:"1048576"`
	SocketQueues int64 `env:"TEIXIT_SOCKET_QUEUES" envDefault:"134217728"`
	// ReconnectSpread is the time over which those whose socket ends with a
	// shutdown are asked to come back.
	ReconnectSpread time.Duration `env:"TEIXIT_RECONNECT_SPREAD" envDefault:"5s"`
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
	// TxTime is how long a transaction may last: for tests on a busy machine. Zero
	// is what package postgres says.
	TxTime time.Duration `env:"-"`
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
	if c.Erasures == "" && c.DatabaseURL == "" {
		c.Erasures = filepath.Join(c.Data, "erasures")
	}
	if c.DatabaseOwnerURL == "" {
		c.DatabaseOwnerURL = c.DatabaseURL
	}
	return c, c.check()
}

// leastSecret is how long a secret between servers has to be.
const leastSecret = 20

// check refuses settings that would fail later, in front of people.
func (c Config) check() error {
	if u, err := url.Parse(c.URL); err != nil || c.URL != "" && (u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.Trim(u.Path, "/") != "") {
		return fmt.Errorf("TEIXIT_URL is %q, not the address of a site such as https://teixit.example", c.URL)
	}
	if c.OIDCIssuer != "" && c.OIDCClientID == "" {
		return errors.New("TEIXIT_OIDC_ISSUER needs TEIXIT_OIDC_CLIENT_ID")
	}
	if c.SMTPURL != "" && c.MailFrom == "" {
		return errors.New("TEIXIT_SMTP_URL needs TEIXIT_MAIL_FROM")
	}
	if (c.BounceAddress == "") != (c.BounceSecret == "") || c.BounceSecret != "" && len(c.BounceSecret) < leastSecret {
		return fmt.Errorf("TEIXIT_BOUNCE_ADDRESS and TEIXIT_BOUNCE_SECRET go together; the secret has %d characters at least", leastSecret)
	}
	if c.FileSize < 1 || c.FileSize > 1024 {
		return fmt.Errorf("TEIXIT_FILE_SIZE is %d: 1 to 1024 MiB", c.FileSize)
	}
	if least := c.leastIdle(); c.SessionIdle < least {
		return fmt.Errorf("TEIXIT_SESSION_IDLE is %s: at least %s", c.SessionIdle, least)
	}
	for name, d := range map[string]time.Duration{"TEIXIT_SEAT_HOLD": c.SeatHold, "TEIXIT_OFFER_TIME": c.OfferTime} {
		if d < time.Minute || d > 48*time.Hour {
			return fmt.Errorf("%s is %s: one minute to 48h", name, d)
		}
	}
	return c.checkSockets()
}

func (c Config) checkSockets() error {
	for name, n := range map[string]int64{
		"TEIXIT_SOCKETS": int64(c.Sockets), "TEIXIT_SOCKETS_PER_PERSON": int64(c.SocketsPerPerson),
		"TEIXIT_SOCKETS_PER_ADDRESS": int64(c.SocketsPerAddress), "TEIXIT_SOCKET_OPERATIONS": int64(c.SocketOperations),
		"TEIXIT_SOCKET_QUEUE": int64(c.SocketQueue), "TEIXIT_SOCKET_QUEUES": c.SocketQueues,
	} {
		if n < 1 {
			return fmt.Errorf("%s is %d: at least 1", name, n)
		}
	}
	if c.ReconnectSpread < 0 {
		return fmt.Errorf("TEIXIT_RECONNECT_SPREAD is %s: not before now", c.ReconnectSpread)
	}
	return nil
}

// leastIdle is the shortest time a session may last without use. People need
// some to read; the demonstration's may be so short that one can watch it end.
func (c Config) leastIdle() time.Duration {
	if c.Demo {
		return 10 * time.Second
	}
	return time.Minute
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
