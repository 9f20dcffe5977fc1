package api_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/hubtest"
)

var update = flag.Bool("update", false, "write testdata anew from what the hub answers")

// in are the variables of an operation.
type in = map[string]any

// reader is who asks, and in which language; the zero reader is anonymous and
// reads English.
type reader struct{ name, token, language string }

var anonymous = reader{name: "anonymous"}

func (r reader) speaking(language string) reader {
	r.language, r.name = language, r.name+" ("+language+")"
	return r
}

// conversation is what was asked of a hub and answered, written down as it
// happens. When the test ends it is compared with its file in testdata, whole.
// What differs from run to run (identifiers, cursors, moments) is replaced by
// names in the order of first appearance, so that equal things stay equal.
type conversation struct {
	*testing.T
	hub   *hubtest.Hub
	text  strings.Builder
	shown map[string]string // identifiers, cursors and codes
	texts map[string]string // other texts that differ from run to run
	count map[string]int
}

func talk(t *testing.T, hub *hubtest.Hub) *conversation {
	c := &conversation{T: t, hub: hub, shown: map[string]string{}, texts: map[string]string{}, count: map[string]int{}}
	t.Cleanup(c.compare)
	return c
}

// ask sends an operation, notes the answer, and returns its data.
func (c *conversation) ask(who reader, what, query string, variables in) hubtest.Answer {
	c.Helper()
	language := who.language
	if language == "" {
		language = "en"
	}
	a := c.hub.QueryIn(c, language, who.token, query, variables)
	c.note(fmt.Sprintf("%s: %s", who.name, what), a.Body)
	return a
}

// do is ask for operations that have to work: top-level errors and user errors
// fail the test. It returns what stands at path in the answer's data.
func (c *conversation) do(who reader, what, query string, variables in, path ...string) string {
	c.Helper()
	a := c.ask(who, what, query, variables)
	if len(a.Errors) > 0 || bytes.Contains(a.Body, []byte(`"errors":[{`)) {
		c.Fatalf("%s: %s\nanswered %d %s", who.name, what, a.Status, a.Body)
	}
	if len(path) == 0 {
		return ""
	}
	return at(c, a.Data, path[0])
}

// note writes an answer down.
func (c *conversation) note(what string, answer []byte) {
	fmt.Fprintf(&c.text, "# %s\n%s\n\n", what, layout(c.name(answer)))
}

// call gives something a name of the test's own before it appears.
func (c *conversation) call(thing, name string) { c.shown[thing] = "<" + name + ">" }

var (
	changing = regexp.MustCompile(`"(cursor|startCursor|endCursor|reference|checkInCode|createdAt|finishedAt|at|arrivedAt|addedAt)":"([^"]*)"`)
	global   = regexp.MustCompile(`\b([a-z]{2,4})_[0-9a-z]{26}(?:[0-9a-z]{26})?\b`)
)

func (c *conversation) name(answer []byte) []byte {
	for text, name := range c.texts {
		answer = bytes.ReplaceAll(answer, []byte(`"`+text+`"`), []byte(`"<`+name+`>"`))
	}
	answer = changing.ReplaceAllFunc(answer, func(found []byte) []byte {
		parts := changing.FindSubmatch(found)
		key := string(parts[1])
		switch key {
		case "cursor", "startCursor", "endCursor":
			return fmt.Appendf(nil, `%q:%q`, key, c.stable("cursor", string(parts[2])))
		case "checkInCode":
			return fmt.Appendf(nil, `%q:%q`, key, c.stable("code", string(parts[2])))
		}
		return fmt.Appendf(nil, `%q:"<%s>"`, key, key)
	})
	return global.ReplaceAllFunc(answer, func(found []byte) []byte {
		kind, _, _ := strings.Cut(string(found), "_")
		return []byte(c.stable(kind, string(found)))
	})
}

func (c *conversation) stable(kind, thing string) string {
	if _, ok := c.shown[thing]; !ok {
		c.count[kind]++
		c.shown[thing] = "<" + kind + " " + strconv.Itoa(c.count[kind]) + ">"
	}
	return c.shown[thing]
}

func (c *conversation) compare() {
	if c.Failed() {
		return
	}
	file := filepath.Join("testdata", strings.ReplaceAll(c.Name(), "/", "-")+".txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			c.Error(err)
		}
		if err := os.WriteFile(file, []byte(c.text.String()), 0o644); err != nil {
			c.Error(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		c.Error(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(c.text.String(), "\n")); diff != "" {
		c.Errorf("the conversation is not as in %s (-file +now):\n%s", file, diff)
	}
}

// at is the text of what stands at a path such as "eventCreate.event.id" or
// "nodes.0.title"; numbers are places in lists.
func at(t testing.TB, data any, path string) string {
	t.Helper()
	for _, step := range strings.Split(path, ".") {
		switch v := data.(type) {
		case map[string]any:
			data = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				t.Fatalf("no %s in %v", path, v)
			}
			data = v[i]
		default:
			t.Fatalf("no %s in the answer", path)
		}
	}
	if data == nil {
		t.Fatalf("%s is null", path)
	}
	return fmt.Sprint(data)
}

// layout breaks JSON into lines where it is long, and keeps the order of its
// fields, which is part of the answer.
func layout(raw []byte) string {
	var compact bytes.Buffer
	if json.Compact(&compact, raw) != nil {
		return string(raw)
	}
	var out strings.Builder
	lay(&out, compact.Bytes(), "")
	return out.String()
}

const width = 140

func lay(out *strings.Builder, raw []byte, indent string) {
	if len(raw)+len(indent) <= width || raw[0] != '{' && raw[0] != '[' {
		out.Write(raw)
		return
	}
	deeper := indent + "  "
	out.WriteByte(raw[0])
	for i, item := range items(raw) {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString("\n" + deeper)
		if raw[0] == '{' {
			colon := bytes.IndexByte(item, ':') // names of fields have none
			out.Write(item[:colon+1])
			item = item[colon+1:]
		}
		lay(out, item, deeper)
	}
	out.WriteString("\n" + indent)
	out.WriteByte(raw[len(raw)-1])
}

// items splits the inside of an object or list at its own commas.
func items(raw []byte) (list [][]byte) {
	depth, begin, quoted := 0, 1, false
	for i := 1; i < len(raw)-1; i++ {
		switch b := raw[i]; {
		case quoted && b == '\\':
			i++
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			depth++
		case b == '}' || b == ']':
			depth--
		case b == ',' && depth == 0:
			list, begin = append(list, raw[begin:i]), i+1
		}
	}
	return append(list, raw[begin:len(raw)-1])
}
