package paper

import (
	"archive/zip"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// DOCX writes the document as a word processor's file (Office Open XML): body,
// styles for title, headings and lists, and the file number in the page's head.
func (d *Document) DOCX(w io.Writer) error {
	z := zip.NewWriter(w)
	links := d.links()
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", packageRels},
		{"word/_rels/document.xml.rels", documentRels(links)},
		{"word/styles.xml", strings.ReplaceAll(styles, "LANG", languageTag(d))},
		{"word/numbering.xml", numbering},
		{"word/header1.xml", header(d.Number)},
		{"docProps/core.xml", core(d)},
		{"word/document.xml", d.body()},
	} {
		f, err := z.Create(part.name)
		if err == nil {
			_, err = io.WriteString(f, part.text)
		}
		if err != nil {
			return fmt.Errorf("write %s: %w", part.name, err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write a document: %w", err)
	}
	return nil
}

const (
	declaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	wordSpace   = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	relations   = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`

	contentTypes = declaration + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
		`<Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/>` +
		`<Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

	packageRels = declaration + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + relations + `officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

	numbering = declaration + `<w:numbering ` + wordSpace + `><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/>` +
		`<w:lvlText w:val="•"/><w:pPr><w:ind w:left="720" w:hanging="360"/></w:pPr></w:lvl></w:abstractNum>` +
		`<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`

	styles = declaration + `<w:styles ` + wordSpace + `><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Georgia" w:hAnsi="Georgia" w:cs="Georgia"/>` +
		`<w:sz w:val="22"/><w:lang w:val="LANG"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:rPr><w:b/><w:sz w:val="34"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="240"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/><w:sz w:val="26"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="ListBullet"><w:name w:val="List Bullet"/><w:basedOn w:val="Normal"/><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>` +
		`<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr><w:color w:val="0B4F8A"/><w:u w:val="single"/></w:rPr></w:style></w:styles>`
)

func languageTag(d *Document) string {
	switch d.Lang {
	case "en":
		return "en-GB"
	case "es":
		return "es-ES"
	}
	return "ca-ES"
}

func documentRels(links []string) string {
	var b strings.Builder
	b.WriteString(declaration + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for i, part := range []string{"styles", "numbering", "header"} {
		target := part
		if part == "header" {
			target = "header1"
		}
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s%s" Target="%s.xml"/>`, i+1, relations, part, target)
	}
	for i, link := range links {
		fmt.Fprintf(&b, `<Relationship Id="link%d" Type="%shyperlink" Target="%s" TargetMode="External"/>`, i, relations, escaped(link))
	}
	b.WriteString(`</Relationships>`)
	return b.String()
}

func header(number string) string {
	return declaration + `<w:hdr ` + wordSpace + `>` + paragraph("", run(number, "")) + `</w:hdr>`
}

func core(d *Document) string {
	return declaration + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">` +
		`<dc:title>` + escaped(d.Title) + `</dc:title><dc:identifier>` + escaped(d.Number) + `</dc:identifier><dc:language>` + languageTag(d) + `</dc:language></cp:coreProperties>`
}

func (d *Document) links() (links []string) {
	for _, b := range d.Blocks {
		if b.Link != "" {
			links = append(links, b.Link)
		}
	}
	return links
}

func (d *Document) body() string {
	var b strings.Builder
	b.WriteString(declaration + `<w:document ` + wordSpace + `><w:body>` + paragraph("Title", run(d.Title, "")))
	linked := 0
	for i, block := range d.Blocks {
		if block.Kind >= Row {
			b.WriteString(d.wide(i))
			continue
		}
		content := run(block.Text, "")
		switch {
		case block.Link != "":
			content = fmt.Sprintf(`<w:hyperlink r:id="link%d">`, linked) + run(block.Text, `<w:rStyle w:val="Hyperlink"/>`) + `</w:hyperlink>`
			linked++
		case block.Kind == Fact:
			content = run(block.Label+": ", "<w:b/>") + content
		}
		b.WriteString(paragraph([]string{"", "Heading1", "ListBullet", ""}[block.Kind], content))
	}
	b.WriteString(`<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>` +
		`<w:pgMar w:top="1417" w:right="1134" w:bottom="1417" w:left="1134" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr></w:body></w:document>`)
	return b.String()
}

// wide are the blocks that are more than a paragraph: tables, cards, page breaks.
func (d *Document) wide(i int) string {
	block := d.Blocks[i]
	same := func(n int) bool { return n >= 0 && n < len(d.Blocks) && d.Blocks[n].Kind == Row }
	var b strings.Builder
	switch block.Kind {
	case Row:
		if !same(i - 1) {
			b.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>` + borders + `</w:tblBorders></w:tblPr>`)
		}
		b.WriteString(`<w:tr>`)
		for _, cell := range block.Cells {
			b.WriteString(`<w:tc><w:tcPr/>` + paragraph("", run(cell, "")) + `</w:tc>`)
		}
		b.WriteString(`</w:tr>`)
		if !same(i + 1) {
			b.WriteString(`</w:tbl>` + paragraph("", ""))
		}
	case Card:
		for n, line := range block.Cells {
			properties := ""
			if n == 0 {
				properties = `<w:b/><w:sz w:val="32"/>`
			}
			b.WriteString(paragraph("", run(line, properties)))
		}
		b.WriteString(paragraph("", ""))
	case Broken:
		b.WriteString(`<w:p><w:r><w:br w:type="page"/></w:r></w:p>`)
	}
	return b.String()
}

const borders = `<w:top w:val="single" w:sz="4"/><w:left w:val="single" w:sz="4"/><w:bottom w:val="single" w:sz="4"/>` +
	`<w:right w:val="single" w:sz="4"/><w:insideH w:val="single" w:sz="4"/><w:insideV w:val="single" w:sz="4"/>`

func paragraph(style, content string) string {
	if style != "" {
		style = `<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`
	}
	return `<w:p>` + style + content + `</w:p>`
}

// run writes text whose line breaks stay.
func run(text, properties string) string {
	if properties != "" {
		properties = `<w:rPr>` + properties + `</w:rPr>`
	}
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = `<w:t xml:space="preserve">` + escaped(line) + `</w:t>`
	}
	return `<w:r>` + properties + strings.Join(lines, `<w:br/>`) + `</w:r>`
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}
