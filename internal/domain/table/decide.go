package table

import (
	"context"

	"github.com/teixit/teixit/internal/ground/form"
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
)

// Decide approves or rejects a proposal. Who may: who administers the convenor.
// The reason is needed to reject and shown to who proposed it.
func (s *Service) Decide(ctx context.Context, v *access.Viewer, table id.ID, approve bool, reason lang.Text, key string) error {
	reason = form.Trim(reason)
	var c findings
	c.Text(reason, maxNote, "reason")
	if !approve && reason.Empty() {
		c.add(fault.ErrRequired.At("reason"))
	}
	if err := c.Err(); err != nil {
		return err
	}
	name := "workingTableReject"
	if approve {
		name = "workingTableApprove"
	}
	_, err := s.run(ctx, v, request{key, name, table, reason, access.MayDecideProposal}, func(ctx context.Context, w *work) (id.ID, error) {
		if w.table.State != Proposed {
			return id.Zero, w.table.not()
		}
		return table, w.decide(ctx, approve, reason)
	})
	return err
}

func (w *work) decide(ctx context.Context, approve bool, reason lang.Text) error {
	t, state := w.table, Rejected
	if approve {
		state = Active
	}
	_, err := w.q.Exec(ctx, `update working_tables set state = $2, decision_reason = nullif($3::jsonb, '{}') where node = $1`, t.ID, state, reason)
	if err != nil {
		return wrap("decide on a table", err)
	}
	w.changed = true
	if !approve {
		w.tell(FactRejected, access.Members, Fact{})
		return nil
	}
	if err := node.SetVisibility(ctx, w.tx, t.ID, t.Declared); err != nil {
		return err
	}
	t.Visibility = t.Declared
	w.tell(FactApproved, t.Declared, Fact{})
	// From now on who proposed it sees what their other rights let them see.
	ended, err := node.Disconnect(ctx, w.tx, node.HasRole, t.ProposedBy, t.ID, "MEMBER", t.Today)
	if err == nil && ended {
		w.revoked = append(w.revoked, []id.ID{t.ProposedBy})
	}
	return err
}

func (t *Table) not() error { return ErrTableState.New().With("state", t.State) }

// active says why nothing new can happen at the table.
func (t *Table) active() error {
	if t.State == Active {
		return nil
	}
	return t.not()
}

// End ends a table: what it decided can still be followed, nothing new happens.
// Who may: who administers the convenor.
func (s *Service) End(ctx context.Context, v *access.Viewer, table id.ID, key string) error {
	_, err := s.run(ctx, v, request{key, "workingTableEnd", table, nil, access.MayDecideProposal}, func(ctx context.Context, w *work) (id.ID, error) {
		if err := w.table.active(); err != nil {
			return id.Zero, err
		}
		w.changed = true
		w.tell(FactEnded, w.table.Visibility, Fact{})
		_, err := w.q.Exec(ctx, `update working_tables set state = 'ENDED' where node = $1`, table)
		return table, wrap("end a table", err)
	})
	return err
}
