package gqldoc

import (
	"strings"
	"unicode/utf8"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// checkText refuses text the parser or the database could not carry.
func checkText(s string) *fault.Fault {
	if !utf8.ValidString(s) || strings.IndexByte(s, 0) >= 0 {
		return fault.ErrBadText.New()
	}
	return nil
}

// scanner counts tokens and open brackets in one pass without recursion and
// without memory. It runs before the parser because the parser recurses: text
// that opens brackets without end would exhaust the stack, which ends the
// process and cannot be recovered from. It agrees with the parser's lexer on
// where strings and comments end, so no bracket can be hidden from it; text
// that is wrong in other ways is left for the parser to refuse. Numbers may
// count as a few tokens.
type scanner struct {
	src    string
	pos    int
	tokens int
	open   int
}

// scan counts the tokens of src. It stops as soon as a limit is passed.
func scan(src string, maxTokens, maxOpen int) (tokens int, refused *fault.Fault) {
	s := scanner{src: src}
	for s.skipIgnored(); s.pos < len(src); s.skipIgnored() {
		s.token()
		s.tokens++
		if s.tokens > maxTokens {
			return s.tokens, ErrTokens.New().With("limit", maxTokens)
		}
		if s.open > maxOpen {
			return s.tokens, ErrNesting.New().With("limit", maxOpen)
		}
	}
	return s.tokens, nil
}

func (s *scanner) skipIgnored() {
	for s.pos < len(s.src) {
		switch s.src[s.pos] {
		case ' ', '\t', '\n', '\r', ',':
			s.pos++
		case 0xEF: // a byte order mark may stand anywhere
			if !strings.HasPrefix(s.src[s.pos:], "\uFEFF") {
				return
			}
			s.pos += 3
		default:
			return
		}
	}
}

func (s *scanner) token() {
	switch c := s.src[s.pos]; {
	case c == '#':
		s.comment()
	case c == '"':
		s.str()
	case isName(c):
		s.run(isName)
	case strings.HasPrefix(s.src[s.pos:], "..."):
		s.pos += 3
	default:
		s.bracket(c)
		s.pos++
	}
}

func (s *scanner) bracket(c byte) {
	switch c {
	case '{', '[', '(':
		s.open++
	case '}', ']', ')':
		s.open = max(0, s.open-1)
	}
}

func (s *scanner) run(in func(byte) bool) {
	for s.pos < len(s.src) && in(s.src[s.pos]) {
		s.pos++
	}
}

func (s *scanner) comment() {
	s.run(func(c byte) bool { return c != '\n' && c != '\r' })
}

func (s *scanner) str() {
	if strings.HasPrefix(s.src[s.pos:], `"""`) {
		s.pos += 3
		s.blockString()
		return
	}
	for s.pos++; s.pos < len(s.src); s.pos++ {
		switch s.src[s.pos] {
		case '"':
			s.pos++
			return
		case '\n', '\r': // unterminated: the parser refuses it here
			return
		case '\\':
			s.pos++
		}
	}
}

func (s *scanner) blockString() {
	for s.pos < len(s.src) {
		rest := s.src[s.pos:]
		switch {
		case strings.HasPrefix(rest, `\"""`):
			s.pos += 4
		case strings.HasPrefix(rest, `"""`):
			// further quotes belong to the text, and the last three close it
			s.run(func(c byte) bool { return c == '"' })
			return
		default:
			s.pos++
		}
	}
}

func isName(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
