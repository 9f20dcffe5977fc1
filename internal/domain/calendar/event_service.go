package calendar

import (
	"context"
	"slices"
	"strconv"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Events runs the commands on events, their programmes and documents.
//
// Every command takes an idempotency key: the same command sent again with the
// same key takes effect once and answers with the event as it is now; an empty
// key gives no such protection. Every command may fail with
// fault.ErrUnauthenticated, with fault.ErrNotFound for an event the viewer
// cannot see, and with fault.ErrDenied for one they see and do not organise.
type Events struct{ db *postgres.DB }

// NewEvents makes the service on a database.
func NewEvents(db *postgres.DB) *Events { return &Events{db: db} }

// EventResult is what a command on an event leaves: the event, read in full as
// the viewer may see it, and what its organisers should look at again.
type EventResult struct {
	Event    *Event
	Warnings []Warning
}

// Create makes a draft. Who may: whoever administers the home organisation.
// All wrong fields are told at once.
func (s *Events) Create(ctx context.Context, v *access.Viewer, in EventInput, key string) (*EventResult, error) {
	in.EventFields = in.EventFields.clean()
	in.Sessions, in.Documents = each(in.Sessions, SessionInput.clean), each(in.Documents, DocumentInput.clean)
	return s.run(ctx, v, key, "eventCreate", in, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		return create(ctx, tx, v, in)
	})
}

func create(ctx context.Context, tx *postgres.Tx, v *access.Viewer, in EventInput) (id.ID, error) {
	if err := mayCreate(ctx, tx.Native(), v, in.Home); err != nil {
		return id.Zero, err
	}
	if err := holdOrganisation(ctx, tx.Native(), in.Home); err != nil {
		return id.Zero, access.At(err, "organiser")
	}
	faults := in.check()
	unknown, err := checkRelated(ctx, tx.Native(), v, in.Home, in.EventFields)
	if err != nil {
		return id.Zero, err
	}
	elsewhere, err := checkSessionPlaces(ctx, tx.Native(), v, in.Sessions)
	if err != nil {
		return id.Zero, err
	}
	reserves, err := checkReserves(ctx, tx.Native(), v, in.Pools)
	if err != nil {
		return id.Zero, err
	}
	if err := slices.Concat(faults, unknown, elsewhere, reserves).Err(); err != nil {
		return id.Zero, err
	}
	event := id.New()
	if err := storeNew(ctx, tx, v, event, in); err != nil {
		return id.Zero, err
	}
	if err := journal.Lock(ctx, tx, event); err != nil {
		return id.Zero, err
	}
	var about []related
	for _, r := range relations() {
		for _, other := range *r.in(&in.EventFields) {
			about = append(about, related{Node: other})
		}
	}
	return event, journal.Append(ctx, tx, event, v, journal.Fact{
		Kind: FactEventCreated, Level: access.Organisers, About: subjects(in.Home, about),
	})
}

// check covers the whole input, parts under their place in the lists.
func (in EventInput) check() fault.List {
	all := in.EventFields.check()
	var c findings
	if len(in.Sessions) > maxSessions {
		c.Max(ErrTooMany, maxSessions, "sessions")
		return append(all, c.Faults...)
	}
	if len(in.Documents) > maxDocuments {
		c.Max(ErrTooMany, maxDocuments, "documents")
		return append(all, c.Faults...)
	}
	for i, s := range in.Sessions {
		all = append(all, under(s.check(), "sessions", strconv.Itoa(i))...)
	}
	all = append(all, fault.All(checkPools(in.Pools))...)
	for i, d := range in.Documents {
		all = append(all, under(d.check(), "documents", strconv.Itoa(i))...)
	}
	return all
}

func under(faults fault.List, prefix ...string) fault.List {
	for i, f := range faults {
		faults[i] = f.Under(prefix...)
	}
	return faults
}

// mayCreate answers NOT_FOUND for an organisation that the viewer cannot see.
func mayCreate(ctx context.Context, q postgres.Querier, v *access.Viewer, home id.ID) error {
	kinds, err := visibleKinds(ctx, q, v, []id.ID{home})
	if err != nil {
		return err
	}
	if !slices.Contains(organisations(), kinds[home]) {
		return fault.ErrNotFound.At("organiser")
	}
	return access.At(access.MayAdminister(v, home), "organiser")
}

func storeNew(ctx context.Context, tx *postgres.Tx, v *access.Viewer, event id.ID, in EventInput) error {
	err := node.Register(ctx, tx, node.Node{
		ID: event, Kind: node.Event, Title: in.Title, Home: in.Home,
		Visibility: effective(in.Visibility, false),
	})
	if err != nil {
		return err
	}
	if err := insertEvent(ctx, tx, rowOf(event, v.Person, in.EventFields)); err != nil {
		return err
	}
	if err := connectNew(ctx, tx, event, in.Home, v.Person, in.EventFields); err != nil {
		return err
	}
	sessions := make([]*sessionRow, len(in.Sessions))
	for i, x := range in.Sessions {
		sessions[i] = sessionRowOf(event, id.New(), x)
	}
	if err := insertSessions(ctx, tx, sessions); err != nil {
		return err
	}
	documents := make([]*documentRow, len(in.Documents))
	for i, d := range in.Documents {
		documents[i] = documentRowOf(event, id.New(), 1, v.Person, d)
	}
	if err := insertDocuments(ctx, tx, documents); err != nil {
		return err
	}
	return insertPools(ctx, tx, event, in.Pools)
}

// Update changes what is given. With expected, the change is refused with
// ErrRevision when somebody changed the event in between.
func (s *Events) Update(ctx context.Context, v *access.Viewer, event id.ID, expected *int64, c EventChanges, key string) (*EventResult, error) {
	c = c.clean()
	input := struct {
		Event    id.ID
		Expected *int64
		Changes  EventChanges
	}{event, expected, c}
	return s.run(ctx, v, key, "eventUpdate", input, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		now, err := lockForChange(ctx, tx, v, event, expected)
		if err != nil {
			return id.Zero, err
		}
		return event, now.update(ctx, tx, c)
	})
}

func (c *changing) update(ctx context.Context, tx *postgres.Tx, changes EventChanges) error {
	before := c.event.fields()
	before.fill(c.related)
	after, names := before.with(changes)
	if len(names) == 0 {
		return nil
	}
	faults := after.check()
	unknown, err := checkRelated(ctx, tx.Native(), c.viewer, c.event.Home, after)
	if err != nil {
		return err
	}
	if err := append(faults, unknown...).Err(); err != nil {
		return err
	}
	if err := c.allows(after); err != nil {
		return err
	}
	if err := c.store(ctx, tx, before, after); err != nil {
		return err
	}
	if err := c.tellUpdated(ctx, tx, after, names); err != nil {
		return err
	}
	joined, left := setDifference(before.CoOrganisers, after.CoOrganisers)
	if err := auth.BumpActing(ctx, tx, joined...); err != nil { // they organise it together
		return err
	}
	if err := auth.RevokeActing(ctx, tx, c.event.ID, left...); err != nil {
		return err
	}
	if !slices.ContainsFunc(names, rulesTheLine) {
		return nil
	}
	return c.resettle(ctx, tx)
}

// allows refuses changes that the state of the event forbids.
func (c *changing) allows(after EventFields) error {
	if c.event.State == Held && after.StartsAt.After(c.event.ReadAt) {
		return ErrHeldInFuture.At("startsAt")
	}
	dated := !after.StartsAt.IsZero() || !after.Date.IsZero()
	if c.event.State != Draft && !dated && !c.event.KnownDate().IsZero() {
		return ErrNeedsDate.At("date")
	}
	return nil
}

func (c *changing) store(ctx context.Context, tx *postgres.Tx, before, after EventFields) error {
	event := c.event.ID
	if err := updateEvent(ctx, tx, rowOf(event, c.event.CreatedBy, after)); err != nil {
		return err
	}
	if after.Title != before.Title {
		if err := node.SetTitle(ctx, tx, event, after.Title); err != nil {
			return err
		}
	}
	if after.Visibility != before.Visibility {
		if err := node.SetVisibility(ctx, tx, event, effective(after.Visibility, c.event.everPublished())); err != nil {
			return err
		}
	}
	if err := reconnect(ctx, tx, event, c.viewer.Person, before, after, c.today); err != nil {
		return err
	}
	return countChange(ctx, tx, event)
}

// tellUpdated tells the feeds of what the event was about before and of what it
// is about now. A change of visibility is told to who could see it until now,
// so that they learn why nothing follows.
func (c *changing) tellUpdated(ctx context.Context, tx *postgres.Tx, after EventFields, names []string) error {
	now, err := relatedTo(ctx, tx.Native(), c.viewer, c.event.ID, c.today)
	if err != nil {
		return err
	}
	c.related = append(c.related, now...)
	data := EventUpdated{Fields: names}
	level := c.event.factLevel()
	if slices.Contains(names, "visibility") && c.event.everPublished() {
		data.Visibility = &after.Visibility
		level = min(level, after.Visibility)
	}
	return c.tell(ctx, tx, FactEventUpdated, level, data)
}
