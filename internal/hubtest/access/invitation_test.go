package access_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/mail"
	"github.com/teixit/teixit/internal/platform/node"
)

const (
	invite = `mutation($in: InvitationCreateInput!) { invitationCreate(input: $in) {
		invitation { id mail role organization { id } } errors { code path } } }`
	accept = `mutation($in: InvitationAcceptInput!) { invitationAccept(input: $in) {
		appointment { role organization { id title } person { id } } errors { code } } }`
)

func invitation(body id.ID, address, role string) map[string]any {
	return map[string]any{"in": map[string]any{"organization": node.Association.Global(body), "mail": address, "role": role}}
}

func accepting(token string) map[string]any {
	return map[string]any{"in": map[string]any{"invitation": map[string]any{"token": token}}}
}

// TestInvite: who answers for a body invites by mail; the link shows what it is
// for; who accepts acts for the body at once; everybody else sees nothing of it.
func TestInvite(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2, nil)
	club := h.hubs[0].Association(t, "Entitat de prova")
	anna, berta, mallory := h.browser(t).signIn("anna@example.org"), h.browser(t).signIn("berta@example.org"), h.browser(t).signIn("mallory@example.org")
	h.appoint(t, anna, club, directory.Representative)
	for who, want := range map[*browser]string{mallory: "DENIED", h.browser(t): "UNAUTHENTICATED"} {
		if code := who.refused(invite, invitation(club, "x@example.org", "REPRESENTATIVE")); code != want {
			t.Errorf("a stranger invites: %q, want %s", code, want)
		}
	}
	for input, want := range map[[2]string]string{{"x", "DELEGATE"}: "BAD_MAIL", {"x@example.org", "OFFICER"}: "ROLE_OF_PUBLIC_BODY"} {
		if code := anna.refused(invite, invitation(club, input[0], input[1])); code != want {
			t.Errorf("%v: %q, want %s", input, code, want)
		}
	}
	made := anna.must(invite, invitation(club, "Berta@Example.org", "DELEGATE"))
	if dig(made, "invitationCreate", "invitation", "mail") != "berta@example.org" {
		t.Errorf("invited %v", made)
	}
	if code := anna.at(1).refused(invite, invitation(club, "berta@example.org", "DELEGATE")); code != "ALREADY_INVITED" {
		t.Errorf("invited twice: %q", code)
	}

	list := fmt.Sprintf(`{ organization(by: {id: %q}) { invitations { mail } } viewer { invitations { mail organization { title } } } }`, node.Association.Global(club))
	for who, want := range map[*browser][2]int{anna: {1, 0}, berta: {0, 1}, mallory: {0, 0}} {
		seen := who.must(list, nil)
		got := [2]int{strings.Count(fmt.Sprint(seen["organization"]), "berta@"), strings.Count(fmt.Sprint(seen["viewer"]), "berta@")}
		if got != want {
			t.Errorf("sees %v, want %v", got, want)
		}
	}
	token := h.box.token(t, "berta@example.org", mail.Invitation)
	behind := h.browser(t).must(`query($t: String!) { invitation(token: $t) { role organization { title } } }`, map[string]any{"t": token})
	if got := fmt.Sprint(behind["invitation"]); got != "map[organization:map[title:Entitat de prova] role:DELEGATE]" {
		t.Errorf("behind the link: %s", got)
	}

	done := berta.at(1).must(accept, accepting(token))
	if dig(done, "invitationAccept", "appointment", "person", "id") != berta.person() ||
		dig(done, "invitationAccept", "appointment", "organization", "id") != node.Association.Global(club) {
		t.Errorf("accepted: %v", done)
	}
	mine := berta.must(`{ viewer { appointments { role organization { id } } invitations { id } } }`, nil)
	if got := fmt.Sprint(mine); !strings.Contains(got, "role:DELEGATE") || !strings.Contains(got, "invitations:[]") {
		t.Errorf("berta: %s", got)
	}
	for _, who := range []*browser{berta, mallory} {
		if code := who.refused(accept, accepting(token)); code != "INVITATION_NOT_VALID" {
			t.Errorf("used again: %q", code)
		}
	}
}

// TestInvitationRevoked: withdrawn, it opens nothing; only who may invite
// withdraws.
func TestInvitationRevoked(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1, nil)
	club := h.hubs[0].Association(t, "Entitat de prova")
	anna, berta := h.browser(t).signIn("anna@example.org"), h.browser(t).signIn("berta@example.org")
	h.appoint(t, anna, club, directory.Representative)
	made := dig(anna.must(invite, invitation(club, "berta@example.org", "DELEGATE")), "invitationCreate", "invitation", "id")
	const revoke = `mutation($i: ID!) { invitationRevoke(input: {invitation: $i}) { organization { id } errors { code } } }`
	if code := berta.refused(revoke, map[string]any{"i": made}); code != "DENIED" {
		t.Errorf("the invited withdraws: %q", code)
	}
	anna.must(revoke, map[string]any{"i": made})
	for _, in := range []map[string]any{
		accepting(h.box.token(t, "berta@example.org", mail.Invitation)),
		{"in": map[string]any{"invitation": map[string]any{"id": made}}},
	} {
		if code := berta.refused(accept, in); code != "INVITATION_NOT_VALID" {
			t.Errorf("a withdrawn invitation: %q", code)
		}
	}
}

// TestInvitationOnce: many people accept one invitation on two instances at the
// same time; one of them acts for the body.
func TestInvitationOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 2, nil)
	club := h.hubs[0].Association(t, "Entitat de prova")
	anna := h.browser(t).signIn("anna@example.org")
	h.appoint(t, anna, club, directory.Representative)
	anna.must(invite, invitation(club, "shared@example.org", "REPRESENTATIVE"))
	in := accepting(h.box.token(t, "shared@example.org", mail.Invitation))
	people := make([]*browser, 10)
	for i := range people {
		people[i] = h.browser(t).signIn(fmt.Sprintf("person%d@example.org", i)).at(i % 2)
	}
	codes := make([]string, len(people))
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i, who := range people {
		all.Go(func() {
			<-begin
			codes[i] = who.refused(accept, in)
		})
	}
	close(begin)
	all.Wait()
	outcome := map[string]int{}
	for _, code := range codes {
		outcome[code]++
	}
	acting := 0
	for _, who := range people {
		if strings.Contains(fmt.Sprint(who.must(`{ viewer { appointments { role } } }`, nil)), "REPRESENTATIVE") {
			acting++
		}
	}
	t.Logf("one invitation, %d people on two instances: %v; acting for the body: %d", len(people), outcome, acting)
	if outcome[""] != 1 || outcome["INVITATION_NOT_VALID"] != len(people)-1 || acting != 1 {
		t.Errorf("%v, %d act for the body", outcome, acting)
	}
}
