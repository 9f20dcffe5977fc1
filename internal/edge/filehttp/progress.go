package filehttp

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/teixit/teixit/internal/platform/access"
)

// ImportMode is how a list is taken in.
type ImportMode struct {
	Dry     bool   // find out what would happen, and leave nothing
	Partial bool   // take the lines that are right
	Key     string // idempotency key
}

// Progress is how far a list has got.
type Progress struct {
	ID       string
	State    any // sent as JSON
	Finished bool
}

// How progress is followed: how often it is looked at, and how long one answer goes
// on. Whoever follows asks again then, as browsers do by themselves; so an instance
// that stops need not wait for anybody.
const (
	lookEvery = 400 * time.Millisecond
	followFor = 10 * time.Second
)

// progress tells how far a list has got: once, or to who asks for server-sent
// events whenever it has got further, until it is finished.
func (h handler) progress(w http.ResponseWriter, r *http.Request) {
	now, err := h.look(r)
	if err != nil {
		h.refuse(w, r, err)
		return
	}
	if !strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
		answer(w, http.StatusOK, now.State)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write([]byte("retry: 400\n\n"))
	again, end := time.NewTicker(lookEvery), time.After(followFor)
	defer again.Stop()
	for sent := (*Progress)(nil); ; {
		if sent == nil || !reflect.DeepEqual(sent, now) {
			body, err := json.Marshal(now.State)
			if err != nil {
				return
			}
			_, _ = w.Write([]byte("data: " + string(body) + "\n\n"))
			if http.NewResponseController(w).Flush() != nil {
				return
			}
			sent = now
		}
		if now.Finished {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-end:
			return
		case <-again.C:
		}
		if now, err = h.look(r); err != nil { // it is told to who asks again
			return
		}
	}
}

// look reads the progress, with the rights that who asks has at this moment.
func (h handler) look(r *http.Request) (*Progress, error) {
	viewer, err := h.Viewer(r)
	if err != nil {
		return nil, err
	}
	after, _ := strconv.Atoi(r.URL.Query().Get("after")) // of something else: from the beginning
	return h.Imported(access.With(r.Context(), viewer), viewer, r.PathValue("event"), r.PathValue("import"), after)
}
