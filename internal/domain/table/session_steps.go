package table

import (
	"context"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

// Call calls a session: its members see it, with agenda and papers, and are told
// by mail. What is still open comes onto the agenda by itself: resolutions to
// follow, items of the last session that were not dealt with, minutes to
// approve. With less notice than the rules ask for it needs a reason.
// Who may: the table's organisers.
func (s *Service) Call(ctx context.Context, v *access.Viewer, table, session id.ID, urgent lang.Text, key string) (id.ID, error) {
	urgent = form.Trim(urgent)
	var c findings
	c.Text(urgent, maxNote, "urgent")
	if err := c.Err(); err != nil {
		return id.Zero, err
	}
	cmd := request{key: key, name: "tableSessionCall", table: table, input: []any{session, urgent}}
	return s.onSession(ctx, v, cmd, session, func(ctx context.Context, w *work, of *Session) (id.ID, error) {
		if err := w.mayCall(of, urgent); err != nil {
			return id.Zero, err
		}
		if err := w.carryOver(ctx, of); err != nil {
			return id.Zero, err
		}
		if err := w.hasAgenda(ctx, of); err != nil {
			return id.Zero, err
		}
		_, err := w.q.Exec(ctx, `
			update table_sessions set state = 'CALLED', called_at = clock_timestamp(), urgent = nullif($2::jsonb, '{}'), version = version + 1
			where id = $1`, session, urgent)
		if err != nil {
			return id.Zero, wrap("call a session", err)
		}
		w.tell(FactSessionCalled, w.table.inside(), Fact{Session: session})
		return session, w.toTell(ctx, session, id.Zero)
	})
}

func (w *work) mayCall(of *Session, urgent lang.Text) error {
	if _, ok := of.State.After(StepCall); !ok {
		return of.not()
	}
	switch {
	case w.table.active() != nil:
		return w.table.active()
	case of.StartsAt == nil:
		return ErrNeedsDate.At("id")
	case of.StartsAt.Before(w.table.ReadAt):
		return ErrInPast.At("id")
	case urgent.Empty() && !w.table.Rules.onTime(w.table.Today, *of.StartsAt):
		return ErrNotice.At("urgent").With("days", w.table.Rules.NoticeDays)
	}
	return nil
}

func (w *work) hasAgenda(ctx context.Context, of *Session) error {
	var n int
	if err := w.q.QueryRow(ctx, `select count(*) from table_agenda_items where session = $1`, of.ID).Scan(&n); err != nil {
		return wrap("count items", err)
	}
	if n == 0 {
		return ErrNeedsAgenda.At("id")
	}
	return nil
}

// OpenSession begins a session, at first or second call. How many members there
// are and how many are needed is fixed with it. Who may: the table's organisers.
func (s *Service) OpenSession(ctx context.Context, v *access.Viewer, table, session id.ID, secondCall bool, key string) (id.ID, error) {
	cmd := request{key: key, name: "tableSessionOpen", table: table, input: []any{session, secondCall}}
	return s.onSession(ctx, v, cmd, session, func(ctx context.Context, w *work, of *Session) (id.ID, error) {
		if _, ok := of.State.After(StepOpen); !ok {
			return id.Zero, of.not()
		}
		if secondCall && w.table.Rules.SecondCallMinutes == nil {
			return id.Zero, ErrNoSecondCall.At("secondCall")
		}
		if err := w.fixQuorum(ctx, of, secondCall); err != nil {
			return id.Zero, err
		}
		w.tell(FactSessionOpened, w.table.inside(), Fact{Session: session})
		_, err := w.q.Exec(ctx, `update table_sessions set state = 'IN_SESSION', opened_at = clock_timestamp(), version = version + 1 where id = $1`, session)
		return session, wrap("open a session", err)
	})
}

// fixQuorum notes the members of the day, and how many of them are needed.
func (w *work) fixQuorum(ctx context.Context, of *Session, secondCall bool) error {
	day := w.table.Today
	if of.Recorded {
		day = dateIn(*of.StartsAt)
	}
	_, err := w.q.Exec(ctx, `
		insert into table_attendance (session, organisation, counts)
		select $1, e.source, e.role = '' from edges e where e.target = $2 and e.kind = 'member_of' and e.valid @> $3::date
		on conflict (session, organisation) do update set counts = excluded.counts`, of.ID, w.table.ID, day)
	if err != nil {
		return wrap("note the members of the day", err)
	}
	var members int
	err = w.q.QueryRow(ctx, `
		select count(*) from edges e where e.target = $1 and e.kind = 'member_of' and e.role = '' and e.valid @> $2::date`, w.table.ID, day).Scan(&members)
	if err != nil {
		return wrap("count the members", err)
	}
	of.Members, of.Needed, of.SecondCall = members, w.table.Rules.Needed(members, secondCall), secondCall
	_, err = w.q.Exec(ctx, `update table_sessions set members = $2, needed = $3, second_call = $4 where id = $1`, of.ID, members, of.Needed, secondCall)
	return wrap("fix the quorum", err)
}

// CloseSession ends a session. Who may: the table's organisers.
func (s *Service) CloseSession(ctx context.Context, v *access.Viewer, table, session id.ID, key string) (id.ID, error) {
	cmd := request{key: key, name: "tableSessionClose", table: table, input: session}
	return s.onSession(ctx, v, cmd, session, func(ctx context.Context, w *work, of *Session) (id.ID, error) {
		if _, ok := of.State.After(StepClose); !ok {
			return id.Zero, of.not()
		}
		w.tell(FactSessionClosed, w.table.inside(), Fact{Session: session})
		_, err := w.q.Exec(ctx, `
			update table_sessions set state = 'HELD', closed_at = clock_timestamp(), current_item = null, version = version + 1 where id = $1`, session)
		return session, wrap("close a session", err)
	})
}

// CancelSession calls a session off, with a reason that whoever could see it
// reads. Who may: the table's organisers.
func (s *Service) CancelSession(ctx context.Context, v *access.Viewer, table, session id.ID, reason lang.Text, key string) (id.ID, error) {
	reason = form.Trim(reason)
	var c findings
	c.Needed(reason, maxNote, "reason")
	if err := c.Err(); err != nil {
		return id.Zero, err
	}
	cmd := request{key: key, name: "tableSessionCancel", table: table, input: []any{session, reason}}
	return s.onSession(ctx, v, cmd, session, func(ctx context.Context, w *work, of *Session) (id.ID, error) {
		if _, ok := of.State.After(StepCancel); !ok {
			return id.Zero, of.not()
		}
		w.tell(FactSessionCancelled, w.level(of), Fact{Session: session})
		_, err := w.q.Exec(ctx, `update table_sessions set state = 'CANCELLED', cancellation = $2, version = version + 1 where id = $1`, session, reason)
		return session, wrap("cancel a session", err)
	})
}

// RecordSession notes a session that was held on paper: it is held already, and
// who came, what was dealt with and what was decided is noted as in a session
// that is open. Who may: the table's organisers.
func (s *Service) RecordSession(ctx context.Context, v *access.Viewer, table id.ID, in SessionSpec, secondCall bool, key string) (id.ID, error) {
	if err := in.check(); err != nil {
		return id.Zero, err
	}
	if in.StartsAt == nil {
		return id.Zero, fault.ErrRequired.At("startsAt")
	}
	cmd := request{key, "tableSessionRecord", table, []any{in, secondCall}, access.MayOrganise}
	return s.run(ctx, v, cmd, func(ctx context.Context, w *work) (id.ID, error) {
		if in.StartsAt.After(w.table.ReadAt) {
			return id.Zero, ErrInFuture.At("startsAt")
		}
		if secondCall && w.table.Rules.SecondCallMinutes == nil {
			return id.Zero, ErrNoSecondCall.At("secondCall")
		}
		session, err := w.newSession(ctx, in, Held)
		if err != nil {
			return id.Zero, err
		}
		of, err := w.session(ctx, session)
		if err != nil {
			return id.Zero, err
		}
		w.tell(FactSessionRecorded, w.table.inside(), Fact{Session: session})
		if err := w.carryOver(ctx, of); err != nil {
			return id.Zero, err
		}
		return session, w.fixQuorum(ctx, of, secondCall)
	})
}

// MayCall says why the viewer cannot call the session now; nil when they can.
func (s *Session) MayCall(v *access.Viewer) error {
	if err := access.MayOrganise(v, s.Subject); err != nil {
		return err
	}
	if _, ok := s.State.After(StepCall); !ok {
		return s.not()
	}
	if s.StartsAt == nil {
		return ErrNeedsDate.New()
	}
	return nil
}

// MayAdopt says why the viewer cannot adopt a resolution in the session now; nil
// when they can.
func (s *Session) MayAdopt(v *access.Viewer) error {
	if err := access.MayOrganise(v, s.Subject); err != nil {
		return err
	}
	if err := s.running(); err != nil {
		return err
	}
	return s.quorate()
}

// MayAnswer says why the viewer cannot answer the call now; nil when they can,
// for an organisation of theirs.
func (s *Session) MayAnswer(v *access.Viewer) error {
	if err := access.MayTakePart(v, s.Subject); err != nil {
		return err
	}
	if s.State != Called {
		return s.not()
	}
	return nil
}
