package directory

import (
	"context"
	"strings"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Wanted is an association as somebody names it who has no account.
type Wanted struct {
	Name  string
	Town  id.ID
	TaxID string // empty: not said
}

func (w Wanted) spec() Spec {
	s := Spec{Kind: node.Association, Title: lang.Text{CA: w.Name}, ActsIn: []id.ID{w.Town}}
	if w.TaxID != "" {
		s.Identifiers = []ExternalIdentifier{{Scheme: TaxID, Value: w.TaxID}}
	}
	return s.tidy()
}

// Check says what is wrong with it by itself, at name or taxId.
func (w Wanted) Check() error {
	var wrong fault.List
	for _, f := range fault.All(w.spec().check()) {
		g := *f
		g.Path = []string{"name"}
		if len(f.Path) > 0 && f.Path[0] == "identifiers" {
			g.Path = []string{"taxId"}
		}
		wrong = append(wrong, &g)
	}
	return wrong.Err()
}

const sameSQL = `
select n.id from nodes n
where n.kind = 'association' and n.ended_at is null and n.visibility = 0 and (
  $3 <> '' and exists (select from organization_identifiers x where x.organization = n.id and x.scheme = 'TAX_ID' and x.value = $3)
  or lower($1) in (lower(n.title_ca), lower(n.title_es), lower(n.title_en))
    and exists (select from edges e where e.source = n.id and e.target = $2 and e.kind = 'acts_in' and e.valid @> ` + today + `))
order by n.id limit 1`

// FindOrAdd gives the association that has the tax number, or this very name in
// the town; where there is none it is added, on the hub's own authority. Whoever
// named it has no right over it: it can be claimed.
func FindOrAdd(ctx context.Context, tx *postgres.Tx, w Wanted) (found id.ID, err error) {
	taxID := ""
	if s := w.spec(); len(s.Identifiers) > 0 {
		taxID = s.Identifiers[0].Value
	}
	err = tx.Native().QueryRow(ctx, `select (`+sameSQL+`)`, strings.TrimSpace(w.Name), w.Town, taxID).Scan(&found)
	if err != nil || !found.IsZero() {
		return found, wrap("look for an association", err)
	}
	return createOne(ctx, tx, &access.Viewer{}, w.spec())
}
