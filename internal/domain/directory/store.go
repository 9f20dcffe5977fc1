package directory

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// isBody is a condition on a row n of nodes.
const isBody = `n.kind in ('municipality', 'association', 'public_service', 'institution')`

// today is the day in Catalonia.
const today = `(now() at time zone 'Europe/Madrid')::date`

// byConstraint names the faults of constraints that a caller can run into.
func byConstraint() map[string]fault.Code {
	return map[string]fault.Code{
		"organization_identifiers_once": ErrIdentifierTaken,
		"organization_links_once":       ErrRepeated,
		"organization_claims_open":      ErrClaimOpen,
		"organizations_board":           ErrDatesReversed,
	}
}

type profileRow struct {
	bun.BaseModel    `bun:"table:organizations"`
	Node             id.ID           `bun:",pk,type:uuid"`
	InstitutionKind  InstitutionKind `bun:",type:text"`
	Sector           Sector          `bun:",type:text"`
	LegalPersonality *bool
	Description      lang.Text `bun:",type:jsonb"`
	Mail             string
	Phone            string
	Website          string
	Capacities       []lang.Text `bun:",type:jsonb"`
	BoardFrom        *time.Time  `bun:",type:date"`
	BoardUntil       *time.Time  `bun:",type:date"`
	Invented         bool
	AddedBy          id.ID `bun:",type:uuid,nullzero"`
}

func rowOf(s Spec, v *access.Viewer) profileRow {
	capacities := s.Capacities
	if capacities == nil {
		capacities = []lang.Text{}
	}
	return profileRow{
		Node: s.ID, InstitutionKind: s.InstitutionKind, Sector: s.Sector, LegalPersonality: s.LegalPersonality,
		Description: s.Description, Mail: s.Mail, Phone: s.Phone, Website: s.Website, Capacities: capacities,
		BoardFrom: s.BoardFrom, BoardUntil: s.BoardUntil, Invented: s.Invented, AddedBy: v.Person,
	}
}

func insertProfiles(ctx context.Context, tx *postgres.Tx, rows []profileRow) error {
	_, err := tx.Bun().NewInsert().Model(&rows).Exec(ctx)
	return storeError("add organisations", err)
}

func insertIdentifiers(ctx context.Context, q postgres.Querier, all []ExternalIdentifier) error {
	if len(all) == 0 {
		return nil
	}
	schemes, values, owners := make([]string, len(all)), make([]string, len(all)), make([]id.ID, len(all))
	for i, x := range all {
		schemes[i], values[i], owners[i] = string(x.Scheme), x.Value, x.Organization
	}
	_, err := q.Exec(ctx, `
		insert into organization_identifiers (scheme, value, organization)
		select * from unnest($1::text[], $2::text[], $3::uuid[])`, schemes, values, owners)
	if err = storeError("add identifiers", err); errors.Is(err, ErrIdentifierTaken) {
		return fault.From(err).Under("identifiers")
	}
	return err
}

type linkRow struct {
	bun.BaseModel `bun:"table:organization_links"`
	ID            id.ID     `bun:",pk,type:uuid"`
	Organization  id.ID     `bun:",type:uuid"`
	URL           string    `bun:"url"`
	Label         lang.Text `bun:",type:jsonb"`
	Position      int
}

func linkRows(organization id.ID, links []NewLink) []linkRow {
	rows := make([]linkRow, len(links))
	for i, l := range links {
		rows[i] = linkRow{ID: id.New(), Organization: organization, URL: l.URL, Label: trim(l.Label), Position: i}
	}
	return rows
}

func insertLinks(ctx context.Context, tx *postgres.Tx, rows []linkRow) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.Bun().NewInsert().Model(&rows).Exec(ctx)
	return storeError("add links", err)
}

// replaceLinks makes the body's links those given; a link that stays keeps what
// its last check found.
func replaceLinks(ctx context.Context, tx *postgres.Tx, organization id.ID, links []NewLink) error {
	urls := make([]string, len(links))
	for i, l := range links {
		urls[i] = l.URL
	}
	_, err := tx.Native().Exec(ctx,
		`delete from organization_links where organization = $1 and url <> all($2)`, organization, urls)
	if err != nil || len(links) == 0 {
		return wrap("remove links", err)
	}
	rows := linkRows(organization, links)
	_, err = tx.Bun().NewInsert().Model(&rows).
		On("CONFLICT ON CONSTRAINT organization_links_once DO UPDATE").
		Set("label = EXCLUDED.label").Set("position = EXCLUDED.position").Exec(ctx)
	return storeError("set links", err)
}

// visibleKinds reads the kinds of those nodes that the viewer can see.
func visibleKinds(ctx context.Context, q postgres.Querier, v *access.Viewer, ids []id.ID) (map[id.ID]node.Kind, error) {
	rows, err := q.Query(ctx, kindsSQL, args(v, ids)...)
	if err != nil {
		return nil, wrap("read kinds", err)
	}
	kinds := map[id.ID]node.Kind{}
	var one id.ID
	var kind node.Kind
	_, err = pgx.ForEachRow(rows, []any{&one, &kind}, func() error {
		kinds[one] = kind
		return nil
	})
	return kinds, wrap("read kinds", err)
}

var kindsSQL = `select n.id, n.kind from nodes n where n.id = any(` + postgres.Keys + `) and n.ended_at is null and ` + access.VisibleSQL("n", 2)

// targets reads where the body's edges of a kind lead on a day.
func targets(ctx context.Context, q postgres.Querier, body id.ID, kind node.EdgeKind, on time.Time) ([]id.ID, error) {
	rows, err := q.Query(ctx, `
		select target from edges where source = $1 and kind = $2 and valid @> $3::date order by target`, body, kind, on)
	if err != nil {
		return nil, wrap("read relations", err)
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[id.ID])
	return ids, wrap("read relations", err)
}

// args puts the viewer's five parameters behind the statement's own.
func args(v *access.Viewer, own ...any) []any { return append(own, v.SQLArgs()...) }

func storeError(doing string, err error) error {
	return postgres.Translate(wrap(doing, err), byConstraint())
}

func wrap(doing string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
