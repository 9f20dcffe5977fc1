package paper

import (
	"fmt"
	"html/template"
	"io"
)

// page needs nothing from elsewhere; on paper it is black on white, with the file
// number at the top and the addresses of links written out.
var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{.Title}}</title>
<style>
body { font: 12pt/1.5 Georgia, "Times New Roman", serif; color: #111; background: #fff; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.1rem; margin-top: 1.5rem; break-after: avoid; }
p { margin: .5rem 0; white-space: pre-line; overflow-wrap: anywhere; }
.number { font-size: .9rem; }
dl { margin: 1rem 0; }
dt { font-weight: bold; float: left; clear: left; margin-right: .4rem; }
dd { margin: 0; }
@page { margin: 2.5cm 2cm; }
@media print { body { margin: 0; max-width: none; } a[href]::after { content: " (" attr(href) ")"; font-size: .8em; } }
</style>
</head>
<body>
<main>
{{if .Number}}<p class="number">{{.Number}}</p>
{{end}}<h1>{{.Title}}</h1>
{{range .Groups}}{{if eq .Kind 1}}{{range .Blocks}}<h2>{{.Text}}</h2>
{{end}}{{else if eq .Kind 2}}<ul>
{{range .Blocks}}<li>{{if .Link}}<a href="{{.Link}}">{{.Text}}</a>{{else}}{{.Text}}{{end}}</li>
{{end}}</ul>
{{else if eq .Kind 3}}<dl>
{{range .Blocks}}<dt>{{.Label}}:</dt><dd>{{.Text}}</dd>
{{end}}</dl>
{{else}}{{range .Blocks}}<p>{{.Text}}</p>
{{end}}{{end}}{{end}}</main>
</body>
</html>
`))

// group is blocks of one kind that follow each other.
type group struct {
	Kind   Kind
	Blocks []Block
}

// HTML writes the document as a page.
func (d *Document) HTML(w io.Writer) error {
	var groups []group
	for _, b := range d.Blocks {
		if n := len(groups); n == 0 || groups[n-1].Kind != b.Kind {
			groups = append(groups, group{Kind: b.Kind})
		}
		last := &groups[len(groups)-1]
		last.Blocks = append(last.Blocks, b)
	}
	err := page.Execute(w, struct {
		*Document
		Groups []group
	}{d, groups})
	if err != nil {
		return fmt.Errorf("write a page: %w", err)
	}
	return nil
}
