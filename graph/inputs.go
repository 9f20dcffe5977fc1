package graph

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

func now() time.Time { return time.Now() }

// input reads the identifiers of one input and collects what is wrong, so that
// the sender is told everything at once. An identifier of another type, of
// something unseen or of nothing is one and the same answer: NOT_FOUND at its
// field.
type input struct {
	faults fault.List
	named  []namedNode
}

// namedNode is a node that an input names, and where.
type namedNode struct {
	id   id.ID
	path []string
}

func (in *input) missing(path ...string) {
	in.faults = append(in.faults, fault.ErrNotFound.At(path...))
}

func (in *input) node(global string, field string, kinds ...node.Kind) id.ID {
	v, err := node.ParseOf(global, kinds...)
	path := strings.Split(field, ".")
	if err != nil {
		in.missing(path...)
	}
	in.named = append(in.named, namedNode{v, path})
	return v
}

// visible is err once all named nodes were looked for: what the reader cannot
// see answers as an identifier of another type does. Commands look for
// themselves; this is for filters, which would silently find nothing.
func (in *input) visible(ctx context.Context, q postgres.Querier) error {
	if len(in.named) == 0 || len(in.faults) > 0 {
		return in.err()
	}
	ids := make([]id.ID, len(in.named))
	for i, n := range in.named {
		ids[i] = n.id
	}
	found, err := node.ByIDs(ctx, q, access.From(ctx), ids)
	if err != nil {
		return err
	}
	for _, n := range in.named {
		if !slices.ContainsFunc(found, func(f *node.Node) bool { return f.ID == n.id }) {
			in.missing(n.path...)
		}
	}
	return in.err()
}

func (in *input) optional(global *string, field string, kinds ...node.Kind) id.ID {
	if global == nil {
		return id.Zero
	}
	return in.node(*global, field, kinds...)
}

func (in *input) nodes(globals []string, field string, kinds ...node.Kind) []id.ID {
	ids := make([]id.ID, 0, len(globals))
	for i, global := range globals {
		ids = append(ids, in.node(global, field+"."+strconv.Itoa(i), kinds...))
	}
	return ids
}

func (in *input) part(t id.Type, global, field string) (root, part id.ID) {
	root, part, err := t.Part(global)
	if err != nil {
		in.missing(field)
	}
	return root, part
}

// err is what was collected; nil when nothing was wrong.
func (in *input) err() error { return in.faults.Err() }

var (
	territoryKinds    = []node.Kind{node.Municipality, node.Comarca, node.Province, node.District, node.Neighbourhood}
	placeKinds        = []node.Kind{node.Municipality, node.District, node.Neighbourhood}
	organizationKinds = []node.Kind{node.Municipality, node.Association, node.PublicService, node.Institution}
	themeKinds        = []node.Kind{node.Field, node.Goal, node.Challenge, node.Axis}
)

// value is what an optional field says; the zero value when it says nothing.
func value[T any](o graphql.Omittable[*T]) (v T) {
	if p := o.Value(); p != nil {
		return *p
	}
	return v
}

// given is nil for a field that was left out; null clears.
func given[T any](o graphql.Omittable[*T]) *T {
	if !o.IsSet() {
		return nil
	}
	v := value(o)
	return &v
}

// texts takes the pointers out of a list.
func texts(list []*lang.Text) []lang.Text {
	out := make([]lang.Text, 0, len(list))
	for _, t := range list {
		if t != nil {
			out = append(out, *t)
		}
	}
	return out
}

func pointer[T any](v T) *T { return &v }

// revision reads the opaque text of an expected revision. A text that is none
// stands for a revision nothing has.
func revision(o graphql.Omittable[*string]) *int64 {
	text := o.Value()
	if text == nil {
		return nil
	}
	n, err := strconv.ParseInt(*text, 36, 64)
	if err != nil {
		n = -1
	}
	return &n
}

func showRevision(n int64) string { return strconv.FormatInt(n, 36) }
