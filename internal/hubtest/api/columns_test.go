package api_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/hubtest"
)

// readColumns asks each field that a line is enough for by itself, which reads a
// line, and beside one that makes everything be read: of an event, and of the body
// behind it.
func readColumns(t *testing.T, w *world) {
	barcelona, _ := w.reader(t, "officer of Barcelona", hubtest.Barcelona, directory.Officer)
	day := theDay(w.clubGlobal)
	made := w.hub.Must(t, w.rep.token, createEvent, in{"in": day})
	id := in{"id": at(t, made, "eventCreate.event.id")}
	w.hub.Must(t, w.rep.token, publishEvent, id)
	selections := map[string]string{
		"titleIn": "titleIn(language: CA)", "venues": "venues { title }", "area": "area { title }", "places": "places { title }",
		"organisers": "organisers { lead organization { name } }", "about": "about { code }", "audiences": "audiences { code }",
		"sessions": "sessions { title }", "documents": "documents { title }", "seatPools": "seatPools { name availability capacity }",
		"events": "... on Association { events(upcoming: true) { nodes { title } } }",
	}
	for _, read := range []struct {
		of, beside string
		fields     []string
	}{
		{`event(id: $id) { %s }`, `description`, calendar.LineFields()},
		{`event(id: $id) { organisers { organization { %s } } }`, `contact { mail }`, directory.LineFields()},
	} {
		for _, name := range read.fields {
			selection := name
			if s, ok := selections[name]; ok {
				selection = s
			}
			ask := func(fields string) any {
				return w.hub.Must(t, barcelona.token, `query($id: ID!) { `+fmt.Sprintf(read.of, fields)+` }`, id)
			}
			alone, beside := ask(selection), ask(selection+" "+read.beside)
			if drop(beside, strings.Fields(read.beside)[0]) == 0 || !reflect.DeepEqual(alone, beside) {
				t.Errorf("%s alone is %v, and %v beside others", name, alone, beside)
			}
		}
	}
	// A field is selected of an event by the name of one of these types; more of
	// them, and links_calendar.go has to know.
	known := w.hub.Must(t, barcelona.token, `{ __type(name: "Event") { interfaces { name } } }`, nil)
	want := map[string]any{"__type": map[string]any{"interfaces": []any{map[string]any{"name": "Node"}}}}
	if !reflect.DeepEqual(known, want) {
		t.Errorf("an event is %v", known)
	}
}

// drop takes a field out of all objects of an answer and counts them.
func drop(data any, field string) (dropped int) {
	switch v := data.(type) {
	case map[string]any:
		if _, has := v[field]; has {
			delete(v, field)
			dropped++
		}
		for _, value := range v {
			dropped += drop(value, field)
		}
	case []any:
		for _, value := range v {
			dropped += drop(value, field)
		}
	}
	return dropped
}
