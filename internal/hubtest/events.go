package hubtest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Events is an operation over server-sent events, on a connection of its own.
type Events struct {
	*Stream
	Status int
	Header http.Header
	Body   string // of a refusal: there is no stream
}

// Events posts an operation that is answered with server-sent events, as the
// bearer of token. lastEventID is what a returning reader brings along; empty
// for a new one. The stream ends with the test.
func (h *Hub) Events(t testing.TB, token, lastEventID, query string, variables map[string]any) *Events {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	request.Header.Set("Accept-Language", "en")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	if lastEventID != "" {
		request.Header.Set("Last-Event-ID", lastEventID)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	return eventsOf(t, response, cancel)
}

func eventsOf(t testing.TB, response *http.Response, cancel context.CancelFunc) *Events {
	e := &Events{
		Stream: &Stream{t: t, messages: make(chan Message, 1000), closed: make(chan struct{}), stop: cancel},
		Status: response.StatusCode, Header: response.Header,
	}
	end := func() {
		cancel()
		response.Body.Close()
	}
	if !strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		refusal, err := io.ReadAll(response.Body)
		if err != nil {
			t.Error(err)
		}
		end()
		close(e.closed)
		e.Body = string(refusal)
		return e
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(e.closed)
		e.read(response.Body)
	}()
	t.Cleanup(func() {
		end()
		<-done
	})
	return e
}

// read hands events out until the stream ends.
func (e *Events) read(body io.Reader) {
	lines := bufio.NewScanner(body)
	lines.Buffer(nil, 1<<20)
	var m Message
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch {
		case lines.Text() == "" && m.Kind != "":
			e.messages <- m
			m = Message{}
		case field == "event":
			m.Kind = value
		case field == "id":
			m.ID = value
		case field == "data":
			m.Payload = json.RawMessage(value)
		}
	}
}
