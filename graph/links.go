package graph

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/link"
)

// linkTable declares every link once: "Type.field" → how to load it for all
// parents of a level. The look-ahead runs it; resolvers take out what it put in.
type linkTable map[string]loader

// loader is how a link is loaded.
type loader struct {
	load load
	// ahead is whether the identifiers of the parents are enough, which are known
	// before the parents where they are asked for by them.
	ahead bool
}

// load answers the field's value for each parent, in the parents' order.
type load func(ctx context.Context, l level, parents []link.Linked) ([]any, error)

// from declares a link that looks at the parents themselves.
func from(parents load) loader { return loader{load: parents} }

// loaded is the body of every link resolver.
func loaded[T any](ctx context.Context, parent link.Linked) (T, error) {
	var none T
	field := graphql.GetFieldContext(ctx).Field
	value, ok := parent.LinkSlots().Get(field.Alias)
	if !ok {
		return none, fault.ErrInternal.New().Because(fmt.Errorf("link %s.%s was not loaded", field.ObjectDefinition.Name, field.Name))
	}
	typed, ok := value.(T)
	if !ok && value != nil {
		return none, fault.ErrInternal.New().Because(fmt.Errorf("link %s.%s holds %T", field.ObjectDefinition.Name, field.Name, value))
	}
	return typed, nil
}

// links is the whole table.
func (r *Resolver) links() linkTable {
	all := linkTable{}
	for _, part := range []linkTable{
		territoryLinks(),
		directoryLinks(),
		calendarLinks(),
		r.registeringLinks(),
		accessLinks(),
		policyLinks(),
		privacyLinks(),
		r.feedLinks(),
		tableLinks(),
		projectLinks(),
		workshopLinks(),
		documentLinks(),
		eventFormLinks(),
		eventImportLinks(),
		networkLinks(),
	} {
		for name, load := range part {
			all[name] = load
		}
	}
	return all
}
