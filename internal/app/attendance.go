package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/teixit/teixit/internal/domain/attendance"
	"github.com/teixit/teixit/internal/domain/calendar"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/auth"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/sheet"
)

// openAttendance mails what organisers write: at once, and every ten minutes what
// an instance left that died.
func (h *Hub) openAttendance(site string) error {
	h.attendance = attendance.New(h.db, site)
	teller := attendance.NewTeller(h.db, h.mail, site)
	tell := func(ctx context.Context) error {
		for {
			if n, err := teller.Tell(ctx); err != nil || n == 0 {
				return err
			}
		}
	}
	if err := h.jobs.Periodic("tell-participants", 10*time.Minute, tell); err != nil {
		return err
	}
	return h.jobs.Follow("tell-participants", []string{attendance.FactMessageSent}, func(ctx context.Context, _ []journal.Entry) error { return tell(ctx) })
}

// participants makes the table of an event's participants.
func (h *Hub) participants(ctx context.Context, v *access.Viewer, global string, l lang.Lang) (*sheet.Table, error) {
	event, err := node.ParseOf(global, node.Event)
	if err != nil {
		return nil, fault.ErrNotFound.New()
	}
	return h.attendance.Sheet(ctx, v, event, l)
}

// imported is what became of a file of participants, as it is sent.
type imported struct {
	DryRun        bool      `json:"dryRun"`
	Participants  int       `json:"participants"`
	Registrations int       `json:"registrations"`
	Problems      []problem `json:"problems"`
}

type problem struct {
	Line    int    `json:"line"`
	Column  string `json:"column"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

var errNoColumns = fault.Define(fault.Invalid, "SHEET_COLUMNS",
	"La primera línia ha de dir les columnes: nom, correu, perfil, organització, territori.",
	"La primera línea debe decir las columnas: nombre, correo, perfil, organización, territorio.",
	"The first line has to name the columns: name, mail, role, organisation, territory.")

// importParticipants reads a file and registers who stands in it.
func (h *Hub) importParticipants(ctx context.Context, v *access.Viewer, global string, file []byte, dry bool, key string) (any, error) {
	event, err := node.ParseOf(global, node.Event)
	if err != nil {
		return nil, fault.ErrNotFound.New()
	}
	if err := auth.Allow(v, auth.ScopeRegistrations); err != nil {
		return nil, err
	}
	head, lines, err := sheet.Read(file, calendar.MaxImport)
	if err != nil {
		return nil, err
	}
	columns := map[string]int{}
	for i, title := range head.Cells {
		if column := columnNamed(title); column != "" {
			columns[column] = i
		}
	}
	if _, ok := columns[calendar.ColumnName]; !ok {
		return nil, errNoColumns.New()
	}
	rows := make([]calendar.ImportRow, len(lines))
	for i, line := range lines {
		rows[i] = importRow(line, columns)
	}
	done, err := h.seats.Import(ctx, v, event, rows, dry, key)
	if err != nil {
		return nil, err
	}
	out := imported{DryRun: dry, Participants: done.Participants, Registrations: done.Registrations, Problems: []problem{}}
	for _, p := range done.Problems {
		out.Problems = append(out.Problems, problem{p.Line, p.Column, p.Fault.Code.Name, p.Fault.Message(v.Lang)})
	}
	return out, nil
}

func importRow(line sheet.Line, columns map[string]int) calendar.ImportRow {
	cell := func(column string) string {
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
func columnNamed(title string) string {
	title = strings.ToLower(title)
	for column, names := range map[string][]string{
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
