package engine

import (
	"context"
	"encoding/json"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/cespare/xxhash/v2"

	"github.com/teixit/teixit/internal/kernel/memo"
)

// Memory keeps answers that everybody gets who has said nothing about who they
// are: under the document, the variables and the language.
//
// An answer stands for what was committed before its execution began, so two
// rules are enough, and both are coarser than what an answer depends on:
//
//   - Forget, called after each commit of this instance and before anybody is
//     told of it, lets go of every answer. So nobody who knows of a write here is
//     given an answer from before it.
//   - No answer is given longer than maxAge after its execution began. So what
//     other instances have written, and what the clock alone changes, is seen
//     after that time at the latest.
//
// Who asks while the answer is being worked out waits for it, unless something
// was committed since that work began.
type Memory struct {
	limit int
	era   atomic.Uint64

	mu    sync.Mutex
	kept  map[string]*answer
	bytes int
	swept time.Time
}

// maxAge is how long an answer is given.
const maxAge = 900 * time.Millisecond

// overhead is what an answer takes besides its bytes and its key.
const overhead = 300

// answer is one that is kept, or is being worked out.
type answer struct {
	era   uint64
	begun time.Time
	done  chan struct{} // closed when data is there, or will not be
	data  []byte        // nil: it could not be kept
	tag   string
	size  int
}

// NewMemory makes a memory that holds as many bytes.
func NewMemory(limit int) *Memory { return &Memory{limit: limit, kept: map[string]*answer{}} }

// Forget lets go of every answer.
func (m *Memory) Forget() { m.era.Add(1) }

// Bytes is what the memory holds.
func (m *Memory) Bytes() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.bytes
}

// find returns the answer that may be given, or one to work out: then mine.
func (m *Memory) find(key string, now time.Time) (a *answer, mine bool) {
	era := m.era.Load()
	m.mu.Lock()
	defer m.mu.Unlock()
	if a = m.kept[key]; a != nil && a.era == era && now.Sub(a.begun) < maxAge {
		return a, false
	}
	m.drop(key)
	m.sweep(now)
	a = &answer{era: era, begun: now, done: make(chan struct{}), size: len(key) + overhead}
	m.kept[key] = a
	m.bytes += a.size
	return a, true
}

func (m *Memory) drop(key string) {
	if old := m.kept[key]; old != nil {
		m.bytes -= old.size
		delete(m.kept, key)
	}
}

// sweep makes room: of answers that may not be given any more from time to time,
// and of all where there is no room left.
func (m *Memory) sweep(now time.Time) {
	full := m.bytes > m.limit
	if !full && now.Sub(m.swept) < maxAge {
		return
	}
	m.swept = now
	era := m.era.Load()
	for key, a := range m.kept {
		if full || a.era != era || now.Sub(a.begun) >= maxAge {
			m.drop(key)
		}
	}
}

// keep fills an answer that was being worked out; without data it was none.
func (m *Memory) keep(key string, a *answer, data []byte) {
	m.mu.Lock()
	if m.kept[key] == a {
		if data == nil || len(data) > m.limit/8 {
			m.drop(key)
		} else {
			a.size += len(data)
			m.bytes += len(data)
		}
	}
	a.data = data
	if data != nil {
		a.tag = `"` + strconv.FormatUint(xxhash.Sum64(data), 36) + strconv.FormatInt(int64(len(data)), 36) + `"`
	}
	m.mu.Unlock()
	close(a.done)
}

// remembering answers from memory where the same has just been answered.
func (e *Engine) remembering(op *graphql.OperationContext, lang string, execute graphql.ResponseHandler) graphql.ResponseHandler {
	key := keyOf(op, lang)
	answered := false
	return func(ctx context.Context) *graphql.Response {
		if answered {
			return nil
		}
		answered = true
		a, mine := e.memory.find(key, time.Now())
		if mine {
			response := e.workOut(ctx, key, a, execute)
			memo.Tag(ctx, a.tag)
			return response
		}
		select {
		case <-a.done:
		case <-ctx.Done():
			return execute(ctx) // which says so
		}
		if a.data == nil {
			return execute(ctx)
		}
		memo.Tag(ctx, a.tag)
		return &graphql.Response{Data: a.data}
	}
}

// workOut executes and keeps the answer when it is a whole one.
func (e *Engine) workOut(ctx context.Context, key string, a *answer, execute graphql.ResponseHandler) (response *graphql.Response) {
	var data []byte
	defer func() { e.memory.keep(key, a, data) }()
	response = execute(ctx)
	if response != nil && len(response.Errors) == 0 && len(graphql.GetErrors(ctx)) == 0 && ctx.Err() == nil {
		data = response.Data
	}
	return response
}

func keyOf(op *graphql.OperationContext, lang string) string {
	key := lang + "\x00" + op.Operation.Name + "\x00" + op.RawQuery
	if len(op.Variables) > 0 {
		variables, err := json.Marshal(op.Variables)
		if err != nil {
			variables = []byte(err.Error()) // they came as JSON
		}
		key += "\x00" + string(variables)
	}
	return key
}
