package graph

import (
	"context"
	"encoding/json"
	"time"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/node"
)

// byParent reads a link for all parents at once and answers by parent.
type byParent[V any] func(ctx context.Context, l level, parents []id.ID) (map[id.ID]V, error)

// of declares a link whose parents are nodes.
func of[V any](read byParent[V]) loader {
	return loader{through(func(parent link.Linked) id.ID { return parent.(interface{ NodeID() id.ID }).NodeID() }, read), true}
}

// by declares a link that starts at an identifier the parent holds: often that
// of the other end.
func by[P link.Linked, V any](key func(P) id.ID, read byParent[V]) loader {
	return from(through(func(parent link.Linked) id.ID { return key(parent.(P)) }, read))
}

func through[V any](key func(link.Linked) id.ID, read byParent[V]) load {
	return func(ctx context.Context, l level, parents []link.Linked) ([]any, error) {
		keys, seen := make([]id.ID, 0, len(parents)), make(map[id.ID]bool, len(parents))
		for _, p := range parents {
			if k := key(p); !k.IsZero() && !seen[k] {
				seen[k] = true
				keys = append(keys, k)
			}
		}
		values := make([]any, len(parents))
		if len(keys) == 0 {
			return values, nil
		}
		found, err := read(ctx, l, keys)
		if err != nil {
			return nil, err
		}
		for i, p := range parents {
			if v, ok := found[key(p)]; ok {
				values[i] = v
			}
		}
		return values, nil
	}
}

// page reads the arguments first and after, and what is asked for of the page.
func (l level) page() (page.Args, error) {
	var first *int
	if n, ok := l.int("first"); ok {
		first = &n
	}
	after, _ := l.args["after"].(string)
	args, err := page.Parse(first, &after)
	args.Total, args.Alone = l.asks("totalCount"), !l.asks("pageInfo")
	return args, err
}

func (l level) int(name string) (int, bool) {
	switch n := l.args[name].(type) {
	case int:
		return n, true
	case int64:
		return int(n), true
	case float64:
		return int(n), true
	case json.Number:
		i, err := n.Int64()
		return int(i), err == nil
	}
	return 0, false
}

// asOf reads the argument of that name; nil is today.
func (l level) asOf() (*time.Time, error) {
	text, ok := l.args["asOf"]
	if !ok || text == nil {
		return nil, nil
	}
	day, err := model.UnmarshalDate(text)
	if err != nil {
		return nil, fault.ErrBadDate.At("asOf")
	}
	return &day, nil
}

// first reads the argument of that name for lists without a cursor.
func (l level) first() (int, error) {
	args, err := l.page()
	return args.First, err
}

// byID answers rows by their own identifier.
func byID[T interface{ NodeID() id.ID }](rows []T, err error) (map[id.ID]T, error) {
	if err != nil {
		return nil, err
	}
	found := make(map[id.ID]T, len(rows))
	for _, row := range rows {
		found[row.NodeID()] = row
	}
	return found, nil
}

// nodesOf are the far ends of edges, each once.
func nodesOf(links []node.Linked) []id.ID {
	ids, seen := make([]id.ID, 0, len(links)), make(map[id.ID]bool, len(links))
	for _, l := range links {
		if !seen[l.Node.ID] {
			seen[l.Node.ID] = true
			ids = append(ids, l.Node.ID)
		}
	}
	return ids
}

// arrange puts the things at the far ends of edges behind their parents, in the
// order of the edges.
func arrange[T any](links []node.Linked, found map[id.ID]T) map[id.ID][]T {
	out := map[id.ID][]T{}
	for _, l := range links {
		if thing, ok := found[l.Node.ID]; ok {
			out[l.Parent] = append(out[l.Parent], thing)
		}
	}
	return out
}
