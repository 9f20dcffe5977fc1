package blob

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// Every store keeps the same promises.
func TestStores(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	objects := httptest.NewServer(&bucket{objects: map[string][]byte{}})
	t.Cleanup(objects.Close)
	for name, setting := range map[string]string{
		"database": "",
		"folder":   "folder://" + filepath.Join(t.TempDir(), "files"),
		"s3":       "s3://key:secret@" + strings.TrimPrefix(objects.URL, "http://") + "/files?tls=off&region=eu-south-2",
	} {
		t.Run(name, func(t *testing.T) {
			s, err := New(db, setting)
			if err != nil {
				t.Fatal(err)
			}
			keep(t, s)
		})
	}
}

func keep(t *testing.T, s Store) {
	ctx := t.Context()
	long := bytes.Repeat([]byte("teixit "), 100_000)
	for i, content := range [][]byte{[]byte("x"), long, long[:chunk], long[:2*chunk]} {
		name := fmt.Sprint("file-", i)
		if err := s.Put(ctx, name, bytes.NewReader(content), int64(len(content))); err != nil {
			t.Fatal(err)
		}
		r, err := s.Open(ctx, name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, content) || r.Close() != nil {
			t.Errorf("%d bytes came back as %d (%v)", len(content), len(got), err)
		}
	}
	for name, r := range map[string]io.Reader{"too-short": strings.NewReader("abc"), "too-long": strings.NewReader("abcdefgh"), "broken-off": io.MultiReader(strings.NewReader("ab"), broken{})} {
		if err := s.Put(ctx, name, r, 5); err == nil {
			t.Errorf("%s was taken", name)
		}
		if _, err := s.Open(ctx, name); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("%s is there: %v", name, err)
		}
	}
	for range 2 {
		if err := s.Delete(ctx, "file-0"); err != nil {
			t.Error(err)
		}
	}
	if _, err := s.Open(ctx, "file-0"); !errors.Is(err, fault.ErrNotFound) {
		t.Errorf("a deleted file is there: %v", err)
	}
	for _, name := range []string{"", "../x", "a/b", "A", "x.part", strings.Repeat("a", 81)} {
		if s.Put(ctx, name, strings.NewReader("x"), 1) == nil || s.Delete(ctx, name) == nil {
			t.Errorf("the name %q was taken", name)
		}
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the cable was cut") }

func TestSettings(t *testing.T) {
	for _, setting := range []string{"ftp://x", "s3://host/bucket", "s3://key:geheim@host", "s3://key:geheim@/bucket", ":"} {
		if _, err := New(nil, setting); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: %v", setting, err)
		}
	}
}

// bucket is as much of object storage as the library asks for.
type bucket struct {
	mu      sync.Mutex
	objects map[string][]byte
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	name := r.URL.Path
	if !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=key/") {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	switch r.Method {
	case http.MethodPut:
		content, err := unchunked(r)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		b.objects[name] = content
		w.Header().Set("ETag", `"x"`)
	case http.MethodGet, http.MethodHead:
		content, ok := b.objects[name]
		if !ok {
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `<Error><Code>NoSuchKey</Code></Error>`)
			return
		}
		w.Header().Set("ETag", `"x"`)
		w.Header().Set("Last-Modified", "Mon, 02 Jan 2006 15:04:05 GMT")
		w.Header().Set("Content-Length", strconv.Itoa(len(content)))
		_, _ = w.Write(content)
	case http.MethodDelete:
		delete(b.objects, name)
		w.WriteHeader(http.StatusNoContent)
	}
}

// unchunked takes a signed stream apart: each chunk has its size and signature
// before it.
func unchunked(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return io.ReadAll(r.Body)
	}
	var out bytes.Buffer
	for lines := bufio.NewReader(r.Body); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			return nil, err
		}
		head, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		n, err := strconv.ParseInt(head, 16, 64)
		if err != nil || n == 0 {
			return out.Bytes(), err
		}
		if _, err := io.CopyN(&out, lines, n); err != nil {
			return nil, err
		}
		if _, err := lines.Discard(2); err != nil {
			return nil, err
		}
	}
}
