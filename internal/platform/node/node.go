// Package node is the registry of everything that can be linked, found,
// followed or hidden, and the dated edges between such things.
//
// A node is the root of an aggregate: identity, kind, title, visibility, home
// (the organisation that answers for it) and life dates. Domains keep their own
// tables beside it, under the same identifier. Parts (a registration, an agenda
// item) are no nodes. A person's node has no title.
package node

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/kernel/link"
	"github.com/teixit/teixit/internal/platform/access"
	"github.com/teixit/teixit/internal/platform/postgres"
)

// Kind is what sort of thing a node is.
type Kind string

// The kinds of node.
const (
	Municipality  Kind = "municipality"
	Comarca       Kind = "comarca"
	Province      Kind = "province"
	District      Kind = "district"
	Neighbourhood Kind = "neighbourhood"
	Association   Kind = "association"
	PublicService Kind = "public_service"
	Institution   Kind = "institution"
	Person        Kind = "person"
	Event         Kind = "event"
	Field         Kind = "field"
	Goal          Kind = "goal"
	Challenge     Kind = "challenge"
	Axis          Kind = "axis"
	Audience      Kind = "audience"
	TargetGroup   Kind = "target_group"
	WorkingTable  Kind = "working_table"

	SharedProject      Kind = "shared_project"
	Programme          Kind = "programme"
	Strategy           Kind = "strategy"
	Workshop           Kind = "workshop"
	PriorConsultation  Kind = "prior_consultation"
	DocumentCollection Kind = "document_collection"
)

var prefixes = map[Kind]id.Type{
	Municipality: "mun", Comarca: "com", Province: "prv", District: "dis", Neighbourhood: "nbh",
	Association: "asc", PublicService: "svc", Institution: "ins", Person: "per", Event: "ev",
	Field: "fld", Goal: "gol", Challenge: "chl", Axis: "axs", Audience: "aud", TargetGroup: "grp",
	WorkingTable:  "tab",
	SharedProject: "prj", Programme: "prg", Strategy: "str", Workshop: "wks", PriorConsultation: "pcn", DocumentCollection: "col",
}

// Kinds lists every kind with the prefix of its identifiers.
func Kinds() map[Kind]id.Type {
	all := make(map[Kind]id.Type, len(prefixes))
	for k, p := range prefixes {
		all[k] = p
	}
	return all
}

// Prefix is the type prefix of the kind's public identifiers.
func (k Kind) Prefix() id.Type { return prefixes[k] }

// Global writes the public identifier of a node of this kind.
func (k Kind) Global(v id.ID) string { return k.Prefix().Global(v) }

// Parse reads a public node identifier of any kind.
func Parse(global string) (Kind, id.ID, error) {
	prefix, root, part, err := id.Split(global)
	if err != nil || !part.IsZero() {
		return "", id.Zero, id.ErrMalformed
	}
	for k, p := range prefixes {
		if p == prefix {
			return k, root, nil
		}
	}
	return "", id.Zero, id.ErrMalformed
}

// ParseOf reads a public identifier of one of the given kinds.
func ParseOf(global string, kinds ...Kind) (id.ID, error) {
	got, v, err := Parse(global)
	if err != nil {
		return id.Zero, err
	}
	for _, k := range kinds {
		if k == got {
			return v, nil
		}
	}
	return id.Zero, id.ErrMalformed
}

// Node is what all nodes have in common. Domain types embed it.
type Node struct {
	link.Slots
	ID         id.ID
	Kind       Kind
	Title      lang.Text // empty for a person
	Visibility access.Level
	Home       id.ID // the organisation that answers for it; itself for an organisation
	CreatedAt  time.Time
}

// Subject is the node as rights are asked about it.
func (n *Node) Subject() access.Subject {
	return access.Subject{Node: n.ID, Home: n.Home, Visibility: n.Visibility}
}

// GlobalID is the node's public identifier.
func (n *Node) GlobalID() string { return n.Kind.Global(n.ID) }

// IsNode marks what embeds a Node for the schema's interface.
func (n *Node) IsNode() {}

// TitleIn is the title as written in one language; nil when it is not.
func (n *Node) TitleIn(language lang.Lang) *string {
	if t := (map[lang.Lang]string{lang.CA: n.Title.CA, lang.ES: n.Title.ES, lang.EN: n.Title.EN})[language]; t != "" {
		return &t
	}
	return nil
}

// Columns is the select list that Scan targets read, for a nodes row called
// alias; pair it with Targets.
func Columns(alias string) string {
	return fmt.Sprintf("%[1]s.id, %[1]s.kind, %[1]s.title_ca, %[1]s.title_es, %[1]s.title_en, %[1]s.visibility, %[1]s.home, %[1]s.created_at", alias)
}

// ScanTargets are the destinations of Columns, in order.
func (n *Node) ScanTargets() []any {
	return []any{&n.ID, &n.Kind, &n.Title.CA, &n.Title.ES, &n.Title.EN, &n.Visibility, &n.Home, &n.CreatedAt}
}

var errNodeExists = fault.Define(fault.Conflict, "NODE_EXISTS",
	"Aquest element ja existeix.", "Este elemento ya existe.", "This already exists.")

type nodeRow struct {
	bun.BaseModel `bun:"table:nodes"`
	ID            id.ID  `bun:",pk,type:uuid"`
	Kind          Kind   `bun:",type:text"`
	TitleCA       string `bun:"title_ca"`
	TitleES       string `bun:"title_es"`
	TitleEN       string `bun:"title_en"`
	Visibility    access.Level
	Home          id.ID `bun:",type:uuid,nullzero"`
}

// Register adds nodes and their topics. The home of an organisation may be
// itself.
func Register(ctx context.Context, tx *postgres.Tx, nodes ...Node) error {
	if len(nodes) == 0 {
		return nil
	}
	rows := make([]nodeRow, len(nodes))
	ids := make([]id.ID, len(nodes))
	for i, n := range nodes {
		ids[i] = n.ID
		rows[i] = nodeRow{
			ID: n.ID, Kind: n.Kind, TitleCA: n.Title.CA, TitleES: n.Title.ES, TitleEN: n.Title.EN,
			Visibility: n.Visibility, Home: n.Home,
		}
	}
	if _, err := tx.Bun().NewInsert().Model(&rows).Exec(ctx); err != nil {
		return postgres.Translate(fmt.Errorf("register nodes: %w", err), map[string]fault.Code{"nodes_pkey": errNodeExists})
	}
	if _, err := tx.Native().Exec(ctx, `insert into topics (node) select unnest($1::uuid[])`, ids); err != nil {
		return fmt.Errorf("register topics: %w", err)
	}
	return nil
}

// SetTitle changes a node's title.
func SetTitle(ctx context.Context, tx *postgres.Tx, node id.ID, title lang.Text) error {
	_, err := tx.Native().Exec(ctx,
		`update nodes set title_ca = $2, title_es = $3, title_en = $4 where id = $1`,
		node, title.CA, title.ES, title.EN)
	return wrap("set title", err)
}

// SetVisibility changes who may see a node.
func SetVisibility(ctx context.Context, tx *postgres.Tx, node id.ID, level access.Level) error {
	_, err := tx.Native().Exec(ctx, `update nodes set visibility = $2 where id = $1`, node, level)
	return wrap("set visibility", err)
}

func wrap(doing string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

// NodeID is the node's own identifier, for code that holds any embedding type.
func (n *Node) NodeID() id.ID { return n.ID }

// SetHome changes the organisation that answers for a node.
func SetHome(ctx context.Context, tx *postgres.Tx, node, home id.ID) error {
	_, err := tx.Native().Exec(ctx, `update nodes set home = $2 where id = $1`, node, home)
	return wrap("set home", err)
}
