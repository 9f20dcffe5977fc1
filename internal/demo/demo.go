// Package demo loads the demonstration network: a day of work, loaded once into
// an empty hub, that shows what the hub is for.
//
// Places, the bodies of the provincial council, the district and the town
// councils are real. Associations and people are invented and say so:
// associations carry the flag, people have surnames that nobody has, and every
// event's summary ends by saying that it is demonstration data.
//
// # The same everywhere
//
// Nothing is drawn by lot: the same bodies with the same identifiers come up in
// every hub. Dates of events are counted from the day of loading, so that
// there is always something to come; that day is read from the database, where
// the importer's node keeps it, and not from the clock of a later start.
//
// # Once
//
// The person at the door is added last and marks a complete network: with her
// there, Load only looks the cast up. A load that was interrupted is taken up
// where it stopped: bodies and people have fixed identifiers and only missing
// ones are added; events and registrations go through commands with fixed
// idempotency keys.
//
// # Rights
//
// Bodies and people come in by the bulk functions of package directory, which
// ask for no right. Events and seats go through the services like everybody's.
// The importer who creates events is a person without a name, a token or an
// appointment; for each command it is given a viewer that administers just the
// organisation the command is for. Registrations are made by the invented
// people with the rights they really have, read by package auth.
package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/discussion"
	"github.com/teixit/teixit/internal/domain/inbox"
	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Services are what the network is loaded through. Territories and taxonomies
// must have been imported before.
type Services struct {
	DB            *postgres.DB
	Events        *calendar.Events
	Registrations *calendar.Registrations
	Directory     *directory.Service
	Inbox         *inbox.Service
	Discussion    *discussion.Service
	Tables        *table.Service
	Projects      *project.Service
	Workshops     *workshop.Service
}

// Load brings the demonstration network into the hub unless it is there, and
// returns whom to be and what to watch. step is told what begins; it may be
// nil.
func Load(ctx context.Context, s Services, step func(string)) (Cast, error) {
	l := &loader{Services: s, step: step}
	if step == nil {
		l.step = func(string) {}
	}
	there, err := existing(ctx, s.DB.Read(), []id.ID{doorkeeper().ID})
	if err != nil {
		return Cast{}, err
	}
	if len(there) == 0 {
		if err := l.load(ctx); err != nil {
			return Cast{}, fmt.Errorf("load the demonstration network: %w", err)
		}
	}
	return castOf(ctx, s.DB.Read())
}

// loader carries one load.
type loader struct {
	Services
	step  func(string)
	today time.Time                // the day of loading, midnight in Madrid
	made  map[string]id.ID         // events by their key
	known map[id.ID]*access.Viewer // people who act, as viewers
}

func (l *loader) load(ctx context.Context) error {
	l.made, l.known = map[string]id.ID{}, map[id.ID]*access.Viewer{}
	for _, stage := range []struct {
		title string
		do    func(context.Context) error
	}{
		{"Demonstration: bodies and associations", l.loadBodies},
		{"Demonstration: invented people", l.loadPeople},
		{"Demonstration: events", l.loadEvents},
		{"Demonstration: working tables", l.loadTables},
		{"Demonstration: projects", l.loadProjects},
		{"Demonstration: a workshop", l.loadWorkshop},
		{"Demonstration: comments", l.loadConversation},
		{"Demonstration: registrations", l.loadRegistrations},
	} {
		l.step(stage.title)
		if err := stage.do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// importer is the node that stands for the load itself in the journal.
func importer() id.ID { return id.Named("demo:person:importer") }

// importing is the viewer that acts for one organisation while loading.
func importing(organisation id.ID) *access.Viewer {
	return &access.Viewer{
		Person: importer(), For: organisation, Lang: lang.CA,
		Home: []id.ID{organisation}, Administers: []id.ID{organisation},
	}
}

// loadLock makes instances that start together load one after the other.
const loadLock = 7_315_948_223

// inTx runs one bulk stage under the lock.
func (l *loader) inTx(ctx context.Context, do func(context.Context, *postgres.Tx) error) error {
	return l.DB.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		if _, err := tx.Native().Exec(ctx, `select pg_advisory_xact_lock($1)`, int64(loadLock)); err != nil {
			return fmt.Errorf("wait for another load: %w", err)
		}
		return do(ctx, tx)
	})
}

// begin registers the importer, whose first moment is the day of loading.
func (l *loader) begin(ctx context.Context) error {
	err := l.inTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		there, err := existing(ctx, tx.Native(), []id.ID{importer()})
		if err != nil || len(there) > 0 {
			return err
		}
		return node.Register(ctx, tx, node.Node{ID: importer(), Kind: node.Person, Visibility: access.Organisers})
	})
	if err != nil {
		return err
	}
	l.today, err = loadedOn(ctx, l.DB.Read())
	return err
}

// loadedOn is the day of loading.
func loadedOn(ctx context.Context, q postgres.Querier) (time.Time, error) {
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		return time.Time{}, fmt.Errorf("find the zone of the hub's days: %w", err)
	}
	var at time.Time
	if err := q.QueryRow(ctx, `select created_at from nodes where id = $1`, importer()).Scan(&at); err != nil {
		return time.Time{}, fmt.Errorf("read the day of loading: %w", err)
	}
	y, m, d := at.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone), nil
}

// existing tells which of the nodes are there, whoever may see them.
func existing(ctx context.Context, q postgres.Querier, ids []id.ID) (map[id.ID]bool, error) {
	var found []id.ID
	err := q.QueryRow(ctx, `select coalesce(array_agg(id), '{}') from nodes where id = any($1)`, ids).Scan(&found)
	if err != nil {
		return nil, fmt.Errorf("look for what is loaded: %w", err)
	}
	there := make(map[id.ID]bool, len(found))
	for _, v := range found {
		there[v] = true
	}
	return there, nil
}
