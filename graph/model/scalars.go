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

	"github.com/teixit/teixit/graph/engine"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

// AppendLocalizedString appends a text in the reader's language; false for one
// that is not written, which is null.
func AppendLocalizedString(ctx context.Context, b []byte, t lang.Text) ([]byte, bool) {
	if t.Empty() {
		return b, false
	}
	return engine.AppendString(b, t.In(access.From(ctx).Lang)), true
}

// MarshalLocalizedString writes a text in the reader's language; null for one
// that is not written.
func MarshalLocalizedString(t lang.Text) graphql.ContextMarshaler {
	return graphql.ContextWriterFunc(func(ctx context.Context, w io.Writer) error {
		b, ok := AppendLocalizedString(ctx, nil, t)
		if !ok {
			b = []byte("null")
		}
		_, err := w.Write(b)
		return err
	})
}

// UnmarshalLocalizedString refuses: the scalar is never an input.
func UnmarshalLocalizedString(context.Context, any) (lang.Text, error) {
	return lang.Text{}, fault.ErrBadText.New()
}

// AppendDateTime appends a moment in UTC, to the second; false for the zero time,
// which is null.
func AppendDateTime(b []byte, t time.Time) ([]byte, bool) {
	return appendTime(b, t.UTC(), time.RFC3339)
}

// AppendDate appends a day; false for the zero time, which is null.
func AppendDate(b []byte, t time.Time) ([]byte, bool) { return appendTime(b, t, time.DateOnly) }

func appendTime(b []byte, t time.Time, layout string) ([]byte, bool) {
	if t.IsZero() {
		return b, false
	}
	return append(t.AppendFormat(append(b, '"'), layout), '"'), true
}

// marshal makes a marshaller of what appends.
func marshal[T any](v T, put func([]byte, T) ([]byte, bool)) graphql.Marshaler {
	b, ok := put(nil, v)
	if !ok {
		return graphql.Null
	}
	return graphql.WriterFunc(func(w io.Writer) { _, _ = w.Write(b) })
}

// MarshalDateTime writes a moment in UTC, to the second; null for the zero time.
func MarshalDateTime(t time.Time) graphql.Marshaler { return marshal(t, AppendDateTime) }

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
func MarshalDate(t time.Time) graphql.Marshaler { return marshal(t, AppendDate) }

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

// AppendVisibility appends a level of sight by name.
func AppendVisibility(b []byte, l access.Level) ([]byte, bool) {
	return engine.AppendString(b, l.String()), true
}

// MarshalVisibility writes a level of sight by name.
func MarshalVisibility(l access.Level) graphql.Marshaler { return marshal(l, AppendVisibility) }

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
