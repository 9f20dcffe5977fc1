package graph

import (
	"context"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

func (r *Resolver) registrationRequest(ctx context.Context, from model.RegistrationRequestInput) (*int, error) {
	viewer := access.From(ctx)
	in, err := guestInput(from, viewer.Lang)
	if err != nil {
		return nil, err
	}
	held, err := r.Registrations.Request(ctx, viewer, in, value(from.IdempotencyKey))
	if err != nil {
		return nil, err
	}
	return pointer(int(held.Minutes())), nil
}

func guestInput(from model.RegistrationRequestInput, l lang.Lang) (out calendar.GuestInput, err error) {
	var in input
	out = calendar.GuestInput{
		Event: in.node(from.Event, "event", node.Event), Mail: from.Mail, Name: value(from.Name), Language: l, Policy: from.Policy,
		Audience:  in.optional(from.Audience.Value(), "audience", node.Audience),
		Delegates: delegates(&in, from.Delegates, "delegates"), Notice: value(from.NoticeAccepted),
	}
	if wanted := from.Language.Value(); wanted != nil {
		out.Language = *wanted
	}
	if found := from.Organization.ID.Value(); found != nil {
		out.Organisation = in.node(*found, "organization.id", organizationKinds...)
	} else if added := from.Organization.New.Value(); added != nil {
		out.New = &calendar.NewAssociation{
			Name: added.Name, TaxID: value(added.TaxID), Town: in.node(added.Town, "organization.new.town", node.Municipality),
		}
	}
	return out, in.err()
}

// onLinked runs a command of a link's holder on one delegate.
func onLinked(ctx context.Context, global string, do func(delegate id.ID) (*calendar.Guest, error)) (shown *calendar.Guest, errs []model.UserError, err error) {
	var in input
	_, delegate := in.part(calendar.DelegateType, global, "delegate")
	if err = in.err(); err == nil {
		shown, err = do(delegate)
	}
	errs, err = userErrors(ctx, missingAt(err, "delegate"))
	return shown, errs, err
}

func (r *Resolver) personalCalendarOpen(ctx context.Context, key string) (*string, *calendar.Personal, error) {
	viewer := access.From(ctx)
	secret, err := r.Registrations.OpenPersonal(ctx, viewer, key)
	if err != nil {
		return nil, nil, err
	}
	own, err := calendar.PersonalOf(ctx, r.DB.Read(), viewer)
	if secret == "" {
		return nil, own, err
	}
	return pointer(r.Site + "/calendar/mine/" + secret + ".ics"), own, err
}
