package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/audit"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/live"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// portion is what a fact stream is about to send: the entries that follow a
// number, perhaps none.
type portion struct {
	watch
	rights  *auth.Stream
	entries []journal.Entry
	after   int64
}

// permitted makes the messages of those facts that the viewer may see, and what
// their selection links to, in one snapshot with the look at the viewer's
// rights: what is sent was the viewer's to see at one instant. With errLost the
// messages are the last ones.
func permitted[T any](ctx context.Context, r *Resolver, p portion, changes changesOf[T]) (messages []T, err error) {
	lost := false
	read := func(ctx context.Context, q postgres.Querier) (err error) {
		if lost, err = p.restrict(ctx, q); err != nil || len(p.entries) == 0 {
			return err
		}
		if messages, err = changes(ctx, q, p.entries); err != nil {
			return err
		}
		return r.loadMessage(ctx, q, messages)
	}
	err = r.logged(ctx, func(ctx context.Context) error {
		if access.From(ctx).SignedIn() {
			return r.DB.Snapshot(ctx, read)
		}
		// No rights that could be taken away: what is hidden hides itself.
		return read(ctx, r.DB.Read())
	})
	if err != nil {
		return nil, err
	}
	if lost {
		err = errLost
	}
	return messages, err
}

// logged notes whose personal data was read, before what was read is sent.
func (r *Resolver) logged(ctx context.Context, read func(context.Context) error) error {
	ctx, log := audit.Collect(ctx)
	if err := read(ctx); err != nil {
		return err
	}
	return log.Write(ctx, r.DB)
}

// restrict leaves the entries that may be sent; lost says that they are the
// last.
func (p *portion) restrict(ctx context.Context, q postgres.Querier) (lost bool, err error) {
	last, more, err := p.rights.Check(ctx, q)
	if err != nil {
		return false, err
	}
	if !more {
		p.entries, err = upTo(ctx, q, p.watch, p.after, last)
		return true, err
	}
	for i, e := range p.entries {
		if !live.Hides(e, p.level) {
			continue
		}
		if lost, err = p.rights.Hidden(ctx, q); lost || err != nil {
			p.entries = p.entries[:i+1]
			return lost, err
		}
	}
	return false, nil
}

// upTo reads the facts after a number up to another.
func upTo(ctx context.Context, q postgres.Querier, w watch, after, last int64) ([]journal.Entry, error) {
	if last <= after {
		return nil, nil
	}
	return journal.After(ctx, q, w.topic, w.level, after, int(min(last-after, maxLast)))
}

// maxLast bounds what is read for somebody who is far behind and may not go on.
const maxLast = 1000

// freshViewer begins each operation of a live connection with the viewer's
// rights as they are now, as a plain request does. An operation's viewer stays
// the same until its end, except for a stream's.
func freshViewer(present Presenter) graphql.OperationMiddleware {
	return func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		c := auth.ConnectionOf(ctx)
		if c == nil {
			return next(ctx)
		}
		viewer, err := c.Fresh(ctx)
		if err != nil {
			return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{present.Present(ctx, err)}})
		}
		return next(access.With(ctx, viewer))
	}
}

// whileRightsLast gives the answer to a query only if its reader still has, when
// it is there, the rights with which it was begun. Commands and streams know by
// themselves.
func (r *Resolver) whileRightsLast(present Presenter) graphql.OperationMiddleware {
	return func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		answer := next(ctx)
		if r.Watcher == nil || graphql.GetOperationContext(ctx).Operation.Operation != ast.Query {
			return answer
		}
		return func(ctx context.Context) *graphql.Response {
			reading, done := r.Watcher.Operation(ctx)
			defer done()
			response := answer(reading)
			if reading.Err() != nil && ctx.Err() == nil {
				return &graphql.Response{Errors: gqlerror.List{present.Present(ctx, context.Cause(reading))}}
			}
			return response
		}
	}
}
