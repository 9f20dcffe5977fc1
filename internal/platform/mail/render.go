package mail

import (
	"html"
	"strings"
	"text/template"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
)

// maxSubject is in characters.
const maxSubject = 150

// Letter is a rendered mail.
type Letter struct {
	ID            id.ID // of the queued mail; the same at every attempt
	To            string
	Lang          lang.Lang
	Template      string
	Subject, Text string
	HTML          string
	Calendar      string // an iCalendar file; empty: none
	Off           string // the address behind which such mails are turned off; empty: they are needed
}

// Render fills the message's template in its language. The text and the HTML say
// the same: both come from the same blocks.
func Render(m Message) (Letter, error) {
	l := Letter{To: m.To, Lang: m.Lang, Template: m.Template, Calendar: m.Calendar, Off: m.Off}
	t, err := letterOf(m.Template, m.Lang)
	if err != nil {
		return l, err
	}
	data, err := typed(m.Template, m.Data)
	if err != nil {
		return l, err
	}
	footer, err := footerIn(m.Lang)
	if err != nil {
		return l, err
	}
	if l.Subject, err = fill(t.subject, data); err != nil {
		return l, err
	}
	l.Subject = oneLine(l.Subject, maxSubject)
	var text, page strings.Builder
	for _, b := range t.blocks {
		if err := b.write(&text, &page, data); err != nil {
			return l, err
		}
	}
	if l.Off != "" {
		writeLink(&text, &page, offWords().In(m.Lang), l.Off)
	}
	l.Text = text.String() + "-- \n" + footer + "\n"
	l.HTML = document(l, page.String(), footer)
	return l, nil
}

func fill(t *template.Template, data map[string]any) (string, error) {
	var out strings.Builder
	if err := t.Execute(&out, data); err != nil {
		return "", err
	}
	return strings.TrimSpace(out.String()), nil
}

// write adds the block to both bodies; a block that comes out empty is left out.
func (b block) write(text, page *strings.Builder, data map[string]any) error {
	if b.kind == listed {
		b.writeList(text, page, data)
		return nil
	}
	if b.kind == quoted {
		written, _ := data[b.link].(string)
		text.WriteString(written + "\n\n")
		for paragraph := range strings.SplitSeq(written, "\n\n") {
			page.WriteString(`<p style="margin:0 0 16px">` + strings.ReplaceAll(html.EscapeString(paragraph), "\n", "<br>\n") + "</p>\n")
		}
		return nil
	}
	words, err := fill(b.words, data)
	if err != nil || words == "" {
		return err
	}
	shown := html.EscapeString(words)
	switch b.kind {
	case copied:
		text.WriteString("    " + words + "\n\n")
		page.WriteString(`<p style="font-size:28px;font-weight:bold;letter-spacing:2px;margin:24px 0">` + shown + "</p>\n")
	case linked:
		to, _ := data[b.link].(string)
		writeLink(text, page, words, to)
	default:
		text.WriteString(words + "\n\n")
		page.WriteString(`<p style="margin:0 0 16px">` + shown + "</p>\n")
	}
	return nil
}

func writeLink(text, page *strings.Builder, words, to string) {
	text.WriteString(words + ":\n" + to + "\n\n")
	page.WriteString(`<p style="margin:24px 0"><a href="` + html.EscapeString(to) + `" style="color:#0b4f8a;font-weight:bold">` + html.EscapeString(words) + "</a></p>\n")
}

// writeList adds a list: each thing with its title as a link, and what happened
// to it.
func (b block) writeList(text, page *strings.Builder, data map[string]any) {
	all, _ := data[b.link].([]Entry)
	page.WriteString(`<ul style="margin:0 0 16px;padding-left:20px">` + "\n")
	for _, e := range all {
		text.WriteString("* " + e.Title + "\n  " + e.Text + "\n  " + e.Link + "\n\n")
		page.WriteString(`<li style="margin:0 0 12px"><a href="` + html.EscapeString(e.Link) + `" style="color:#0b4f8a;font-weight:bold">` +
			html.EscapeString(e.Title) + `</a><br>` + html.EscapeString(e.Text) + "</li>\n")
	}
	page.WriteString("</ul>\n")
}

// document is the page around the blocks: real text, its language declared,
// dark on light with a contrast above 7 to 1, nothing loaded from elsewhere.
func document(l Letter, blocks, footer string) string {
	return `<!doctype html>
<html lang="` + string(l.Lang) + `">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>` + html.EscapeString(l.Subject) + `</title>
</head>
<body style="margin:0;background:#ffffff;color:#1b1b1b;font-family:Arial,Helvetica,sans-serif;font-size:17px;line-height:1.5">
<main style="max-width:600px;margin:0 auto;padding:24px">
` + blocks + `<hr style="border:0;border-top:1px solid #767676;margin:32px 0 16px">
<p style="font-size:15px;color:#4a4a4a">` + html.EscapeString(footer) + `</p>
</main>
</body>
</html>
`
}
