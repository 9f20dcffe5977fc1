package graph

import (
	"context"

	"github.com/teixit/teixit/graph/generated"
	"github.com/teixit/teixit/graph/model"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/document"
	"github.com/teixit/teixit/internal/domain/project"
	"github.com/teixit/teixit/internal/domain/taxonomy"
	"github.com/teixit/teixit/internal/domain/workshop"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/page"
	"github.com/teixit/teixit/internal/platform/access"
)

func (r *documentResolver) Versions(ctx context.Context, obj *document.Document) ([]*document.Document, error) {
	return loaded[[]*document.Document](ctx, obj)
}

func (r *documentCollectionResolver) Organization(ctx context.Context, obj *document.Collection) (model.Organization, error) {
	return loaded[model.Organization](ctx, obj)
}

func (r *documentCollectionResolver) About(ctx context.Context, obj *document.Collection) ([]taxonomy.Term, error) {
	return loaded[[]taxonomy.Term](ctx, obj)
}

func (r *documentCollectionResolver) Documents(ctx context.Context, obj *document.Collection) ([]*document.Document, error) {
	return loaded[[]*document.Document](ctx, obj)
}

func (r *documentCollectionResolver) ViewerCanTakePart(ctx context.Context, obj *document.Collection) (*model.Permission, error) {
	return permission(ctx, access.MayTakePart(access.From(ctx), obj.Subject())), nil
}

func (r *sharedProjectResolver) Documents(ctx context.Context, obj *project.Project) ([]*document.Document, error) {
	return loaded[[]*document.Document](ctx, obj)
}

func (r *programmeResolver) Documents(ctx context.Context, obj *project.Programme) ([]*document.Document, error) {
	return loaded[[]*document.Document](ctx, obj)
}

func (r *strategyResolver) Documents(ctx context.Context, obj *project.Strategy) ([]*document.Document, error) {
	return loaded[[]*document.Document](ctx, obj)
}

func (r *workshopResolver) Documents(ctx context.Context, obj *workshop.Workshop) ([]*document.Document, error) {
	return loaded[[]*document.Document](ctx, obj)
}

func (r *priorConsultationResolver) Documents(ctx context.Context, obj *workshop.Consultation) ([]*document.Document, error) {
	return loaded[[]*document.Document](ctx, obj)
}

func (r *eventResolver) Files(ctx context.Context, obj *calendar.Event) ([]*document.Document, error) {
	return loaded[[]*document.Document](ctx, obj)
}

func (r *queryResolver) Document(ctx context.Context, global string) (*document.Document, error) {
	_, of, err := document.ID.Part(global)
	if err != nil {
		return nil, nil
	}
	d, err := only(document.ByIDs(ctx, r.DB.Read(), access.From(ctx), []id.ID{of}))
	if err != nil || d == nil || d.GlobalID() != global {
		return nil, err
	}
	return d, nil
}

func (r *queryResolver) DocumentCollections(ctx context.Context, first *int, after *string) (*page.Connection[*document.Collection], error) {
	args, err := pageArgs(ctx, first, after)
	if err != nil {
		return nil, err
	}
	return document.ListCollections(ctx, r.DB.Read(), access.From(ctx), args)
}

func (r *mutationResolver) DocumentUploadCreate(ctx context.Context, input model.DocumentUploadCreateInput) (*model.DocumentUploadCreatePayload, error) {
	spec, err := documentSpec(input.About, input.Replaces.Value(), value(input.Title), input.Level.Value(), value(input.Note))
	var made *document.Upload
	if err == nil {
		made, err = r.Services.Documents.RequestUpload(ctx, access.From(ctx), spec, input.FileName, int64(input.Size), value(input.IdempotencyKey))
	}
	errs, err := userErrors(ctx, err)
	return &model.DocumentUploadCreatePayload{Upload: made, Errors: errs}, err
}

func (r *mutationResolver) DocumentLinkAdd(ctx context.Context, input model.DocumentLinkAddInput) (*model.DocumentLinkAddPayload, error) {
	spec, err := documentSpec(input.About, input.Replaces.Value(), value(input.Title), input.Level.Value(), value(input.Note))
	var made *document.Document
	if err == nil {
		made, err = r.Services.Documents.AddLink(ctx, access.From(ctx), spec, input.URL, value(input.IdempotencyKey))
	}
	errs, err := userErrors(ctx, err)
	return &model.DocumentLinkAddPayload{Document: made, Errors: errs}, err
}

func (r *mutationResolver) DocumentWithdraw(ctx context.Context, input model.DocumentWithdrawInput) (*model.DocumentWithdrawPayload, error) {
	gone, errs, err := onPart(ctx, document.ID, input.ID, func(of, part id.ID) (*string, error) {
		if err := r.Services.Documents.Withdraw(ctx, access.From(ctx), of, part, value(input.IdempotencyKey)); err != nil {
			return nil, err
		}
		return &input.ID, nil
	})
	return &model.DocumentWithdrawPayload{Document: gone, Errors: errs}, err
}

func (r *mutationResolver) DocumentCollectionCreate(ctx context.Context, input model.DocumentCollectionCreateInput) (*model.DocumentCollectionCreatePayload, error) {
	in, err := collectionCreate(input)
	var made *document.Collection
	if err == nil {
		made, err = r.Services.Documents.CreateCollection(ctx, access.From(ctx), in, value(input.IdempotencyKey))
	}
	errs, err := userErrors(ctx, err)
	return &model.DocumentCollectionCreatePayload{Collection: made, Errors: errs}, err
}

// Document returns generated.DocumentResolver implementation.
func (r *Resolver) Document() generated.DocumentResolver { return &documentResolver{r} }

// DocumentCollection returns generated.DocumentCollectionResolver implementation.
func (r *Resolver) DocumentCollection() generated.DocumentCollectionResolver {
	return &documentCollectionResolver{r}
}

type (
	documentResolver           struct{ *Resolver }
	documentCollectionResolver struct{ *Resolver }
)
