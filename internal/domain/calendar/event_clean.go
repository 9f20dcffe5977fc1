package calendar

import (
	"strings"

	"github.com/teixit/teixit/internal/kernel/lang"
)

// White space around a text is never meant; a text of spaces is no text.

func trimText(t lang.Text) lang.Text {
	return lang.Text{CA: strings.TrimSpace(t.CA), ES: strings.TrimSpace(t.ES), EN: strings.TrimSpace(t.EN)}
}

func trimSpeaker(s Speaker) Speaker {
	return Speaker{Name: strings.TrimSpace(s.Name), Role: trimText(s.Role), Organisation: strings.TrimSpace(s.Organisation)}
}

// each returns a list with f applied to every element; never nil, so that it is
// stored as an empty list and not as nothing.
func each[T any](list []T, f func(T) T) []T {
	out := make([]T, len(list))
	for i, v := range list {
		out[i] = f(v)
	}
	return out
}

// given applies f to what a pointer holds, if it holds anything.
func given[T any](p *T, f func(T) T) *T {
	if p == nil {
		return nil
	}
	v := f(*p)
	return &v
}

func trimTexts(list []lang.Text) []lang.Text { return each(list, trimText) }

func trimStrings(list []string) []string { return each(list, strings.TrimSpace) }

func trimSpeakers(list []Speaker) []Speaker { return each(list, trimSpeaker) }

func (f EventFields) clean() EventFields {
	f.Title, f.Summary, f.Description = trimText(f.Title), trimText(f.Summary), trimText(f.Description)
	f.Objectives, f.Languages = trimTexts(f.Objectives), trimStrings(f.Languages)
	f.VenueName, f.VenueAddress = strings.TrimSpace(f.VenueName), strings.TrimSpace(f.VenueAddress)
	f.OnlineURL = strings.TrimSpace(f.OnlineURL)
	if f.Overtaking == "" {
		f.Overtaking = InOrder
	}
	return f
}

func (c EventChanges) clean() EventChanges {
	c.Title, c.Summary, c.Description = given(c.Title, trimText), given(c.Summary, trimText), given(c.Description, trimText)
	c.Objectives, c.Languages = given(c.Objectives, trimTexts), given(c.Languages, trimStrings)
	c.VenueName, c.VenueAddress = given(c.VenueName, strings.TrimSpace), given(c.VenueAddress, strings.TrimSpace)
	c.OnlineURL = given(c.OnlineURL, strings.TrimSpace)
	return c
}

func (s SessionInput) clean() SessionInput {
	s.Title, s.Description = trimText(s.Title), trimText(s.Description)
	s.Room, s.Track = strings.TrimSpace(s.Room), strings.TrimSpace(s.Track)
	s.Speakers = trimSpeakers(s.Speakers)
	return s
}

func (c SessionChanges) clean() SessionChanges {
	c.Title, c.Description = given(c.Title, trimText), given(c.Description, trimText)
	c.Room, c.Track = given(c.Room, strings.TrimSpace), given(c.Track, strings.TrimSpace)
	c.Speakers = given(c.Speakers, trimSpeakers)
	return c
}

func (d DocumentInput) clean() DocumentInput {
	return DocumentInput{Title: trimText(d.Title), URL: strings.TrimSpace(d.URL), Note: trimText(d.Note)}
}
