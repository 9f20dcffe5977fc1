package filehttp

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
)

// maxSheet bounds what is read of a list, in bytes: it is kept in memory.
const maxSheet = 16 << 20

// The forms of a table.
const (
	csvType  = "text/csv; charset=utf-8"
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
)

// sheet sends the participants of an event as a table. It is made whole before the
// first byte leaves, so that a fault is not found in the middle of a file.
func (h handler) sheet(w http.ResponseWriter, r *http.Request) {
	kind := map[string]string{"participants.csv": csvType, "participants.xlsx": xlsxType}[r.PathValue("file")]
	viewer, err := h.Viewer(r)
	if err == nil && kind == "" {
		err = fault.ErrNotFound.New()
	}
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	l := auth.Language(r.Header.Get("Accept-Language"))
	if wanted, ok := lang.Parse(r.URL.Query().Get("lang")); ok {
		l = wanted
	}
	table, err := h.Sheet(access.With(r.Context(), viewer), viewer, r.PathValue("event"), l)
	var body bytes.Buffer
	switch {
	case err != nil:
	case kind == csvType:
		err = table.CSV(&body)
	default:
		err = table.XLSX(&body)
	}
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(body.Len()))
	w.Header().Set("Content-Disposition", disposition(r.PathValue("file")))
	_, _ = w.Write(body.Bytes())
}

// take reads a list of participants.
func (h handler) take(w http.ResponseWriter, r *http.Request) {
	viewer, err := h.Viewer(r)
	switch {
	case err != nil:
	case !viewer.SignedIn():
		err = fault.ErrUnauthenticated.New()
	case r.ContentLength > maxSheet:
		err = errTooLarge.New()
	}
	var file []byte
	if err == nil {
		file, err = io.ReadAll(http.MaxBytesReader(w, r.Body, maxSheet))
		if large := new(http.MaxBytesError); errors.As(err, &large) {
			err = errTooLarge.New()
		}
	}
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	query := r.URL.Query()
	begun, err := h.Import(access.With(r.Context(), viewer), viewer, r.PathValue("event"), file, ImportMode{
		Dry: query.Get("dryRun") == "true", Partial: query.Get("partial") == "true", Key: query.Get("key"),
	})
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	w.Header().Set("Location", "/files/events/"+r.PathValue("event")+"/imports/"+begun.ID)
	answer(w, http.StatusAccepted, begun.State)
}
