package feeds_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/mail"
)

// turnsOff: the link of a digest asks who opens it, and turns digests off for who
// presses the button or whose mail program does; so does that of a reminder. Nobody is
// signed in. The preferences show it, and turn it on again.
func (w *world) turnsOff(who somebody, address, link string) {
	w.Helper()
	key, err := auth.Secret(context.Background(), w.hub.DB.Read(), "mails turned off")
	w.ok(err)
	reminders := mail.NewOff("https://teixit.example", key).Reminders(address)
	shown := func() string {
		return fmt.Sprint(w.hub.Must(w, who.token, `{ digestPreferences { sorts { rhythm } reminders } }`, nil))
	}
	on := shown()
	for _, link := range []string{link, reminders} {
		if status, page := w.mailed(http.MethodGet, link); status != 200 || !strings.Contains(page, `<form method="post"><button`) {
			w.Errorf("who opens the link sees %d %s", status, page)
		}
	}
	if now := shown(); now != on || !strings.Contains(now, "reminders:true") {
		w.Errorf("looking at the links changed %s to %s", on, now)
	}
	for _, link := range []string{link, link, reminders} {
		if status, page := w.mailed(http.MethodPost, link); status != 200 || strings.Contains(page, "<form") {
			w.Errorf("turned off: %d %s", status, page)
		}
	}
	if now := shown(); strings.Count(now, "rhythm:NEVER") != 5 || !strings.Contains(now, "reminders:false") {
		w.Errorf("turned off are %s", now)
	}
	if status, _ := w.mailed(http.MethodPost, link[:len(link)-2]); status != http.StatusNotFound {
		w.Errorf("half a link: %d", status)
	}
	w.do(who, "digestPreferencesSet", "DigestPreferencesSetInput", "preferences { reminders }", in{"reminders": true, "sorts": []in{{"sort": "ASKED", "rhythm": "DAILY"}}})
	if now := shown(); strings.Count(now, "rhythm:NEVER") != 4 || !strings.Contains(now, "reminders:true") {
		w.Errorf("turned on are %s", now)
	}
}

// mailed follows a link of a mail as mail programs do: without cookies, by the method
// alone.
func (w *world) mailed(method, link string) (status int, page string) {
	w.Helper()
	path, ok := strings.CutPrefix(link, "https://teixit.example")
	if !ok {
		w.Fatalf("no link: %q", link)
	}
	request, err := http.NewRequestWithContext(w.Context(), method, "http://"+w.hub.Addr+path, strings.NewReader("List-Unsubscribe=One-Click"))
	w.ok(err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(request)
	w.ok(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	w.ok(err)
	return response.StatusCode, string(body)
}
