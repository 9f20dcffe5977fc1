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
	session, _ := w.called(table, nil)
	sits := w.hub.Audience(t, sessionAlike, in{"id": session})
	sits.Join("members", "en", w.tokens[:]...)
	sits.Join("members in Spanish", "es", w.tokens[:2]...)
	sits.Join("organisers", "en", w.chair, w.secretaryToken)
	sits.Join("signed in", "en", w.stranger, w.otherTown)
	sits.Next()
	if n, groups := sits.Members(); n != 10 || groups != 4 {
		t.Fatalf("%d share executions in %d groups", n, groups)
	}
	// each has the groups that a change is for get it, made once for each of them.
	each := func(contains string, groups ...string) {
		t.Helper()
		got := sits.Next(groups...)
		if n := sits.Executed(); n != len(got) {
			t.Errorf("%s was executed %d times for %d groups", contains, n, len(got))
		}
		seen := map[string]string{}
		for group, payload := range got {
			if !strings.Contains(payload, contains) {
				t.Errorf("%s got %s, not %s", group, payload, contains)
			}
			if other, same := seen[payload]; same {
				t.Errorf("%s and %s got the same: %s", group, other, payload)
			}
			seen[payload] = group
			if spanish := strings.Contains(payload, "Sesión"); spanish != strings.HasSuffix(group, "Spanish") {
				t.Errorf("%s got %s", group, payload)
			}
		}
	}
	sits.Executed()
	w.do(w.secretaryToken, "tableSessionUpdate", in{"id": session, "place": "Sala gran"}, "session { id }", "")
	each("Sala gran")
	w.do(w.tokens[0], "tableSessionAnswer", in{"id": session, "organization": global(w.bodies[0]), "answer": "ATTEND"}, "session { id }", "")
	each("CALL_ANSWERED", "members", "members in Spanish", "organisers") // for the others nothing has happened
	w.called(table, nil)                                                 // nor at this session when there is another
	w.do(w.secretaryToken, "tableSessionOpen", in{"id": session}, "session { id }", "")
	each("SESSION_OPENED")
}
