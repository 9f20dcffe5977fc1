package graph

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// What stands between the lines below is shown in docs/live.md, as it is.
// [example]

// gardenChange is one message of gardenChanges, and what its selection links to.
type gardenChange struct {
	Number int
	Cursor string
	Kind   *string // nil in the first message, which is the state
	Garden *node.Node
}

func (c *gardenChange) StreamCursor() string { return c.Cursor }

// gardenLive declares gardenChanges: it is all that there is to write.
func (r *Resolver) gardenLive(garden string) topicSpec[*gardenChange] {
	return topicSpec[*gardenChange]{
		// Who follows what, at which level of sight, or why not.
		Find: func(ctx context.Context) (watch, error) {
			v, err := node.ParseOf(garden, node.Association)
			if err != nil {
				return watch{}, fault.ErrNotFound.At("id")
			}
			found, err := only(node.ByIDs(ctx, r.DB.Read(), access.From(ctx), []id.ID{v}))
			if err == nil && found == nil {
				err = fault.ErrNotFound.At("id")
			}
			if err != nil {
				return watch{}, err
			}
			return watch{topic: v, level: access.From(ctx).LevelOn(v, found.Home)}, nil
		},
		// The first message: the topic's state at one number.
		State: func(w watch) stateOf[*gardenChange] {
			return func(ctx context.Context, q postgres.Querier, at journal.Cursor) (*gardenChange, error) {
				found, err := only(node.ByIDs(ctx, q, access.From(ctx), []id.ID{w.topic}))
				return &gardenChange{Number: int(at.Number), Cursor: at.Encode(), Garden: found}, err
			}
		},
		// A message for each fact, in order. Left out, every message is a state.
		Changes: func(w watch) changesOf[*gardenChange] {
			return func(ctx context.Context, q postgres.Querier, facts []journal.Entry) ([]*gardenChange, error) {
				found, err := only(node.ByIDs(ctx, q, access.From(ctx), []id.ID{w.topic}))
				changes := make([]*gardenChange, len(facts))
				for i, f := range facts {
					at := journal.Cursor{Topic: w.topic, Epoch: r.Live.Epoch(), Level: w.level, Number: f.Number}
					changes[i] = &gardenChange{Number: int(f.Number), Cursor: at.Encode(), Kind: &f.Kind, Garden: found}
				}
				return changes, err
			}
		},
	}
}

// GardenChanges is the resolver.
func (r *Resolver) GardenChanges(ctx context.Context, id string, after *string) (<-chan *gardenChange, error) {
	return liveOf(ctx, r, after, r.gardenLive(id))
}

// [example]

// TestExampleOfTheDocs: what docs/live.md shows is what is compiled here, and it
// refuses what it should.
func TestExampleOfTheDocs(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("live_example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	docs, err := os.ReadFile("../docs/live.md")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(source), "// [example]\n")
	if len(parts) < 3 || !strings.Contains(string(docs), "```go\n"+strings.TrimSpace(parts[1])+"\n```") {
		t.Error("docs/live.md shows another example than the one that is compiled")
	}
	ctx := access.With(t.Context(), access.Anonymous(lang.EN))
	if _, err := new(Resolver).GardenChanges(ctx, "no identifier", nil); fault.From(err).Code.Name != "NOT_FOUND" {
		t.Errorf("got %v", err)
	}
}
