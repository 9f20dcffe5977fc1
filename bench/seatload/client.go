package seatload

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Client speaks GraphQL over HTTP, like any client of the hub.
type Client struct {
	HTTP     *http.Client
	Patience time.Duration // for one answer
}

// NewClient makes a client that keeps as many connections as it has workers.
func NewClient(workers int, patience time.Duration) *Client {
	transport := &http.Transport{MaxIdleConns: 4 * workers, MaxIdleConnsPerHost: 2 * workers, DisableCompression: true}
	return &Client{HTTP: &http.Client{Transport: transport}, Patience: patience}
}

// Close lets idle connections go.
func (c *Client) Close() { c.HTTP.CloseIdleConnections() }

// Later is an answer after which the same request may be sent again under the
// same idempotency key: the hub, or the way to it, was not available.
type Later struct{ Cause error }

// Error implements error.
func (l Later) Error() string { return "not now: " + l.Cause.Error() }

// Unwrap gives the cause.
func (l Later) Unwrap() error { return l.Cause }

// Ask posts one operation as the bearer of token and reads its data into
// answer. An error is Later when it is worth asking again.
func (c *Client) Ask(ctx context.Context, url, token, query string, variables map[string]any, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, c.Patience)
	defer cancel()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := c.HTTP.Do(r)
	if err != nil {
		return Later{err}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return Later{err}
	}
	return read(response.StatusCode, text, answer)
}

// errorsOf is the part of an answer that says what went wrong.
type errorsOf struct {
	Data   json.RawMessage `json:"data"`
	Errors []struct {
		Message    string         `json:"message"`
		Extensions map[string]any `json:"extensions"`
	} `json:"errors"`
}

func read(status int, text []byte, answer any) error {
	var got errorsOf
	if err := json.Unmarshal(text, &got); err != nil {
		return fmt.Errorf("status %d, no JSON: %.200s", status, text)
	}
	if len(got.Errors) == 0 {
		return json.Unmarshal(got.Data, answer)
	}
	var said []string
	later := true
	for _, e := range got.Errors {
		code, _ := e.Extensions["code"].(string)
		said = append(said, code+" "+e.Message)
		later = later && (code == "UNAVAILABLE" || code == "OVERLOADED" || code == "TIMEOUT")
	}
	err := errors.New(strings.Join(said, "; "))
	if later {
		return Later{err}
	}
	return fmt.Errorf("status %d: %w", status, err)
}

// Pause waits before the next try, longer each time, unless ctx ends first.
func Pause(ctx context.Context, try int) {
	timer := time.NewTimer(min(10*time.Millisecond<<min(try, 5), 200*time.Millisecond))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
