package graph

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func notEmpty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// permission shows the answer of a policy function.
func permission(ctx context.Context, err error) *model.Permission {
	if err == nil {
		return &model.Permission{Allowed: true}
	}
	f := fault.From(err)
	return &model.Permission{Reason: pointer(f.Message(access.From(ctx).Lang)), Code: &f.Code.Name}
}

// pageArgs checks the page a root field asks for.
func pageArgs(ctx context.Context, first *int, after *string) (page.Args, error) {
	args, err := page.Parse(first, after)
	l := rootLevel(ctx)
	args.Total, args.Alone = l.asks("totalCount"), !l.asks("pageInfo")
	return args, err
}

func rootLevel(ctx context.Context) level {
	return level{field: graphql.GetFieldContext(ctx).Field, op: graphql.GetOperationContext(ctx)}
}

func eventColumns(ctx context.Context) calendar.Columns { return rootLevel(ctx).columns() }

// eventOf reads one event in full; nil when the viewer does not see it.
func (r *Resolver) eventOf(ctx context.Context, event id.ID) (*calendar.Event, error) {
	return only(calendar.EventsByIDs(ctx, r.DB.Read(), access.From(ctx), []id.ID{event}, calendar.Full))
}

// eventAsAsked reads as much of an event as the field asks for.
func (r *Resolver) eventAsAsked(ctx context.Context, event id.ID) (*calendar.Event, error) {
	return only(calendar.EventsByIDs(ctx, r.reading(ctx), access.From(ctx), []id.ID{event}, eventColumns(ctx)))
}

func (r *Resolver) registrationOf(ctx context.Context, registration id.ID) (*calendar.Registration, error) {
	return only(calendar.RegistrationsByIDs(ctx, r.DB.Read(), access.From(ctx), []id.ID{registration}))
}

// only is the one row of a read by one identifier, or nothing.
func only[T any](rows []T, err error) (one T, _ error) {
	if err != nil || len(rows) == 0 {
		return one, err
	}
	return rows[0], nil
}

// onEvent runs a command on an event named by a public identifier.
func (r *Resolver) onEvent(ctx context.Context, global string, do func(event id.ID) (*calendar.EventResult, error)) (*calendar.Event, []model.UserError, error) {
	var in input
	event := in.node(global, "id", node.Event)
	err := in.err()
	var result *calendar.EventResult
	if err == nil {
		result, err = do(event)
	}
	errs, err := userErrors(ctx, missingAt(err, "id"))
	changed, _ := eventResult(result, lang.CA)
	return changed, errs, err
}

// onEventSeats runs a command of the registrations on an event.
func (r *Resolver) onEventSeats(ctx context.Context, global string, do func(event id.ID) error) (*calendar.Event, []model.UserError, error) {
	return r.onEvent(ctx, global, func(event id.ID) (*calendar.EventResult, error) {
		if err := do(event); err != nil {
			return nil, err
		}
		e, err := r.eventOf(ctx, event)
		return &calendar.EventResult{Event: e}, err
	})
}

// onPart runs a command on a part of an event.
func onPart[T any](ctx context.Context, t id.Type, global string, do func(event, part id.ID) (T, error)) (result T, errs []model.UserError, err error) {
	var in input
	event, part := in.part(t, global, "id")
	if err = in.err(); err == nil {
		result, err = do(event, part)
	}
	errs, err = userErrors(ctx, missingAt(err, "id"))
	return result, errs, err
}

func programmeResult(result *calendar.SessionResult, l lang.Lang) (*calendar.Event, []*model.Warning) {
	if result == nil {
		return nil, []*model.Warning{}
	}
	return eventResult(&result.EventResult, l)
}

func documentEvent(result *calendar.DocumentResult) *calendar.Event {
	if result == nil {
		return nil
	}
	return result.Event
}

func (r *Resolver) addDocument(ctx context.Context, from model.EventDocumentAddInput) (*calendar.DocumentResult, error) {
	var in input
	event := in.node(from.Event, "event", node.Event)
	document := calendar.DocumentInput{Title: *from.Title, URL: from.URL, Note: value(from.Note)}
	viewer, key := access.From(ctx), value(from.IdempotencyKey)
	replaces := from.Replaces.Value()
	if replaces == nil {
		if err := in.err(); err != nil {
			return nil, err
		}
		return r.Events.AddDocument(ctx, viewer, event, document, key)
	}
	of, old := in.part(calendar.DocumentID, *replaces, "replaces")
	if of != event {
		in.missing("replaces")
	}
	if err := in.err(); err != nil {
		return nil, err
	}
	return r.Events.AddDocumentVersion(ctx, viewer, event, old, document, key)
}

func (r *Resolver) checkIn(ctx context.Context, from model.DelegateCheckInInput) (*calendar.Arrival, error) {
	var in input
	event := in.node(from.Event, "event", node.Event)
	who := calendar.DelegateRef{Code: value(from.Delegate.Code)}
	if global := from.Delegate.ID.Value(); global != nil {
		var of id.ID
		if of, who.ID = in.part(calendar.DelegateType, *global, "delegate.id"); of != event {
			in.missing("delegate", "id")
		}
	}
	if err := in.err(); err != nil {
		return nil, err
	}
	arrival, err := r.Registrations.CheckIn(ctx, access.From(ctx), event, who, value(from.IdempotencyKey))
	return arrival, arriving(err)
}

// arriving puts what is wrong with who arrives under its field of the input.
func arriving(err error) error {
	f := fault.From(err)
	if f == nil || len(f.Path) != 1 || f.Path[0] != "id" && f.Path[0] != "code" {
		return err
	}
	return f.Under("delegate")
}

// eventLive declares eventChanges.
func (r *Resolver) eventLive(event string) topicSpec[*model.EventChange] {
	return topicSpec[*model.EventChange]{
		Find:  func(ctx context.Context) (watch, error) { return r.watchEvent(ctx, event, access.MaySee) },
		State: r.eventState, Changes: r.eventChanges,
	}
}

// boardLive declares registrationBoard.
func (r *Resolver) boardLive(event string) topicSpec[*model.RegistrationBoard] {
	return topicSpec[*model.RegistrationBoard]{
		Find:  func(ctx context.Context) (watch, error) { return r.watchEvent(ctx, event, access.MayOrganise) },
		State: r.board,
	}
}

// watchEvent finds the event to follow and the viewer's level on it, where the
// rule lets them.
func (r *Resolver) watchEvent(ctx context.Context, global string, may func(*access.Viewer, access.Subject) error) (watch, error) {
	event, err := node.ParseOf(global, node.Event)
	if err != nil {
		return watch{}, fault.ErrNotFound.At("id")
	}
	viewer := access.From(ctx)
	e, err := only(calendar.EventsByIDs(ctx, r.DB.Read(), viewer, []id.ID{event}, calendar.Card))
	if err != nil {
		return watch{}, err
	}
	if e == nil {
		return watch{}, fault.ErrNotFound.At("id")
	}
	return watch{topic: event, level: e.ViewerLevel}, may(viewer, e.Subject())
}

func (r *Resolver) eventState(w watch) stateOf[*model.EventChange] {
	return func(ctx context.Context, q postgres.Querier, at journal.Cursor) (*model.EventChange, error) {
		event, err := only(calendar.EventsByIDs(ctx, q, access.From(ctx), []id.ID{w.topic}, calendar.Full))
		if err == nil && event == nil {
			err = fault.ErrNotFound.At("id")
		}
		return &model.EventChange{Number: int(at.Number), Cursor: at.Encode(), Event: event, Fields: []string{}}, err
	}
}

// eventChanges makes one message for each fact. The facts' own values are as
// they were then; the event and registrations are as they are now.
func (r *Resolver) eventChanges(w watch) changesOf[*model.EventChange] {
	return func(ctx context.Context, q postgres.Querier, facts []journal.Entry) ([]*model.EventChange, error) {
		viewer := access.From(ctx)
		event, err := wanted(ctx, "event", func() (*calendar.Event, error) {
			return only(calendar.EventsByIDs(ctx, q, viewer, []id.ID{w.topic}, calendar.Full))
		})
		if err != nil {
			return nil, err
		}
		changes := make([]*model.EventChange, len(facts))
		about := make([]factData, len(facts))
		var registrations []id.ID
		for i, f := range facts {
			if err := json.Unmarshal(f.Data, &about[i]); err != nil {
				return nil, fmt.Errorf("read fact %s: %w", f.Kind, err)
			}
			changes[i] = about[i].change(w, r.Live.Epoch(), f, event)
			if !about[i].Registration.IsZero() {
				registrations = append(registrations, about[i].Registration)
			}
		}
		if len(registrations) == 0 || !asked(ctx, "registration") {
			return changes, nil
		}
		rows, err := calendar.RegistrationsByIDs(ctx, q, viewer, registrations)
		found := make(map[id.ID]*calendar.Registration, len(rows))
		for _, row := range rows {
			found[row.ID] = row
		}
		for i := range changes {
			changes[i].Registration = found[about[i].Registration]
		}
		return changes, err
	}
}

// factData is what messages show of the facts of the calendar.
type factData struct {
	Fields       []string             `json:"fields"`
	Registration id.ID                `json:"registration"`
	Pools        []calendar.PoolSeats `json:"pools"`
}

func (d factData) change(w watch, epoch int64, f journal.Entry, event *calendar.Event) *model.EventChange {
	kind := model.EventChangeKind(f.Kind)
	cursor := journal.Cursor{Topic: w.topic, Epoch: epoch, Level: w.level, Number: f.Number}
	c := &model.EventChange{
		Number: int(f.Number), Cursor: cursor.Encode(), Kind: &kind, At: &f.At, Event: event, Fields: []string{},
		Seats: seatCounts(w.topic, d.Pools),
	}
	c.Fields = append(c.Fields, d.Fields...)
	return c
}

func seatCounts(event id.ID, pools []calendar.PoolSeats) []*model.SeatCount {
	if pools == nil {
		return nil
	}
	counts := make([]*model.SeatCount, len(pools))
	for i, p := range pools {
		counts[i] = &model.SeatCount{
			SeatPool:     calendar.SeatPoolType.GlobalPart(event, p.Pool),
			Availability: p.Availability, Capacity: p.Capacity, Confirmed: p.Confirmed, Waiting: p.Waiting,
		}
	}
	return counts
}

func (r *Resolver) board(w watch) stateOf[*model.RegistrationBoard] {
	return func(ctx context.Context, q postgres.Querier, at journal.Cursor) (*model.RegistrationBoard, error) {
		b, err := calendar.BoardOf(ctx, q, access.From(ctx), w.topic)
		if err != nil {
			return nil, err
		}
		out := &model.RegistrationBoard{Number: int(at.Number), Cursor: at.Encode(), DelegateCounts: b.DelegateCounts}
		for _, role := range b.ByRole {
			out.ByRole = append(out.ByRole, &model.BoardRoleCount{Role: role.Role, DelegateCounts: role.DelegateCounts})
		}
		for _, t := range b.ByTerritory {
			out.ByTerritory = append(out.ByTerritory, &model.BoardTerritoryCount{TerritoryID: t.Territory, DelegateCounts: t.DelegateCounts})
		}
		for _, p := range b.Pools {
			out.Seats = append(out.Seats, &model.SeatCount{
				SeatPool: p.GlobalID(), Availability: p.Availability,
				Capacity:  p.Capacity(),
				Confirmed: p.Confirmed(),
				Waiting:   p.Waiting(),
			})
		}
		return out, nil
	}
}
