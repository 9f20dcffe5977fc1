package table

import (
	"context"

	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/access"
)

// WithdrawJoin takes an open request to belong to a table back, and the
// organisation may ask again. Of an answer and a withdrawal at the same moment the
// first counts: both hold the table's topic.
// Who may: who acts for the organisation that asked and sees the table.
func (s *Service) WithdrawJoin(ctx context.Context, v *access.Viewer, table, asked id.ID, key string) error {
	_, err := s.run(ctx, v, request{key, "tableJoinRequestWithdraw", table, asked, access.MaySee}, func(ctx context.Context, w *work) (id.ID, error) {
		organisation, state, err := w.joinRequest(ctx, asked)
		if err != nil {
			return id.Zero, err
		}
		if err := access.MayWithdrawJoin(v, w.table.Subject(), organisation); err != nil {
			return id.Zero, err
		}
		if err := state.open(); err != nil {
			return id.Zero, err
		}
		return asked, w.withdrawJoin(ctx, asked, organisation)
	})
	return err
}

// withdrawJoin is told to those who were asked, and nobody else learns of it.
func (w *work) withdrawJoin(ctx context.Context, asked, organisation id.ID) error {
	_, err := w.q.Exec(ctx, `
		update table_join_requests set decided_at = now(), decided_by = $2, accepted = false, withdrawn = true where id = $1 and decided_at is null`,
		asked, w.viewer.Person)
	if err != nil {
		return wrap("withdraw a request to join", err)
	}
	told, err := w.organisers(ctx)
	if err != nil {
		return err
	}
	w.tellOnly(FactJoinWithdrawn, access.Organisers, Fact{Organization: organisation}, told, nil)
	return nil
}
