package graph

import (
	"context"
	"errors"
	"log/slog"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

// Presenter gives errors the face clients see: message in the reader's
// language, stable code, never a cause. Internal causes are logged under a
// reference that the client gets.
type Presenter struct{ Log *slog.Logger }

// Present is gqlgen's error presenter.
func (p Presenter) Present(ctx context.Context, err error) *gqlerror.Error {
	var prepared *gqlerror.Error
	if errors.As(err, &prepared) && prepared.Extensions["code"] != nil {
		return prepared // by the transport: already safe
	}
	f := fault.From(err)
	out := &gqlerror.Error{
		Message:    f.Message(access.From(ctx).Lang),
		Path:       graphql.GetPath(ctx),
		Extensions: map[string]any{"code": f.Code.Name},
	}
	if prepared != nil && prepared.Path != nil {
		out.Path = prepared.Path
	}
	if len(f.Path) > 0 {
		out.Extensions["field"] = f.Path
	}
	if f.Code.Kind == fault.Internal && !errors.Is(err, context.Canceled) {
		reference := id.New().String()
		out.Extensions["reference"] = reference
		p.Log.ErrorContext(ctx, "internal fault", "reference", reference, "path", out.Path.String(), "cause", err)
	}
	return out
}

// userErrors splits an error of a command: what the sender of the input can
// mend goes into the payload, the rest stays an error of the operation.
func userErrors(ctx context.Context, err error) ([]model.UserError, error) {
	list := []model.UserError{}
	if err == nil {
		return list, nil
	}
	l := access.From(ctx).Lang
	for _, f := range fault.All(err) {
		switch f.Code.Kind {
		case fault.Invalid, fault.NotFound, fault.Conflict:
			list = append(list, userError(f.Under("input"), l))
		default:
			return []model.UserError{}, err
		}
	}
	return list, nil
}

func userError(f *fault.Fault, l lang.Lang) model.UserError {
	message, code, path := f.Message(l), f.Code.Name, f.Path
	if path[0] == "input" && len(path) == 1 && f.Code.Kind != fault.Invalid {
		path = []string{} // about the state of things, not about a field
	}
	if revision, ok := f.Args["currentRevision"].(string); ok {
		return &model.RevisionConflict{Message: message, Code: code, Path: path, CurrentRevision: revision}
	}
	wanted, free, confirmed := intArg(f, "wanted"), intArg(f, "free"), intArg(f, "confirmed")
	if wanted != nil || free != nil || confirmed != nil {
		return &model.SeatsError{Message: message, Code: code, Path: path, Wanted: wanted, Free: free, Confirmed: confirmed}
	}
	return &model.InputError{Message: message, Code: code, Path: path}
}

func intArg(f *fault.Fault, name string) *int {
	if n, ok := f.Args[name].(int); ok {
		return &n
	}
	return nil
}
