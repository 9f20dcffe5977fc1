package oversight

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// GlassBrokenBy reads what the viewer broke the glass of, newest first. It is
// theirs alone: others who administer the platform learn of it where they may
// see the thing.
func GlassBrokenBy(ctx context.Context, q postgres.Querier, v *access.Viewer, first int) ([]*Glass, error) {
	rows, err := postgres.Personal(q, v).Query(ctx, `
		select `+columns+` from glass_breaks g left join person_names p on p.subject = g.person
		where g.person = $1 order by g.at desc, g.id desc limit $2`, v.Person, first)
	if err != nil {
		return nil, wrap("read broken glass", err)
	}
	list, err := pgx.CollectRows(rows, scan)
	return list, wrap("read broken glass", err)
}
