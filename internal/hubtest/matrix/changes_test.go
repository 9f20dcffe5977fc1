package matrix_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/teixit/teixit/internal/edge/gqldoc"
)

// refusedAll sends every mutation as everybody who may not: refused over the
// transports in turn, nothing told, nothing done. By GET nothing is changed by
// anybody.
func (m *matrix) refusedAll(t *testing.T) {
	before := m.facts()
	t.Run("everybody", func(t *testing.T) {
		for r, role := range everybody() {
			t.Run(role, func(t *testing.T) {
				t.Parallel()
				c := newClient(m.hub, m.shows[role])
				defer c.close()
				for i, name := range slices.Sorted(maps.Keys(m.changes)) {
					m.refused(c, role, name, r+i)
				}
			})
		}
	})
	if after := m.facts(); after != before {
		t.Errorf("what was refused left %d facts behind", after-before)
	}
}

// refused sends one mutation as a role, as far as it may not.
func (m *matrix) refused(c *client, role, name string, turn int) {
	row, op := m.changes[name], m.changeDocuments(role, name, false)[0]
	m.forgetTries()
	if turn%everyNth == 0 {
		m.overGET(c, role, []string{"application/json", "text/event-stream"}[turn%2], op, row.input)
	}
	if !slices.Contains(row.may, role) {
		m.refusal(c, role, changing()[turn%3], op, row.input, m.codes(role, row))
	}
	for i, input := range row.hidden {
		m.unseen(c, role, changing()[(turn+i+1)%3], op, row, input)
	}
}

// changing are the transports over which something can be changed.
func changing() []string { return []string{overPOST, overSocket, overEvents} }

// forgetTries keeps the limits of tries out of the way: they have tests of their
// own.
func (m *matrix) forgetTries() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.exec(`delete from rate_counters`)
}

// codes are those that answer who may not.
func (m *matrix) codes(role string, row change) []string {
	switch {
	case row.link:
		return nil
	case !slices.Contains(signedIn(), role):
		return []string{"UNAUTHENTICATED"}
	case role == program:
		return []string{"TOKEN_SCOPE", "SESSION_ONLY"}
	case row.refused != nil:
		return row.refused
	}
	return []string{"DENIED"}
}

func (m *matrix) refusal(c *client, role, way string, op *operation, input in, codes []string) *answer {
	a, err := c.ask(way, op.text, in{"input": input})
	m.ran.Add(1)
	if err != nil {
		m.fault("%s over %s: %s: %v", role, way, op.field, err)
		return nil
	}
	m.note(op)
	m.judge(role, way, op, "", a)
	if code := refusedWith(op, a); !slices.Contains(codes, code) {
		m.fault("Mutation.%s%s, over %s, as %s: %q, want one of %v: %.300s", op.field, describe(input), way, role, code, codes, a.Raw)
	}
	return a
}

// refusedWith is the code that refused a change, at the top or in its payload.
func refusedWith(op *operation, a *answer) string {
	if code := a.code(); code != "" {
		return code
	}
	payload, _ := a.Data[op.field].(map[string]any)
	wrong, _ := payload["errors"].([]any)
	if len(wrong) == 0 {
		return ""
	}
	return fmt.Sprint(wrong[0].(map[string]any)["code"])
}

// unseen changes what the role does not see: answered as what does not exist.
func (m *matrix) unseen(c *client, role, way string, op *operation, row change, input in) {
	twins := m.twins(role, input)
	if twins == nil {
		return
	}
	codes := append([]string{"NOT_FOUND", "DENIED", "NO_ACCOUNT", "INVITATION_NOT_VALID", "LINK_ENDED"}, m.codes(role, row)...)
	a := m.refusal(c, role, way, op, input, codes)
	for _, twin := range twins {
		b := m.refusal(c, role, way, op, twin, codes)
		if a != nil && b != nil && same(a.Raw) != same(b.Raw) {
			m.leak("Mutation.%s%s, over %s, as %s, answers otherwise than for what does not exist:\n%.400s\n%.400s",
				op.field, describe(input), way, role, same(a.Raw), same(b.Raw))
		}
	}
}

// overGET tries to change something by an address alone.
func (m *matrix) overGET(c *client, role, accept string, op *operation, input in) {
	a, err := c.get(op.text, in{"input": input}, accept)
	m.ran.Add(1)
	if err != nil {
		m.fault("%s by GET, accepting %s: %s: %v", role, accept, op.field, err)
		return
	}
	m.judge(role, overGET, op, "", a)
	if a.Status != http.StatusMethodNotAllowed || a.Data != nil {
		m.fault("Mutation.%s by GET, accepting %s, as %s: %d %.200s", op.field, accept, role, a.Status, a.Raw)
	}
}

// changeDocuments are the operations on a mutation: the shortest one, or all.
func (m *matrix) changeDocuments(role, name string, all bool) []*operation {
	field := m.Mutation.Fields.ForName(name)
	reader := gqldoc.Reader{SignedIn: slices.Contains(signedIn(), role) || role == eraser}
	key := fmt.Sprint(name, reader.SignedIn, all)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.written[key] == nil {
		sample, ways := in{"input": m.changes[name].input}, m.waysFrom(m.Mutation, field)
		paths := ways.personalPaths()
		if !all {
			paths = nil
		}
		m.written[key] = m.write(reader, m.Mutation, field, sample, paths, false)
		if all {
			m.written[key] = append(m.written[key], m.write(reader, m.Mutation, field, sample, m.shortest["Mutation."+name], true)...)
		}
	}
	return m.written[key]
}

// changeAll carries every mutation out as those who may, and judges what it
// answers. One key makes all documents of a role one change.
func (m *matrix) changeAll(t *testing.T) {
	m.late = true
	newEraser(m.world)
	names := slices.Sorted(maps.Keys(m.changes))
	slices.SortStableFunc(names, func(a, b string) int {
		switch late := m.changes[a].late; {
		case late == m.changes[b].late:
			return 0
		case late:
			return 1
		}
		return -1
	})
	for _, name := range names {
		row := m.changes[name]
		by := row.by
		if by == nil {
			by = row.may
		}
		for n, role := range by {
			m.forgetTries()
			input := maps.Clone(row.input)
			if row.made != nil {
				input = row.made(m.world, role, len(name)*100+n)
			}
			input["idempotencyKey"] = name + " by the " + role
			m.carryOut(role, name, input)
		}
	}
}

func (m *matrix) carryOut(role, name string, input in) {
	c := newClient(m.hub, m.shows[role])
	defer c.close()
	ways := changing()
	documents := m.changeDocuments(role, name, true)
	if m.changes[name].once {
		documents = documents[len(documents)-1:] // with all values
	}
	for i, op := range documents {
		over := ways[i%3:][:1]
		if i == 0 && !m.changes[name].once {
			over = ways
		}
		for _, way := range over {
			a, err := c.ask(way, op.text, in{"input": input})
			m.ran.Add(1)
			if err != nil {
				m.fault("%s over %s: %s: %v", role, way, name, err)
				continue
			}
			m.note(op)
			m.judge(role, way, op, "", a)
			if code := refusedWith(op, a); i == 0 && way == overPOST && slices.Contains([]string{"DENIED", "UNAUTHENTICATED", "NOT_FOUND", "INTERNAL"}, code) {
				m.fault("Mutation.%s%s, over %s, is refused to %s, who may: %s %.300s", name, describe(input), way, role, code, a.Raw)
			}
		}
	}
}

// facts is how many changes the journal knows.
func (m *matrix) facts() (n int) {
	m.ok(m.super.QueryRow(m.Context(), `select count(*) from journal`).Scan(&n))
	return n
}
