package workshop

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Projects makes shared projects inside of a command of this package.
type Projects interface {
	// CreateFrom makes a project of the viewer's and answers its identifier. It
	// checks the viewer's right to lead it, and faults name fields of the spec.
	CreateFrom(ctx context.Context, tx *postgres.Tx, v *access.Viewer, spec ProjectSpec) (id.ID, error)
}

// ProjectSpec is a project that comes of a priority.
type ProjectSpec struct {
	Lead       id.ID
	Side       string // PUBLIC or SOCIAL
	Title      lang.Text
	Visibility access.Level
	Area       []id.ID
	Workshop   id.ID
}

// Service runs the commands on workshops and consultations. They take an
// idempotency key, as everywhere.
type Service struct {
	db       *postgres.DB
	projects Projects
}

// New makes the service on a database.
func New(db *postgres.DB, projects Projects) *Service { return &Service{db: db, projects: projects} }

// Bounds of a workshop.
const (
	MaxGroups       = 40
	MaxOfGroup      = 100 // entries of one group
	maxOfOrganisers = 1_000
	maxPlaces       = 30
	maxText         = 500
	maxName         = 60
)

// Input is what a workshop is created from, always as prepared.
type Input struct {
	Home        id.ID
	Title       lang.Text
	Description lang.Text // 20,000
	Visibility  access.Level
	Places      []id.ID // neighbourhoods, districts or towns, in order; 1 to 30
	About       []id.ID
	DerivedFrom []id.ID // events and consultations
}

func (in Input) lists() []relation.List {
	return []relation.List{
		{Name: "places", Edge: node.HeldAt, Role: "AREA", Kinds: relation.Territories(), Max: maxPlaces, IDs: in.Places},
		{Name: "about", Edge: node.About, Kinds: relation.Themes(), Max: 50, IDs: in.About},
		{
			Name: "derivedFrom", Edge: node.DerivedFrom, Max: 20, IDs: in.DerivedFrom,
			Kinds: []node.Kind{node.Event, node.PriorConsultation, node.Workshop, node.SharedProject},
		},
	}
}

func (in Input) check() fault.List {
	var f form.Findings
	f.Title(in.Title, "title")
	f.Text(in.Description, 20_000, "description")
	f.Number(int(in.Visibility), int(access.Public), int(access.Members), "visibility")
	if len(in.Places) == 0 {
		f.Add(fault.ErrRequired, "places")
	}
	return f.Faults
}

// Create makes a workshop that its organisers prepare. Who may: who answers for
// its home.
func (s *Service) Create(ctx context.Context, v *access.Viewer, in Input, key string) (*Workshop, error) {
	return command.One(ctx, s.call(v, key, "workshopCreate", in.clean()), func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		return createIn(ctx, tx, v, in)
	}, reader(v))
}

func (in Input) clean() Input {
	in.Title, in.Description = form.Trim(in.Title), form.Trim(in.Description)
	return in
}

// createIn makes a workshop inside of a command: a new one's topic is nobody
// else's yet.
func createIn(ctx context.Context, tx *postgres.Tx, v *access.Viewer, in Input) (id.ID, error) {
	in = in.clean()
	if err := relation.MayBegin(ctx, tx.Native(), v, in.Home, "organization", in.lists(), in.check()); err != nil {
		return id.Zero, err
	}
	made := id.New()
	return made, create(ctx, tx, v, made, in)
}

func create(ctx context.Context, tx *postgres.Tx, v *access.Viewer, workshop id.ID, in Input) error {
	err := node.Register(ctx, tx, node.Node{
		ID: workshop, Kind: node.Workshop, Title: in.Title, Home: in.Home, Visibility: access.Organisers,
	})
	if err != nil {
		return err
	}
	if err := journal.Lock(ctx, tx, workshop); err != nil {
		return err
	}
	_, err = tx.Native().Exec(ctx, `insert into workshops (node, visibility, description, join_code, created_by) values ($1, $2, $3, $4, $5)`,
		workshop, in.Visibility, in.Description, newCode(), v.Person)
	if err != nil {
		return storeError("insert workshop", err)
	}
	if err := relation.Connect(ctx, tx, workshop, v.Person, in.lists()); err != nil {
		return err
	}
	return journal.Append(ctx, tx, workshop, v, journal.Fact{
		Kind: FactCreated, Level: access.Organisers, Data: Fact{}, About: slices.Concat([]id.ID{in.Home}, in.Places, in.About),
	})
}

func (s *Service) call(v *access.Viewer, key, mutation string, input ...any) command.Call {
	return command.Call{DB: s.db, Viewer: v, Key: key, Mutation: mutation, Input: input}
}

func reader(v *access.Viewer) func(context.Context, postgres.Querier, id.ID) (*Workshop, error) {
	return command.Found(v, ByIDs)
}

func workshopOf(ctx context.Context, q postgres.Querier, v *access.Viewer, workshop id.ID) (*Workshop, error) {
	return command.Found(v, ByIDs)(ctx, q, workshop)
}

// changing is a workshop whose topic is locked by a command.
type changing struct {
	viewer   *access.Viewer
	workshop *Workshop
	places   []id.ID
	editor   Editor
}

// lock locks a workshop for its organisers.
func lock(ctx context.Context, tx *postgres.Tx, v *access.Viewer, workshop id.ID) (*changing, error) {
	organised := func() (*Workshop, error) {
		w, err := workshopOf(ctx, tx.Native(), v, workshop)
		if err != nil {
			return nil, err
		}
		return w, access.At(access.MayOrganise(v, w.Subject()), "id")
	}
	if _, err := organised(); err != nil {
		return nil, err // before the lock, so that a stranger holds nobody up
	}
	if err := journal.Lock(ctx, tx, workshop); err != nil {
		return nil, err
	}
	w, err := organised()
	if err != nil {
		return nil, err
	}
	c := &changing{viewer: v, workshop: w}
	c.places, err = placesOf(ctx, tx.Native(), workshop)
	return c, err
}

// placesOf are the neighbourhoods of a workshop.
func placesOf(ctx context.Context, q postgres.Querier, workshop id.ID) (places []id.ID, err error) {
	err = q.QueryRow(ctx, `
		select coalesce(array_agg(target order by target), '{}') from edges
		where source = $1 and kind = 'held_at' and valid @> `+relation.TodaySQL, workshop).Scan(&places)
	if err != nil {
		return nil, fmt.Errorf("read the places of a workshop: %w", err)
	}
	return places, nil
}

// organise runs a command of the organisers.
func (s *Service) organise(ctx context.Context, call command.Call, workshop id.ID, do func(context.Context, *postgres.Tx, *changing) error) (*Workshop, error) {
	return command.One(ctx, call, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		c, err := lock(ctx, tx, call.Viewer, workshop)
		if err != nil {
			return id.Zero, err
		}
		return workshop, do(ctx, tx, c)
	}, reader(call.Viewer))
}

// Move opens or closes a workshop; a closed one may be opened again. Opening
// shows it to whom it was declared for.
func (s *Service) Move(ctx context.Context, v *access.Viewer, workshop id.ID, to State, key string) (*Workshop, error) {
	return s.organise(ctx, s.call(v, key, "workshopMove", workshop, to), workshop, func(ctx context.Context, tx *postgres.Tx, c *changing) error {
		if c.workshop.State.next() != to {
			return ErrTransition.New().With("from", c.workshop.State.Label()).With("to", to.Label())
		}
		_, err := tx.Native().Exec(ctx, `
			update workshops set state = $2, opened_at = coalesce(opened_at, now()), closed_at = case when $2 = 'CLOSED' then now() end
			where node = $1`, workshop, string(to))
		if err != nil {
			return storeError("set state", err)
		}
		if to == Closed {
			return c.tell(ctx, tx, FactClosed, Fact{})
		}
		if err := node.SetVisibility(ctx, tx, workshop, c.workshop.Declared); err != nil {
			return err
		}
		return c.tellAt(ctx, tx, FactOpened, c.workshop.Declared, Fact{})
	})
}

// RenewCode gives the workshop another code; groups that have joined stay.
func (s *Service) RenewCode(ctx context.Context, v *access.Viewer, workshop id.ID, key string) (*Workshop, error) {
	return s.organise(ctx, s.call(v, key, "workshopCodeRenew", workshop), workshop, func(ctx context.Context, tx *postgres.Tx, c *changing) error {
		if _, err := tx.Native().Exec(ctx, `update workshops set join_code = $2 where node = $1`, workshop, newCode()); err != nil {
			return storeError("renew the code", err)
		}
		return c.tellAt(ctx, tx, FactCodeRenewed, access.Organisers, Fact{})
	})
}

// RevokeGroup takes a group's link back: what it noted stays.
func (s *Service) RevokeGroup(ctx context.Context, v *access.Viewer, workshop, group id.ID, key string) (*Workshop, error) {
	return s.organise(ctx, s.call(v, key, "workshopGroupRevoke", workshop, group), workshop, func(ctx context.Context, tx *postgres.Tx, c *changing) error {
		tag, err := tx.Native().Exec(ctx, `
			update workshop_groups set revoked_at = coalesce(revoked_at, now()), token_hash = null where workshop = $1 and id = $2`, workshop, group)
		if err != nil {
			return storeError("revoke a group", err)
		}
		if tag.RowsAffected() == 0 {
			return fault.ErrNotFound.At("id")
		}
		return c.tell(ctx, tx, FactGroupRevoked, Fact{Group: group})
	})
}

func storeError(doing string, err error) error {
	if err == nil {
		return nil
	}
	return postgres.Translate(fmt.Errorf("%s: %w", doing, err), constraints())
}

// day is a date for the database: nil where none is known.
func day(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
