package directory

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/journal"
	"github.com/teixit/teixit/internal/platform/node"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// ErrPlaceName is raised when a town council's name shall change: it is its
// place's.
var ErrPlaceName = fault.Define(fault.Invalid, "PLACE_NAME",
	"El nom d'un ajuntament és el del municipi i no es canvia aquí.",
	"El nombre de un ayuntamiento es el del municipio y no se cambia aquí.",
	"A town council's name is its municipality's and is not changed here.")

// Update changes a body's profile. Who may: those who answer for it. With
// ExpectedRevision, a change that somebody else made in between is ErrRevision,
// which carries the present revision.
func (s *Service) Update(ctx context.Context, v *access.Viewer, key string, body id.ID, ch Change) error {
	input := []any{body, ch}
	_, err := s.command(ctx, v, key, "organizationUpdate", input, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		return body, update(ctx, tx, v, body, ch)
	})
	return err
}

func update(ctx context.Context, tx *postgres.Tx, v *access.Viewer, body id.ID, ch Change) error {
	l, err := administered(ctx, tx, v, body)
	if err != nil {
		return err
	}
	if ch.ExpectedRevision != nil && *ch.ExpectedRevision != l.revision {
		return ErrRevision.At("expectedRevision").Carrying(l.revision)
	}
	if err := ch.check(); err != nil {
		return err
	}
	if ch.Title != nil && l.kind == node.Municipality {
		return ErrPlaceName.At("title")
	}
	before, err := concerns(ctx, tx.Native(), body)
	if err != nil {
		return err
	}
	fields, err := ch.store(ctx, tx, v, l)
	if err != nil || len(fields) == 0 {
		return err
	}
	now, err := concerns(ctx, tx.Native(), body)
	if err != nil {
		return err
	}
	also := slices.Concat(before, now)
	return journal.Append(ctx, tx, body, v,
		fact(FactOrganizationUpdated, access.Public, OrganizationUpdated{Fields: fields}, body, also...))
}

// store writes what is set and returns the names of those fields.
func (ch Change) store(ctx context.Context, tx *postgres.Tx, v *access.Viewer, l locked) ([]string, error) {
	row, columns, fields := ch.row(l.id)
	if err := ensureProfile(ctx, tx, l); err != nil {
		return nil, err
	}
	if len(columns) > 0 { // without columns bun would write them all
		_, err := tx.Bun().NewUpdate().Model(row).Column(columns...).WherePK().Exec(ctx)
		if err != nil {
			return nil, storeError("change the organisation", err)
		}
	}
	if ch.Title != nil {
		fields = append(fields, "title")
		if err := node.SetTitle(ctx, tx, l.id, trim(*ch.Title)); err != nil {
			return nil, err
		}
	}
	if ch.Links != nil {
		fields = append(fields, "links")
		if err := replaceLinks(ctx, tx, l.id, *ch.Links); err != nil {
			return nil, err
		}
	}
	if ch.Fields != nil {
		fields = append(fields, "fields")
		if err := setFields(ctx, tx, v, l, *ch.Fields); err != nil {
			return nil, err
		}
	}
	return fields, raiseRevision(ctx, tx, l.id, len(fields) > 0)
}

// row is the profile with what is set, the columns to write and the names of
// the fields they stand for.
func (ch Change) row(body id.ID) (row *profileRow, columns, fields []string) {
	row = &profileRow{Node: body}
	set := func(column, field string) { columns, fields = append(columns, column), append(fields, field) }
	if ch.Description != nil {
		row.Description = trim(*ch.Description)
		set("description", "description")
	}
	if ch.Sector != nil {
		row.Sector = *ch.Sector
		set("sector", "sector")
	}
	if ch.LegalPersonality != nil {
		row.LegalPersonality = *ch.LegalPersonality
		set("legal_personality", "legalPersonality")
	}
	ch.contactRow(row, set)
	if ch.Capacities != nil {
		row.Capacities = append([]lang.Text{}, *ch.Capacities...) // never null
		set("capacities", "capacities")
	}
	if ch.BoardFrom != nil {
		row.BoardFrom = *ch.BoardFrom
		set("board_from", "boardFrom")
	}
	if ch.BoardUntil != nil {
		row.BoardUntil = *ch.BoardUntil
		set("board_until", "boardUntil")
	}
	return row, columns, fields
}

func (ch Change) contactRow(row *profileRow, set func(column, field string)) {
	for _, c := range []struct {
		from *string
		to   *string
		name string
	}{{ch.Mail, &row.Mail, "mail"}, {ch.Phone, &row.Phone, "phone"}, {ch.Website, &row.Website, "website"}} {
		if c.from != nil {
			*c.to = strings.TrimSpace(*c.from)
			set(c.name, c.name)
		}
	}
}

// ensureProfile gives a town council its row on the first change.
func ensureProfile(ctx context.Context, tx *postgres.Tx, l locked) error {
	if l.kind != node.Municipality {
		return nil
	}
	_, err := tx.Native().Exec(ctx, `
		insert into organizations (node, sector, legal_personality) values ($1, 'PUBLIC', true)
		on conflict do nothing`, l.id)
	return wrap("begin a profile", err)
}

func raiseRevision(ctx context.Context, tx *postgres.Tx, body id.ID, changed bool) error {
	if !changed {
		return nil
	}
	_, err := tx.Native().Exec(ctx, `update organizations set revision = revision + 1 where node = $1`, body)
	return wrap("count the change", err)
}

// setFields makes the fields the body works in those given, from today on.
func setFields(ctx context.Context, tx *postgres.Tx, v *access.Viewer, l locked, fields []id.ID) error {
	kinds, err := visibleKinds(ctx, tx.Native(), v, fields)
	if err != nil {
		return err
	}
	for i, field := range fields {
		if kinds[field] != node.Field {
			return fault.ErrNotFound.At("fields", strconv.Itoa(i))
		}
	}
	_, _, err = setTargets(ctx, tx, v, l.id, node.About, fields, l.today)
	return err
}

// setTargets makes the body's edges of a kind lead to the given nodes from a day
// on, and tells what that added and removed.
func setTargets(ctx context.Context, tx *postgres.Tx, v *access.Viewer, body id.ID, kind node.EdgeKind, want []id.ID, from time.Time) (added, removed []id.ID, err error) {
	have, err := targets(ctx, tx.Native(), body, kind, from)
	if err != nil {
		return nil, nil, err
	}
	var edges []node.Edge
	for _, t := range want {
		if !slices.Contains(have, t) {
			added = append(added, t)
			edges = append(edges, node.Edge{Kind: kind, Source: body, Target: t, From: &from, RecordedBy: v.Person, RecordedIn: body})
		}
	}
	for _, t := range have {
		if slices.Contains(want, t) {
			continue
		}
		removed = append(removed, t)
		if _, err := node.Disconnect(ctx, tx, kind, body, t, "", from); err != nil {
			return nil, nil, err
		}
	}
	return added, removed, node.Connect(ctx, tx, edges...)
}

// AddIdentifier records a code under which a register knows the body. Who may:
// those who answer for it. Another body's code is ErrIdentifierTaken.
func (s *Service) AddIdentifier(ctx context.Context, v *access.Viewer, key string, x ExternalIdentifier) error {
	_, err := s.command(ctx, v, key, "organizationIdentifierAdd", x, func(ctx context.Context, tx *postgres.Tx) (id.ID, error) {
		if _, err := administered(ctx, tx, v, x.Organization); err != nil {
			return id.Zero, err
		}
		tidy := x.tidy()
		if f := tidy.check(); f != nil {
			return id.Zero, f
		}
		if err := insertIdentifiers(ctx, tx.Native(), []ExternalIdentifier{tidy}); err != nil {
			return id.Zero, err
		}
		also, err := concerns(ctx, tx.Native(), x.Organization)
		if err != nil {
			return id.Zero, err
		}
		return x.Organization, journal.Append(ctx, tx, x.Organization, v,
			fact(FactIdentifierAdded, access.Public, IdentifierAdded{Scheme: x.Scheme}, x.Organization, also...))
	})
	return err
}

// CheckedLink is what a check of a link found.
type CheckedLink struct {
	ID     id.ID
	Status int // HTTP status, 0 when nothing answered
}

// RecordLinkChecks notes what checks of links found. It is no fact: nothing was
// changed by anybody, and it is done for every link again and again.
func RecordLinkChecks(ctx context.Context, q postgres.Querier, checks []CheckedLink) error {
	ids, statuses := make([]id.ID, len(checks)), make([]int32, len(checks))
	for i, c := range checks {
		ids[i], statuses[i] = c.ID, int32(c.Status)
	}
	_, err := q.Exec(ctx, `
		update organization_links l set checked_at = now(), status = c.status
		from unnest($1::uuid[], $2::int4[]) as c(id, status) where l.id = c.id`, ids, statuses)
	return wrap("record link checks", err)
}
