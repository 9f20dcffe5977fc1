package table

import (
	"context"
	"time"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

// FollowSpec is what is noted about a resolution; nil leaves things as they are.
// A zero deadline or identifier takes it away.
type FollowSpec struct {
	State       *ResolutionState
	Note        lang.Text
	Session     id.ID // in which it is said; Zero: between sessions
	Deadline    *time.Time
	Responsible *id.ID
	Person      *id.ID
	Linked      *id.ID
}

// Follow notes how far a resolution is. Who may: the table's organisers, who acts
// for the responsible organisation, and the responsible person; the deadline and
// who is responsible are changed by the organisers alone.
func (s *Service) Follow(ctx context.Context, v *access.Viewer, table, resolution id.ID, expected *int64, in FollowSpec, key string) (id.ID, error) {
	in.Note = form.Trim(in.Note)
	var c findings
	c.Text(in.Note, maxDescription, "note")
	if in.Deadline != nil && !in.Deadline.IsZero() {
		c.moment(in.Deadline, "deadline")
	}
	if err := c.Err(); err != nil {
		return id.Zero, err
	}
	cmd := request{key, "tableResolutionFollow", table, []any{resolution, expected, in}, access.MayTakePart}
	return s.run(ctx, v, cmd, func(ctx context.Context, w *work) (id.ID, error) {
		r, err := w.resolution(ctx, resolution)
		if err != nil {
			return id.Zero, err
		}
		if err := w.mayFollow(ctx, r, in); err != nil {
			return id.Zero, err
		}
		if err := checkRevision(expected, r.Revision); err != nil {
			return id.Zero, err
		}
		if r.State == NotAdopted || in.State != nil && !r.State.May(*in.State) {
			return id.Zero, ErrResolutionFinal.At("id")
		}
		return resolution, w.follow(ctx, r, in)
	})
}

func (w *work) resolution(ctx context.Context, resolution id.ID) (*Resolution, error) {
	found, err := resolutions(w.q.Query(ctx, `select `+resolutionColumns+` from `+resolutionsFrom+` where r.id = $1 and r.table_node = $2 and `+seenInside(3),
		with(w.viewer, resolution, w.table.ID)...))
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fault.ErrNotFound.At("id")
	}
	return found[0], nil
}

func (w *work) mayFollow(ctx context.Context, r *Resolution, in FollowSpec) error {
	var person id.ID
	err := w.q.QueryRow(ctx, `select (select person from table_resolution_people where resolution = $1)`, r.ID).Scan(&person)
	if err != nil {
		return wrap("read who is responsible", err)
	}
	if in.Deadline != nil || in.Responsible != nil || in.Person != nil {
		return access.MayOrganise(w.viewer, w.table.Subject())
	}
	return access.MayFollowUp(w.viewer, w.table.Subject(), r.Responsible, person)
}

func (w *work) follow(ctx context.Context, r *Resolution, in FollowSpec) error {
	for _, x := range []struct {
		id   *id.ID
		name string
	}{{in.Responsible, "responsible"}, {in.Linked, "linked"}} {
		if x.id == nil {
			continue
		}
		if err := visible(ctx, w.q, w.viewer, some(*x.id), nil, x.name); err != nil {
			return err
		}
	}
	of, err := w.running(ctx, in.Session)
	if err != nil {
		return err
	}
	state := or(in.State, r.State)
	deadline := r.Deadline
	if in.Deadline != nil {
		if deadline = in.Deadline; deadline.IsZero() {
			deadline = nil
		}
	}
	_, err = w.q.Exec(ctx, `
		with noted as (
		  insert into table_resolution_notes (id, resolution, session, state, text, noted_by) values ($2, $1, $3, $4, $5, $6)
		)
		update table_resolutions set state = $4, deadline = $7, responsible = $8, linked = $9, followed_at = clock_timestamp(), version = version + 1
		where id = $1`, r.ID, id.New(), in.Session, state, in.Note, w.viewer.Person, deadline, or(in.Responsible, r.Responsible), or(in.Linked, r.Linked))
	if err != nil {
		return wrap("follow a resolution", err)
	}
	if in.Person != nil {
		if err := w.entrust(ctx, r.ID, *in.Person); err != nil {
			return err
		}
	}
	w.tell(FactFollowed, w.table.inside(), Fact{Session: in.Session, Resolution: r.ID, Organization: or(in.Responsible, r.Responsible)})
	return w.dealtWith(ctx, r, of, in.Note)
}

// running is the session in which something is said; nil between sessions.
func (w *work) running(ctx context.Context, session id.ID) (*Session, error) {
	if session.IsZero() {
		return nil, nil
	}
	of, err := w.session(ctx, session, "session")
	if err == nil && of.running() != nil {
		err = fault.From(of.running()).Under("session")
	}
	return of, err
}

// entrust makes another person responsible; Zero: nobody.
func (w *work) entrust(ctx context.Context, resolution, person id.ID) error {
	if err := w.knows(ctx, person); err != nil {
		return err
	}
	_, err := w.q.Exec(ctx, `delete from table_resolution_people where resolution = $1`, resolution)
	if err == nil && !person.IsZero() {
		_, err = w.q.Exec(ctx, `insert into table_resolution_people (resolution, table_node, person) values ($1, $2, $3)`, resolution, w.table.ID, person)
	}
	return wrap("keep who is responsible", err)
}

// dealtWith closes the item with which a session follows the resolution.
func (w *work) dealtWith(ctx context.Context, r *Resolution, of *Session, note lang.Text) error {
	if of == nil {
		return nil
	}
	var item id.ID
	err := w.q.QueryRow(ctx, `select (select id from table_agenda_items where session = $1 and resolution = $2 and outcome is null)`, of.ID, r.ID).Scan(&item)
	if err != nil || item.IsZero() {
		return wrap("find the item", err)
	}
	return w.closeItem(ctx, of, item, OutcomeInformation, note)
}
