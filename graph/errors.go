package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/table"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Presenter gives errors the face clients see: message in the reader's
// language, stable code, never a cause. Causes that are not the sender's are logged under
// a reference that the client gets.
type Presenter struct {
	Log *slog.Logger
	// Reference is as in Services: what is logged must carry the reference that
	// the client is shown.
	Reference func(context.Context) string
}

func (p Presenter) reference(ctx context.Context) string {
	if p.Reference != nil {
		if reference := p.Reference(ctx); reference != "" {
			return reference
		}
	}
	return id.New().String()
}

// Present is gqlgen's error presenter.
func (p Presenter) Present(ctx context.Context, err error) *gqlerror.Error {
	var prepared *gqlerror.Error
	if errors.As(err, &prepared) && prepared.Extensions["code"] != nil {
		return prepared // by the transport: already safe
	}
	f := fault.From(postgres.Translate(err, nil)) // a read may have met a lost connection
	out := &gqlerror.Error{
		Message:    f.Message(access.From(ctx).Lang),
		Path:       graphql.GetPath(ctx),
		Extensions: map[string]any{"code": f.Code.Name},
	}
	if len(f.Path) > 0 {
		out.Extensions["field"] = f.Path
	}
	if prepared != nil && prepared.Path != nil {
		p.place(out, prepared.Path)
	}
	p.log(ctx, f, out, err)
	return out
}

// log keeps the cause of what is no fault of the sender under a reference that
// the sender is shown: of internal faults, and of a database that is away or too
// slow. Who went away is told nothing, and nothing went wrong.
func (p Presenter) log(ctx context.Context, f *fault.Fault, out *gqlerror.Error, cause error) {
	level, what := slog.LevelError, "internal fault"
	switch {
	case errors.Is(cause, context.Canceled):
		return
	case f.Is(fault.ErrUnavailable), f.Is(fault.ErrTimeout):
		level, what = slog.LevelWarn, "not answered"
	case f.Code.Kind != fault.Internal:
		return
	}
	reference := p.reference(ctx)
	out.Extensions["reference"] = reference
	p.Log.Log(ctx, level, what, "reference", reference, "code", f.Code.Name, "path", out.Path.String(), "cause", causeOf(f, cause))
}

// causeOf is what is behind a fault: its face says nothing about it.
func causeOf(f *fault.Fault, err error) error {
	if inside := errors.Unwrap(f); inside != nil {
		return inside
	}
	return err
}

// place sets the path of an error that comes with one. Of a value that could not
// be read gqlgen goes on into the arguments: that part is no place in the answer
// but the field to mend.
func (p Presenter) place(out *gqlerror.Error, path ast.Path) {
	answered := len(out.Path)
	if answered == 0 || len(path) <= answered || !slices.Equal(path[:answered], out.Path) {
		out.Path = path
		return
	}
	if out.Extensions["field"] != nil {
		return
	}
	field := make([]string, 0, len(path)-answered)
	for _, step := range path[answered:] {
		field = append(field, fmt.Sprint(step))
	}
	out.Extensions["field"] = field
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
		case fault.Internal:
			return []model.UserError{}, err
		default:
			if len(f.Path) > 0 {
				f = f.Under("input")
			}
			return []model.UserError{}, f
		}
	}
	return list, nil
}

// missingAt names the field that holds the identifier where a command says only
// that a thing is not found: what cannot be seen must answer, to the letter, as
// an identifier of another type does.
func missingAt(err error, field string) error {
	f := fault.From(err)
	if f == nil || !f.Is(fault.ErrNotFound) || len(f.Path) > 1 || len(f.Path) == 1 && f.Path[0] != "id" {
		return err
	}
	named := *f
	named.Path = []string{field}
	return &named
}

func userError(f *fault.Fault, l lang.Lang) model.UserError {
	message, code, path := f.Message(l), f.Code.Name, f.Path
	if path[0] == "input" && len(path) == 1 && f.Code.Kind != fault.Invalid {
		path = []string{} // about the state of things, not about a field
	}
	if revision, ok := f.Args["currentRevision"].(string); ok {
		return &model.RevisionConflict{Message: message, Code: code, Path: path, CurrentRevision: revision}
	}
	if m, ok := f.Details.(*table.Minutes); ok {
		return &model.MinutesConflict{Message: message, Code: code, Path: path, CurrentRevision: m.Revision(), CurrentText: m.Text}
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
