package table_test

import (
	"strings"
	"testing"
)

// sessionAlike asks for nothing that depends on who reads it, beyond their level.
const sessionAlike = `subscription($id: ID!, $after: String) { tableSessionChanges(id: $id, after: $after) { number cursor kind at fields organization { name } item { title outcome }
	session { title state place agenda { title outcome } table { title } } } }`

// What happens to a session is executed once for all who follow it at one level
// and in one language, and never for two levels or two languages.
func TestSessionChangesAreShared(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	table := w.newTable(in{"inside": "NETWORK"})
	session, item := w.called(table, nil)
	sits := w.hub.Audience(t, sessionAlike, in{"id": session})
	sits.Join("members", "en", w.tokens[:]...)
	sits.Join("members in Spanish", "es", w.tokens[:2]...)
	sits.Join("organisers", "en", w.chair, w.secretaryToken)
	sits.Join("signed in", "en", w.stranger, w.otherTown)
	sits.Next()
	if n, groups := sits.Members(); n != 10 || groups != 4 {
		t.Fatalf("%d share executions in %d groups", n, groups)
	}
	sits.Executed()
	w.do(w.secretaryToken, "tableSessionUpdate", in{"id": session, "place": "Sala gran"}, "session { id }", "")
	t.Log(item, sits.Next(), sits.Executed(), strings.Contains("", ""))
}
