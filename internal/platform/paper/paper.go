// Package paper writes documents that people print or file: as a page with
// styles for printing, and as DOCX for the offices that file them.
//
// A Document is a few kinds of blocks, so that both forms say the same. DOCX is
// written here: the parts that word processors need of it are a few lines of XML
// in a zip, and what libraries there are for it are either under another licence
// or no longer kept. PDF is what a browser prints of the page.
package paper

import "github.com/teixit/teixit/internal/kernel/lang"

// Document is a text to be printed.
type Document struct {
	Lang   lang.Lang
	Title  string
	Number string // file number; empty when there is none
	Blocks []Block
}

// Kind is what a block is.
type Kind int

// The kinds of block.
const (
	Paragraph Kind = iota
	Heading
	Bullet
	Fact   // a label and what it says
	Row    // a row of a table; the first of several that follow each other is its head
	Card   // a card to cut out, such as a badge: what is large first
	Broken // a new page begins
)

// Block is one paragraph of a document.
type Block struct {
	Kind  Kind
	Label string // of a fact
	Text  string
	Link  string   // an absolute http(s) address the text leads to; empty: none
	Cells []string // of a row or a card
}

// Say adds a paragraph, unless it is empty.
func (d *Document) Say(text string) { d.add(Block{Kind: Paragraph, Text: text}) }

// Head adds a heading.
func (d *Document) Head(text string) { d.add(Block{Kind: Heading, Text: text}) }

// List adds an entry of a list.
func (d *Document) List(text string) { d.add(Block{Kind: Bullet, Text: text}) }

// Note adds a label and what it says, unless that is empty.
func (d *Document) Note(label, text string) { d.add(Block{Kind: Fact, Label: label, Text: text}) }

// Refer adds an entry of a list that leads to an address.
func (d *Document) Refer(text, link string) { d.add(Block{Kind: Bullet, Text: text, Link: link}) }

func (d *Document) add(b Block) {
	if b.Text != "" {
		d.Blocks = append(d.Blocks, b)
	}
}

// Row adds a row to a table, which the first one begins with its head.
func (d *Document) Row(cells ...string) {
	d.Blocks = append(d.Blocks, Block{Kind: Row, Cells: cells})
}

// Card adds a card; empty lines are left out.
func (d *Document) Card(lines ...string) {
	kept := []string{}
	for _, line := range lines {
		if line != "" {
			kept = append(kept, line)
		}
	}
	d.Blocks = append(d.Blocks, Block{Kind: Card, Cells: kept})
}

// Break begins a new page.
func (d *Document) Break() { d.Blocks = append(d.Blocks, Block{Kind: Broken}) }
