package engine

import (
	"context"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
)

// String writes a text.
func (w *Writer) String(s string) bool {
	w.b = AppendString(w.b, s)
	return true
}

// AppendString appends a text as JSON, escaped as gqlgen does.
func AppendString(b []byte, s string) []byte {
	const hex = "0123456789ABCDEF"
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		switch c {
		case '\t':
			b = append(b, '\\', 't')
		case '\r':
			b = append(b, '\\', 'r')
		case '\n':
			b = append(b, '\\', 'n')
		case '"', '\\':
			b = append(b, '\\', c)
		default:
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xf])
		}
	}
	b = append(b, s[from:]...)
	return append(b, '"')
}

// Int writes a whole number.
func (w *Writer) Int(n int64) bool {
	w.b = strconv.AppendInt(w.b, n, 10)
	return true
}

// Bool writes a truth value.
func (w *Writer) Bool(v bool) bool {
	w.b = strconv.AppendBool(w.b, v)
	return true
}

// Append writes a scalar with the function that appends it: what it appends, or
// false for null.
func Append[T any](w *Writer, v T, nonNull bool, put func([]byte, T) ([]byte, bool)) bool {
	b, ok := put(w.b, v)
	if ok {
		w.b = b
		return true
	}
	if nonNull {
		return w.MissingElement()
	}
	return false
}

// AppendFor writes a scalar that depends on the reader. Null is a value of it
// that every place allows.
func AppendFor[T any](w *Writer, v T, put func(context.Context, []byte, T) ([]byte, bool)) bool {
	b, ok := put(w.ctx, w.b, v)
	if !ok {
		b = append(w.b, "null"...)
	}
	w.b = b
	return true
}

// Write appends; with it the writer is what a graphql.Marshaler writes to.
func (w *Writer) Write(p []byte) (int, error) {
	w.b = append(w.b, p...)
	return len(p), nil
}

// WriteString is Write for texts.
func (w *Writer) WriteString(s string) (int, error) {
	w.b = append(w.b, s...)
	return len(s), nil
}

// Marshal writes a scalar as its marshaller does.
func (w *Writer) Marshal(m graphql.Marshaler, nonNull bool) bool {
	if m == graphql.Null || m == graphql.RequiredNull {
		if nonNull {
			return w.MissingElement()
		}
		return false
	}
	m.MarshalGQL(w)
	return true
}

// MarshalContext writes a scalar whose marshaller asks who reads.
func (w *Writer) MarshalContext(m graphql.ContextMarshaler) bool {
	graphql.WrapContextMarshaler(w.Context(), m).MarshalGQL(w)
	return true
}

// Answered writes what the executor has made of a field by itself.
func (w *Writer) Answered(m graphql.Marshaler) bool {
	if m == graphql.Null || m == graphql.RequiredNull {
		return false
	}
	m.MarshalGQL(w)
	return true
}
