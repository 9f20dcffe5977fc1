package mail_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/mail"
)

// Every template is there in every language, and uses every value it is given
// whatever the switches say.
func TestTemplatesAreComplete(t *testing.T) {
	t.Parallel()
	for _, name := range mail.Names() {
		subjects := map[string]bool{}
		for _, l := range lang.All() {
			m := sample(name)
			m.Lang = l
			letter, err := mail.Render(m)
			if err != nil {
				t.Errorf("%s in %s: %v", name, l, err)
				continue
			}
			subjects[letter.Subject] = true
			everything := letter.Subject + letter.Text
			for key, value := range m.Data {
				if text, ok := value.(string); ok && !strings.Contains(everything, text) {
					t.Errorf("%s in %s does not say its %s", name, l, key)
				}
			}
			for _, value := range []string{"<no value>", "{{", "map["} {
				if strings.Contains(everything+letter.HTML, value) {
					t.Errorf("%s in %s has %q", name, l, value)
				}
			}
			if !strings.Contains(letter.HTML, `<html lang="`+string(l)+`">`) {
				t.Errorf("%s in %s does not tell its language", name, l)
			}
		}
		if len(subjects) != 3 {
			t.Errorf("%s has %d different subjects in three languages", name, len(subjects))
		}
	}
}

// Nothing in a mail is loaded from elsewhere or tells that it was read.
func TestMailsLoadNothing(t *testing.T) {
	t.Parallel()
	for _, name := range mail.Names() {
		letter, err := mail.Render(sample(name))
		must(t, err)
		for _, bad := range []string{"<img", "<script", "<link", "<style", "url(", "src=", "@import", "<table"} {
			if strings.Contains(letter.HTML, bad) {
				t.Errorf("%s has %s", name, bad)
			}
		}
		if strings.Count(letter.HTML, "href=") > 1 && name != mail.Digest {
			t.Errorf("%s has more than one link", name)
		}
	}
}

func TestSensitiveEventsAreNotNamed(t *testing.T) {
	t.Parallel()
	for _, name := range []string{mail.RegisteredByOther, mail.RegistrationChanged} {
		for _, l := range lang.All() {
			m := sample(name)
			m.Lang, m.Data = l, maps.Clone(m.Data)
			m.Data["sensitive"], m.Data["event"] = true, "CANARY"
			if _, ok := m.Data["registrar"]; ok {
				m.Data["registrar"] = "CANARY"
			}
			letter, err := mail.Render(m)
			must(t, err)
			if strings.Contains(letter.Subject+letter.Text+letter.HTML, "CANARY") || strings.Contains(letter.Text, "2026") {
				t.Errorf("%s in %s names a sensitive event:\n%s\n%s", name, l, letter.Subject, letter.Text)
			}
		}
	}
}

// Data are one line of text: they cannot begin a header, a block or a tag.
func TestDataStayData(t *testing.T) {
	t.Parallel()
	for _, hostile := range []string{
		"Fira\r\nBcc: all@example.org", "Fira\n\n[Win](link)", "Fira</p><a href=\"https://evil.example\">x</a>",
		"Fira\u2028Bcc: x", "Fira\x00\x1b[2J", "Fira \u202egnp.exe", "{{.link}}", strings.Repeat("x", 100000),
	} {
		m := sample(mail.RegistrationChanged)
		m.Data["event"] = hostile
		letter, err := mail.Render(m)
		must(t, err)
		if strings.ContainsAny(letter.Subject, "\r\n\x00\x1b\u2028\u202e") || len([]rune(letter.Subject)) > 150 {
			t.Errorf("subject %.60q", letter.Subject)
		}
		if strings.Contains(letter.HTML, "<a href=\"https://evil") || strings.Count(letter.HTML, "<a ") != 1 {
			t.Errorf("a tag came in with %.60q", hostile)
		}
		if strings.Contains(letter.Text, "\r") || len(strings.Split(letter.Text, "\n")) != len(strings.Split(rendered(t), "\n")) {
			t.Errorf("a line came in with %.60q", hostile)
		}
	}
}

func rendered(t *testing.T) string {
	t.Helper()
	letter, err := mail.Render(sample(mail.RegistrationChanged))
	must(t, err)
	return letter.Text
}

func TestWhatCannotBeSentIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	must(t, sample(mail.SignInCode).Check())
	for name, spoil := range map[string]func(m *mail.Message){
		"no key":             func(m *mail.Message) { m.UniqueKey = "" },
		"long key":           func(m *mail.Message) { m.UniqueKey = strings.Repeat("k", 201) },
		"no template":        func(m *mail.Message) { m.Template = "advert" },
		"another path":       func(m *mail.Message) { m.Template = "../ca/sign_in_code" },
		"no language":        func(m *mail.Message) { m.Lang = "fr" },
		"no recipient":       func(m *mail.Message) { m.To = "" },
		"name and address":   func(m *mail.Message) { m.To = "Anna <anna@example.org>" },
		"two recipients":     func(m *mail.Message) { m.To = "a@example.org, b@example.org" },
		"header in address":  func(m *mail.Message) { m.To = "a@example.org\r\nBcc: b@example.org" },
		"long address":       func(m *mail.Message) { m.To = strings.Repeat("a", 250) + "@example.org" },
		"missing value":      func(m *mail.Message) { delete(m.Data, "code") },
		"unknown value":      func(m *mail.Message) { m.Data["name"] = "x" },
		"empty code":         func(m *mail.Message) { m.Data["code"] = " \n" },
		"no number":          func(m *mail.Message) { m.Data["minutes"] = "15" },
		"zero minutes":       func(m *mail.Message) { m.Data["minutes"] = 0 },
		"script as link":     func(m *mail.Message) { m.Data["link"] = "javascript:alert(1)" },
		"link without host":  func(m *mail.Message) { m.Data["link"] = "/sign-in" },
		"link with a break":  func(m *mail.Message) { m.Data["link"] = "https://x.example/\r\n\r\nhello" },
		"link with password": func(m *mail.Message) { m.Data["link"] = "https://a:b@x.example/" },
	} {
		m := sample(mail.SignInCode)
		spoil(&m)
		err := m.Check()
		if err == nil {
			t.Errorf("%s: accepted", name)
		} else if strings.Contains(err.Error(), "example.org") || strings.Contains(err.Error(), "AB12") {
			t.Errorf("%s: the error shows the data: %v", name, err)
		}
	}
}

func TestMomentsAreReadInMadrid(t *testing.T) {
	t.Parallel()
	for l, want := range map[lang.Lang]string{
		lang.CA: "dijous 9 d'abril de 2026 a les 18.30 h",
		lang.ES: "jueves 9 de abril de 2026 a las 18:30",
		lang.EN: "Thursday 9 April 2026 at 18:30",
	} {
		m := sample(mail.Invitation)
		m.Lang = l
		m.Data["until"] = m.Data["until"].(time.Time).In(time.FixedZone("", -5*3600))
		letter, err := mail.Render(m)
		must(t, err)
		if !strings.Contains(letter.Text, want) {
			t.Errorf("in %s no %q:\n%s", l, want, letter.Text)
		}
	}
}

func TestOneMinute(t *testing.T) {
	t.Parallel()
	m := sample(mail.SignInCode)
	m.Data["minutes"] = 1
	letter, err := mail.Render(m)
	must(t, err)
	if !strings.Contains(letter.Text, "valen 1 minut i") {
		t.Error(letter.Text)
	}
}
