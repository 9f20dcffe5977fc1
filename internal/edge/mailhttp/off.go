package mailhttp

import (
	"html/template"
	"net/http"

	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/mail"
)

// page is all there is to see: it loads and runs nothing.
var page = template.Must(template.New("").Parse(`<!doctype html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>{{.Title}}</title>
</head>
<body>
<main>
<h1>{{.Title}}</h1>
<p>{{.Text}}</p>
{{if .Button}}<form method="post"><button type="submit">{{.Button}}</button></form>
{{end}}</main>
</body>
</html>
`))

type shown struct {
	Lang                lang.Lang
	Title, Text, Button string
}

func wordsOfAsking() lang.Text {
	return lang.Text{
		CA: "Voleu deixar de rebre'ls? Els correus sobre les vostres places i els codis d'entrada continuaran arribant.",
		ES: "¿Quiere dejar de recibirlos? Los correos sobre sus plazas y los códigos de acceso seguirán llegando.",
		EN: "Do you want to stop getting them? Mails about your seats and sign-in codes will still come.",
	}
}

func wordsOfButton() lang.Text {
	return lang.Text{CA: "No els vull rebre més", ES: "No quiero recibirlos más", EN: "I do not want them any more"}
}

func wordsOfDone() lang.Text {
	return lang.Text{
		CA: "Fet: ja no els rebreu. Si teniu un compte, els podeu tornar a activar a les preferències de la safata.",
		ES: "Hecho: ya no los recibirá. Si tiene una cuenta, puede volver a activarlos en las preferencias de la bandeja.",
		EN: "Done: you will not get them any more. With an account you can turn them on again in the preferences of the inbox.",
	}
}

func wordsOfNothing() (title, text lang.Text) {
	return lang.Text{CA: "Enllaç desconegut", ES: "Enlace desconocido", EN: "Unknown link"},
		lang.Text{
			CA: "Aquest enllaç no és bo. Copieu-lo sencer del correu.", ES: "Este enlace no es válido. Cópielo entero del correo.",
			EN: "This link is no good. Copy all of it from the mail.",
		}
}

// ask shows what the link would turn off, and turns nothing off.
func (h handler) ask(w http.ResponseWriter, r *http.Request) {
	if wish, ok := h.wish(w, r); ok {
		l := languageOf(r)
		show(w, http.StatusOK, shown{l, titleOf(wish, l), wordsOfAsking().In(l), wordsOfButton().In(l)})
	}
}

// off turns mails off: for who has pressed the button, and for the mail program that
// does it for them.
func (h handler) off(w http.ResponseWriter, r *http.Request) {
	wish, ok := h.wish(w, r)
	if !ok {
		return
	}
	if err := h.TurnOff(r.Context(), wish); err != nil {
		h.Log.ErrorContext(r.Context(), "turn mails off", "kind", wish.Kind, "cause", err)
		w.Header().Set("Retry-After", "60")
		http.Error(w, "Try again later.", http.StatusServiceUnavailable)
		return
	}
	l := languageOf(r)
	show(w, http.StatusOK, shown{l, titleOf(wish, l), wordsOfDone().In(l), ""})
}

// wish reads the link, and says so when it is none.
func (h handler) wish(w http.ResponseWriter, r *http.Request) (mail.Wish, bool) {
	wish, ok := h.Wish(r.PathValue("token"))
	if !ok {
		l := languageOf(r)
		title, text := wordsOfNothing()
		show(w, http.StatusNotFound, shown{l, title.In(l), text.In(l), ""})
	}
	return wish, ok
}

func titleOf(w mail.Wish, l lang.Lang) string { return "Teixit: " + w.Kind.Title().In(l) }

func languageOf(r *http.Request) lang.Lang { return auth.Language(r.Header.Get("Accept-Language")) }

func show(w http.ResponseWriter, status int, s shown) {
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Language", string(s.Lang))
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("Content-Security-Policy", "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_ = page.Execute(w, s)
}
