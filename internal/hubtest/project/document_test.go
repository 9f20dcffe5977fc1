package project_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"

	"github.com/teixit/teixit/internal/config"
	"github.com/teixit/teixit/internal/domain/document"
	"github.com/teixit/teixit/internal/hubtest"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/blob"
	"github.com/teixit/teixit/internal/platform/linkcheck"
)

const (
	makePlace = `mutation($in: DocumentUploadCreateInput!) { documentUploadCreate(input: $in) { upload { url expiresAt } errors { code message path } } }`
	addLink   = `mutation($in: DocumentLinkAddInput!) { documentLinkAdd(input: $in) { document { id } errors { code path } } }`
)

// send puts or gets over plain HTTP, as the bearer of a token.
func (w *world) send(method, path string, who reader, body []byte, headers map[string]string) (*http.Response, string) {
	w.Helper()
	r, err := http.NewRequest(method, "http://"+w.hub.Addr+path, bytes.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	r.Header.Set("Accept-Language", "en")
	if who.token != "" {
		r.Header.Set("Authorization", "Bearer "+who.token)
	}
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.Fatal(err)
	}
	return response, string(text)
}

// upload makes a place and fills it; it answers the document.
func (w *world) upload(who reader, about, name string, content []byte, more in) string {
	w.Helper()
	input := in{"about": about, "title": in{"ca": "Síntesi"}, "fileName": name, "size": len(content)}
	for k, v := range more {
		input[k] = v
	}
	place := w.ask(who, makePlace, in{"in": input}, "documentUploadCreate.upload.url")
	response, text := w.send(http.MethodPut, place, who, content, nil)
	var made struct{ Document string }
	if err := json.Unmarshal([]byte(text), &made); err != nil || response.StatusCode != http.StatusCreated || made.Document == "" {
		w.Fatalf("the file was answered %d %s", response.StatusCode, text)
	}
	return made.Document
}

// documents asks for the address of the newest version.
func (w *world) address(who reader, document string) string {
	w.Helper()
	return w.ask(who, `query($id: ID!) { document(id: $id) { url } }`, in{"id": document}, "document.url")
}

var pdf = []byte("%PDF-1.7\n" + strings.Repeat("síntesi estratègica ", 20_000))

// Documents up and down, in the database and in a folder: announced when they
// are there, versioned, read by who may and nobody else.
func TestDocuments(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*config.Config){
		"database": nil,
		"folder":   func(c *config.Config) { c.Files = "folder://" + filepath.Join(t.TempDir(), "files") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, hubtest.Config{Change: change})
			p := w.project(in{"visibility": "PUBLIC"})
			stream := w.follow(w.officer, p, "")
			stream.next()
			inside := w.call(w.upload(w.rep, p, "Síntesi 1.pdf", pdf, nil), "inside")
			if c := stream.next(); c.Kind != "DOCUMENT_ADDED" {
				t.Errorf("it is announced as %s", c.Kind)
			}
			public := w.call(w.upload(w.rep, p, "programa.csv", []byte("hora,acte\n9,Benvinguda\n"), in{"level": "PUBLIC"}), "public")
			w.upload(w.officer, p, "programa.csv", []byte("hora,acte\n10,Benvinguda\n"), in{"replaces": public, "title": nil, "note": in{"ca": "Una hora més tard"}})
			stream.next()
			if c := stream.next(); c.Kind != "DOCUMENT_VERSION_ADDED" {
				t.Errorf("a version is announced as %s", c.Kind)
			}
			list := `query($id: ID!) { sharedProject(id: $id) { documents { id title level version note fileName mediaType size external dead versions { version } } } }`
			csv := `{"id":"<public>","title":"Síntesi","level":"PUBLIC","version":2,"note":"Una hora més tard","fileName":"programa.csv","mediaType":"text/csv; charset=utf-8","size":24,"external":false,"dead":false,"versions":[{"version":2},{"version":1}]}`
			for _, who := range w.outsiders() {
				w.want(who, list, in{"id": p}, `{"data":{"sharedProject":{"documents":[`+csv+`]}}}`)
			}
			w.want(w.officer, list, in{"id": p}, `{"data":{"sharedProject":{"documents":[{"id":"<inside>","title":"Síntesi","level":"MEMBERS","version":1,"note":null,"fileName":"Síntesi 1.pdf","mediaType":"application/pdf","size":`+
				jsonNumber(len(pdf))+`,"external":false,"dead":false,"versions":[{"version":1}]},`+csv+`]}}}`)

			address := w.address(w.officer, inside)
			response, text := w.send(http.MethodGet, address, w.officer, nil, nil)
			if response.StatusCode != http.StatusOK || text != string(pdf) {
				t.Errorf("%d, %d bytes", response.StatusCode, len(text))
			}
			for header, want := range map[string]string{
				"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store",
				"Content-Disposition":     `attachment; filename="S_ntesi 1.pdf"; filename*=UTF-8''S%C3%ADntesi%201.pdf`,
				"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'", "Cross-Origin-Resource-Policy": "same-origin",
			} {
				if got := response.Header.Get(header); got != want {
					t.Errorf("%s: %s", header, got)
				}
			}
			for _, who := range w.outsiders() { // who has the address has nothing
				if response, text := w.send(http.MethodGet, address, who, nil, nil); response.StatusCode != http.StatusNotFound || strings.Contains(text, "PDF") {
					t.Errorf("%s gets %d %s", who.name, response.StatusCode, text)
				}
			}
			if response, text := w.send(http.MethodGet, w.address(anonymous, public), anonymous, nil, nil); response.StatusCode != http.StatusOK || !strings.HasPrefix(text, "hora,acte\n10") {
				t.Errorf("everybody gets %d %s", response.StatusCode, text)
			}
			// The right is asked for at each download: whoever leaves gets nothing more.
			if response, _ := w.send(http.MethodGet, address, w.rep, nil, nil); response.StatusCode != http.StatusOK {
				t.Errorf("a partner gets %d", response.StatusCode)
			}
			w.ask(w.rep, leaveProject, in{"in": in{"project": p, "organization": w.club}}, "")
			if response, _ := w.send(http.MethodGet, address, w.rep, nil, nil); response.StatusCode != http.StatusNotFound {
				t.Errorf("who left gets %d", response.StatusCode)
			}
			withdraw := `mutation($in: DocumentWithdrawInput!) { documentWithdraw(input: $in) { document errors { code } } }`
			w.refused(w.stranger, withdraw, in{"in": in{"id": public}}, "DENIED")
			w.refused(w.stranger, withdraw, in{"in": in{"id": inside}}, "NOT_FOUND")
			w.want(w.officer, withdraw, in{"in": in{"id": inside}}, `{"data":{"documentWithdraw":{"document":"<inside>","errors":[]}}}`)
			if response, _ := w.send(http.MethodGet, address, w.officer, nil, nil); response.StatusCode != http.StatusNotFound {
				t.Errorf("withdrawn, it answers %d", response.StatusCode)
			}
		})
	}
}

func jsonNumber(n int) string {
	b, _ := json.Marshal(n)
	return string(b)
}

// Names, types, sizes and whose place it is: what is wrong leaves nothing.
func TestUploadsAreChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{Change: func(c *config.Config) { c.FileSize = 1 }})
	p := w.project(nil)
	for name, code := range map[string]string{
		"": "BAD_FILE_NAME", "../passwd.pdf": "BAD_FILE_NAME", "a\u202efdp.exe": "BAD_FILE_NAME", ".pdf": "BAD_FILE_NAME", " x.pdf": "BAD_FILE_NAME",
		strings.Repeat("a", 120) + ".pdf": "BAD_FILE_NAME", "x.html": "FILE_TYPE_NOT_ALLOWED", "x.svg": "FILE_TYPE_NOT_ALLOWED", "x.exe": "FILE_TYPE_NOT_ALLOWED", "x.docm": "FILE_TYPE_NOT_ALLOWED", "x": "FILE_TYPE_NOT_ALLOWED",
	} {
		w.refused(w.rep, makePlace, in{"in": in{"about": p, "title": in{"ca": "T"}, "fileName": name, "size": 10}}, code)
	}
	for _, size := range []int{0, -1, 1<<20 + 1} {
		w.refused(w.rep, makePlace, in{"in": in{"about": p, "title": in{"ca": "T"}, "fileName": "x.pdf", "size": size}}, "FILE_SIZE")
	}
	for who, code := range map[reader]string{anonymous: "UNAUTHENTICATED", w.stranger: "NOT_FOUND", w.admin: "NOT_FOUND"} {
		w.refused(who, makePlace, in{"in": in{"about": p, "title": in{"ca": "T"}, "fileName": "x.pdf", "size": 10}}, code)
	}
	w.refused(w.rep, makePlace, in{"in": in{"about": p, "title": in{"ca": "T"}, "level": "ORGANISERS", "fileName": "x.pdf", "size": 10}}, "DENIED")
	page, office := []byte("<!DOCTYPE html><script>alert(1)</script>"), odt(t)
	place := func(name string, size int) string {
		return w.ask(w.rep, makePlace, in{"in": in{"about": p, "title": in{"ca": "T"}, "fileName": name, "size": size}}, "documentUploadCreate.upload.url")
	}
	for _, c := range []struct {
		what, name string
		size       int
		content    []byte
		who        reader
		status     int
		code       string
	}{
		{"a page called pdf", "x.pdf", len(page), page, w.rep, http.StatusBadRequest, "FILE_NOT_AS_NAMED"},
		{"a page called text", "x.txt", len(page), page, w.rep, http.StatusBadRequest, "FILE_NOT_AS_NAMED"},
		{"an archive called odt", "x.odt", len(archive(t)), archive(t), w.rep, http.StatusBadRequest, "FILE_NOT_AS_NAMED"},
		{"shorter than said", "x.pdf", 5000, pdf[:4000], w.rep, http.StatusBadRequest, "FILE_SIZE"},
		{"longer than said", "x.pdf", 4000, pdf[:5000], w.rep, http.StatusBadRequest, "FILE_SIZE"},
		{"of somebody else", "x.pdf", 4000, pdf[:4000], w.officer, http.StatusNotFound, "UPLOAD_ENDED"},
		{"of nobody", "x.pdf", 4000, pdf[:4000], anonymous, http.StatusUnauthorized, "UNAUTHENTICATED"},
		{"too large for anybody", "x.pdf", 4000, make([]byte, 2<<20), w.rep, http.StatusRequestEntityTooLarge, "BODY_TOO_LARGE"},
		{"as it should be", "x.odt", len(office), office, w.rep, http.StatusCreated, ""},
	} {
		at := place(c.name, c.size)
		response, text := w.send(http.MethodPut, at, c.who, c.content, nil)
		if response.StatusCode != c.status || c.code != "" && !strings.Contains(text, `"`+c.code+`"`) {
			t.Errorf("%s: %d %s", c.what, response.StatusCode, text)
		}
	}
	at := place("x.pdf", 4000)
	if response, text := w.send(http.MethodPut, at, w.rep, pdf[:4000], nil); response.StatusCode != http.StatusCreated {
		t.Errorf("%d %s", response.StatusCode, text)
	}
	if response, _ := w.send(http.MethodPut, at, w.rep, pdf[:4000], nil); response.StatusCode != http.StatusNotFound {
		t.Errorf("a place is filled twice: %d", response.StatusCode)
	}
	// A page of another origin, with the reader's cookie, does nothing.
	response, text := w.send(http.MethodPut, place("x.pdf", 4000), reader{}, pdf[:4000],
		map[string]string{"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site", "Cookie": auth.SessionCookie + "=whatever"})
	if response.StatusCode != http.StatusForbidden || !strings.Contains(text, "ORIGIN_NOT_ALLOWED") {
		t.Errorf("from another origin: %d %s", response.StatusCode, text)
	}
	w.want(w.rep, `query($id: ID!) { sharedProject(id: $id) { documents { fileName } } }`, in{"id": p}, `{"data":{"sharedProject":{"documents":[{"fileName":"x.odt"},{"fileName":"x.pdf"}]}}}`)
	var blobs int
	if err := w.hub.DB.Read().QueryRow(t.Context(), `select count(distinct blob) from blob_chunks`).Scan(&blobs); err != nil || blobs != 2 {
		t.Errorf("%d files are kept, %v", blobs, err)
	}
}

func odt(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	f, err := z.CreateHeader(&zip.FileHeader{Name: "mimetype", Method: zip.Store})
	if err == nil {
		_, err = f.Write([]byte("application/vnd.oasis.opendocument.text"))
	}
	if err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func archive(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	if _, err := z.Create("virus.exe"); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A link that leads nowhere is shown as dead once somebody looked.
func TestDeadLinks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	p := w.project(in{"visibility": "PUBLIC"})
	far := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/programa" {
			w.WriteHeader(http.StatusGone)
		}
	}))
	t.Cleanup(far.Close)
	for _, path := range []string{"/programa", "/esborrat"} {
		w.ask(w.rep, addLink, in{"in": in{"about": p, "title": in{"ca": path}, "url": far.URL + path, "level": "PUBLIC"}}, "")
	}
	w.refused(w.rep, addLink, in{"in": in{"about": p, "title": in{"ca": "Res"}, "url": "javascript:alert(1)"}}, "BAD_URL")
	query := `query($id: ID!) { sharedProject(id: $id) { documents { title external dead } } }`
	w.want(anonymous, query, in{"id": p}, `{"data":{"sharedProject":{"documents":[{"title":"/programa","external":true,"dead":false},{"title":"/esborrat","external":true,"dead":false}]}}}`)
	links := linkcheck.New(func(netip.Addr) bool { return true })
	if err := document.New(w.hub.DB, blob.NewDatabase(w.hub.DB), 1).CheckLinks(t.Context(), links.Status); err != nil {
		t.Fatal(err)
	}
	w.want(anonymous, query, in{"id": p}, `{"data":{"sharedProject":{"documents":[{"title":"/programa","external":true,"dead":false},{"title":"/esborrat","external":true,"dead":true}]}}}`)
}

// Collections hold documents and nothing else.
func TestCollections(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hubtest.Config{})
	make := `mutation($in: DocumentCollectionCreateInput!) { documentCollectionCreate(input: $in) { collection { id } errors { code path } } }`
	w.refused(w.stranger, make, in{"in": in{"organization": w.town, "title": in{"ca": "Estudis"}}}, "DENIED")
	c := w.call(w.ask(w.officer, make, in{"in": in{"organization": w.town, "title": in{"ca": "Estudis"}}}, "documentCollectionCreate.collection.id"), "studies")
	w.ask(w.officer, addLink, in{"in": in{"about": c, "title": in{"ca": "Un estudi"}, "url": "https://example.org/estudi", "level": "PUBLIC"}}, "")
	w.refused(w.rep, addLink, in{"in": in{"about": c, "title": in{"ca": "Un altre"}, "url": "https://example.org/altre"}}, "DENIED")
	w.want(anonymous, `query($id: ID!) { documentCollections { totalCount nodes { id organization { name } documents { title url } viewerCanTakePart { allowed } } } node(id: $id) { id } }`, in{"id": c},
		`{"data":{"documentCollections":{"totalCount":1,"nodes":[{"id":"<studies>","organization":{"name":"Terrassa Town Council"},"documents":[{"title":"Un estudi","url":"https://example.org/estudi"}],"viewerCanTakePart":{"allowed":false}}]},"node":{"id":"<studies>"}}}`)
}
