package document

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// portion is how many rows a chore takes at a time.
const portion = 50

// Checker looks whether an address leads anywhere: it answers the HTTP status, 0
// for no answer.
type Checker func(ctx context.Context, url string) (status int)

// CheckLinks looks at links that nobody looked at for a day, and notes what came
// back. It may run anywhere and at any time, also twice.
func (s *Service) CheckLinks(ctx context.Context, check Checker) error {
	type waiting struct {
		Document id.ID
		Version  int
		URL      string
	}
	rows, err := s.db.Read().Query(ctx, `
		select v.document, v.version, v.url from document_versions v join documents d on d.id = v.document
		where v.url is not null and d.withdrawn_at is null and (v.checked_at is null or v.checked_at < now() - interval '1 day')
		order by v.checked_at nulls first limit $1`, portion)
	if err != nil {
		return fmt.Errorf("look for links: %w", err)
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[waiting])
	if err != nil {
		return fmt.Errorf("look for links: %w", err)
	}
	for _, w := range list {
		status := check(ctx, w.URL)
		if ctx.Err() != nil {
			return ctx.Err() // no answer of theirs, but an end of ours
		}
		err := s.db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
			_, err := tx.Native().Exec(ctx, `
				update document_versions set checked_at = now(), status = $3 where document = $1 and version = $2`, w.Document, w.Version, status)
			return wrap("note what a link gives", err)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Tidy forgets places that were never filled, and after 30 days the bytes of
// documents that were withdrawn.
func (s *Service) Tidy(ctx context.Context) error {
	err := s.db.InTx(ctx, func(ctx context.Context, tx *postgres.Tx) error {
		_, err := tx.Native().Exec(ctx, `delete from document_uploads where expires_at < now() - interval '1 day'`)
		return wrap("forget places", err)
	})
	if err != nil {
		return err
	}
	rows, err := s.db.Read().Query(ctx, `
		select v.blob from document_versions v join documents d on d.id = v.document
		where d.withdrawn_at between now() - interval '37 days' and now() - interval '30 days' and v.blob is not null`)
	if err != nil {
		return fmt.Errorf("look for withdrawn files: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("look for withdrawn files: %w", err)
	}
	var failed error
	for _, name := range names {
		failed = errors.Join(failed, s.blobs.Delete(ctx, name))
	}
	return failed
}
