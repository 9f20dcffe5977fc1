package app

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/edge/filehttp"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/sheet"
)

// imported is how far a list of participants has got, as it is sent.
type imported struct {
	ID            string         `json:"id"`
	State         string         `json:"state"`
	DryRun        bool           `json:"dryRun"`
	Partial       bool           `json:"partial"`
	Total         int            `json:"total"`
	Checked       int            `json:"checked"`
	Participants  int            `json:"participants"`
	Registrations int            `json:"registrations"`
	Problems      []problem      `json:"problems"`
	ProblemCount  int            `json:"problemCount"`
	MoreProblems  bool           `json:"moreProblems"`
	Error         *importRefusal `json:"error"`
	CreatedAt     time.Time      `json:"createdAt"`
	FinishedAt    *time.Time     `json:"finishedAt"`
}

type problem struct {
	Line    int    `json:"line"`
	Column  string `json:"column"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// importRefusal is why the whole list was refused.
type importRefusal struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

func importAsSent(l lang.Lang, i *calendar.Import, problems []calendar.Problem, more bool) *filehttp.Progress {
	out := imported{
		ID: i.GlobalID(), State: string(i.State), DryRun: i.Dry, Partial: i.Partial, Total: i.Total, Checked: i.Checked,
		Participants: i.Participants, Registrations: i.Registrations, Problems: []problem{}, ProblemCount: i.ProblemCount, MoreProblems: more,
		CreatedAt: i.CreatedAt, FinishedAt: i.FinishedAt,
	}
	for _, p := range problems {
		out.Problems = append(out.Problems, problem{p.Line, strings.ToLower(string(p.Column)), p.Code, p.Message.In(l)})
	}
	if i.Refusal != nil {
		out.Error = &importRefusal{i.Refusal.Code, i.Refusal.Message.In(l)}
	}
	return &filehttp.Progress{ID: out.ID, State: out, Finished: i.State.Final()}
}

var errNoColumns = fault.Define(fault.Invalid, "SHEET_COLUMNS",
	"La primera línia ha de dir les columnes: nom, correu, perfil, organització, territori.",
	"La primera línea debe decir las columnas: nombre, correo, perfil, organización, territorio.",
	"The first line has to name the columns: name, mail, role, organisation, territory.")

// takeImports has the work in the background register who stands in lists.
func (h *Hub) takeImports() error {
	return errors.Join(
		h.jobs.Task(calendar.ImportTask, h.seats.WorkImport),
		h.jobs.Periodic("tidy-imports", time.Hour, h.seats.TidyImports))
}

// importParticipants takes a file and has who stands in it registered.
func (h *Hub) importParticipants(ctx context.Context, v *access.Viewer, global string, file []byte, how filehttp.ImportMode) (*filehttp.Progress, error) {
	event, err := node.ParseOf(global, node.Event)
	if err != nil {
		return nil, fault.ErrNotFound.New()
	}
	if err := auth.Allow(v, auth.ScopeRegistrations); err != nil {
		return nil, err
	}
	lines, err := sheet.Open(file, calendar.MaxImport)
	if err != nil {
		return nil, err
	}
	defer lines.Close()
	columns := map[calendar.ImportColumn]int{}
	for i, title := range lines.Head.Cells {
		if column := columnNamed(title); column != "" {
			columns[column] = i
		}
	}
	if _, ok := columns[calendar.ColumnName]; !ok {
		return nil, errNoColumns.New()
	}
	mode := calendar.ImportMode{Dry: how.Dry, Partial: how.Partial, Digest: sha256.Sum256(file)}
	made, err := h.seats.Import(ctx, v, event, importRows(lines, columns), mode, how.Key)
	if err != nil {
		return nil, err
	}
	return importAsSent(v.Lang, made, nil, false), nil
}

// importProgress tells how far an import has got, with its problems behind a line.
func (h *Hub) importProgress(ctx context.Context, v *access.Viewer, global, list string, after int) (*filehttp.Progress, error) {
	event, err := node.ParseOf(global, node.Event)
	if err != nil {
		return nil, fault.ErrNotFound.New()
	}
	root, of, err := calendar.ImportID.Part(list)
	if err != nil || root != event {
		return nil, fault.ErrNotFound.New()
	}
	i, problems, more, err := calendar.ImportOf(ctx, h.db.Read(), v, event, of, after)
	if err != nil {
		return nil, err
	}
	return importAsSent(v.Lang, i, problems, more), nil
}

// importRows reads the lines one by one.
func importRows(lines *sheet.Reader, columns map[calendar.ImportColumn]int) iter.Seq2[calendar.ImportRow, error] {
	return func(yield func(calendar.ImportRow, error) bool) {
		for {
			line, err := lines.Next()
			if errors.Is(err, io.EOF) || !yield(importRow(line, columns), err) || err != nil {
				return
			}
		}
	}
}

func importRow(line sheet.Line, columns map[calendar.ImportColumn]int) calendar.ImportRow {
	cell := func(column calendar.ImportColumn) string {
		if i, ok := columns[column]; ok && i < len(line.Cells) {
			return line.Cells[i]
		}
		return ""
	}
	return calendar.ImportRow{
		Line: line.Number, Name: cell(calendar.ColumnName), Mail: cell(calendar.ColumnMail), Role: roleNamed(cell(calendar.ColumnRole)),
		Organisation: cell(calendar.ColumnOrganisation), Territory: cell(calendar.ColumnTerritory),
	}
}

// columnNamed finds a column by its head, in the three languages.
func columnNamed(title string) calendar.ImportColumn {
	title = strings.ToLower(title)
	for column, names := range map[calendar.ImportColumn][]string{
		calendar.ColumnName:         {"nom", "nombre", "name", "nom i cognoms", "nombre y apellidos"},
		calendar.ColumnMail:         {"correu", "correo", "mail", "e-mail", "email"},
		calendar.ColumnRole:         {"perfil", "role"},
		calendar.ColumnOrganisation: {"organització", "organización", "organisation", "organization", "entitat", "entidad"},
		calendar.ColumnTerritory:    {"territori", "territorio", "territory", "municipi", "municipio", "municipality"},
	} {
		if slices.Contains(names, title) {
			return column
		}
	}
	return ""
}

// roleNamed reads a role as people write it; nothing is an association, which most
// who come are. What is none stays as it is, to be refused with its place.
func roleNamed(text string) calendar.DelegateRole {
	switch strings.ToLower(text) {
	case "", "associació", "asociación", "association", "entitat", "entidad":
		return calendar.RoleAssociation
	case "sector públic", "sector público", "public sector", "públic", "público", "public":
		return calendar.RolePublic
	case "professional", "profesional":
		return calendar.RoleProfessional
	}
	return calendar.DelegateRole(text)
}
