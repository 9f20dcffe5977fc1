package seatload

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"sync"
)

// Swallower stands before the instances and cuts the first answer to each
// idempotency key: it waits until the hub has answered, so that everything is
// committed, and then breaks the connection. The client cannot know what
// happened and has to ask again; the second time goes to the next instance.
type Swallower struct {
	Targets []string // /graphql of each instance
	HTTP    *http.Client

	mu   sync.Mutex
	kept map[string][]byte // what nobody heard, by key
}

// Kept are the answers that were cut, by idempotency key.
func (s *Swallower) Kept() map[string][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	copied := make(map[string][]byte, len(s.kept))
	for key, answer := range s.kept {
		copied[key] = answer
	}
	return copied
}

// ServeHTTP implements http.Handler.
func (s *Swallower) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	key := keyOf(body)
	status, answer, err := s.pass(r, body, s.Targets[s.times(key)%len(s.Targets)])
	if err != nil || s.first(key, answer) {
		panic(http.ErrAbortHandler) // the server's way to break a connection
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(answer)
}

// times is how many answers to the key were cut: none or one.
func (s *Swallower) times(key string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, cut := s.kept[key]; cut {
		return 1
	}
	return 0
}

func (s *Swallower) pass(r *http.Request, body []byte, target string) (status int, answer []byte, err error) {
	onward, err := http.NewRequestWithContext(r.Context(), r.Method, target, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	onward.Header = r.Header.Clone()
	response, err := s.HTTP.Do(onward)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}

// first reports whether the key was not seen before, and keeps the answer then.
func (s *Swallower) first(key string, answer []byte) bool {
	if key == "" {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, again := s.kept[key]; again {
		return false
	}
	if s.kept == nil {
		s.kept = map[string][]byte{}
	}
	s.kept[key] = answer
	return true
}

func keyOf(body []byte) string {
	var r struct {
		Variables struct {
			In struct{ IdempotencyKey string }
		}
	}
	if json.Unmarshal(body, &r) != nil {
		return ""
	}
	return r.Variables.In.IdempotencyKey
}
