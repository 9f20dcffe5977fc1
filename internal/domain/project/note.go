package project

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// lockForMember is lock for what every member may add.
func lockForMember(ctx context.Context, tx *postgres.Tx, v *access.Viewer, project id.ID) (*changing, error) {
	return lock(ctx, tx, v, project, access.MayTakePart)
}

// AddNote adds an update on the project, for who sees it or internal. Who may:
// its members. It is possible in every state: what ended is still told about.
func (s *Service) AddNote(ctx context.Context, v *access.Viewer, project id.ID, in NoteInput, key string) (*Result, error) {
	in.Text = form.Trim(in.Text)
	return s.onProject(ctx, s.call(v, key, "projectNoteAdd", project, in), project, lockForMember,
		func(ctx context.Context, tx *postgres.Tx, c *changing) (id.ID, error) {
			var f form.Findings
			f.Needed(in.Text, 5_000, "text")
			if err := f.Err(); err != nil {
				return id.Zero, err
			}
			return c.addNote(ctx, tx, in)
		})
}

func (c *changing) addNote(ctx context.Context, tx *postgres.Tx, in NoteInput) (id.ID, error) {
	made := id.New()
	_, err := tx.Native().Exec(ctx, `
		insert into project_notes (id, project, text, internal, created_by, on_behalf_of) values ($1, $2, $3, $4, $5, $6)`,
		made, c.project.ID, in.Text, in.Internal, c.viewer.Person, c.viewer.For)
	if err != nil {
		return id.Zero, storeError("insert note", err)
	}
	return made, c.tellAt(ctx, tx, FactNoteAdded, effective(c.project.Visibility, in.Internal), Fact{Note: made})
}

// RemoveNote takes a note away. Who may: its author, and the organisers.
func (s *Service) RemoveNote(ctx context.Context, v *access.Viewer, project, note id.ID, key string) (*Result, error) {
	return s.onProject(ctx, s.call(v, key, "projectNoteRemove", project, note), project, lockForMember,
		func(ctx context.Context, tx *postgres.Tx, c *changing) (id.ID, error) {
			return id.Zero, c.removeNote(ctx, tx, note)
		})
}

func (c *changing) removeNote(ctx context.Context, tx *postgres.Tx, note id.ID) error {
	rows, err := tx.Native().Query(ctx, `
		select internal, created_by from project_notes where project = $1 and id = $2 and removed_at is null`, c.project.ID, note)
	if err != nil {
		return fmt.Errorf("read note: %w", err)
	}
	type found struct {
		Internal bool
		By       id.ID
	}
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[found])
	switch {
	case err != nil:
		return fmt.Errorf("read note: %w", err)
	case len(list) == 0:
		return fault.ErrNotFound.At("id")
	case list[0].By != c.viewer.Person && c.project.ViewerLevel < access.Organisers:
		return fault.ErrDenied.At("id")
	}
	if err := remove(ctx, tx, `update project_notes set removed_at = now() where project = $1 and id = $2`, c.project.ID, note); err != nil {
		return err
	}
	return c.tellAt(ctx, tx, FactNoteRemoved, effective(c.project.Visibility, list[0].Internal), Fact{Note: note})
}

// NotesOf reads up to first notes of each project, newest first; internal ones
// for its members only.
func NotesOf(ctx context.Context, q postgres.Querier, v *access.Viewer, projects []id.ID, first int) (map[id.ID][]*Note, error) {
	args := append(append([]any{projects}, v.SQLArgs()...), first)
	return notes(ctx, q, notesSQL, args)
}

// NotesByIDs reads those of the notes that the viewer may read.
func NotesByIDs(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) (map[id.ID]*Note, error) {
	byProject, err := notes(ctx, q, notesByIDsSQL, append([]any{ids}, v.SQLArgs()...))
	found := make(map[id.ID]*Note, len(ids))
	for _, list := range byProject {
		for _, n := range list {
			found[n.ID] = n
		}
	}
	return found, err
}

const noteColumns = `t.project, t.id, t.text, t.internal, t.created_at, t.on_behalf_of`

// readable are the notes that the viewer of $2 … may read.
var readable = access.VisibleSQL("n", 2) + ` and t.removed_at is null and (not t.internal or ` + access.LevelSQL("n", 2) + ` >= 3)`

var notesSQL = `
select l.* from unnest(` + postgres.Keys + `) as p(id)
cross join lateral (
  select ` + noteColumns + ` from project_notes t join nodes n on n.id = t.project
  where t.project = p.id and ` + readable + `
  order by t.created_at desc, t.id desc limit $7) l`

var notesByIDsSQL = `select ` + noteColumns + ` from project_notes t join nodes n on n.id = t.project where t.id = any(` + postgres.Keys + `) and ` + readable

func notes(ctx context.Context, q postgres.Querier, sql string, args []any) (map[id.ID][]*Note, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, fmt.Errorf("read notes: %w", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Note, error) {
		n := &Note{}
		return n, row.Scan(&n.Project, &n.ID, &n.Text, &n.Internal, &n.At, &n.OnBehalfOf)
	})
	if err != nil {
		return nil, fmt.Errorf("read notes: %w", err)
	}
	out := map[id.ID][]*Note{}
	for _, n := range list {
		out[n.Project] = append(out[n.Project], n)
	}
	return out, nil
}
