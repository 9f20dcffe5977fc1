package graph

import (
	"context"
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// peopleOnly marks what no program with a token may do, whatever its scopes.
const peopleOnly auth.Scope = ""

// scopeOfNoun is what a program's token needs for the mutations about a noun,
// the first word of their names. A mutation about any other noun stops the
// start: whoever adds one decides here what programs may do.
func scopeOfNoun() map[string]auth.Scope {
	return map[string]auth.Scope{
		"event": auth.ScopeEvents, "seatPool": auth.ScopeEvents,
		"registration": auth.ScopeRegistrations, "delegate": auth.ScopeRegistrations,
		"association": auth.ScopeDirectory, "organization": auth.ScopeDirectory, "person": auth.ScopeDirectory,
		"workingTable": auth.ScopeAll, "table": auth.ScopeAll, "agendaItem": auth.ScopeAll, "minutes": auth.ScopeAll,
		"appointment":   auth.ScopeDirectory,
		"sharedProject": auth.ScopeProjects, "project": auth.ScopeProjects, "partnerCommitment": auth.ScopeProjects,
		"programme": auth.ScopeProjects, "strategy": auth.ScopeProjects, "workshop": auth.ScopeProjects, "priorConsultation": auth.ScopeProjects, "document": auth.ScopeProjects,
		"claim": peopleOnly, "glass": peopleOnly, "account": peopleOnly, "session": peopleOnly, "apiToken": peopleOnly,
		"linkedIdentity": peopleOnly, "invitation": peopleOnly, "personErase": peopleOnly,
		"watch": peopleOnly, "savedSet": peopleOnly, "inbox": peopleOnly, "digest": peopleOnly, "comment": peopleOnly,
	}
}

// scopes knows the scope of each mutation.
type scopes map[string]auth.Scope

// newScopes finds the scope of every mutation of the schema by the longest noun
// its name begins with.
func newScopes(schema *ast.Schema) (scopes, error) {
	found, nouns := scopes{}, scopeOfNoun()
	for _, field := range schema.Mutation.Fields {
		longest := ""
		for noun := range nouns {
			if strings.HasPrefix(field.Name, noun) && len(noun) > len(longest) {
				longest = noun
			}
		}
		if longest == "" {
			return nil, fmt.Errorf("graph: mutation %s has no scope: add its noun to scopeOfNoun in graph/access.go", field.Name)
		}
		found[field.Name] = nouns[longest]
	}
	return found, nil
}

// allow is the first line of @access: every rule but those of a mailed link and of anyone needs
// an account, and a program's token the mutation's scope. The services know the rest, because they
// know the object.
func (r *Resolver) allow(ctx context.Context, _ any, next graphql.Resolver, who model.Access) (any, error) {
	v := access.From(ctx)
	if (who == model.AccessLinkHolder || who == model.AccessAnyone) && v.Token.IsZero() {
		return next(ctx) // the link is the right
	}
	if !v.SignedIn() {
		return nil, fault.ErrUnauthenticated.New()
	}
	if field := graphql.GetFieldContext(ctx); field.Object == "Mutation" {
		if err := r.scopes.check(v, field.Field.Name); err != nil {
			return nil, err
		}
	}
	return next(ctx)
}

func (s scopes) check(v *access.Viewer, mutation string) error {
	needed, known := s[mutation]
	switch {
	case !known:
		return fault.ErrDenied.New()
	case needed == peopleOnly:
		return auth.AllowPerson(v)
	}
	return auth.Allow(v, needed)
}

func scopeOf(s model.APITokenScope) auth.Scope {
	return auth.Scope(strings.ReplaceAll(strings.ToLower(string(s)), "_", ":"))
}

func showScope(s auth.Scope) model.APITokenScope {
	return model.APITokenScope(strings.ReplaceAll(strings.ToUpper(string(s)), ":", "_"))
}

func (r *Resolver) sessionEnd(ctx context.Context, from model.SessionEndInput) ([]*auth.Session, error) {
	session, err := auth.ParseSession(from.Session)
	if err != nil {
		return nil, fault.ErrNotFound.At("session")
	}
	v := access.From(ctx)
	if err := r.Services.Sessions.EndOne(ctx, v, value(from.IdempotencyKey), session); err != nil {
		return nil, err
	}
	return r.Services.Sessions.Of(ctx, r.DB.Read(), v)
}

func (r *Resolver) apiTokenCreate(ctx context.Context, from model.APITokenCreateInput) (*auth.APIToken, *string, error) {
	spec := auth.TokenSpec{Name: from.Name, ExpiresAt: from.ExpiresAt}
	for _, s := range from.Scopes {
		spec.Scopes = append(spec.Scopes, scopeOf(s))
	}
	v := access.From(ctx)
	made, text, err := r.Accounts.CreateToken(ctx, v, value(from.IdempotencyKey), spec)
	if err != nil {
		return nil, nil, err
	}
	list, err := auth.TokensOf(ctx, r.DB.Read(), v)
	for _, t := range list {
		if t.ID == made {
			return t, nilIfEmpty(text), err
		}
	}
	return nil, nil, err
}

func nilIfEmpty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (r *Resolver) apiTokenRevoke(ctx context.Context, from model.APITokenRevokeInput) ([]*auth.APIToken, error) {
	token, err := auth.ParseToken(from.APIToken)
	if err != nil {
		return nil, fault.ErrNotFound.At("apiToken")
	}
	v := access.From(ctx)
	if err := r.Accounts.RevokeToken(ctx, v, value(from.IdempotencyKey), token); err != nil {
		return nil, err
	}
	return auth.TokensOf(ctx, r.DB.Read(), v)
}

func (r *Resolver) linkedIdentityRemove(ctx context.Context, from model.LinkedIdentityRemoveInput) ([]*auth.Identity, error) {
	v := access.From(ctx)
	if err := r.Accounts.UnlinkIdentities(ctx, v, value(from.IdempotencyKey), from.Issuer); err != nil {
		return nil, err
	}
	return auth.IdentitiesOf(ctx, r.DB.Read(), v)
}

func (r *Resolver) invitationCreate(ctx context.Context, from model.InvitationCreateInput) (*auth.Invitation, error) {
	var in input
	spec := auth.InvitationSpec{
		Organization: in.node(from.Organization, "organization", organizationKinds...),
		Mail:         from.Mail, Role: string(from.Role),
	}
	if err := in.err(); err != nil {
		return nil, err
	}
	v := access.From(ctx)
	made, err := r.Accounts.Invite(ctx, v, value(from.IdempotencyKey), spec)
	if err != nil {
		return nil, err
	}
	return auth.InvitationByID(ctx, r.DB.Read(), v, spec.Organization, made)
}

func (r *Resolver) invitationRevoke(ctx context.Context, from model.InvitationRevokeInput) (model.Organization, error) {
	body, invitation, err := auth.ParseInvitation(from.Invitation)
	if err != nil {
		return nil, fault.ErrNotFound.At("invitation")
	}
	if err := r.Accounts.RevokeInvitation(ctx, access.From(ctx), value(from.IdempotencyKey), body, invitation); err != nil {
		return nil, err
	}
	return r.organizationOf(ctx, body)
}

// invitationAccept answers with the rights that the person has from now on: the
// viewer of the request does not have them yet.
func (r *Resolver) invitationAccept(ctx context.Context, from model.InvitationAcceptInput) (*directory.Appointment, error) {
	which := auth.Accepting{Token: value(from.Invitation.Token)}
	if which.Token == "" {
		_, invitation, err := auth.ParseInvitation(value(from.Invitation.ID))
		if err != nil {
			return nil, auth.ErrInvitation.At("invitation")
		}
		which.Invitation = invitation
	}
	v := access.From(ctx)
	made, err := r.Accounts.Accept(ctx, v, value(from.IdempotencyKey), which)
	if err != nil {
		return nil, err
	}
	now, err := auth.Viewer(ctx, r.DB.Read(), v.Person, v.Lang)
	if err != nil {
		return nil, err
	}
	list, err := directory.AppointmentsByIDs(ctx, r.DB.Read(), now, []id.ID{made})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	list[0].Person, err = only(directory.PeopleByIDs(ctx, r.DB.Read(), now, []id.ID{v.Person}))
	return &list[0], err
}

func (r *Resolver) accountUpdate(ctx context.Context, from model.AccountUpdateInput) (*model.Viewer, error) {
	change := auth.Change{Language: from.Language.Value(), Name: from.Name.Value()}
	if err := r.Accounts.Update(ctx, access.From(ctx), value(from.IdempotencyKey), change); err != nil {
		return nil, err
	}
	return r.viewer(ctx)
}

func (r *Resolver) accountDisable(ctx context.Context, from model.AccountDisableInput) (*auth.Account, error) {
	which, err := whichAccount(from.Account)
	if err != nil {
		return nil, err
	}
	return r.Accounts.Disable(ctx, access.From(ctx), value(from.IdempotencyKey), which)
}

func (r *Resolver) accountEnable(ctx context.Context, from model.AccountEnableInput) (*auth.Account, error) {
	which, err := whichAccount(from.Account)
	if err != nil {
		return nil, err
	}
	return r.Accounts.Enable(ctx, access.From(ctx), value(from.IdempotencyKey), which)
}

func (r *Resolver) accountMailConfirm(ctx context.Context, from model.AccountMailConfirmInput) (*model.Viewer, error) {
	if err := r.Accounts.ConfirmMail(ctx, access.From(ctx), value(from.IdempotencyKey), from.Code); err != nil {
		return nil, err
	}
	return r.viewer(ctx)
}

func whichAccount(ref *model.AccountRef) (which auth.Which, err error) {
	if person := value(ref.Person); person != "" {
		if which.Person, err = node.Person.Prefix().Node(person); err != nil {
			return which, auth.ErrNoAccount.At("account")
		}
		return which, nil
	}
	if which.Mail, err = auth.Address(value(ref.Mail)); err != nil {
		return which, auth.ErrNoAccount.At("account")
	}
	return which, nil
}

// ofPerson reads something about the viewer's own account; a program with a
// token, which reads in their name, finds none.
func ofPerson[T any](ctx context.Context, q postgres.Querier, read func(context.Context, postgres.Querier, *access.Viewer) (T, error)) (none T, err error) {
	v := access.From(ctx)
	if !v.Token.IsZero() {
		return none, nil
	}
	return read(ctx, q, v)
}
