package mail

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	netmail "net/mail"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of what a message may hold.
const (
	maxAddress = 254
	maxKey     = 200
	maxWords   = 500 // characters of one text; longer is cut with an ellipsis
	maxLink    = 2000
	maxProse   = 5000 // characters of what somebody wrote
)

// longest is how long any mail is worth sending.
const longest = 72 * time.Hour

// Check says what is wrong with the message, so that a mistake shows where it is
// made and not in a worker at night. Its errors never show the data. It renders
// nothing: with values of the right sorts every template can be filled, which tests
// hold of all of them.
func (m Message) Check() error {
	_, err := m.checked()
	return err
}

// checked is Check, and gives the values their types.
func (m Message) checked() (map[string]any, error) {
	if m.UniqueKey == "" || len(m.UniqueKey) > maxKey {
		return nil, fmt.Errorf("mail: %s: the unique key needs 1 to %d bytes", m.Template, maxKey)
	}
	if !bareAddress(m.To) {
		return nil, fmt.Errorf("mail: %s: the recipient is no bare mail address", m.Template)
	}
	if m.Calendar != "" && methodOf(m.Calendar) == "" {
		return nil, fmt.Errorf("mail: %s: the calendar has no method", m.Template)
	}
	if m.Off != "" {
		if _, err := address(m.Off); err != nil {
			return nil, fmt.Errorf("mail: %s: where it is turned off %w", m.Template, err)
		}
	}
	if _, err := letterOf(m.Template, m.Lang); err != nil {
		return nil, err
	}
	return typed(m.Template, m.Data)
}

var methodLine = regexp.MustCompile(`(?m)^METHOD:([A-Z]+)\r?$`)

// methodOf is what a calendar file asks programs to do with it.
func methodOf(calendar string) string {
	if found := methodLine.FindStringSubmatch(calendar); found != nil {
		return found[1]
	}
	return ""
}

func bareAddress(to string) bool {
	if len(to) > maxAddress || strings.ContainsFunc(to, unicode.IsControl) {
		return false
	}
	a, err := netmail.ParseAddress(to)
	return err == nil && a.Name == "" && a.Address == to
}

// typed checks the data against what the template wants and gives each value
// its type; values may come from Go or, read back, from JSON.
func typed(name string, data map[string]any) (map[string]any, error) {
	wanted := wanted()[name]
	for key := range data {
		if _, ok := wanted[key]; !ok {
			return nil, fmt.Errorf("mail: %s knows no %q", name, key)
		}
	}
	out := make(map[string]any, len(wanted))
	for key, s := range wanted {
		value, ok := data[key]
		if !ok {
			return nil, fmt.Errorf("mail: %s lacks %q", name, key)
		}
		var err error
		if out[key], err = s.value(value); err != nil {
			return nil, fmt.Errorf("mail: %q of %s: %w", key, name, err)
		}
	}
	return out, nil
}

func (s sort) value(v any) (any, error) {
	switch s {
	case link:
		return address(v)
	case moment:
		return instant(v)
	case number:
		return whole(v)
	case flag:
		if b, ok := v.(bool); ok {
			return b, nil
		}
		return nil, errors.New("is neither yes nor no")
	case entries:
		return list(v)
	}
	text, ok := v.(string)
	if !ok {
		return nil, errors.New("is no text")
	}
	if s == prose {
		return lines(text)
	}
	if text = oneLine(text, maxWords); text == "" && s == words {
		return nil, errors.New("is empty")
	}
	return text, nil
}

// lines cleans what somebody wrote line by line; at most one empty line follows
// another.
func lines(text string) (string, error) {
	var kept []string
	for line := range strings.SplitSeq(text, "\n") {
		line = oneLine(line, maxProse)
		if line == "" && (len(kept) == 0 || kept[len(kept)-1] == "") {
			continue
		}
		kept = append(kept, line)
	}
	text = strings.TrimSpace(strings.Join(kept, "\n"))
	switch {
	case text == "":
		return "", errors.New("is empty")
	case utf8.RuneCountInString(text) > maxProse:
		return "", errors.New("is too long")
	}
	return text, nil
}

// list reads entries, from Go or back from JSON.
func list(v any) ([]Entry, error) {
	b, err := json.Marshal(v)
	var all []Entry
	if err != nil || json.Unmarshal(b, &all) != nil || len(all) == 0 || len(all) > MaxEntries {
		return nil, fmt.Errorf("is no list of 1 to %d entries", MaxEntries)
	}
	for i := range all {
		e := &all[i]
		if e.Title, e.Text = oneLine(e.Title, maxWords), oneLine(e.Text, maxWords); e.Title == "" || e.Text == "" {
			return nil, errors.New("has an entry without words")
		}
		if e.Link, err = address(e.Link); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func address(v any) (string, error) {
	text, _ := v.(string)
	u, err := url.Parse(text)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil || len(text) > maxLink {
		return "", errors.New("is no absolute http(s) address")
	}
	return u.String(), nil // escapes what a mail program could take for the end
}

func instant(v any) (time.Time, error) {
	switch v := v.(type) {
	case time.Time:
		return v, nil
	case string:
		if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New("is no time")
}

func whole(v any) (int, error) {
	switch v := v.(type) {
	case int:
		if v > 0 {
			return v, nil
		}
	case float64: // from JSON
		if v > 0 && v == math.Trunc(v) && v < math.MaxInt32 {
			return int(v), nil
		}
	case json.Number:
		if n, err := v.Int64(); err == nil && n > 0 {
			return int(n), nil
		}
	}
	return 0, errors.New("is no whole number above zero")
}

// oneLine makes every run of white space and control characters one space, and
// cuts at most characters. Neither a header nor a block can begin in it.
func oneLine(text string, most int) string {
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, ""), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control)
	}), " ")
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	runes := []rune(text)
	return string(runes[:most-1]) + "…"
}

// life is for how long after queueing a mail with these values is worth sending,
// and until when at most (the zero time: no such limit).
func life(template string, data map[string]any) (time.Duration, time.Time) {
	switch template {
	case SignInCode, MailChange:
		return time.Duration(data["minutes"].(int)) * time.Minute, time.Time{}
	case BookingLink, SeatOffered, Invitation:
		return longest, data["until"].(time.Time)
	}
	return longest, time.Time{}
}
