package gqlws_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/teixit/teixit/internal/edge/gqlws"
)

func TestCloseReasonsFit(t *testing.T) {
	long := strings.Repeat("à", 100)
	if got := gqlws.Cut(long); len(got) != 122 || !strings.HasPrefix(long, got) {
		t.Errorf("Cut gave %d bytes of whole characters, want 122", len(got))
	}
	tests := []struct{ id, cursor, want string }{
		{"1", "c9", `{"id":"1","cursor":"c9"}`},
		{strings.Repeat("i", 120), "c9", `{"cursor":"c9"}`},
		{"1", "", "Too slow"},
		{"1", strings.Repeat("c", 120), "Too slow"},
	}
	for _, test := range tests {
		if got := gqlws.CursorReason(test.id, test.cursor); got != test.want {
			t.Errorf("CursorReason(%.5q, %.5q) = %q, want %q", test.id, test.cursor, got, test.want)
		}
	}
}

func FuzzParseMessage(f *testing.F) {
	for _, text := range []string{
		`{"type":"connection_init","payload":{"a":1}}`, `{"type":"ping"}`, `{"type":"complete","id":"1"}`,
		`{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":{"x":[1,{"y":null}]}}}`, `[`, `{"type":`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		err := gqlws.ParseMessage(data)
		if err == nil {
			return
		}
		if reason := err.Error(); len(reason) > 123 || !utf8.ValidString(reason) || !strings.HasPrefix(reason, "Invalid message: ") {
			t.Errorf("%q does not fit into a close frame", reason)
		}
	})
}
