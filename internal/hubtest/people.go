package hubtest

import (
	"context"
	"fmt"
	"testing"

	"github.com/teixit/teixit/internal/domain/directory"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Crowd adds n invented people who act for a body, a few statements for many.
func (h *Hub) Crowd(t testing.TB, n int, body id.ID, role directory.ActingRole) []id.ID {
	t.Helper()
	const portion = 500
	var all []id.ID
	for len(all) < n {
		specs := make([]directory.PersonSpec, min(portion, n-len(all)))
		for i := range specs {
			specs[i] = directory.PersonSpec{Name: fmt.Sprintf("Persona inventada %d", len(all)+i), For: body, Role: role}
		}
		h.tx(t, func(ctx context.Context, tx *postgres.Tx) error {
			made, err := directory.CreatePeople(ctx, tx, nil, specs)
			all = append(all, made...)
			return err
		})
	}
	return all
}
