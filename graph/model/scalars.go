// Package model holds what the schema needs in Go and the domains do not have:
// scalars, connections, inputs, payloads. models_gen.go is generated.
package model

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

// MarshalLocalizedString writes a text in the reader's language; null for one
// that is not written.
func MarshalLocalizedString(t lang.Text) graphql.ContextMarshaler {
	return graphql.ContextWriterFunc(func(ctx context.Context, w io.Writer) error {
		if t.Empty() {
			graphql.Null.MarshalGQL(w)
			return nil
		}
		graphql.MarshalString(t.In(access.From(ctx).Lang)).MarshalGQL(w)
		return nil
	})
}

// UnmarshalLocalizedString refuses: the scalar is never an input.
func UnmarshalLocalizedString(context.Context, any) (lang.Text, error) {
	return lang.Text{}, fault.ErrBadText.New()
}

// MarshalDateTime writes a moment in UTC, to the second; null for the zero time.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	if t.IsZero() {
		return graphql.Null
	}
	return graphql.MarshalString(t.UTC().Format(time.RFC3339))
}

// UnmarshalDateTime reads an RFC 3339 moment between 1900 and 2200.
func UnmarshalDateTime(v any) (time.Time, error) {
	s, ok := v.(string)
	if !ok {
		return time.Time{}, fault.ErrBadDate.New()
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || !sensible(t) {
		return time.Time{}, fault.ErrBadDate.New()
	}
	return t.UTC(), nil
}

// MarshalDate writes a day; null for the zero time.
func MarshalDate(t time.Time) graphql.Marshaler {
	if t.IsZero() {
		return graphql.Null
	}
	return graphql.MarshalString(t.Format(time.DateOnly))
}

// UnmarshalDate reads a day that exists, between 1900 and 2200.
func UnmarshalDate(v any) (time.Time, error) {
	s, ok := v.(string)
	if !ok {
		return time.Time{}, fault.ErrBadDate.New()
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || !sensible(t) {
		return time.Time{}, fault.ErrBadDate.New()
	}
	return t, nil
}

func sensible(t time.Time) bool { return t.Year() >= 1900 && t.Year() <= 2200 }

// MarshalVisibility writes a level of sight by name.
func MarshalVisibility(l access.Level) graphql.Marshaler { return graphql.MarshalString(l.String()) }

// UnmarshalVisibility reads a level of sight by name.
func UnmarshalVisibility(v any) (access.Level, error) {
	s, _ := v.(string)
	if l, ok := access.ParseLevel(s); ok {
		return l, nil
	}
	return access.Public, fmt.Errorf("%s is no visibility", strconv.Quote(s))
}

// MarshalLanguage writes a language as CA, ES or EN.
func MarshalLanguage(l lang.Lang) graphql.Marshaler {
	return graphql.MarshalString(map[lang.Lang]string{lang.CA: "CA", lang.ES: "ES", lang.EN: "EN"}[l])
}

// UnmarshalLanguage reads CA, ES or EN.
func UnmarshalLanguage(v any) (lang.Lang, error) {
	s, _ := v.(string)
	l, ok := lang.Parse(s)
	if !ok {
		return lang.CA, fmt.Errorf("%s is no language of the hub", strconv.Quote(s))
	}
	return l, nil
}
