package mail

import (
	"embed"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"text/template"

	"github.com/teixit/teixit/internal/kernel/lang"
)

//go:embed templates
var files embed.FS

// sort is what a value in a message's data is.
type sort int

const (
	words   sort = iota // text of people: made one line, never empty
	maybe               // as words, or empty
	prose               // text of people with its lines, never empty
	link                // absolute http(s) address
	moment              // time.Time
	number              // whole number above zero
	flag                // yes or no
	entries             // []Entry, at least one
)

// wanted are the fields of all templates.
var wanted = sync.OnceValue(func() map[string]map[string]sort {
	all := map[string]map[string]sort{}
	for _, name := range Names() {
		all[name] = fields(name)
	}
	return all
})

// fields are the keys that each template wants, all of them and no others.
func fields(name string) map[string]sort {
	switch name {
	case SignInCode:
		return map[string]sort{"code": words, "link": link, "minutes": number}
	case Invitation:
		return map[string]sort{"organization": words, "role": maybe, "inviter": words, "link": link, "until": moment}
	case RegisteredByOther:
		return map[string]sort{"event": words, "startsAt": moment, "registrar": words, "link": link, "sensitive": flag}
	case RegistrationChanged:
		return map[string]sort{"event": words, "startsAt": moment, "link": link, "sensitive": flag}
	case GlassBroken:
		return map[string]sort{"what": words, "administrator": words, "reason": words, "at": moment, "link": link}
	case ErasureReceipt:
		return map[string]sort{"receipt": words, "at": moment, "kept": maybe, "contact": words}
	case ClaimDecided:
		return map[string]sort{"organization": words, "accepted": flag, "reason": maybe, "link": link}
	case MailChange:
		return map[string]sort{"code": words, "minutes": number}
	case MailChanged:
		return map[string]sort{"at": moment, "contact": maybe}
	case Digest:
		return map[string]sort{"count": number, "items": entries, "more": flag, "link": link, "settings": link}
	case TableCalled:
		return map[string]sort{"table": words, "organization": words, "startsAt": moment, "link": link}
	case EventMessage:
		return map[string]sort{"event": words, "subject": words, "text": prose, "sensitive": flag}
	case TablePoll:
		return map[string]sort{"table": words, "organization": words, "until": moment, "link": link}
	case BookingLink:
		return map[string]sort{"event": words, "until": moment, "link": link, "known": flag, "sensitive": flag}
	}
	return seatFields(name)
}

// seatFields are those of the mails about one's own seat.
func seatFields(name string) map[string]sort {
	own, ok := map[string]map[string]sort{
		SeatConfirmed: {"people": number}, SeatWaiting: {"people": number, "place": number},
		SeatOffered: {"people": number, "until": moment}, SeatChanged: {},
		SeatCancelled: {"lapsed": flag, "off": flag}, SeatReminder: {"people": number},
	}[name]
	if !ok {
		return nil
	}
	maps.Copy(own, map[string]sort{"event": words, "when": words, "where": maybe, "link": link, "sensitive": flag})
	return own
}

// Names lists the templates.
func Names() []string {
	return []string{
		SignInCode, Invitation, RegisteredByOther, RegistrationChanged, GlassBroken, ErasureReceipt, ClaimDecided,
		MailChange, MailChanged, Digest, TableCalled, TablePoll, BookingLink, EventMessage,
		SeatConfirmed, SeatWaiting, SeatOffered, SeatChanged, SeatCancelled, SeatReminder,
	}
}

// letter is a template in one language: a subject and blocks. It is taken apart
// before data are filled in, so that no data can look like a block.
type letter struct {
	subject *template.Template
	blocks  []block
}

// block is a paragraph, a code to copy, a link with its words, or a list.
type block struct {
	kind  blockKind
	words *template.Template
	link  string // key of the address, or of the list
}

type blockKind int

const (
	paragraph blockKind = iota
	copied
	linked
	listed
	quoted
)

var (
	linkBlock = regexp.MustCompile(`(?s)^\[(.+)\]\((\w+)\)$`)
	listBlock = regexp.MustCompile(`^\[\[(\w+)\]\]$`)
	// quoteBlock is a text of people, whose paragraphs and lines stay.
	quoteBlock = regexp.MustCompile(`^>>(\w+)$`)
)

// version is a template in a language.
type version struct {
	name string
	lang lang.Lang
}

// letters are all templates, taken apart once.
var letters = sync.OnceValue(func() map[version]*letter {
	all := map[version]*letter{}
	for _, name := range Names() {
		for _, l := range lang.All() {
			if t, err := readLetter(name, l); err == nil { // who asks for it is told why there is none
				all[version{name, l}] = t
			}
		}
	}
	return all
})

func letterOf(name string, l lang.Lang) (*letter, error) {
	if t := letters()[version{name, l}]; t != nil {
		return t, nil
	}
	return readLetter(name, l)
}

// readLetter reads a template: the subject line, then blocks between empty lines.
// A block that begins with four spaces is a code; "[words](key)" is a link and
// "[[key]]" a list, ">>key" what somebody wrote.
func readLetter(name string, l lang.Lang) (*letter, error) {
	if !slices.Contains(Names(), name) {
		return nil, fmt.Errorf("mail: no template %q", name)
	}
	raw, err := files.ReadFile("templates/" + string(l) + "/" + name + ".txt")
	if err != nil {
		return nil, fmt.Errorf("mail: template %q in %q: %w", name, l, err)
	}
	parts := strings.Split(strings.TrimRight(string(raw), "\n"), "\n\n")
	subject, ok := strings.CutPrefix(parts[0], "Subject: ")
	if !ok || strings.Contains(subject, "\n") {
		return nil, fmt.Errorf("mail: template %q in %q has no subject line", name, l)
	}
	t := &letter{}
	if t.subject, err = parse(subject, l); err != nil {
		return nil, err
	}
	for _, part := range parts[1:] {
		b, err := blockOf(part, l)
		if err != nil {
			return nil, fmt.Errorf("mail: template %q in %q: %w", name, l, err)
		}
		t.blocks = append(t.blocks, b)
	}
	return t, nil
}

func blockOf(part string, l lang.Lang) (b block, err error) {
	text := part
	if match := listBlock.FindStringSubmatch(part); match != nil {
		b.kind, b.link = listed, match[1]
		return b, nil
	}
	if match := quoteBlock.FindStringSubmatch(part); match != nil {
		b.kind, b.link = quoted, match[1]
		return b, nil
	}
	if match := linkBlock.FindStringSubmatch(part); match != nil {
		b.kind, text, b.link = linked, match[1], match[2]
	} else if after, ok := strings.CutPrefix(part, "    "); ok {
		b.kind, text = copied, after
	}
	b.words, err = parse(text, l)
	return b, err
}

func parse(text string, l lang.Lang) (*template.Template, error) {
	return template.New("").Option("missingkey=error").Funcs(template.FuncMap{
		"moment": momentIn(l), "minutes": minutesIn(l),
	}).Parse(text)
}

func footerIn(l lang.Lang) (string, error) {
	raw, err := files.ReadFile("templates/" + string(l) + "/footer.txt")
	return strings.TrimSpace(string(raw)), err
}
