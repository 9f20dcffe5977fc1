package feeds_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

func contains(payload []byte, text string) bool { return strings.Contains(string(payload), text) }

const markRead = "InboxMarkReadInput"

// What one watches, what mentions one, what happens to one: each once, with the
// nearest reason, without what one did, and nothing from before.
func TestInboxHasWhatConcerns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	event := w.event("Jornada", access.Public)
	of := global(event)
	w.comment(w.club, of, "Abans de seguir-la", "EVERYBODY")
	w.settled()
	w.watch(w.technician, of)
	w.comment(w.technician, of, "El meu", "EVERYBODY")
	w.comment(w.club, of, "Un altre", "EVERYBODY")
	w.comment(w.officer, of, "Mireu-ho, @"+w.technician.global, "EVERYBODY")
	w.hub.Must(t, w.officer.token, `mutation($in: EventUpdateInput!) { eventUpdate(input: $in) { errors { code } } }`, in{"in": in{"id": of, "venueName": "Una altra"}})
	w.settled()
	box := w.inbox(w.technician)
	want := []string{"CHANGE EVENT_UPDATED Jornada", "MENTION COMMENT_ADDED Jornada", "COMMENT COMMENT_ADDED Jornada"}
	if diff := cmp.Diff(want, withoutRoles(says(box.Items))); diff != "" {
		t.Error(diff)
	}
	if box.Unread != len(box.Items) {
		t.Errorf("%d of %d unread", box.Unread, len(box.Items))
	}
	if got := w.hub.Must(t, "", inboxQuery, nil)["inbox"]; got != nil {
		t.Errorf("nobody's inbox: %v", got)
	}
	if m := w.hub.Socket(t, "").Subscribe(inboxChanges, nil).Message(); !contains(m.Payload, "UNAUTHENTICATED") {
		t.Errorf("nobody's inbox as a stream: %s", m.Payload)
	}
	// Ending puts it out again; what was meant for them stays.
	w.do(w.technician, "watchSet", "WatchSetInput", "watching", in{"node": of, "watching": false})
	if diff := cmp.Diff([]string{"MENTION COMMENT_ADDED Jornada"}, withoutRoles(says(w.inbox(w.technician).Items))); diff != "" {
		t.Error(diff)
	}
}

// withoutRoles leaves out how the people of the fixtures came to their roles.
func withoutRoles(all []string) []string {
	out := []string{}
	for _, s := range all {
		if !strings.HasPrefix(s, "CONCERNED") {
			out = append(out, s)
		}
	}
	return out
}

// The count is live, on all screens; what is read on one is read on the others.
func TestUnreadIsLive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	of := global(w.event("Jornada", access.Public))
	w.watch(w.friend, of)
	w.settled()
	w.do(w.friend, "inboxMarkRead", markRead, "unread", in{"upTo": w.inbox(w.friend).Cursor})
	one, other := w.hub.Socket(t, w.friend.token).Subscribe(inboxChanges, nil), w.hub.Socket(t, w.friend.token).Subscribe(inboxChanges, nil)
	if m := w.inboxChange(one); !m.State || m.Unread != 0 {
		t.Errorf("it begins with %+v", m)
	}
	w.inboxChange(other)
	w.comment(w.club, of, "Primer", "EVERYBODY")
	first := w.inboxChange(one)
	if diff := cmp.Diff([]string{"COMMENT COMMENT_ADDED Jornada"}, says(first.Items)); diff != "" || first.Unread != 1 {
		t.Errorf("%d unread, %s", first.Unread, diff)
	}
	w.inboxChange(other)
	w.comment(w.club, of, "Segon", "EVERYBODY")
	second := w.inboxChange(one)
	w.inboxChange(other)
	for _, step := range []struct {
		what   string
		mark   in
		unread int
	}{
		{"the second is read", in{"items": []string{second.Items[0].Cursor}}, 1},
		{"it is unread again", in{"items": []string{second.Items[0].Cursor}, "read": false}, 2},
		{"all is read", in{"upTo": second.Cursor}, 0},
		{"the first is unread again", in{"items": []string{first.Items[0].Cursor}, "read": false}, 1},
		{"the second is unread again", in{"items": []string{second.Items[0].Cursor}, "read": false}, 2},
		{"an earlier place says nothing of what is later", in{"upTo": first.Cursor}, 1},
		{"the second is read", in{"items": []string{second.Items[0].Cursor}}, 0},
	} {
		before := w.inbox(w.friend).Unread
		p := w.do(w.friend, "inboxMarkRead", markRead, "unread", step.mark)
		if got := at(p, "unread"); got != float64(step.unread) {
			t.Errorf("%s: %v unread, want %d", step.what, got, step.unread)
		}
		if before == step.unread {
			continue
		}
		for _, s := range []inboxPart{w.inboxChange(one), w.inboxChange(other)} {
			if s.Unread != step.unread || len(s.Items) != 0 {
				t.Errorf("%s: told %+v", step.what, s)
			}
		}
	}
	for _, bad := range []in{{"upTo": "x"}, {"items": []string{""}}} {
		if _, codes := w.try(w.friend, "inboxMarkRead", markRead, "unread", bad); len(codes) != 1 || codes[0] != "BAD_CURSOR" {
			t.Errorf("%v: %v", bad, codes)
		}
	}
	// Another node that begins to be watched reaches a stream that is open.
	also := global(w.event("Una altra", access.Public))
	w.watch(w.friend, also)
	w.comment(w.club, also, "Aquí també", "EVERYBODY")
	for {
		if m := w.inboxChange(one); len(m.Items) > 0 {
			if got := says(m.Items); got[len(got)-1] != "COMMENT COMMENT_ADDED Una altra" {
				t.Errorf("came %v", got)
			}
			break
		}
	}
}

// A body is asked for something: its people find it, and nobody else does.
func TestBodiesAreAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	event := w.event("Jornada", access.Network)
	w.ask(event, w.clubBody)
	w.settled()
	if diff := cmp.Diff([]string{"ASKED TEST_ASKED Jornada"}, withoutRoles(says(w.inbox(w.club).Items))); diff != "" {
		t.Error(diff)
	}
	for _, by := range []somebody{w.friend, w.elsewhere, w.admin} {
		if got := withoutRoles(says(w.inbox(by).Items)); len(got) != 0 {
			t.Errorf("somebody else is asked: %v", got)
		}
	}
}

// Digests: at once what is meant for one, by their own choice, in quiet hours
// nothing, never empty, never twice, and nothing that is read or hidden by then.
func TestDigests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	event := w.event("Jornada <b>oberta</b>", access.Network)
	of := global(event)
	choose := func(by somebody, variables in) {
		w.do(by, "digestPreferencesSet", "DigestPreferencesSetInput", "preferences { sorts { sort rhythm } quiet { from until } }", variables)
	}
	everything := func(rhythm string) (sorts []in) {
		for _, sort := range []string{"MENTION", "CONCERNED", "ASKED", "COMMENT", "CHANGE"} {
			sorts = append(sorts, in{"sort": sort, "rhythm": rhythm})
		}
		return sorts
	}
	choose(w.technician, in{"sorts": everything("IMMEDIATELY"), "quiet": nil})
	choose(w.friend, in{"sorts": everything("NEVER"), "quiet": nil})
	choose(w.club, in{"sorts": everything("DAILY"), "quiet": nil})
	if _, codes := w.try(w.club, "digestPreferencesSet", "DigestPreferencesSetInput", "preferences { quiet { from } }", in{"quiet": in{"from": 24, "until": 8}}); len(codes) != 1 || codes[0] != "QUIET_HOURS" {
		t.Errorf("hours that are none: %v", codes)
	}
	w.digest() // begins: what was before is told to nobody
	for _, by := range []somebody{w.technician, w.friend, w.club} {
		w.watch(by, of)
	}
	w.comment(w.officer, of, canary+" per a @"+w.technician.global, "EVERYBODY")
	w.comment(w.officer, of, "I un altre", "EVERYBODY")
	w.comment(w.officer, of, "I encara un", "EVERYBODY")
	w.settled()
	w.digest()
	w.digest()
	sent := w.letters.digests()
	if len(sent) != 1 || sent[0].To != "p1@example.org" || sent[0].Lang != lang.CA {
		t.Fatalf("sent were %+v", sent)
	}
	if text := render(t, sent[0]); !strings.Contains(text, "Us han esmentat en un comentari · Hi ha un comentari nou (2)") || strings.Contains(text, canary) {
		t.Errorf("it says %s", text)
	}
	// The daily one goes when its hour comes, once, with what is unread then.
	w.exec(`update digests set at = at - interval '2 days' where rhythm = 'DAILY'`)
	w.exec(`update digests_due set next_at = now()`)
	w.digest()
	w.exec(`update digests set at = at - interval '2 days' where rhythm = 'DAILY'`)
	w.exec(`insert into digests_due select person, now() from accounts on conflict (person) do update set next_at = now()`)
	w.digest()
	if sent = w.letters.digests(); len(sent) != 2 || sent[1].To != "p2@example.org" {
		t.Fatalf("sent were %+v", sent)
	}
	// Read meanwhile, and hidden meanwhile: not told.
	w.comment(w.officer, of, "Ja llegit", "EVERYBODY")
	w.settled()
	w.do(w.technician, "inboxMarkRead", markRead, "unread", in{"upTo": w.inbox(w.technician).Cursor})
	w.comment(w.officer, of, "Amagat", "EVERYBODY")
	w.exec(`update nodes set visibility = 4 where id = $1`, event)
	w.settled()
	w.digest()
	if sent = w.letters.digests(); len(sent) != 2 {
		t.Errorf("sent were %+v", sent[2:])
	}
	w.turnsOff(w.club, "p2@example.org", sent[1].Off)
}

// What is due at one moment is one mail, whatever its rhythms: on Mondays the
// digest of the day and that of the week.
func TestDigestsOfOneMomentAreOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	of := global(w.event("Jornada", access.Network))
	w.do(w.technician, "digestPreferencesSet", "DigestPreferencesSetInput", "preferences { sorts { sort } }", in{"quiet": nil, "sorts": []in{
		{"sort": "MENTION", "rhythm": "IMMEDIATELY"}, {"sort": "COMMENT", "rhythm": "DAILY"}, {"sort": "CHANGE", "rhythm": "WEEKLY"},
	}})
	w.digest() // begins: what was before is told to nobody
	w.watch(w.technician, of)
	w.comment(w.officer, of, "Per a tothom", "EVERYBODY")
	w.settled()
	w.digest() // which waits for its hour
	w.comment(w.officer, of, "I per a @"+w.technician.global, "EVERYBODY")
	w.settled()
	w.exec(`update digests set at = at - interval '15 days'`)
	w.exec(`insert into digests_due select person, now() from accounts on conflict (person) do update set next_at = now()`)
	for range 2 {
		w.digest()
	}
	sent := w.letters.digests()
	if len(sent) != 1 || sent[0].Data["count"] != 2 {
		t.Fatalf("sent were %+v", sent)
	}
}

// Who is disabled gets none, and neither who loses the role that showed them the
// thing.
func TestDigestsOfWhoIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	home := w.event("Només de casa", access.Home)
	colleague := w.person("Companya Prova", w.clubBody, directory.Delegate)
	w.exec(`insert into accounts (person, mail, lang) values ($1, 'gone@example.org', 'es')`, colleague.id)
	for _, by := range []somebody{w.technician, colleague} {
		w.do(by, "digestPreferencesSet", "DigestPreferencesSetInput", "preferences { sorts { sort } }",
			in{"sorts": []in{{"sort": "COMMENT", "rhythm": "IMMEDIATELY"}, {"sort": "MENTION", "rhythm": "IMMEDIATELY"}}, "quiet": nil})
	}
	w.digest()
	w.watch(w.technician, global(home))
	w.watch(colleague, w.terrassa)
	w.comment(w.officer, global(home), "Per a casa", "EVERYBODY")
	w.comment(w.officer, w.terrassa, "Per a tothom", "EVERYBODY")
	w.exec(`delete from edges where source = $1 and kind = 'acts_for'`, w.technician.id)
	w.exec(`update accounts set disabled_at = now() where person = $1`, colleague.id)
	w.settled()
	w.digest()
	if sent := w.letters.digests(); len(sent) != 0 {
		t.Errorf("sent were %+v", sent)
	}
}
