package table_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/teixit/teixit/internal/hubtest"
)

// drafted is a session that was held, with a draft of its minutes.
func (w *world) drafted(table string) (session, revision string) {
	w.Helper()
	session, item := w.called(table, nil)
	w.opened(session, 0, 1, 2)
	w.do(w.secretaryToken, "agendaItemClose", in{"id": item, "outcome": "INFORMATION", "note": in{"ca": "S'explica <tot> & més"}}, "session { id }", "")
	w.do(w.secretaryToken, "tableSessionClose", in{"id": session}, "session { id }", "")
	return session, w.do(w.secretaryToken, "minutesDraft", in{"session": session}, "minutes { revision }", "minutes.revision").(string)
}

// long is a text of n characters, accents and line breaks included.
func long(n int) string {
	text := strings.Repeat("L'Assemblea acorda això: «col·laboració» i 1 € per cap.\n", n/54+1)
	return string([]rune(text)[:n])
}

// TestTwoWriters: two people have the minutes open; the second is told with the
// present text, and nothing of either is lost. Sixty thousand characters come
// back as they went.
func TestTwoWriters(t *testing.T) {
	w := newWorld(t)
	session, revision := w.drafted(w.newTable(nil))
	first, second := "Versió de la Sara.\n"+long(60_000), "Versió de l'Olga.\n"+long(60_000)
	saved := w.do(w.secretaryToken, "minutesWrite", in{"session": session, "expectedRevision": revision, "minutes": first}, "minutes { text revision version }", "minutes")
	if got := at(t, saved, "text").(string); got != first || utf8.RuneCountInString(got) != 60_019 {
		t.Errorf("%d characters came back, changed: %v", utf8.RuneCountInString(got), got != first)
	}
	told := w.payload(w.chair, "minutesWrite", in{"session": session, "expectedRevision": revision, "minutes": second}, "minutes { revision }")
	conflict := at(t, told, "errors.0")
	if at(t, told, "minutes") != nil || at(t, conflict, "__typename") != "MinutesConflict" || at(t, conflict, "code") != "VERSION_CONFLICT" ||
		at(t, conflict, "currentText") != first || at(t, conflict, "currentRevision") != at(t, saved, "revision") {
		t.Fatalf("the second writer is told %.200v", conflict)
	}
	w.do(w.chair, "minutesWrite", in{"session": session, "expectedRevision": at(t, conflict, "currentRevision"), "minutes": first + second}, "minutes { version }", "")
	w.same(w.ask(w.chair, `query($id: ID!) { tableSession(id: $id) { minutes { version versions { version characters } } } }`, in{"id": session}, "tableSession.minutes.versions.0"),
		`{"version": 3, "characters": 120037}`)
	if got := w.ask(w.chair, `query($id: ID!) { tableSession(id: $id) { minutes(version: 2) { text } } }`, in{"id": session}, "tableSession.minutes.text"); got != first {
		t.Error("the version before is not what it was")
	}
	w.mustRefuse(w.chair, "minutesWrite", in{"session": session, "expectedRevision": "3", "minutes": long(200_001)}, "TOO_LONG")
}

// TestManyWriters: of many who save at once over the same version, one does; each
// of the others is told with the text that won.
func TestManyWriters(t *testing.T) {
	w := newWorld(t)
	session, revision := w.drafted(w.newTable(nil))
	const writers = 12
	told := make([]map[string]any, writers)
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() {
			told[i] = w.payload(w.secretaryToken, "minutesWrite", in{"session": session, "expectedRevision": revision, "minutes": fmt.Sprintf("Text %d", i)}, "minutes { text }")
		})
	}
	all.Wait()
	won := 0
	for _, p := range told {
		if at(t, p, "minutes") != nil {
			won++
		}
	}
	text := w.ask(w.secretaryToken, `query($id: ID!) { tableSession(id: $id) { minutes { text } } }`, in{"id": session}, "tableSession.minutes.text")
	for _, p := range told {
		if got := at(t, p, "errors.0.currentText"); got != nil && got != text {
			t.Errorf("somebody is told %v, which is not %v", got, text)
		}
	}
	if won != 1 {
		t.Errorf("%d saved over the same version", won)
	}
}

// fetch gets a document.
func (w *world) fetch(h *hubtest.Hub, token, path string) (status int, header http.Header, body []byte) {
	w.Helper()
	request, err := http.NewRequest(http.MethodGet, "http://"+h.Addr+path, nil)
	if err != nil {
		w.Fatal(err)
	}
	request.Header.Set("Accept-Language", "ca")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		w.Fatal(err)
	}
	defer response.Body.Close()
	if body, err = io.ReadAll(response.Body); err != nil {
		w.Fatal(err)
	}
	return response.StatusCode, response.Header, body
}

// TestPapers: call and minutes as a page and as DOCX, with the file number; who
// may not read them gets nothing, also who could until now.
func TestPapers(t *testing.T) {
	w := newWorld(t)
	table := w.newTable(nil)
	session, revision := w.drafted(table)
	w.do(w.secretaryToken, "minutesWrite", in{"session": session, "expectedRevision": revision, "minutes": "Acta amb <b>etiquetes</b> & més\n\n## Acords\n\n- Primer acord"}, "minutes { version }", "")
	urls := w.ask(w.secretaryToken, `query($id: ID!) { tableSession(id: $id) { callUrl minutesUrl } }`, in{"id": session}, "tableSession")
	call, minutes := at(t, urls, "callUrl").(string), at(t, urls, "minutesUrl").(string)

	status, header, page := w.fetch(w.hub, w.secretaryToken, call+"?lang=es")
	for _, said := range []string{"<html lang=\"es\">", "TP/2026/001", "Convocatoria: Taula de prova", "Sala de proves", "Primer punt", "Ayuntamiento de Terrassa"} {
		if !strings.Contains(string(page), said) {
			t.Errorf("the call does not say %q:\n%s", said, page)
		}
	}
	if status != 200 || header.Get("Cache-Control") != "private, no-store" || !strings.HasPrefix(header.Get("Content-Type"), "text/html") {
		t.Errorf("%d %v", status, header)
	}
	if _, _, page = w.fetch(w.hub, w.secretaryToken, minutes); !strings.Contains(string(page), "&lt;b&gt;etiquetes&lt;/b&gt; &amp; més") || !strings.Contains(string(page), "<h2>Acords</h2>") {
		t.Errorf("the minutes:\n%s", page)
	}
	status, header, file := w.fetch(w.hub, w.secretaryToken, strings.TrimSuffix(minutes, "html")+"docx")
	if status != 200 || header.Get("Content-Disposition") != `attachment; filename="TP-2026-001-minutes.docx"` {
		t.Errorf("%d %v", status, header)
	}
	body := wordText(t, file)
	if !strings.Contains(body, "Acta amb <b>etiquetes</b> & més") || !strings.Contains(body, "Primer acord") {
		t.Errorf("the document says %q", body)
	}

	// A draft is not the members' until it is circulated.
	for token, want := range map[string]int{w.tokens[0]: 404, w.stranger: 404, w.provincial: 404, w.boss: 404, "": 404} {
		if status, _, body := w.fetch(w.hub, token, minutes); status != want || strings.Contains(string(body), "Acta amb") {
			t.Errorf("%d %s", status, body)
		}
	}
	w.do(w.secretaryToken, "minutesCirculate", in{"session": session}, "minutes { version }", "")
	if status, _, _ := w.fetch(w.hub, w.tokens[0], minutes); status != 200 {
		t.Errorf("a member gets %d", status)
	}
	w.do(w.chair, "tableMemberEnd", in{"table": table, "organization": global(w.bodies[0])}, "table { id }", "")
	if status, _, _ := w.fetch(w.hub, w.tokens[0], minutes); status != 404 {
		t.Errorf("who was a member still gets %d", status)
	}
}

// wordText is the text of a DOCX, whose parts are all well-formed.
func wordText(t *testing.T, file []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		decoder := xml.NewDecoder(r)
		for {
			token, err := decoder.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", part.Name, err)
			}
			if data, ok := token.(xml.CharData); ok && part.Name == "word/document.xml" {
				text.Write(data)
			}
		}
		r.Close()
	}
	return text.String()
}
