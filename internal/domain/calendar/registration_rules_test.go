package calendar

import (
	"errors"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
)

func TestRegistrationInputNamesEveryWrongField(t *testing.T) {
	t.Parallel()
	someone := id.New()
	in := RegistrationInput{Policy: "QUI_SAP", Delegates: []DelegateInput{
		{Name: " Ona  Prova ", Mail: " Ona@Prova.cat ", Role: RolePublic},
		{Name: "Un altre", Mail: "ona@prova.cat", Role: RolePublic},
		{Name: "ona prova", Role: "CONVIDADA"},
		{Mail: "sense@nom.cat", Role: RolePublic},
		{Name: "Mal correu", Mail: "Nom <a@b.cat>", Role: RolePublic},
		{Person: someone, Name: "Persona", Role: RolePublic},
		{Name: strings.Repeat("a", 201), Role: RolePublic},
		{Name: "nul\x00", Role: RolePublic},
		{Role: RolePublic},
		{Role: RolePublic},
	}}
	var got []string
	for _, f := range fault.All(in.check()) {
		got = append(got, strings.Join(f.Path, ".")+" "+f.Code.Name)
	}
	want := []string{
		"policy UNKNOWN_CHOICE",
		"delegates.2.role UNKNOWN_CHOICE",
		"delegates.3.name REQUIRED",
		"delegates.4.mail BAD_MAIL",
		"delegates.5.person PERSON_OR_NAME",
		"delegates.6.name TOO_LONG",
		"delegates.7.name BAD_TEXT",
		"delegates.1.mail SAME_DELEGATE_TWICE",
		"delegates.2.name SAME_DELEGATE_TWICE",
	}
	if diff := compare(got, want); diff != "" {
		t.Error(diff)
	}
	if in.Delegates[0].Name != "Ona Prova" || in.Delegates[0].Mail != "ona@prova.cat" {
		t.Errorf("cleaned to %+v", in.Delegates[0])
	}
	for n, code := range map[int]fault.Code{0: ErrNoDelegates, MaxBlock + 1: ErrTooManyDelegates} {
		in := RegistrationInput{Policy: WaitTogether, Delegates: make([]DelegateInput, n)}
		if err := in.check(); !errors.Is(err, code) {
			t.Errorf("%d delegates: %v", n, err)
		}
	}
}

func TestReserveGoesToWhoHasTheRight(t *testing.T) {
	t.Parallel()
	org, audience := id.New(), id.New()
	cases := []struct {
		name    string
		reserve Reserve
		claim   claim
		want    bool
	}{
		{"general", Reserve{}, claim{}, true},
		{"the organisation", Reserve{Organisation: org}, claim{Organisation: org}, true},
		{"another organisation", Reserve{Organisation: org}, claim{Organisation: id.New()}, false},
		{"the audience", Reserve{Audience: audience}, claim{Audience: audience}, true},
		{"no audience declared", Reserve{Audience: audience}, claim{}, false},
		{"an association", Reserve{Role: RoleAssociation}, claim{Role: RoleAssociation, Association: true}, true},
		{"a council that says it is one", Reserve{Role: RoleAssociation}, claim{Role: RoleAssociation}, false},
		{"an association as public sector", Reserve{Role: RolePublic}, claim{Role: RolePublic, Association: true}, false},
		{"professionals of anybody", Reserve{Role: RoleProfessional}, claim{Role: RoleProfessional, Association: true}, true},
		{"mixed roles", Reserve{Role: RoleProfessional}, claim{}, false},
	}
	for _, c := range cases {
		if got := c.reserve.admits(c.claim); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestCodesAreLongAndForgiving(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		code := newCode()
		if len(code) != 20 || seen[code] {
			t.Fatalf("code %q", code)
		}
		seen[code] = true
		if cleanCode(strings.ToLower(code[:5])+" -"+code[5:]) != code {
			t.Fatalf("%q is not read back", code)
		}
	}
}

func TestMailKeysDifferBetweenEvents(t *testing.T) {
	t.Parallel()
	a, b := mailKey(id.New(), "ona@prova.cat"), mailKey(id.New(), "ona@prova.cat")
	if string(a) == string(b) || len(a) != 32 || mailKey(id.New(), "") != nil {
		t.Error("the keys of two events match")
	}
}
