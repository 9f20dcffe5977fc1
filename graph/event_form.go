package graph

import (
	"context"
	"strconv"
	"strings"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/attendance"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

// partIf reads the identifier of a part, where one is given.
func (in *input) partIf(t id.Type, global *string, field string) id.ID {
	if global == nil {
		return id.Zero
	}
	_, part := in.part(t, *global, field)
	return part
}

// parts reads identifiers of parts of one thing.
func (in *input) parts(t id.Type, root id.ID, globals []string, field string) []id.ID {
	list := make([]id.ID, 0, len(globals))
	for i, global := range globals {
		of, part, err := t.Part(global)
		if err != nil || of != root {
			in.missing(field, strconv.Itoa(i))
		}
		list = append(list, part)
	}
	return list
}

// onEventAt is onEvent where another field of the input names the event.
func (r *Resolver) onEventAt(ctx context.Context, global, field string, do func(event id.ID) (*calendar.EventResult, error)) (*calendar.Event, []model.UserError, error) {
	var in input
	event := in.node(global, field, node.Event)
	err := in.err()
	var result *calendar.EventResult
	if err == nil {
		result, err = do(event)
	}
	errs, err := userErrors(ctx, missingAt(err, field))
	return eventIn(result), errs, err
}

func eventIn(result *calendar.EventResult) *calendar.Event {
	event, _ := eventResult(result, lang.CA)
	return event
}

func (r *Resolver) seriesCreate(ctx context.Context, from model.EventSeriesCreateInput) (*calendar.Series, error) {
	var in input
	home := in.node(from.Organiser, "organiser", organizationKinds...)
	if err := in.err(); err != nil {
		return nil, err
	}
	return r.Events.CreateSeries(ctx, access.From(ctx), home, *from.Title, value(from.IdempotencyKey))
}

func (r *Resolver) seriesByID(ctx context.Context, global string) (*calendar.Series, error) {
	_, series, err := calendar.SeriesID.Part(global)
	if err != nil {
		return nil, nil
	}
	found, err := calendar.SeriesByIDs(ctx, r.DB.Read(), access.From(ctx), []id.ID{series})
	return found[series], err
}

func question(from model.EventQuestionAddInput) calendar.QuestionInput {
	return calendar.QuestionInput{
		Kind: from.Kind, Label: *from.Label, Help: value(from.Help), Options: texts(from.Options.Value()),
		Required: value(from.Required), PurgeOn: value(from.PurgeOn),
	}
}

func questionChanges(from model.EventQuestionUpdateInput) calendar.QuestionChanges {
	return calendar.QuestionChanges{
		Label: given(from.Label), Help: given(from.Help), Required: from.Required.Value(), PurgeOn: given(from.PurgeOn),
	}
}

// delegates reads delegates as they are registered, with what they answer.
func delegates(in *input, from []*model.DelegateInput, field string) (list []calendar.DelegateInput) {
	for i, d := range from {
		list = append(list, delegateGiven(in, d, field+"."+strconv.Itoa(i)))
	}
	return list
}

func delegateGiven(in *input, d *model.DelegateInput, field string) calendar.DelegateInput {
	return calendar.DelegateInput{
		Name: value(d.Name), Mail: value(d.Mail), Role: d.Role,
		Territory: in.optional(d.Territory.Value(), field+".territory", placeKinds...),
		Answers:   answersGiven(in, d.Answers.Value(), field+".answers"), Sex: value(d.Sex),
	}
}

func answersGiven(in *input, from []*model.QuestionAnswerInput, field string) (list []calendar.GivenAnswer) {
	for i, a := range from {
		path := field + "." + strconv.Itoa(i) + ".question"
		_, question, err := calendar.QuestionID.Part(a.Question)
		if err != nil {
			in.missing(strings.Split(path, ".")...)
		}
		list = append(list, calendar.GivenAnswer{Question: question, Answer: calendar.Answer{
			Text: value(a.Text), Number: a.Number.Value(), Yes: a.Yes.Value(), Choices: a.Choices.Value(),
		}})
	}
	return list
}

func (r *Resolver) messageSend(ctx context.Context, from model.EventMessageSendInput) (*attendance.Message, error) {
	var in input
	event := in.node(from.Event, "event", node.Event)
	to := attendance.Choice{
		Pools:         in.parts(calendar.SeatPoolType, event, from.SeatPools.Value(), "seatPools"),
		Organisations: in.nodes(from.Organizations.Value(), "organizations", organizationKinds...),
		Sessions:      in.parts(calendar.SessionID, event, from.Sessions.Value(), "sessions"),
	}
	for _, s := range from.States.Value() {
		to.States = append(to.States, string(s))
	}
	if err := in.err(); err != nil {
		return nil, err
	}
	return r.Attendance.Send(ctx, access.From(ctx), event, *from.Subject, *from.Text, to, value(from.IdempotencyKey))
}
