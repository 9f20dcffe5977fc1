package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/teixit/teixit/internal/domain/document"
	"github.com/teixit/teixit/internal/edge/filehttp"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/blob"
	"github.com/teixit/teixit/internal/platform/linkcheck"
)

// openFiles finds where documents are kept, and gives the work in the background
// its part.
func (h *Hub) openFiles() error {
	store, err := blob.New(h.db, h.cfg.Files)
	if err != nil {
		return fmt.Errorf("TEIXIT_FILES: %w", err)
	}
	h.documents = document.New(h.db, store, h.fileSize())
	links := linkcheck.New(nil)
	return errors.Join(
		h.jobs.Periodic("check-links", 10*time.Minute, func(ctx context.Context) error {
			return h.documents.CheckLinks(ctx, links.Status)
		}),
		h.jobs.Periodic("tidy-files", 24*time.Hour, h.documents.Tidy))
}

// fileSize is the most that one file may have, in bytes.
func (h *Hub) fileSize() int64 {
	const usual = 25
	if h.cfg.FileSize == 0 {
		return usual << 20
	}
	return h.cfg.FileSize << 20
}

// files carries the bytes of documents.
func (e *endpoint) files() http.Handler {
	documents := e.hub.documents
	return filehttp.New(filehttp.Options{
		Viewer: e.viewer, MaxSize: e.hub.fileSize(), Log: e.hub.log,
		Sheet: e.hub.participants, Import: e.hub.importParticipants, Imported: e.hub.importProgress,
		Fill: func(ctx context.Context, v *access.Viewer, upload string, body io.Reader) (string, int, error) {
			_, place, err := document.UploadID.Part(upload)
			if err != nil {
				return "", 0, document.ErrUploadEnded.New()
			}
			if err := auth.Allow(v, auth.ScopeProjects); err != nil {
				return "", 0, err
			}
			d, err := documents.Fill(access.With(ctx, v), v, place, body)
			if err != nil {
				return "", 0, err
			}
			return d.GlobalID(), d.Number, nil
		},
		Open: func(ctx context.Context, v *access.Viewer, global string, version int) (*filehttp.File, error) {
			root, of, err := document.ID.Part(global)
			if err != nil {
				return nil, fault.ErrNotFound.New()
			}
			d, content, err := documents.Open(access.With(ctx, v), v, root, of, version)
			if err != nil {
				return nil, err
			}
			return &filehttp.File{Name: d.FileName, MediaType: d.MediaType, Size: d.Size, Content: content}, nil
		},
	})
}
