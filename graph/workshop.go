package graph

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// workshopNamed reads one workshop; nil when the viewer does not see it.
func (r *Resolver) workshopNamed(ctx context.Context, global string) (*workshop.Workshop, error) {
	of, err := node.ParseOf(global, node.Workshop)
	if err != nil {
		return nil, nil
	}
	return only(workshop.ByIDs(ctx, r.DB.Read(), access.From(ctx), []id.ID{of}))
}

// workshopOfGroup reads the workshop of a group's link; nil when it is none any
// more. From here on the operation is answered with a member's sight of it,
// which the link gives.
func (r *Resolver) workshopOfGroup(ctx context.Context, token string) (*workshop.Workshop, error) {
	g, err := workshop.GroupWith(ctx, r.DB.Read(), token)
	if f := fault.From(err); f != nil && f.Is(workshop.ErrLinkEnded) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	access.Replace(ctx, admitted(access.From(ctx), g.Workshop))
	return only(workshop.ByIDs(ctx, r.DB.Read(), access.From(ctx), []id.ID{g.Workshop}))
}

// admitted is the viewer with a member's sight of one thing more.
func admitted(v *access.Viewer, to id.ID) *access.Viewer {
	more := *v
	more.Member = append([]id.ID{to}, v.Member...)
	return &more
}

func (r *Resolver) consultationNamed(ctx context.Context, global string) (*workshop.Consultation, error) {
	of, err := node.ParseOf(global, node.PriorConsultation)
	if err != nil {
		return nil, nil
	}
	return only(workshop.ConsultationsByIDs(ctx, r.DB.Read(), access.From(ctx), []id.ID{of}))
}

// onWorkshop runs a command on a workshop named by a public identifier.
func onWorkshop(ctx context.Context, global string, do func(of id.ID) (*workshop.Workshop, error)) (changed *workshop.Workshop, errs []model.UserError, err error) {
	return onNode(ctx, global, node.Workshop, do)
}

func onConsultation(ctx context.Context, global string, do func(of id.ID) (*workshop.Consultation, error)) (changed *workshop.Consultation, errs []model.UserError, err error) {
	return onNode(ctx, global, node.PriorConsultation, do)
}

// onNode runs a command on a node of a kind, named by "id" in the input.
func onNode[T any](ctx context.Context, global string, kind node.Kind, do func(of id.ID) (T, error)) (changed T, errs []model.UserError, err error) {
	var in input
	of := in.node(global, "id", kind)
	if err = in.err(); err == nil {
		changed, err = do(of)
	}
	errs, err = userErrors(ctx, missingAt(err, "id"))
	return changed, errs, err
}

func eventNamed(global string) (id.ID, error) {
	var in input
	return in.node(global, "event", node.Event), in.err()
}

// noted runs a command on the board and shows what it left as who noted sees it.
func (r *Resolver) noted(ctx context.Context, pen workshop.Pen, wrong error, do func() (*workshop.Noted, error)) (*workshop.Workshop, *workshop.Entry, []model.UserError, error) {
	var out *workshop.Noted
	err := wrong
	if err == nil {
		out, err = do()
	}
	errs, err := userErrors(ctx, penFault(err))
	if out == nil || err != nil {
		return nil, nil, errs, err
	}
	if pen.Token != "" {
		access.Replace(ctx, admitted(access.From(ctx), out.Workshop.ID))
	}
	return out.Workshop, out.Entry, errs, nil
}

// penFault names the field of the pen where that is what is wrong.
func penFault(err error) error {
	f := fault.From(err)
	if f == nil || !f.Is(workshop.ErrLinkEnded) {
		return err
	}
	named := *f
	named.Path = []string{"by", "token"}
	return &named
}

func entryID(e *workshop.Entry) *string {
	if e == nil {
		return nil
	}
	return pointer(e.GlobalID())
}

func (r *Resolver) priorityProject(ctx context.Context, from model.WorkshopPriorityProjectCreateInput) (*project.Project, *workshop.Entry, []model.UserError, error) {
	of, entry, in, err := priorityProject(from)
	var out *workshop.Noted
	var made id.ID
	viewer := access.From(ctx)
	if err == nil {
		out, made, err = r.Workshops.MakeProject(ctx, viewer, of, entry, in, value(from.IdempotencyKey))
	}
	errs, err := userErrors(ctx, missingAt(err, "priority"))
	if out == nil || err != nil {
		return nil, nil, errs, err
	}
	p, err := only(project.ByIDs(ctx, r.DB.Read(), viewer, []id.ID{made}, project.Full))
	return p, out.Entry, errs, err
}

// link is a group's secret, looked at whenever something is about to be sent:
// empty where the viewer's own sight counts.
type groupLink string

// still is ErrLinkEnded when the link was taken back.
func (l groupLink) still(ctx context.Context, q postgres.Querier) error {
	if l == "" {
		return nil
	}
	_, err := workshop.GroupWith(ctx, q, string(l))
	return err
}

// workshopRef names a workshop to follow: by its identifier, or with a group's
// link by that.
type workshopRef struct{ id, token *string }

func (ref workshopRef) link() (l groupLink) {
	if ref.token != nil {
		l = groupLink(*ref.token)
	}
	return l
}

// workshopBoardLive declares workshopBoard.
func (r *Resolver) workshopBoardLive(of workshopRef) topicSpec[*model.WorkshopBoard] {
	return topicSpec[*model.WorkshopBoard]{
		Find:  func(ctx context.Context) (watch, error) { return r.watchWorkshop(ctx, of) },
		State: func(w watch) stateOf[*model.WorkshopBoard] { return workshopBoard(w, of.link()) },
	}
}

// workshopLive declares workshopChanges.
func (r *Resolver) workshopLive(of workshopRef) topicSpec[*model.WorkshopChange] {
	return topicSpec[*model.WorkshopChange]{
		Find:    func(ctx context.Context) (watch, error) { return r.watchWorkshop(ctx, of) },
		State:   func(w watch) stateOf[*model.WorkshopChange] { return workshopState(w, of.link()) },
		Changes: func(w watch) changesOf[*model.WorkshopChange] { return r.workshopChanges(w, of.link()) },
	}
}

// watchWorkshop finds the workshop to follow and the level of sight on it: the
// viewer's, or with a group's link a member's. A link is nobody's: who is signed
// in on the tablet does not matter. It can be taken back while the level stays, so
// who has one follows alone, and it is looked at in each snapshot.
func (r *Resolver) watchWorkshop(ctx context.Context, of workshopRef) (watch, error) {
	if of.token != nil {
		g, err := workshop.GroupWith(ctx, r.DB.Read(), *of.token)
		if err == nil && of.id != nil && node.Workshop.Global(g.Workshop) != *of.id {
			err = workshop.ErrLinkEnded.At("token")
		}
		if err != nil {
			return watch{}, err
		}
		access.Replace(ctx, g.Viewer(access.From(ctx)))
		return watch{topic: g.Workshop, level: access.Members, alone: true}, nil
	}
	if of.id == nil {
		return watch{}, fault.ErrRequired.At("id")
	}
	w, err := r.workshopNamed(ctx, *of.id)
	if err == nil && w == nil {
		err = fault.ErrNotFound.At("id")
	}
	if err != nil {
		return watch{}, err
	}
	return watch{topic: w.ID, level: w.ViewerLevel}, nil
}

func readWorkshop(ctx context.Context, q postgres.Querier, w watch, l groupLink) (*workshop.Workshop, error) {
	if err := l.still(ctx, q); err != nil {
		return nil, err
	}
	return only(workshop.ByIDs(ctx, q, access.From(ctx), []id.ID{w.topic}))
}

func workshopBoard(w watch, l groupLink) stateOf[*model.WorkshopBoard] {
	return func(ctx context.Context, q postgres.Querier, at journal.Cursor) (*model.WorkshopBoard, error) {
		now, err := readWorkshop(ctx, q, w, l)
		if err == nil && now == nil {
			err = fault.ErrNotFound.At("id")
		}
		return &model.WorkshopBoard{Number: int(at.Number), Cursor: at.Encode(), Workshop: now}, err
	}
}

func workshopState(w watch, l groupLink) stateOf[*model.WorkshopChange] {
	return func(ctx context.Context, q postgres.Querier, at journal.Cursor) (*model.WorkshopChange, error) {
		now, err := readWorkshop(ctx, q, w, l)
		if err == nil && now == nil {
			err = fault.ErrNotFound.At("id")
		}
		return &model.WorkshopChange{Number: int(at.Number), Cursor: at.Encode(), Workshop: now}, err
	}
}

// workshopChanges makes one message for each fact, with the workshop as it is
// now.
func (r *Resolver) workshopChanges(w watch, l groupLink) changesOf[*model.WorkshopChange] {
	return func(ctx context.Context, q postgres.Querier, facts []journal.Entry) ([]*model.WorkshopChange, error) {
		now, err := readWorkshop(ctx, q, w, l)
		if err != nil {
			return nil, err
		}
		changes := make([]*model.WorkshopChange, len(facts))
		for i, f := range facts {
			if changes[i], err = r.workshopChange(w, f, now); err != nil {
				return nil, err
			}
		}
		return changes, nil
	}
}

func (r *Resolver) workshopChange(w watch, f journal.Entry, now *workshop.Workshop) (*model.WorkshopChange, error) {
	var data workshop.Fact
	if err := json.Unmarshal(f.Data, &data); err != nil {
		return nil, fmt.Errorf("read fact %s: %w", f.Kind, err)
	}
	kind := model.WorkshopChangeKind(f.Kind)
	if !kind.IsValid() {
		kind = model.WorkshopChangeKindOther
	}
	cursor := journal.Cursor{Topic: w.topic, Epoch: r.Live.Epoch(), Level: w.level, Number: f.Number}
	c := &model.WorkshopChange{
		Number: int(f.Number), Cursor: cursor.Encode(), Kind: &kind, At: &f.At, GroupID: data.Group, Workshop: now,
	}
	if !data.Entry.IsZero() {
		c.Entry = pointer(workshop.EntryID.GlobalPart(w.topic, data.Entry))
	}
	return c, nil
}
