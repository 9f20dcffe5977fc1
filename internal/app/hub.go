package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/teixit/teixit/graph"
	"github.com/teixit/teixit/graph/engine"
	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/demo"
	"github.com/teixit/teixit/internal/domain/attendance"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/discussion"
	"github.com/teixit/teixit/internal/domain/document"
	"github.com/teixit/teixit/internal/domain/inbox"
	"github.com/teixit/teixit/internal/domain/oversight"
	"github.com/teixit/teixit/internal/domain/privacy"
	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/edge/authhttp"
	"github.com/teixit/teixit/internal/edge/gqldoc"
	"github.com/teixit/teixit/internal/edge/gqlhttp"
	"github.com/teixit/teixit/internal/edge/gqlws"
	"github.com/teixit/teixit/internal/edge/httpd"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/feeds"
	"github.com/teixit/teixit/internal/platform/jobs"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/live"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/postgres"
	"github.com/teixit/teixit/web"
)

// Hub is one instance: stateless but for caches, one of many equal ones on a
// database.
type Hub struct {
	cfg        config.Config
	addr       string // where it listens
	log        *slog.Logger
	db         *postgres.DB
	live       *live.Hub
	shares     *live.Shares
	events     *calendar.Events
	seats      *calendar.Registrations
	off        *mail.Off
	bodies     *directory.Service
	tables     *table.Service
	oversight  *oversight.Service
	projects   *project.Service
	workshops  *workshop.Service
	documents  *document.Service
	privacy    *privacy.Service
	inbox      *inbox.Service
	comments   *discussion.Service
	feeds      *feeds.Tail
	watcher    *auth.Watcher
	jobs       *jobs.Runner
	mail       mail.TxQueue
	signIn     signIn
	sockets    *gqlws.Handler
	server     *httpd.Server
	meters     meters
	plans      *prometheus.CounterVec
	turns      prometheus.Histogram
	memory     *engine.Memory
	work       sync.WaitGroup
	stop       context.CancelFunc
	attendance *attendance.Service

	// Demo has the demonstration's sign-in and people; nil without it.
	Demo *auth.Demo
	Cast demo.Cast
	// castMails are the addresses with which the cast sign in.
	castMails map[id.ID]string
}

// Option changes how a hub is put together; tests use it.
type Option func(*options)

type options struct {
	seats     []calendar.RegistrationsOption
	signIn    bool
	counts    bool
	alone     bool
	noDigests bool
	noPlans   bool
	noMemory  bool
	encoders  func(engine.Encoders) engine.Encoders
	mail      mail.TxQueue
	// operations are registered instead of those of the web client; nil: those.
	operations map[string]string
}

// WithoutSharing executes every subscription for its reader alone. It is for
// tests, which compare.
func WithoutSharing() Option { return func(all *options) { all.alone = true } }

func (o options) shared(s *live.Shares) *live.Shares {
	if o.alone {
		return nil
	}
	return s
}

// WithDemoSignIn lets people sign in with demo tokens, without loading the
// demonstration network.
func WithDemoSignIn() Option { return func(all *options) { all.signIn = true } }

// WithRegistrations passes options to the registration service.
func WithRegistrations(o ...calendar.RegistrationsOption) Option {
	return func(all *options) { all.seats = append(all.seats, o...) }
}

// Open puts an instance together on a migrated database. addr is where it will
// listen; step is told what begins.
func Open(ctx context.Context, cfg config.Config, url, addr string, log *slog.Logger, step func(string), opts ...Option) (*Hub, error) {
	db, err := postgres.Open(ctx, postgres.Config{URL: url, ReadConns: cfg.ReadConns, WriteConns: cfg.WriteConns, TxTimeout: cfg.TxTime})
	if err != nil {
		return nil, err
	}
	h := &Hub{cfg: cfg, log: log, db: db, plans: newPlanned(), turns: newTurns(), memory: engine.NewMemory(keptAnswers), live: live.New(db, live.Options{Log: log}), watcher: auth.NewWatcher(db, cfg.SessionIdle, log)}
	h.shares = h.live.Share(graph.CheckRights, live.ShareOptions{})
	h.feeds = feeds.New(db, feeds.Options{Log: log})
	db.OnTouched(func(touched []postgres.Touched) {
		h.live.Committed(touched)
		h.feeds.Wake()
	}, h.live.Follows)
	db.OnCommitted(h.memory.Forget)
	if err := h.prepare(ctx, step); err != nil {
		db.Close()
		return nil, err
	}
	if err := h.live.Start(ctx); err != nil {
		db.Close()
		return nil, err
	}
	h.watcher.Start()
	h.feeds.Start()
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	h.stop = stop
	var o options
	for _, set := range opts {
		set(&o)
	}
	if err := errors.Join(h.services(ctx, addr, step, o), h.edges(o)); err != nil {
		h.Close()
		return nil, err
	}
	if err := h.jobs.Start(ctx); err != nil {
		h.Close()
		return nil, err
	}
	h.work.Go(func() { h.keepJournal(work) })
	if cfg.Demo && cfg.Traffic {
		h.work.Go(func() { demo.Traffic(work, h.demoServices(), h.Cast, 2*time.Second, log) })
	}
	return h, nil
}

// prepare checks the server and loads what every hub has: places and terms.
func (h *Hub) prepare(ctx context.Context, step func(string)) error {
	if err := h.db.Check(ctx, h.cfg.VolatileDatabase); err != nil {
		return err
	}
	step("Territory and taxonomies")
	if _, err := territory.Import(ctx, h.db); err != nil {
		return fmt.Errorf("load the territory: %w", err)
	}
	if _, err := taxonomy.Import(ctx, h.db); err != nil {
		return fmt.Errorf("load the taxonomies: %w", err)
	}
	return nil
}

func (h *Hub) services(ctx context.Context, addr string, step func(string), o options) (err error) {
	h.addr = addr
	h.events = calendar.NewEvents(h.db)
	if h.privacy, err = newPrivacy(h.cfg, h.db, h.log); err != nil {
		return err
	}
	h.tables = table.New(h.db, table.WithCouncils(territory.CouncilName))
	if err := h.openWork(o); err != nil {
		return err
	}
	site := siteOf(h.cfg, addr)
	if err := h.openOff(ctx, site); err != nil {
		return err
	}
	h.openSeats(site, o)
	h.bodies = directory.New(h.db, directory.WithMail(h.mail, site), directory.WithHoldings(calendar.Holdings{}, table.Holdings{}, project.Holdings{}))
	h.oversight = oversight.New(h.db, h.mail, site)
	h.comments = discussion.New(h.db, directory.VisiblePeople)
	if err := h.openInbox(site, o); err != nil {
		return err
	}
	if err := h.openAttendance(site); err != nil {
		return err
	}
	h.projects = project.New(h.db)
	if err := h.openFiles(); err != nil {
		return err
	}
	h.workshops = workshop.New(h.db, priorityProjects{h.projects})
	if err := h.openSignIn(ctx, addr); err != nil {
		return err
	}
	if err := h.keepPromises(ctx, site, step); err != nil {
		return err
	}
	if !h.cfg.Demo && !o.signIn {
		return nil
	}
	secret, err := auth.DemoSecret(ctx, h.db.Read())
	if err != nil {
		return err
	}
	if h.Demo, err = auth.NewDemo(secret, addr); err != nil {
		return err
	}
	if !h.cfg.Demo {
		return nil
	}
	step("Demonstration network")
	if h.Cast, err = demo.Load(ctx, h.demoServices(), step); err != nil {
		return err
	}
	return errors.Join(h.castAccounts(ctx), h.untold(ctx))
}

func (h *Hub) demoServices() demo.Services {
	return demo.Services{
		DB: h.db, Events: h.events, Registrations: h.seats, Directory: h.bodies, Inbox: h.inbox, Discussion: h.comments,
		Tables: h.tables, Projects: h.projects, Workshops: h.workshops,
	}
}

// edges puts the transports in front of the services.
func (h *Hub) edges(o options) error {
	exec, schema, err := graph.New(graph.Services{
		DB: h.db, Live: h.live, Shares: o.shared(h.shares), Events: h.events, Registrations: h.seats, Attendance: h.attendance, Directory: h.bodies, Oversight: h.oversight, Log: h.log,
		Privacy: h.privacy, Inbox: h.inbox, Discussion: h.comments, Feeds: h.feeds,
		Tables:    h.tables,
		Projects:  h.projects,
		Workshops: h.workshops,
		Documents: h.documents,
		Accounts:  h.signIn.accounts, Sessions: h.signIn.sessions,
		Watcher: h.watcher, Reference: gqlhttp.Reference, Site: siteOf(h.cfg, h.addr),
		Planned: h.planned, Memory: o.memoryOf(h.memory), NoPlans: o.noPlans, Encoders: o.encoders,
	})
	if err != nil {
		return err
	}
	exec.Use(extension.Introspection{}) // switched on and off by the limits
	gqldoc.Attach(exec)
	limits := gqldoc.DefaultLimits()
	limits.Introspection = h.cfg.Demo || h.cfg.Introspection
	limits.LongTexts = []string{"description", "minutes", "ca", "es", "en"}
	prep, err := gqldoc.New(schema, limits, costs())
	if err != nil {
		return err
	}
	if err := o.register(prep, h.cfg.RegisteredOnly); err != nil {
		return err
	}
	e := &endpoint{hub: h, exec: exec, prep: prep, auth: auth.NewAuthenticator(h.db, h.tokens(), h.cfg.SessionIdle)}
	if e.address, err = authhttp.Address(h.cfg.Proxies); err != nil {
		return err
	}
	if h.sockets, err = e.streams(); err != nil {
		return err
	}
	sdl, err := publicSchema()
	if err != nil {
		return err
	}
	h.server, err = httpd.New(httpd.Routes{
		GraphQL: counting(o.counts, e.handler()), Auth: e.authRoutes(), Files: e.files(), Papers: e.papers(), Calendars: e.calendars(), Mail: h.bounces(), Schema: sdl, Client: web.Handler(), Metrics: h.metrics(e.auth),
		Origins: h.cfg.PublicOrigins, Ready: h.db.Ping, Notes: h.notes(), Outbox: h.outbox(), Conn: gqlws.WithConn,
	}, h.log)
	return err
}

func (h *Hub) tokens() auth.Tokens {
	if h.Demo == nil {
		return nil
	}
	return h.Demo
}

// Serve answers on l until ctx ends, then drains.
func (h *Hub) Serve(ctx context.Context, l net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- h.server.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		h.log.Info("draining")
		return errors.Join(h.drain(), <-failed)
	}
}

// drain stops being ready, ends streams with a reason and lets open work
// finish, all within the drain time.
func (h *Hub) drain() error {
	ctx, cancel := context.WithTimeout(context.Background(), h.cfg.DrainTime)
	defer cancel()
	h.server.Drain()
	if err := h.sockets.Drain(ctx); err != nil {
		h.log.Warn("streams were cut off", "cause", err)
	}
	err := h.server.Shutdown(ctx)
	h.endWork(ctx)
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// keepJournal makes partitions ahead, retires old ones and forgets old keys,
// now and every hour. Any number of instances may do it.
func (h *Hub) keepJournal(ctx context.Context) {
	hourly := time.NewTicker(time.Hour)
	defer hourly.Stop()
	for {
		if err := journal.Maintain(ctx, h.db); err != nil && ctx.Err() == nil {
			h.log.Error("maintain the journal", "cause", err)
		}
		if err := auth.Maintain(ctx, h.db); err != nil && ctx.Err() == nil {
			h.log.Error("forget old sign-ins", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-hourly.C:
		}
	}
}

// Close ends what works in the background and releases the database.
func (h *Hub) Close() {
	h.stop()
	h.work.Wait()
	if h.jobs != nil {
		ctx, cancel := context.WithTimeout(context.Background(), stopWork)
		h.endWork(ctx)
		cancel()
	}
	h.endSockets()
	h.watcher.Stop()
	h.feeds.Stop()
	h.live.Stop()
	h.db.Close()
}

// endSockets cuts off whom a drain has not: streams must end before what feeds
// them does, or their readers would take the stop for their stream's own end.
func (h *Hub) endSockets() {
	if h.sockets == nil {
		return
	}
	now, cancel := context.WithCancel(context.Background())
	cancel()
	_ = h.sockets.Drain(now) // it only says that it had to cut off
}
