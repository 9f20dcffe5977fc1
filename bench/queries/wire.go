package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// wire is one connection to a server: requests are prepared bytes, and no more
// work is done than reading what comes back, because the client shares the
// machine.
type wire struct {
	conn net.Conn
	in   *bufio.Reader
	body bytes.Buffer
}

func dial(ctx context.Context, addr string) (*wire, error) {
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &wire{conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}, nil
}

// patience bounds one request.
const patience = 20 * time.Second

// ask sends a request and reads the answer, whose body is good until the next.
func (w *wire) ask(request []byte) ([]byte, error) {
	if err := w.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	if _, err := w.conn.Write(request); err != nil {
		return nil, err
	}
	response, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	w.body.Reset()
	if _, err := w.body.ReadFrom(response.Body); err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %.300s", response.Status, w.body.Bytes())
	}
	return w.body.Bytes(), nil
}

// post is a request as it goes over the wire.
func post(addr, token string, operation any) ([]byte, error) {
	body, err := json.Marshal(operation)
	if err != nil {
		return nil, err
	}
	b := fmt.Appendf(nil, "POST /graphql HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nAccept: application/json\r\nAccept-Language: ca\r\n", addr)
	if token != "" {
		b = fmt.Appendf(b, "Authorization: Bearer %s\r\n", token)
	}
	b = fmt.Appendf(b, "Content-Length: %s\r\n\r\n", strconv.Itoa(len(body)))
	return append(b, body...), nil
}

// operation is what is asked of a GraphQL server.
type operation struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName"`
	Variables     map[string]any `json:"variables"`
}

// once asks one question on a connection of its own and reads its data.
func once(ctx context.Context, addr, token string, o operation, into any) error {
	text, err := answerTo(ctx, addr, token, o)
	if err != nil {
		return err
	}
	var got struct {
		Data   json.RawMessage
		Errors json.RawMessage
	}
	if err := json.Unmarshal(text, &got); err != nil || got.Errors != nil {
		return errors.Join(fmt.Errorf("it answers %.300s", text), err)
	}
	return json.Unmarshal(got.Data, into)
}

func answerTo(ctx context.Context, addr, token string, o operation) ([]byte, error) {
	w, err := dial(ctx, addr)
	if err != nil {
		return nil, err
	}
	defer w.conn.Close()
	request, err := post(addr, token, o)
	if err != nil {
		return nil, err
	}
	text, err := w.ask(request)
	return bytes.Clone(text), err
}

// put gives the static server its answer.
func put(ctx context.Context, addr string, answer []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPut, "http://"+addr+"/graphql", bytes.NewReader(answer))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
		return fmt.Errorf("the static server does not take its answer: %s, %w", response.Status, err)
	}
	return nil
}
