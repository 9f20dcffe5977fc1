package matrix_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/app"
	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Everybody who asks. What is one's own is of the club and of Terrassa.
const (
	anonymous    = "anonymous"
	ended        = "person of an ended account" // once represented the club
	stranger     = "stranger"                   // signed in, acts for nobody
	otherRep     = "representative of another association"
	rep          = "representative"
	program      = "program of the representative" // a token that may read
	delegate     = "delegate"
	colleague    = "colleague"
	registered   = "person registered by somebody else" // acts for nobody
	officer      = "officer of the town"
	otherOfficer = "officer of another town"
	organiser    = "organiser"          // by a grant on two events
	door         = "person at the door" // by a grant on one
	coordinator  = "provincial coordinator"
	admin        = "administrator of the platform"
)

func everybody() roles {
	return roles{
		anonymous, ended, stranger, otherRep, rep, program, delegate, colleague, registered,
		officer, otherOfficer, organiser, door, coordinator, admin,
	}
}

func signedIn() roles { return but(everybody(), anonymous, ended) }

// clubPeople are who act for the club; itsVoice who answers for it.
func clubPeople() roles { return roles{rep, program, delegate, colleague} }
func itsVoice() roles   { return roles{rep, program} }

func but(all roles, not ...string) roles {
	return slices.DeleteFunc(slices.Clone(all), func(r string) bool { return slices.Contains(not, r) })
}

func and(all roles, more ...string) roles { return append(slices.Clone(all), more...) }

// who is one of the people of the world.
type who struct {
	id   id.ID
	self *planted // the name
	mail *planted
	// address is the mail address, which is also the account's.
	address string
}

// world is a hub with everything planted in it.
type world struct {
	testing.TB
	contract
	book     *book
	hub      *hubtest.Hub
	database pgtest.Database
	super    *pgx.Conn // behind every wall
	people   map[string]*who
	shows    map[string]shown
	things   map[string]string // public identifiers and secrets, by name
	nodes    map[string]id.ID
	happened map[string]bool
	late     bool // what is planted now need not be read
}

// silent takes mails and sends none.
type silent struct{}

func (silent) Enqueue(context.Context, mail.Message) error                 { return nil }
func (silent) EnqueueTx(context.Context, *postgres.Tx, mail.Message) error { return nil }

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{
		TB: t, contract: readContract(t), book: &book{texts: map[string]*planted{}}, database: pgtest.URL(t),
		people: map[string]*who{}, shows: map[string]shown{anonymous: {}}, things: map[string]string{}, nodes: map[string]id.ID{}, happened: map[string]bool{},
	}
	w.hub = w.start(w.database)
	var err error
	w.super, err = pgx.Connect(t.Context(), w.database.Admin)
	w.ok(err)
	t.Cleanup(func() { _ = w.super.Close(context.Background()) })
	w.exec(`set teixit.hub = 'on'`) // triggers hold back the superuser too
	for _, p := range parts() {
		if p.plant != nil {
			p.plant(w)
		}
	}
	return w
}

// start runs a hub that has all the time it wants, so that a busy machine fails
// nothing. It plans each statement once for each of few connections.
func (w *world) start(d pgtest.Database, options ...app.Option) *hubtest.Hub {
	w.Helper()
	u, err := url.Parse(d.App)
	w.ok(err)
	settings := u.Query()
	for name, value := range map[string]string{"connect_timeout": "300", "statement_timeout": "300000", "plan_cache_mode": "force_generic_plan"} {
		settings.Set(name, value)
	}
	u.RawQuery = settings.Encode()
	d.App = u.String()
	erasures := w.TempDir()
	return hubtest.Start(w.TB, hubtest.Config{
		Database: d, Options: append(options, app.WithMail(silent{})),
		Change: func(c *config.Config) {
			c.Erasures, c.OperationTimeout, c.TxTime = erasures, patience, patience
			c.ReadConns, c.WriteConns = 4, 2
			c.SocketsPerPerson, c.SocketsPerAddress = 2000, 20_000 // everything is followed at once
		},
	})
}

func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) exec(sql string, args ...any) {
	w.Helper()
	for i, a := range args {
		if v, ok := a.(id.ID); ok {
			args[i] = v.String()
		}
	}
	if _, err := w.super.Exec(w.Context(), sql, args...); err != nil {
		w.Fatalf("%s: %v", sql, err)
	}
}

func (w *world) tx(do func(ctx context.Context, tx *postgres.Tx) error) {
	w.Helper()
	w.ok(w.hub.DB.InTx(postgres.AsHub(context.Background()), do))
}

func (w *world) viewer(role string) *access.Viewer {
	w.Helper()
	return w.hub.Viewer(w.TB, w.people[role].id)
}

// plant begins something that only some may see.
func (w *world) plant(what string, at, may places) *planted {
	return &planted{what: what, at: with(at, nil), may: with(may, nil), late: w.late}
}

// mark is a text that betrays a new planted thing.
func (w *world) mark(what string, at places) string { return w.book.mark(w.plant(what, at, nil)) }

// thing names a public identifier for the rows, and lets it betray the thing.
func (w *world) thing(name, global string, v id.ID, p *planted) {
	w.things[name] = global
	if p != nil {
		w.book.object(p, v)
	}
}

// person adds somebody with an account; a person without a body acts for nobody.
// at says where who besides themselves reads the name, and may where somebody may
// come upon it.
func (w *world) person(name string, body id.ID, role directory.ActingRole, at, may places) *who {
	w.Helper()
	self := but(roles{name}, ended)
	if name == rep {
		self = itsVoice()
	}
	if !slices.Contains(everybody(), name) {
		self = nil
	}
	at = with(at, places{"Person.name": self, "Person.id": self, "DataExport.json": but(self, program), "DataFile.text": but(self, program)})
	p := &who{self: w.plant("who the "+name+" is", at, may)}
	p.mail = w.plant("the mail address of the "+name, places{
		"Account.mail": but(self, program), "DataExport.json": but(self, program), "DataFile.text": but(self, program),
		"Account.language": but(self, program), "Account.admin": but(self, program), "Account.createdAt": but(self, program),
	}, nil)
	p.self.at["Account.id"] = but(self, program)
	for _, place := range []string{"Session.id", "ApiToken.id"} { // they begin with the person's
		p.self.may[place] = but(self, program)
	}
	called := "Persona Inventada " + w.book.mark(p.self)
	p.address = w.book.mark(p.mail) + "@example.org"
	if body.IsZero() {
		p.id = w.alone(called, p.address)
	} else {
		w.tx(func(ctx context.Context, tx *postgres.Tx) error {
			made, err := directory.CreatePeople(ctx, tx, nil, []directory.PersonSpec{{Name: called, Mail: p.address, For: body, Role: role}})
			if err == nil {
				p.id = made[0]
			}
			return err
		})
	}
	w.book.object(p.self, p.id)
	w.people[name] = p
	w.things["person: "+name] = node.Person.Global(p.id)
	w.exec(`insert into accounts (person, mail, lang, admin) values ($1, $2, 'en', $3)`, p.id, p.address, name == admin)
	if slices.Contains(everybody(), name) {
		w.shows[name] = shown{authorization: "Bearer " + w.hub.Token(p.id)}
	}
	return p
}

// alone registers a person as signing in for the first time does.
func (w *world) alone(name, address string) id.ID {
	w.Helper()
	v := id.New()
	w.tx(func(ctx context.Context, tx *postgres.Tx) error {
		return node.Register(ctx, tx, node.Node{ID: v, Kind: node.Person, Visibility: access.Organisers})
	})
	w.exec(`insert into person_names (subject, root, name, mail) values ($1, $1, $2, $3)`, v, name, address)
	return v
}

// with adds places; where both name one, its readers are joined.
func with(at, more places) places {
	joined := places{}
	for _, each := range []places{at, more} {
		for place, by := range each {
			joined[place] = and(joined[place], by...)
		}
	}
	return joined
}

// secret is a token of a kind that the database keeps as a hash only.
func (w *world) secret(p *planted, prefix string) (text string, hash []byte) {
	text = prefix + w.book.mark(p) + "0123456789abcdefghijklmnopqrstuvw"
	sum := sha256.Sum256([]byte(text))
	return text, sum[:]
}

func stored(hash []byte) string { return base64.RawURLEncoding.EncodeToString(hash) }

func (w *world) global(name string) string {
	w.Helper()
	if w.things[name] == "" {
		w.Fatalf("there is no %s", name)
	}
	return w.things[name]
}

func (w *world) node(name string) id.ID {
	w.Helper()
	if w.nodes[name].IsZero() {
		w.Fatalf("there is no %s", name)
	}
	return w.nodes[name]
}

// part is one domain's share of the matrix; see the package's comment.
type part struct {
	plant   func(*world)
	queries func(*world) map[string][]ask
	changes func(*world) map[string]change
	streams func(*world) map[string][]follow
	columns map[string]string
	// refuses names fields below a root that are an error for some, and for whom.
	refuses map[string]roles
}

func parts() []part {
	return []part{territoryPart(), directoryPart(), accessPart(), calendarPart(), registeringPart(), tablePart(), projectPart(), workshopPart(), documentPart(), feedsPart(), policyPart(), privacyPart(), dayPart(), accountPart(), networkPart(), commonPart()}
}

// ask is one way to ask a root field of the queries.
type ask struct {
	args in
	seen roles // who gets something: no error, not null, not empty
	deep bool  // by all generated ways, else by the short ones
	// only is the type of what is asked for, where the root field gives several.
	only string
}

// change is one way to use a mutation.
type change struct {
	// input is for who may not: it would work for who may.
	input in
	// hidden are inputs about things that only those named with them see: the
	// others are answered as if there were nothing.
	hidden []in
	may    roles
	// refused are the codes for signed-in people who may not. Programs that may
	// only read get a code of their own.
	refused []string
	// made makes what is really carried out, by each of may; nil: the input. by
	// bounds who carries it out.
	made func(w *world, role string, n int) in
	by   roles
	late bool // comes behind the others: it takes something away
	once bool // cannot be sent again
	// link says that the secret in the input is the right: nobody has to sign in.
	link bool
}

// follow is one thing to subscribe to.
type follow struct {
	args    in
	seen    roles
	deep    bool
	happens func() // makes a change that everybody who follows is told
}

// rows joins what the parts say.
type rows struct {
	queries map[string][]ask
	changes map[string]change
	streams map[string][]follow
	columns map[string]string
	refuses map[string]roles
}

func (w *world) rows() rows {
	w.Helper()
	all := rows{map[string][]ask{}, map[string]change{}, map[string][]follow{}, map[string]string{}, map[string]roles{}}
	for _, p := range parts() {
		if p.queries != nil {
			merge(w, all.queries, p.queries(w))
		}
		if p.changes != nil {
			merge(w, all.changes, p.changes(w))
		}
		if p.streams != nil {
			merge(w, all.streams, p.streams(w))
		}
		merge(w, all.columns, p.columns)
		merge(w, all.refuses, p.refuses)
	}
	return all
}

func merge[V any](w *world, into, more map[string]V) {
	w.Helper()
	for name, row := range more {
		if _, twice := into[name]; twice {
			w.Errorf("%s has two rows", name)
		}
		into[name] = row
	}
}

// missing names what has no row, and rows of what does not exist.
func missing[V any](c contract, root string, rows map[string]V) (wrong []string) {
	def := c.Types[root]
	for _, f := range c.fields(def) {
		if _, ok := rows[f.Name]; !ok {
			wrong = append(wrong, fmt.Sprintf("%s.%s has no row: say in a rows_…_test.go with what it is asked and who gets something", root, f.Name))
		}
	}
	for name := range rows {
		if def.Fields.ForName(name) == nil {
			wrong = append(wrong, fmt.Sprintf("%s.%s has a row and does not exist", root, name))
		}
	}
	return wrong
}
