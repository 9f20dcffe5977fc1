package graph

import (
	"context"
	"strings"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/domain/territory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

func (r *Resolver) level(ctx context.Context) level {
	l := rootLevel(ctx)
	l.q, l.viewer = r.DB.Read(), access.From(ctx)
	return l
}

// organizationOf reads a body, or the one it was merged into.
func (r *Resolver) organizationOf(ctx context.Context, body id.ID) (model.Organization, error) {
	l := r.level(ctx)
	found, err := organizationsByIDs(ctx, l, []id.ID{body})
	if err != nil || found[body] != nil {
		return found[body], err
	}
	became, err := l.successors(ctx, map[string][]id.ID{"organization": {body}}, nil)
	now, _ := became[body].(model.Organization)
	return now, err
}

// organization finds a body by identifier or register code.
func (r *Resolver) organization(ctx context.Context, by model.OrganizationRef) (model.Organization, error) {
	ref := by.Identifier.Value()
	if ref == nil {
		body, err := node.ParseOf(value(by.ID), organizationKinds...)
		if err != nil {
			return nil, nil
		}
		return r.organizationOf(ctx, body)
	}
	code := ref.Value
	if ref.Scheme == directory.INE {
		five, err := territory.ParseINECode(code)
		if err != nil {
			return nil, under(err, "by", "identifier", "value")
		}
		code = five
	}
	body, err := directory.OrganizationByIdentifier(ctx, r.DB.Read(), access.From(ctx), ref.Scheme, code)
	if err != nil || body == nil {
		return nil, err
	}
	shown, err := r.level(ctx).organizations(ctx, []directory.Body{body})
	return only(shown, err)
}

func (r *Resolver) organizations(ctx context.Context, args page.Args, filter *model.OrganizationFilter) (*model.OrganizationConnection, error) {
	f, err := r.organizationFilter(ctx, filter)
	if err != nil {
		return nil, err
	}
	found, err := directory.Organizations(ctx, r.DB.Read(), access.From(ctx), f, args)
	if err != nil {
		return nil, err
	}
	shown, err := r.level(ctx).organizationPages(ctx, map[id.ID]*page.Connection[directory.Body]{id.Zero: found})
	return shown[id.Zero], err
}

func (r *Resolver) organizationFilter(ctx context.Context, from *model.OrganizationFilter) (f directory.Filter, err error) {
	if from == nil {
		return f, nil
	}
	var in input
	f = directory.Filter{
		Text: value(from.Text), Sector: value(from.Sector),
		Field:  in.optional(from.Field.Value(), "filter.field", node.Field),
		ActsIn: in.optional(from.ActsIn.Value(), "filter.actsIn", territoryKinds...),
	}
	for _, kind := range from.Kinds.Value() {
		f.Kinds = append(f.Kinds, node.Kind(strings.ToLower(string(kind))))
	}
	return f, in.visible(ctx, r.DB.Read())
}

func (r *Resolver) associationCreate(ctx context.Context, from model.AssociationCreateInput) (*directory.Association, error) {
	var in input
	spec := directory.Spec{
		Title: *from.Title, Description: value(from.Description), LegalPersonality: from.LegalPersonality.Value(),
		Mail: value(from.Mail), Phone: value(from.Phone), Website: value(from.Website),
		ActsIn: in.nodes(from.ActsIn, "actsIn", placeKinds...),
		Fields: in.nodes(from.Fields.Value(), "fields", node.Field),
	}
	for _, i := range from.Identifiers.Value() {
		spec.Identifiers = append(spec.Identifiers, directory.ExternalIdentifier{Scheme: i.Scheme, Value: i.Value})
	}
	if err := in.err(); err != nil {
		return nil, err
	}
	viewer := access.From(ctx)
	made, err := r.Directory.AssociationCreate(ctx, viewer, value(from.IdempotencyKey), spec)
	if err != nil {
		return nil, err
	}
	return only(directory.AssociationsByIDs(ctx, r.DB.Read(), viewer, []id.ID{made}))
}

func (r *Resolver) personCreate(ctx context.Context, from model.PersonCreateInput) (*directory.Person, error) {
	var in input
	spec := directory.PersonSpec{
		Name: from.Name, Mail: value(from.Mail), Role: from.Role, From: from.From.Value(), Until: from.Until.Value(),
		For: in.node(from.Organization, "organization", organizationKinds...),
	}
	if err := in.err(); err != nil {
		return nil, err
	}
	viewer := access.From(ctx)
	made, err := r.Directory.PersonCreate(ctx, viewer, value(from.IdempotencyKey), spec)
	if err != nil {
		return nil, err
	}
	return only(directory.PeopleByIDs(ctx, r.DB.Read(), viewer, []id.ID{made}))
}

func (r *Resolver) personMerge(ctx context.Context, merge model.PersonMergeInput) (*directory.Person, error) {
	var in input
	from, into := in.node(merge.From, "from", node.Person), in.node(merge.Into, "into", node.Person)
	if err := in.err(); err != nil {
		return nil, err
	}
	viewer := access.From(ctx)
	if err := r.Directory.PersonMerge(ctx, viewer, value(merge.IdempotencyKey), from, into); err != nil {
		return nil, err
	}
	return only(directory.PeopleByIDs(ctx, r.DB.Read(), viewer, []id.ID{into}))
}

func (r *Resolver) appointmentCreate(ctx context.Context, from model.AppointmentCreateInput) (*directory.Appointment, error) {
	var in input
	spec := directory.AppointmentSpec{
		Organization: in.node(from.Organization, "organization", organizationKinds...),
		Person:       in.node(from.Person, "person", node.Person),
		Role:         from.Role, From: from.From.Value(), Until: from.Until.Value(),
	}
	if err := in.err(); err != nil {
		return nil, err
	}
	viewer := access.From(ctx)
	made, err := r.Directory.Appoint(ctx, viewer, value(from.IdempotencyKey), spec)
	if err != nil {
		return nil, err
	}
	list, err := directory.AppointmentsByIDs(ctx, r.DB.Read(), viewer, []id.ID{made})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	list[0].Person, err = only(directory.PeopleByIDs(ctx, r.DB.Read(), viewer, []id.ID{list[0].PersonID}))
	return &list[0], err
}

func (r *Resolver) appointmentEnd(ctx context.Context, from model.AppointmentEndInput) (model.Organization, error) {
	var in input
	spec := directory.AppointmentSpec{
		Organization: in.node(from.Organization, "organization", organizationKinds...),
		Person:       in.node(from.Person, "person", node.Person),
		Role:         from.Role, Until: from.Until.Value(),
	}
	if err := in.err(); err != nil {
		return nil, err
	}
	if err := r.Directory.EndAppointment(ctx, access.From(ctx), value(from.IdempotencyKey), spec); err != nil {
		return nil, err
	}
	return r.organizationOf(ctx, spec.Organization)
}
