package paper

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/kernel/lang"
)

func sample() *Document {
	d := &Document{Lang: lang.CA, Title: "Acta <i>", Number: "T/1 & 2"}
	d.Note("Lloc", `"Sala" & <b>`)
	d.Head("Acords")
	d.List("Un\namb dues línies")
	d.Refer("Informe", "https://example.org/a?b=1&c=2")
	d.Say("")
	d.Say("Fi")
	return d
}

// TestDOCX: every part is well-formed, every relation leads somewhere, and what
// was said is there as it was said.
func TestDOCX(t *testing.T) {
	var file bytes.Buffer
	if err := sample().DOCX(&file); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	parts, targets := map[string]bool{}, []string{}
	var text strings.Builder
	for _, f := range z.File {
		parts[f.Name] = true
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		for d := xml.NewDecoder(r); ; {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			switch x := token.(type) {
			case xml.CharData:
				text.Write(x)
			case xml.StartElement:
				if x.Name.Local == "Relationship" && attribute(x, "TargetMode") == "" {
					folder := strings.TrimSuffix(strings.TrimPrefix(f.Name, "_rels/"), "_rels/document.xml.rels")
					targets = append(targets, strings.TrimPrefix(folder, ".rels")+attribute(x, "Target"))
				}
			}
		}
		r.Close()
	}
	for _, target := range targets {
		if !parts[target] {
			t.Errorf("a relation leads to %s, which is not there", target)
		}
	}
	for _, said := range []string{"Acta <i>", "T/1 & 2", `"Sala" & <b>`, "Acords", "Un", "amb dues línies", "Informe", "Fi"} {
		if !strings.Contains(text.String(), said) {
			t.Errorf("it does not say %q", said)
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// TestHTML: what people wrote stays text.
func TestHTML(t *testing.T) {
	var b strings.Builder
	if err := sample().HTML(&b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, said := range []string{`<html lang="ca">`, "<h1>Acta &lt;i&gt;</h1>", "T/1 &amp; 2", "<dt>Lloc:</dt><dd>&#34;Sala&#34; &amp; &lt;b&gt;</dd>", "<h2>Acords</h2>", `<a href="https://example.org/a?b=1&amp;c=2">Informe</a>`} {
		if !strings.Contains(page, said) {
			t.Errorf("it does not say %q:\n%s", said, page)
		}
	}
	if strings.Contains(page, "<i>") || strings.Contains(page, "src=") {
		t.Error("something of what people wrote is taken for the page's own")
	}
}
