package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// inputs is input where a resolver's parameter has that name.
type inputs = input

func (r *Resolver) tableOf(ctx context.Context, v id.ID) (*table.Table, error) {
	return only(table.ByIDs(ctx, r.reading(ctx), access.From(ctx), []id.ID{v}))
}

func (r *Resolver) sessionOf(ctx context.Context, session id.ID) (*table.Session, error) {
	return only(table.SessionsByIDs(ctx, r.DB.Read(), access.From(ctx), []id.ID{session}))
}

func (r *Resolver) resolutionOf(ctx context.Context, resolution id.ID) (*table.Resolution, error) {
	return only(table.ResolutionsByIDs(ctx, r.DB.Read(), access.From(ctx), []id.ID{resolution}))
}

func (r *Resolver) pollOf(ctx context.Context, poll id.ID) (*table.Poll, error) {
	return only(table.PollsByIDs(ctx, r.DB.Read(), access.From(ctx), []id.ID{poll}))
}

// organisersRevision is shown to organisers only: it counts what others do not see.
func organisersRevision(level access.Level, revision int64) *string {
	if level < access.Organisers {
		return nil
	}
	return pointer(showRevision(revision))
}

// makeTable makes or proposes a table. Who proposes one has rights to see it that
// the viewer of the request does not have yet.
func (r *Resolver) makeTable(ctx context.Context, spec func(*input) table.Spec, key string,
	do func(context.Context, *access.Viewer, table.Spec, string) (id.ID, error),
) (*table.Table, []model.UserError, error) {
	var in input
	wanted := spec(&in)
	err, made := in.err(), id.Zero
	if err == nil {
		made, err = do(ctx, access.From(ctx), wanted, key)
	}
	if errs, err := userErrors(ctx, err); err != nil || len(errs) > 0 {
		return nil, errs, err
	}
	viewer, err := auth.Renewed(ctx, r.DB.Read(), access.From(ctx))
	if err != nil {
		return nil, []model.UserError{}, err
	}
	access.Replace(ctx, viewer)
	t, err := r.tableOf(ctx, made)
	return t, []model.UserError{}, err
}

// onTable runs a command on a table and reads it again.
func (r *Resolver) onTable(ctx context.Context, global, field string, do func(v *access.Viewer, table id.ID, in *input) error) (*table.Table, []model.UserError, error) {
	var in input
	of := in.node(global, field, node.WorkingTable)
	err := in.err()
	if err == nil {
		err = do(access.From(ctx), of, &in)
	}
	errs, err := userErrors(ctx, missingAt(err, field))
	if err != nil || len(errs) > 0 {
		return nil, errs, err
	}
	t, err := r.tableOf(ctx, of)
	return t, errs, err
}

// onPartOf runs a command on a part of a table.
func onPartOf[T any](ctx context.Context, t id.Type, global, field string,
	do func(v *access.Viewer, table, part id.ID, in *input) (id.ID, error), read func(context.Context, id.ID) (T, error),
) (none T, _ []model.UserError, _ error) {
	var in input
	of, part := in.part(t, global, field)
	err, made := in.err(), id.Zero
	if err == nil {
		made, err = do(access.From(ctx), of, part, &in)
	}
	errs, err := userErrors(ctx, missingAt(err, field))
	if err != nil || len(errs) > 0 {
		return none, errs, err
	}
	result, err := read(ctx, made)
	return result, errs, err
}

func (r *Resolver) onSession(ctx context.Context, t id.Type, global, field string, do func(v *access.Viewer, table, part id.ID, in *input) (id.ID, error)) (*table.Session, []model.UserError, error) {
	return onPartOf(ctx, t, global, field, do, r.sessionOf)
}

func (r *Resolver) onResolution(ctx context.Context, t id.Type, global, field string, do func(v *access.Viewer, table, part id.ID, in *input) (id.ID, error)) (*table.Resolution, []model.UserError, error) {
	return onPartOf(ctx, t, global, field, do, r.resolutionOf)
}

func (r *Resolver) onPoll(ctx context.Context, t id.Type, global, field string, do func(v *access.Viewer, table, part id.ID, in *input) (id.ID, error)) (*table.Poll, []model.UserError, error) {
	return onPartOf(ctx, t, global, field, do, r.pollOf)
}

func (r *Resolver) onMinutes(ctx context.Context, global string, do func(v *access.Viewer, table, session id.ID) (id.ID, error)) (*table.Minutes, []model.UserError, error) {
	return onPartOf(ctx, table.SessionType, global, "session", func(v *access.Viewer, of, session id.ID, _ *input) (id.ID, error) {
		return do(v, of, session)
	}, func(ctx context.Context, session id.ID) (*table.Minutes, error) {
		found, err := table.MinutesOf(ctx, r.DB.Read(), access.From(ctx), []id.ID{session}, nil)
		return found[session], err
	})
}

// newSession runs a command that makes a session of a table.
func (r *Resolver) newSession(ctx context.Context, global string, do func(v *access.Viewer, table id.ID) (id.ID, error)) (*table.Session, []model.UserError, error) {
	var in input
	of := in.node(global, "table", node.WorkingTable)
	err, made := in.err(), id.Zero
	if err == nil {
		made, err = do(access.From(ctx), of)
	}
	errs, err := userErrors(ctx, missingAt(err, "table"))
	if err != nil || len(errs) > 0 {
		return nil, errs, err
	}
	s, err := r.sessionOf(ctx, made)
	return s, errs, err
}

func (r *Resolver) tableList(ctx context.Context, first *int, after *string, filter *model.WorkingTableFilter) (*page.Connection[*table.Table], error) {
	args, err := pageArgs(ctx, first, after)
	if err != nil {
		return nil, err
	}
	var in input
	f := tableFilter(&in, filter)
	if err := in.visible(ctx, r.DB.Read()); err != nil {
		return nil, err
	}
	return table.List(ctx, r.DB.Read(), access.From(ctx), f, args)
}

func (r *Resolver) resolutionList(ctx context.Context, first *int, after *string, filter *model.TableResolutionFilter) (*page.Connection[*table.Resolution], error) {
	args, err := pageArgs(ctx, first, after)
	if err != nil {
		return nil, err
	}
	var in input
	p := promises(&in, filter)
	if err := in.visible(ctx, r.DB.Read()); err != nil {
		return nil, err
	}
	return table.ListResolutions(ctx, r.DB.Read(), access.From(ctx), p, args)
}

// tableLink shows what a link is about; nil for what is none.
func (r *Resolver) tableLink(ctx context.Context, token string) (*table.Link, error) {
	found, err := table.LinkBy(ctx, r.DB.Read(), token)
	if errors.Is(err, table.ErrLinkEnded) {
		return nil, nil
	}
	return found, err
}

func (r *Resolver) tableLinkAnswer(ctx context.Context, from model.TableLinkAnswerInput) (*table.Link, error) {
	var in input
	dates := dateChoices(&in, "dates", from.Dates.Value())
	if err := in.err(); err != nil {
		return nil, err
	}
	return r.Tables.AnswerLink(ctx, access.From(ctx), from.Token, from.Answer.Value(), dates, value(from.IdempotencyKey))
}

// tableLive declares tableChanges.
func (r *Resolver) tableLive(of string) topicSpec[*model.TableChange] {
	return topicSpec[*model.TableChange]{
		Find:  func(ctx context.Context) (watch, error) { return r.watchTable(ctx, of) },
		State: r.tableState, Changes: r.tableChanges,
	}
}

// sessionLive declares tableSessionChanges.
func (r *Resolver) sessionLive(global string) topicSpec[*model.TableSessionChange] {
	_, session, _ := table.SessionType.Part(global) // Find refuses what is none
	return topicSpec[*model.TableSessionChange]{
		Find:    func(ctx context.Context) (watch, error) { return r.watchSession(ctx, global, access.MaySee) },
		State:   func(w watch) stateOf[*model.TableSessionChange] { return r.sessionState(w, session) },
		Changes: func(w watch) changesOf[*model.TableSessionChange] { return r.sessionChanges(w, session) },
	}
}

// sessionBoardLive declares tableSessionBoard.
func (r *Resolver) sessionBoardLive(global string) topicSpec[*model.TableSessionBoard] {
	_, session, _ := table.SessionType.Part(global)
	return topicSpec[*model.TableSessionBoard]{
		Find:  func(ctx context.Context) (watch, error) { return r.watchSession(ctx, global, access.MayTakePart) },
		State: func(watch) stateOf[*model.TableSessionBoard] { return r.boardOf(session) },
	}
}

// watchTable finds the table to follow and the viewer's level on it.
func (r *Resolver) watchTable(ctx context.Context, global string) (watch, error) {
	of, err := node.ParseOf(global, node.WorkingTable)
	if err != nil {
		return watch{}, fault.ErrNotFound.At("id")
	}
	t, err := r.tableOf(ctx, of)
	if err != nil {
		return watch{}, err
	}
	if t == nil {
		return watch{}, fault.ErrNotFound.At("id")
	}
	return watch{topic: of, level: t.ViewerLevel}, nil
}

// watchSession finds the session to follow, on the topic of its table.
func (r *Resolver) watchSession(ctx context.Context, global string, may func(*access.Viewer, access.Subject) error) (watch, error) {
	of, session, err := table.SessionType.Part(global)
	if err != nil {
		return watch{}, fault.ErrNotFound.At("id")
	}
	s, err := r.sessionOf(ctx, session)
	if err != nil {
		return watch{}, err
	}
	if s == nil || s.Table != of {
		return watch{}, fault.ErrNotFound.At("id")
	}
	return watch{topic: of, level: s.ViewerLevel}, may(access.From(ctx), s.Subject)
}

func (r *Resolver) tableState(w watch) stateOf[*model.TableChange] {
	return func(ctx context.Context, q postgres.Querier, at journal.Cursor) (*model.TableChange, error) {
		t, err := only(table.ByIDs(ctx, q, access.From(ctx), []id.ID{w.topic}))
		if err == nil && t == nil {
			err = fault.ErrNotFound.At("id")
		}
		return &model.TableChange{Number: int(at.Number), Cursor: at.Encode(), Table: t, Fields: []string{}}, err
	}
}

func (r *Resolver) sessionState(w watch, session id.ID) stateOf[*model.TableSessionChange] {
	return func(ctx context.Context, q postgres.Querier, at journal.Cursor) (*model.TableSessionChange, error) {
		s, err := only(table.SessionsByIDs(ctx, q, access.From(ctx), []id.ID{session}))
		if err == nil && s == nil {
			err = fault.ErrNotFound.At("id")
		}
		if err != nil {
			return nil, err
		}
		return &model.TableSessionChange{Number: int(s.Heads[w.level]), Cursor: at.Encode(), Session: s, Fields: []string{}}, nil
	}
}

func (r *Resolver) boardOf(session id.ID) stateOf[*model.TableSessionBoard] {
	return func(ctx context.Context, q postgres.Querier, at journal.Cursor) (*model.TableSessionBoard, error) {
		v := access.From(ctx)
		s, err := only(table.SessionsByIDs(ctx, q, v, []id.ID{session}))
		if err == nil && s == nil {
			err = fault.ErrNotFound.At("id")
		}
		if err != nil {
			return nil, err
		}
		adopted, err := table.ResolutionsOfSessions(ctx, q, v, []id.ID{session})
		b := &model.TableSessionBoard{Number: int(at.Number), Cursor: at.Encode(), Session: s, Current: s.CurrentItem}
		for _, resolution := range adopted[session] {
			if resolution.State != table.NotAdopted {
				b.Adopted++
			}
		}
		return b, err
	}
}

// about is what facts of a table name, as it is now for the reader.
type about struct {
	facts         []table.Fact
	sessions      map[id.ID]*table.Session
	resolutions   map[id.ID]*table.Resolution
	items         map[id.ID]*table.Item
	organizations map[id.ID]model.Organization
}

// readAbout reads what facts name, one statement for each sort of thing.
func readAbout(ctx context.Context, q postgres.Querier, facts []journal.Entry) (a about, err error) {
	l := level{q: q, viewer: access.From(ctx)}
	sessions, resolutions, items, bodies := map[id.ID]bool{}, map[id.ID]bool{}, map[id.ID]bool{}, map[id.ID]bool{}
	for _, f := range facts {
		var data table.Fact
		if err := json.Unmarshal(f.Data, &data); err != nil {
			return a, fmt.Errorf("read fact %s: %w", f.Kind, err)
		}
		a.facts = append(a.facts, data)
		sessions[data.Session], resolutions[data.Resolution], items[data.Item], bodies[data.Organization] = true, true, true, true
	}
	if ids := named(sessions); len(ids) > 0 {
		if a.sessions, err = sessionsByIDs(ctx, l, ids); err != nil {
			return a, err
		}
	}
	if ids := named(resolutions); len(ids) > 0 {
		if a.resolutions, err = resolutionsByIDs(ctx, l, ids); err != nil {
			return a, err
		}
	}
	if ids := named(items); len(ids) > 0 {
		if a.items, err = table.ItemsByIDs(ctx, q, l.viewer, ids); err != nil {
			return a, err
		}
	}
	a.organizations, err = organizationsByIDs(ctx, l, named(bodies))
	return a, err
}

// named are the identifiers in a set but for the absent one.
func named(set map[id.ID]bool) []id.ID {
	delete(set, id.Zero)
	return slices.Collect(maps.Keys(set))
}

// tableChanges makes one message for each fact.
func (r *Resolver) tableChanges(w watch) changesOf[*model.TableChange] {
	return func(ctx context.Context, q postgres.Querier, facts []journal.Entry) ([]*model.TableChange, error) {
		t, err := wanted(ctx, "table", func() (*table.Table, error) {
			return only(table.ByIDs(ctx, q, access.From(ctx), []id.ID{w.topic}))
		})
		if err != nil {
			return nil, err
		}
		a, err := readAbout(ctx, q, facts)
		if err != nil {
			return nil, err
		}
		changes := make([]*model.TableChange, len(facts))
		for i, f := range facts {
			d := a.facts[i]
			changes[i] = &model.TableChange{
				Number: int(f.Number), Cursor: r.cursorAt(w, f), Kind: pointer(model.TableChangeKind(f.Kind)), At: &f.At, Table: t,
				Session: a.sessions[d.Session], Resolution: a.resolutions[d.Resolution], Organization: a.organizations[d.Organization],
				Fields: append([]string{}, d.Fields...),
			}
		}
		return changes, nil
	}
}

func (r *Resolver) cursorAt(w watch, f journal.Entry) string {
	return journal.Cursor{Topic: w.topic, Epoch: r.Live.Epoch(), Level: w.level, Number: f.Number}.Encode()
}

// sessionChanges makes a message for each fact of the session; what happens
// elsewhere at the table is passed over. Their numbers are the session's own,
// their cursors those of the table's topic.
func (r *Resolver) sessionChanges(w watch, session id.ID) changesOf[*model.TableSessionChange] {
	return func(ctx context.Context, q postgres.Querier, facts []journal.Entry) ([]*model.TableSessionChange, error) {
		a, err := readAbout(ctx, q, facts)
		if err != nil {
			return nil, err
		}
		var changes []*model.TableSessionChange
		for i, f := range facts {
			d := a.facts[i]
			number, own := d.Of(session, w.level)
			if !own {
				continue
			}
			changes = append(changes, &model.TableSessionChange{
				Number: int(number), Cursor: r.cursorAt(w, f), Kind: pointer(model.TableChangeKind(f.Kind)), At: &f.At,
				Session: a.sessions[session], Item: a.items[d.Item], Resolution: a.resolutions[d.Resolution],
				Organization: a.organizations[d.Organization], Fields: append([]string{}, d.Fields...),
			})
		}
		return changes, nil
	}
}
