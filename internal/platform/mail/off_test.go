package mail_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/pgtest"
	"github.com/teixit/teixit/internal/platform/mail"
)

// A link is of one kind and one person, and made by the hub only.
func TestOffLinks(t *testing.T) {
	t.Parallel()
	off, other := mail.NewOff("https://teixit.example", []byte("key")), mail.NewOff("https://teixit.example", []byte("another"))
	person := id.New()
	token, ok := strings.CutPrefix(off.Digests(person), "https://teixit.example"+mail.OffPath)
	if w, read := off.Read(token); !ok || !read || w.Kind != mail.Digests || w.Person != person {
		t.Errorf("read %v, %v of %q", w, read, token)
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	must(t, err)
	for i := range raw { // whatever is changed
		raw[i] ^= 1
		if _, ok := off.Read(base64.RawURLEncoding.EncodeToString(raw)); ok {
			t.Errorf("byte %d may be changed", i)
		}
		raw[i] ^= 1
	}
	for _, wrong := range []string{"", "x", "%%", token[1:], token + "A"} {
		if _, ok := off.Read(wrong); ok {
			t.Errorf("%q is read", wrong)
		}
	}
	if _, ok := other.Read(token); ok {
		t.Error("a link of another hub is read")
	}
	if none := (*mail.Off)(nil).Digests(person); none != "" {
		t.Errorf("%q without a key", none)
	}
}

// Reminders are turned off by address, whoever has it, and on again.
func TestRemindersOff(t *testing.T) {
	t.Parallel()
	q := pgtest.New(t).Read()
	off := mail.NewOff("https://teixit.example", []byte("key"))
	_, token, _ := strings.Cut(off.Reminders("Anna@example.org"), mail.OffPath)
	w, ok := off.Read(token)
	if !ok || w.Kind != mail.Reminders {
		t.Fatalf("read %v %v", w, ok)
	}
	for range 2 {
		must(t, mail.TurnOffReminders(t.Context(), q, w))
	}
	who, err := mail.Unreminded(t.Context(), q, "anna@example.org", "berta@example.org")
	must(t, err)
	if !who["anna@example.org"] || who["berta@example.org"] {
		t.Errorf("off are %v", who)
	}
	must(t, mail.SetReminders(t.Context(), q, "anna@example.org", true))
	if who, err := mail.Unreminded(t.Context(), q, "anna@example.org"); err != nil || len(who) > 0 {
		t.Errorf("off are %v, %v", who, err)
	}
}
