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
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th, td { border: 1px solid #555; padding: .3rem .4rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
.cards { display: grid; grid-template-columns: 1fr 1fr; gap: .5cm; list-style: none; padding: 0; }
.cards li { border: 1px dashed #555; min-height: 5.2cm; padding: .5cm; break-inside: avoid; }
.cards strong { display: block; font-size: 1.35rem; line-height: 1.2; margin-bottom: .3rem; }
.cards span { display: block; }
.break { break-after: page; border: 0; }
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
{{else if eq .Kind 4}}<table>
{{range $i, $row := .Blocks}}{{if eq $i 0}}<thead><tr>{{range .Cells}}<th scope="col">{{.}}</th>{{end}}</tr></thead>
<tbody>
{{else}}<tr>{{range .Cells}}<td>{{.}}</td>{{end}}</tr>
{{end}}{{end}}</tbody></table>
{{else if eq .Kind 5}}<ul class="cards">
{{range .Blocks}}<li>{{range $i, $line := .Cells}}{{if eq $i 0}}<strong>{{$line}}</strong>{{else}}<span>{{$line}}</span>{{end}}{{end}}</li>
{{end}}</ul>
{{else if eq .Kind 6}}<hr class="break">
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
