package workshop

import (
	"context"
	"fmt"
	"slices"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/ground/relation"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/command"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Noted is what a command on the board leaves: the workshop as who noted sees
// it, and the entry, which for a priority stands for its set.
type Noted struct {
	Workshop *Workshop
	Entry    *Entry
}

// EntryInput is something to note.
type EntryInput struct {
	Kind      Kind
	Territory id.ID
	Text      lang.Text // at least one language; 500
	Beside    id.ID     // of a capacity: the priority it stands beside
	Project   id.ID     // of a project under way: the shared project, where it is one
}

// note runs a command on the board with a pen. do answers the entry it is about.
func (s *Service) note(ctx context.Context, v *access.Viewer, p Pen, key, mutation string, input []any,
	do func(context.Context, *postgres.Tx, *changing) (id.ID, error),
) (*Noted, error) {
	call := command.Call{DB: s.db, Viewer: v, Key: key, Mutation: mutation, Input: append(input, p.Workshop)}
	if p.Token != "" {
		// Whoever is signed in on the tablet does not matter: the group notes.
		call.Viewer, call.Bearer = access.Anonymous(v.Lang), p.Token
	}
	var out *Noted
	err := call.Run(ctx, func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		c, err := p.open(ctx, tx, call.Viewer)
		if err != nil {
			return nil, err
		}
		entry, err := do(ctx, tx, c)
		return []id.ID{c.workshop.ID, entry}, err
	}, func(ctx context.Context, tx *postgres.Tx, ids []id.ID) (err error) {
		as := call.Viewer
		if p.Token != "" {
			as = (&Group{Workshop: ids[0]}).Viewer(v)
		}
		out, err = readNoted(ctx, tx.Native(), as, ids[0], ids[1])
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func readNoted(ctx context.Context, q postgres.Querier, v *access.Viewer, workshop, entry id.ID) (*Noted, error) {
	w, err := workshopOf(ctx, q, v, workshop)
	if err != nil {
		return nil, err
	}
	found, err := EntriesByIDs(ctx, q, v, []id.ID{entry})
	return &Noted{Workshop: w, Entry: found[entry]}, err
}

// Note adds something to the board. Who may: its groups and its organisers,
// while it is open.
func (s *Service) Note(ctx context.Context, v *access.Viewer, p Pen, in EntryInput, key string) (*Noted, error) {
	in.Text = form.Trim(in.Text)
	return s.note(ctx, v, p, key, "workshopEntryAdd", []any{in}, func(ctx context.Context, tx *postgres.Tx, c *changing) (id.ID, error) {
		if err := c.checkEntry(ctx, tx.Native(), in); err != nil {
			return id.Zero, err
		}
		made := id.New()
		_, err := tx.Native().Exec(ctx, `
			insert into workshop_entries (id, workshop, kind, territory, text, author, beside, project, same_as)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $1)`,
			made, c.workshop.ID, string(in.Kind), in.Territory, in.Text, c.editor.Group, in.Beside, in.Project)
		if err != nil {
			return id.Zero, storeError("insert entry", err)
		}
		return made, c.tell(ctx, tx, FactNoted, Fact{Entry: made, Group: c.editor.Group})
	})
}

func (c *changing) checkEntry(ctx context.Context, q postgres.Querier, in EntryInput) error {
	var f form.Findings
	f.Needed(in.Text, maxText, "text")
	form.Choice(&f, in.Kind, Kinds(), "kind")
	if !slices.Contains(c.places, in.Territory) {
		f.Add(ErrElsewhere, "territory")
	}
	if !in.Beside.IsZero() {
		beside, err := EntriesByIDs(ctx, q, c.viewer, []id.ID{in.Beside})
		if err != nil {
			return err
		}
		if e := beside[in.Beside]; e == nil || e.Workshop != c.workshop.ID || e.Kind != Priority || in.Kind != Capacity {
			f.Add(fault.ErrNotFound, "beside")
		}
	}
	if !in.Project.IsZero() {
		kinds, err := relation.VisibleKinds(ctx, q, c.viewer, []id.ID{in.Project})
		if err != nil {
			return err
		}
		if kinds[in.Project] != node.SharedProject || in.Kind != RunningProject {
			f.Add(fault.ErrNotFound, "project")
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	return c.room(ctx, q)
}

// room bounds what one group, and all organisers together, may note.
func (c *changing) room(ctx context.Context, q postgres.Querier) error {
	most := MaxOfGroup
	if c.editor.Group.IsZero() {
		most = maxOfOrganisers
	}
	var n int
	err := q.QueryRow(ctx, `select count(*) from workshop_entries where workshop = $1 and author is not distinct from $2`,
		c.workshop.ID, c.editor.Group).Scan(&n)
	if err != nil {
		return fmt.Errorf("count entries: %w", err)
	}
	if n >= most {
		return ErrTooManyEntries.New().With("max", most)
	}
	return nil
}

// Merge says that priorities say the same: two or more, in any order. Merging
// again, or the other way round, changes nothing. Who may: who may note.
func (s *Service) Merge(ctx context.Context, v *access.Viewer, p Pen, entries []id.ID, key string) (*Noted, error) {
	return s.note(ctx, v, p, key, "workshopPriorityMerge", []any{entries}, func(ctx context.Context, tx *postgres.Tx, c *changing) (id.ID, error) {
		if len(entries) < 2 || len(entries) > 50 {
			return id.Zero, form.ErrRange.At("priorities").With("min", 2).With("max", 50)
		}
		same, kinds, err := setsOf(ctx, tx.Native(), c.workshop.ID)
		if err != nil {
			return id.Zero, err
		}
		for _, e := range entries {
			switch {
			case same[e].IsZero():
				return id.Zero, fault.ErrNotFound.At("priorities")
			case kinds[e] != Priority:
				return id.Zero, ErrNotPriority.At("priorities")
			}
		}
		oldest, changed := same[entries[0]], false
		for _, e := range entries[1:] {
			var moved []id.ID
			if oldest, moved = same.merge(oldest, e); len(moved) == 0 {
				continue
			}
			changed = true
			if _, err := tx.Native().Exec(ctx, `update workshop_entries set same_as = $2 where id = any($1)`, moved, oldest); err != nil {
				return id.Zero, storeError("merge priorities", err)
			}
		}
		if !changed {
			return oldest, nil
		}
		return oldest, c.tell(ctx, tx, FactMerged, Fact{Entry: oldest, Group: c.editor.Group})
	})
}

// setsOf reads which entries of a workshop were merged, under its lock.
func setsOf(ctx context.Context, q postgres.Querier, workshop id.ID) (sets, map[id.ID]Kind, error) {
	rows, err := q.Query(ctx, `select id, same_as, kind from workshop_entries where workshop = $1 and withdrawn_at is null`, workshop)
	if err != nil {
		return nil, nil, fmt.Errorf("read sets: %w", err)
	}
	defer rows.Close()
	same, kinds := sets{}, map[id.ID]Kind{}
	for rows.Next() {
		var e, of id.ID
		var kind Kind
		if err := rows.Scan(&e, &of, &kind); err != nil {
			return nil, nil, fmt.Errorf("read sets: %w", err)
		}
		same[e], kinds[e] = of, kind
	}
	if err := rows.Err(); err != nil {
		return nil, nil, fmt.Errorf("read sets: %w", err)
	}
	return same, kinds, nil
}

// Withdraw takes back what was noted by mistake, while nothing came of it. Who
// may: its author, and the organisers.
func (s *Service) Withdraw(ctx context.Context, v *access.Viewer, p Pen, entry id.ID, key string) (*Noted, error) {
	return s.note(ctx, v, p, key, "workshopEntryWithdraw", []any{entry}, func(ctx context.Context, tx *postgres.Tx, c *changing) (id.ID, error) {
		found, err := EntriesByIDs(ctx, tx.Native(), c.viewer, []id.ID{entry})
		if err != nil {
			return id.Zero, err
		}
		e := found[entry]
		switch {
		case e == nil || e.Workshop != c.workshop.ID:
			return id.Zero, fault.ErrNotFound.At("id")
		case !c.editor.Group.IsZero() && e.Author != c.editor.Group:
			return id.Zero, fault.ErrDenied.At("id")
		case e.ID != entry || len(e.Merged) > 0:
			return id.Zero, ErrMerged.At("id")
		case len(e.Projects) > 0 || len(e.Capacities) > 0:
			return id.Zero, ErrHasProject.At("id")
		}
		if _, err := tx.Native().Exec(ctx, `update workshop_entries set withdrawn_at = now() where id = $1`, entry); err != nil {
			return id.Zero, storeError("withdraw entry", err)
		}
		return entry, c.tell(ctx, tx, FactWithdrawn, Fact{Entry: entry, Group: c.editor.Group})
	})
}

// ProjectInput is what a priority becomes.
type ProjectInput struct {
	Lead       id.ID
	Side       string
	Title      lang.Text // empty: the priority's text
	Visibility access.Level
}

// MakeProject lets a priority become a shared project, an idea that comes of this
// workshop and is for the set's neighbourhoods. Who may: the organisers, who
// answer for the lead, also when the workshop is over.
func (s *Service) MakeProject(ctx context.Context, v *access.Viewer, workshop, entry id.ID, in ProjectInput, key string) (*Noted, id.ID, error) {
	in.Title = form.Trim(in.Title)
	var out *Noted
	var project id.ID
	call := s.call(v, key, "workshopPriorityProjectCreate", workshop, entry, in)
	err := call.Run(ctx, func(ctx context.Context, tx *postgres.Tx) ([]id.ID, error) {
		c, err := lock(ctx, tx, v, workshop)
		if err != nil {
			return nil, err
		}
		made, err := s.makeProject(ctx, tx, c, entry, in)
		return []id.ID{workshop, entry, made}, err
	}, func(ctx context.Context, tx *postgres.Tx, ids []id.ID) (err error) {
		project = ids[2]
		out, err = readNoted(ctx, tx.Native(), v, ids[0], ids[1])
		return err
	})
	if err != nil {
		return nil, id.Zero, err
	}
	return out, project, nil
}

func (s *Service) makeProject(ctx context.Context, tx *postgres.Tx, c *changing, entry id.ID, in ProjectInput) (id.ID, error) {
	found, err := EntriesByIDs(ctx, tx.Native(), c.viewer, []id.ID{entry})
	if err != nil {
		return id.Zero, err
	}
	e := found[entry]
	switch {
	case e == nil || e.Workshop != c.workshop.ID:
		return id.Zero, fault.ErrNotFound.At("priority")
	case e.Kind != Priority:
		return id.Zero, ErrNotPriority.At("priority")
	}
	if in.Title.Empty() {
		in.Title = shortened(e.Text)
	}
	made, err := s.projects.CreateFrom(ctx, tx, c.viewer, ProjectSpec{
		Lead: in.Lead, Side: in.Side, Title: in.Title, Visibility: in.Visibility,
		Area: e.Territories(), Workshop: c.workshop.ID,
	})
	if err != nil {
		return id.Zero, err
	}
	_, err = tx.Native().Exec(ctx, `insert into workshop_priority_projects (priority, project, made_by) values ($1, $2, $3)`, e.ID, made, c.viewer.Person)
	if err != nil {
		return id.Zero, storeError("note the project of a priority", err)
	}
	// A project may be for fewer than the workshop: then only its organisers are told.
	level := max(c.workshop.Visibility, in.Visibility)
	return made, c.tellAt(ctx, tx, FactBecameProject, level, Fact{Entry: e.ID, Project: made})
}

// shortened makes a title of a text.
func shortened(t lang.Text) lang.Text {
	cut := func(s string) string {
		if r := []rune(s); len(r) > form.MaxTitle {
			return string(r[:form.MaxTitle-1]) + "…"
		}
		return s
	}
	return lang.Text{CA: cut(t.CA), ES: cut(t.ES), EN: cut(t.EN)}
}
