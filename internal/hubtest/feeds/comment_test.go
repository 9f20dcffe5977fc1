package feeds_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

const commentsQuery = `query($of: ID!) { comments(of: $of) { totalCount nodes { id text audience version moderated removedAt
	author { name } onBehalfOf { title } mentions { id name } versions { version text }
	viewerCanEdit { allowed } viewerCanRemove { allowed } replies { text replyTo } } } }`

func (w *world) comments(by somebody, of string) any {
	w.Helper()
	return w.hub.Must(w.T, by.token, commentsQuery, in{"of": of})["comments"]
}

// What may be said, by whom, on what, in answer to what.
func TestCommentRules(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	open, draft := global(w.event("Oberta", access.Network)), global(w.event("Amagada", access.Organisers))
	note := w.comment(w.officer, open, "Nota", "ORGANISERS")
	public := w.comment(w.club, open, "Públic", "EVERYBODY")
	reply := at(w.do(w.friend, "commentAdd", "CommentAddInput", "comment { id }", in{"node": open, "text": "Resposta", "replyTo": public}), "comment.id")
	for _, c := range []struct {
		what string
		by   somebody
		in   in
		want []string
	}{
		{"nobody", somebody{}, in{"node": open, "text": "x"}, []string{"UNAUTHENTICATED"}},
		{"nothing said", w.club, in{"node": open, "text": " \n"}, []string{"REQUIRED"}},
		{"too much said", w.club, in{"node": open, "text": strings.Repeat("à", 10_001)}, []string{"TOO_LONG"}},
		{"much said", w.club, in{"node": open, "text": strings.Repeat("à", 10_000)}, nil},
		{"no text", w.club, in{"node": open, "text": "a\x00b"}, []string{"BAD_TEXT"}},
		{"unseen", w.club, in{"node": draft, "text": "x"}, []string{"NOT_FOUND"}},
		{"nothing there", w.club, in{"node": "ev_01m7zv5hnje8wrd7mvpjrgt59z", "text": "x"}, []string{"NOT_FOUND"}},
		{"a person", w.club, in{"node": w.club.global, "text": "x"}, []string{"NOT_COMMENTABLE"}},
		{"a field", w.club, in{"node": w.theme, "text": "x"}, []string{"NOT_COMMENTABLE"}},
		{"a town council", w.club, in{"node": w.terrassa, "text": "x"}, nil},
		{"a body", w.friend, in{"node": node.Association.Global(w.clubBody), "text": "x"}, nil},
		{"a note of a stranger", w.club, in{"node": open, "text": "x", "audience": "MEMBERS"}, []string{"DENIED"}},
		{"an answer to what is unseen", w.club, in{"node": open, "text": "x", "replyTo": note}, []string{"NOT_FOUND"}},
		{"an answer elsewhere", w.club, in{"node": w.terrassa, "text": "x", "replyTo": public}, []string{"NOT_FOUND"}},
		{"an answer to an answer", w.club, in{"node": open, "text": "x", "replyTo": reply}, []string{"REPLY_TO_REPLY"}},
		{"an answer for more people", w.officer, in{"node": open, "text": "x", "replyTo": note}, []string{"WIDER_REPLY"}},
		{"an answer for as many", w.officer, in{"node": open, "text": "x", "replyTo": note, "audience": "ORGANISERS"}, nil},
		{"somebody unseen", w.club, in{"node": open, "text": "@" + w.officer.global}, []string{"MENTION_UNKNOWN"}},
		{"somebody who is not", w.club, in{"node": open, "text": "@" + node.Person.Global(id.New())}, []string{"MENTION_UNKNOWN"}},
		{"what looks like somebody", w.club, in{"node": open, "text": "@per_ @pere per_x@per_zzz"}, nil},
	} {
		if _, got := w.try(c.by, "commentAdd", "CommentAddInput", "comment { id }", c.in); !cmp.Equal(c.want, got) {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
	key := in{"node": open, "text": "Una vegada", "idempotencyKey": "k"}
	once := w.do(w.club, "commentAdd", "CommentAddInput", "comment { id }", key)
	if again := w.do(w.club, "commentAdd", "CommentAddInput", "comment { id }", key); !cmp.Equal(once, again) {
		t.Errorf("the same key made %v and %v", once, again)
	}
}

// Edited: versions are kept, for the author and the organisers. Removed: an empty
// place remains, and what it said is nowhere.
func TestCommentsAreEditedAndRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	of := global(w.event("Jornada", access.Public))
	c := w.comment(w.club, of, canary, "EVERYBODY")
	edit := func(by somebody, more in) []string {
		input := in{"id": c, "text": "Més ben dit"}
		for k, v := range more {
			input[k] = v
		}
		_, codes := w.try(by, "commentEdit", "CommentEditInput", "comment { version }", input)
		return codes
	}
	for _, x := range []struct {
		by   somebody
		more in
		want []string
	}{
		{somebody{}, nil, []string{"UNAUTHENTICATED"}},
		{w.friend, nil, []string{"DENIED"}},
		{w.officer, nil, []string{"DENIED"}},
		{w.club, in{"expectedVersion": 1}, nil},
		{w.club, in{"expectedVersion": 1}, []string{"COMMENT_CHANGED"}},
	} {
		if got := edit(x.by, x.more); !cmp.Equal(x.want, got) {
			t.Errorf("%v", got)
		}
	}
	for name, x := range map[string]struct {
		by       somebody
		versions int
		edit     bool
		remove   bool
	}{
		"nobody": {somebody{}, 0, false, false}, "stranger": {w.friend, 0, false, false},
		"author": {w.club, 2, true, true}, "organiser": {w.officer, 2, false, true},
	} {
		got := w.comments(x.by, of)
		if at(got, "nodes.0.text") != "Més ben dit" || at(got, "nodes.0.version") != 2.0 ||
			len(at(got, "nodes.0.versions").([]any)) != x.versions ||
			at(got, "nodes.0.viewerCanEdit.allowed") != x.edit || at(got, "nodes.0.viewerCanRemove.allowed") != x.remove {
			t.Errorf("%s finds %v", name, got)
		}
	}
	stream := w.hub.Socket(t, "").Subscribe(`subscription($id: ID!) { nodeChanges(id: $id) { number kind text comment { text moderated } node { id } } }`, in{"id": of})
	stream.Next()
	if _, codes := w.try(w.friend, "commentRemove", "CommentRemoveInput", "comment { id }", in{"id": c}); !cmp.Equal(codes, []string{"DENIED"}) {
		t.Errorf("a stranger removes it: %v", codes)
	}
	w.do(w.officer, "commentRemove", "CommentRemoveInput", "comment { text moderated }", in{"id": c})
	if m := stream.Next(); !contains(m, `"kind":"COMMENT_REMOVED","text":"A comment was removed","comment":{"text":null,"moderated":true}`) {
		t.Errorf("the stream says %s", m)
	}
	for _, by := range []somebody{{}, w.club, w.officer} {
		got := w.comments(by, of)
		if at(got, "nodes.0.text") != nil || at(got, "nodes.0.moderated") != true || at(got, "totalCount") != 1.0 || len(at(got, "nodes.0.versions").([]any)) != 0 {
			t.Errorf("what remains is %v", got)
		}
	}
	if got := edit(w.club, nil); !cmp.Equal(got, []string{"COMMENT_REMOVED"}) {
		t.Errorf("editing what was removed: %v", got)
	}
	var left int
	w.ok(w.hub.DB.Read().QueryRow(t.Context(), `select count(*) from journal where data::text like '%Canari%'`).Scan(&left))
	if left != 0 {
		t.Error("the journal says what the comment said")
	}
}

// A mention is for who may see the person: to others it is somebody. Who is
// mentioned in what they cannot see is not told.
func TestMentionsRevealNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	of := global(w.event("Jornada", access.Public))
	w.comment(w.officer, of, "Ho mira @"+w.technician.global+"!", "EVERYBODY")
	for name, x := range map[string]struct {
		by   somebody
		text string
		n    int
	}{
		"the author": {w.officer, "Ho mira @" + w.technician.global + "!", 1}, "the mentioned": {w.technician, "Ho mira @" + w.technician.global + "!", 1},
		"a stranger": {w.club, "Ho mira @…!", 0}, "nobody": {somebody{}, "Ho mira @…!", 0}, "the administrator": {w.admin, "Ho mira @…!", 0},
	} {
		got := w.comments(x.by, of)
		if at(got, "nodes.0.text") != x.text || len(at(got, "nodes.0.mentions").([]any)) != x.n {
			t.Errorf("%s reads %v", name, got)
		}
		if author := at(got, "nodes.0.author"); (author != nil) != (x.n == 1) {
			t.Errorf("%s learns who said it: %v", name, author)
		}
	}
	w.comment(w.officer, of, "Entre nosaltres, @"+w.technician.global, "ORGANISERS")
	w.settled()
	if box := withoutRoles(says(w.inbox(w.technician).Items)); len(box) != 1 {
		t.Errorf("told of what cannot be seen: %v", box)
	}
}
