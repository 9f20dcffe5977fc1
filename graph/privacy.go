package graph

import (
	"context"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/privacy"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

func (r *Resolver) privacyNotice(ctx context.Context, form privacy.Form, about *string) (*privacy.Notice, error) {
	var thing id.ID
	if about != nil {
		var err error
		if _, thing, err = node.Parse(*about); err != nil {
			return nil, fault.ErrNotFound.At("about")
		}
	}
	return r.Privacy.NoticeOf(ctx, access.From(ctx), form, thing)
}

func (r *Resolver) delegateAnswer(ctx context.Context, from model.DelegateAnswerInput) (*calendar.Invitation, error) {
	return r.Registrations.AnswerBy(ctx, access.From(ctx), from.Token, calendar.AnswerInput{
		Answer: from.Answer, Name: value(from.Name), Visibility: from.Visibility.Value(),
		Diet: from.Diet.Value(), Access: from.Access.Value(),
	}, value(from.IdempotencyKey))
}

func answered(a calendar.DelegateAnswer) *calendar.DelegateAnswer {
	if a == "" {
		return nil
	}
	return &a
}
