package graph

import (
	"context"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
)

func (r *mutationResolver) TablePollOpen(ctx context.Context, input model.TablePollOpenInput) (*model.TablePollOpenPayload, error) {
	p, errs, err := r.onPoll(ctx, table.SessionType, input.Session, "session", func(v *access.Viewer, table, part id.ID, in *inputs) (id.ID, error) {
		return r.Tables.OpenPoll(ctx, v, table, part, moments(input.Dates), input.ClosesAt.Value(), value(input.IdempotencyKey))
	})
	return &model.TablePollOpenPayload{Poll: p, Errors: errs}, err
}

func (r *mutationResolver) TablePollAnswer(ctx context.Context, input model.TablePollAnswerInput) (*model.TablePollAnswerPayload, error) {
	p, errs, err := r.onPoll(ctx, table.PollType, input.ID, "id", func(v *access.Viewer, table, part id.ID, in *inputs) (id.ID, error) {
		organisation := in.node(input.Organization, "organization", organizationKinds...)
		answers := dateChoices(in, "answers", input.Answers)
		if err := in.err(); err != nil {
			return id.Zero, err
		}
		return r.Tables.AnswerPoll(ctx, v, table, part, organisation, answers, value(input.IdempotencyKey))
	})
	return &model.TablePollAnswerPayload{Poll: p, Errors: errs}, err
}

func (r *mutationResolver) TablePollClose(ctx context.Context, input model.TablePollCloseInput) (*model.TablePollClosePayload, error) {
	p, errs, err := r.onPoll(ctx, table.PollType, input.ID, "id", func(v *access.Viewer, table, part id.ID, in *inputs) (id.ID, error) {
		date := pollDate(in, input.Date)
		if err := in.err(); err != nil {
			return id.Zero, err
		}
		return r.Tables.ClosePoll(ctx, v, table, part, date, value(input.IdempotencyKey))
	})
	return &model.TablePollClosePayload{Poll: p, Errors: errs}, err
}

func (r *mutationResolver) TableLinkAnswer(ctx context.Context, input model.TableLinkAnswerInput) (*model.TableLinkAnswerPayload, error) {
	answered, err := r.tableLinkAnswer(ctx, input)
	errs, err := userErrors(ctx, err)
	return &model.TableLinkAnswerPayload{Link: answered, Errors: errs}, err
}

func (r *queryResolver) TablePoll(ctx context.Context, id string) (*table.Poll, error) {
	_, poll, err := table.PollType.Part(id)
	if err != nil {
		return nil, nil
	}
	return r.pollOf(ctx, poll)
}

func (r *queryResolver) TableLink(ctx context.Context, token string) (*table.Link, error) {
	return r.tableLink(ctx, token)
}

func (r *tableLinkResolver) ViewerCanAnswer(ctx context.Context, obj *table.Link) (*model.Permission, error) {
	return permission(ctx, obj.MayAnswer()), nil
}

func (r *tablePollResolver) Session(ctx context.Context, obj *table.Poll) (*table.Session, error) {
	return loaded[*table.Session](ctx, obj)
}

func (r *Resolver) TableLink() generated.TableLinkResolver { return &tableLinkResolver{r} }

func (r *Resolver) TablePoll() generated.TablePollResolver { return &tablePollResolver{r} }

type (
	tableLinkResolver struct{ *Resolver }
	tablePollResolver struct{ *Resolver }
)
